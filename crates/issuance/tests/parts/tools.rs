//! The real programs that look at a page: poppler and zbar. Where one is missing, the test fails.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A document in a temporary folder.
pub struct Printed {
    folder: TempDir,
}

impl Printed {
    pub fn new(pdf: &[u8]) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("page.pdf"), pdf).unwrap();
        Self { folder }
    }

    fn pdf(&self) -> PathBuf {
        self.folder.path().join("page.pdf")
    }

    /// Its text, as pdftotext finds it.
    pub fn text(&self) -> String {
        run(Command::new("pdftotext")
            .arg("-layout")
            .arg(self.pdf())
            .arg("-"))
    }

    /// How many pages it has, and that poppler has nothing to complain about.
    pub fn pages(&self) -> usize {
        let output = Command::new("pdfinfo").arg(self.pdf()).output().unwrap();
        assert!(
            output.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text
            .lines()
            .find(|line| line.starts_with("Pages:"))
            .unwrap();
        line["Pages:".len()..].trim().parse().unwrap()
    }

    /// What pdfinfo says of it.
    pub fn info(&self) -> String {
        run(Command::new("pdfinfo").arg(self.pdf()))
    }

    /// The lines of pdffonts, one a font.
    pub fn fonts(&self) -> Vec<String> {
        let text = run(Command::new("pdffonts").arg(self.pdf()));
        text.lines().skip(2).map(str::to_owned).collect()
    }

    /// A page as a grey picture: width, height, one byte a pixel.
    pub fn picture(&self, page: usize, dpi: u32) -> (usize, usize, Vec<u8>) {
        let pgm = std::fs::read(self.raster(page, dpi)).unwrap();
        let mut fields = pgm.splitn(4, |byte| byte.is_ascii_whitespace());
        assert_eq!(fields.next(), Some(&b"P5"[..]));
        let mut number = || -> usize {
            std::str::from_utf8(fields.next().unwrap())
                .unwrap()
                .parse()
                .unwrap()
        };
        let (width, height) = (number(), number());
        let pixels = pgm[pgm.len() - width * height..].to_vec();
        (width, height, pixels)
    }

    /// What zbar reads on the first page at this resolution.
    pub fn codes(&self, dpi: u32) -> Vec<String> {
        let text = run(&mut self.zbar(dpi));
        text.lines().map(str::to_owned).collect()
    }

    /// Whether zbar finds any code on the first page at this resolution.
    pub fn has_codes(&self, dpi: u32) -> bool {
        let output = self.zbar(dpi).output().expect("the program is installed");
        match output.status.code() {
            Some(0) => true,
            // zbarimg(1): no code was found.
            Some(4) => false,
            Some(_) | None => panic!("zbarimg: {}", output.status),
        }
    }

    fn zbar(&self, dpi: u32) -> Command {
        let mut zbar = Command::new("zbarimg");
        zbar.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"])
            .arg(self.raster(1, dpi));
        zbar
    }

    fn raster(&self, page: usize, dpi: u32) -> PathBuf {
        let stem = self.folder.path().join(format!("{page}-{dpi}"));
        run(Command::new("pdftoppm")
            .args(["-gray", "-singlefile", "-r", &dpi.to_string()])
            .args(["-f", &page.to_string()])
            .args([self.pdf(), stem.clone()]));
        stem.with_extension("pgm")
    }
}

fn run(command: &mut Command) -> String {
    let output = command
        .stderr(Stdio::piped())
        .output()
        .expect("the program is installed");
    let _ = std::io::stderr().write_all(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
