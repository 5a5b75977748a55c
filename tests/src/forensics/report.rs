//! What was searched, what was found, in words that say nothing of anybody.

use std::fmt::Write as _;
use std::path::PathBuf;

/// A report, in Markdown.
#[derive(Debug, Default)]
pub struct Report {
    text: String,
    problems: Vec<String>,
    bytes: u64,
}

impl Report {
    /// A heading.
    pub fn heading(&mut self, title: &str) {
        let _ = writeln!(self.text, "\n## {title}\n");
    }

    /// A line.
    pub fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "- {line}");
    }

    /// A table: its head, and a row for each.
    pub fn table<const N: usize>(&mut self, head: [&str; N], rows: &[[String; N]]) {
        let line = |cells: &[&str]| format!("| {} |", cells.join(" | "));
        let _ = writeln!(self.text, "{}\n{}", line(&head), line(&["---"; N]));
        for row in rows {
            let cells: [&str; N] = std::array::from_fn(|at| row[at].as_str());
            let _ = writeln!(self.text, "{}", line(&cells));
        }
    }

    /// What must not be.
    pub fn problem(&mut self, problem: String) {
        self.line(&format!("**{problem}**"));
        self.problems.push(problem);
    }

    /// So many bytes were searched.
    pub const fn searched(&mut self, bytes: u64) {
        self.bytes += bytes;
    }

    /// How many bytes were searched.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What must not be, and was.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The whole report.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Writes it below the build folder and gives where.
    ///
    /// # Panics
    /// Where it cannot be written.
    #[must_use]
    pub fn keep(&self, name: &str) -> PathBuf {
        let program = std::env::current_exe().unwrap();
        let target = program
            .ancestors()
            .find(|folder| folder.join("CACHEDIR.TAG").exists())
            .expect("programs lie in a build folder");
        let folder = target.join("forensics");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, format!("# Forensic look at a kiosk\n{}", self.text)).unwrap();
        path
    }
}
