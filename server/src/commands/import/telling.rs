//! What became of a batch, for whoever brought it in: on the terminal in a few lines, and every row
//! with a fault in a file. Nothing of what is in a row.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use registry::{
    BatchId, ImportFile, ImportReport, LandedBatch, MunicipalityRegister, RegistryError,
};

use super::super::{Failure, Opened};
use crate::cli::SettingsFile;

/// Rows with a fault that the terminal shows.
const ROWS_SHOWN: usize = 20;

/// A row with a fault, as a line of the report file.
#[derive(serde::Serialize)]
struct Line<'a> {
    file: &'a str,
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'static str>,
    reason: &'static str,
    landed: bool,
    message: String,
}

/// Shows the counts, and the reasons with theirs; lists the rows in the report file.
pub(super) fn report(
    report: &ImportReport,
    paths: &[(ImportFile, PathBuf)],
    file: &Path,
) -> Result<(), Failure> {
    for (counts, (_, path)) in report.files.iter().zip(paths) {
        println!(
            "{}: {} added, {} changed, {} unchanged, {} refused",
            path.display(),
            counts.added,
            counts.changed,
            counts.unchanged,
            counts.rejected
        );
    }
    if report.rows.is_empty() {
        return Ok(());
    }
    for (reason, count) in &report.reasons {
        println!("  {count} × {reason}");
    }
    for row in report.rows.iter().take(ROWS_SHOWN) {
        let column = row
            .column
            .map(|name| format!(", {name}"))
            .unwrap_or_default();
        let name = name_of(paths, row.file);
        println!("  {name} line {}{column}: {}", row.line, row.fault);
    }
    write(report, paths, file)?;
    let counted = report.rejected() + report.noted();
    let listed = report.rows.len() as u64;
    println!(
        "{listed} of {counted} such rows are listed in {}",
        file.display()
    );
    Ok(())
}

fn write(
    report: &ImportReport,
    paths: &[(ImportFile, PathBuf)],
    path: &Path,
) -> Result<(), Failure> {
    let failed = |error| {
        let path = path.display();
        format!("the report {path} cannot be written: {error}. Say where with --report FILE")
    };
    let mut file = BufWriter::new(std::fs::File::create(path).map_err(failed)?);
    for row in &report.rows {
        let line = Line {
            file: name_of(paths, row.file),
            line: row.line,
            column: row.column,
            reason: row.fault.code(),
            landed: row.fault.lands(),
            message: row.fault.to_string(),
        };
        serde_json::to_writer(&mut file, &line)?;
        file.write_all(b"\n").map_err(failed)?;
    }
    file.flush().map_err(failed)?;
    Ok(())
}

/// What to do about the medium.
pub(super) fn open_batch(id: BatchId, register: &MunicipalityRegister, settings: &SettingsFile) {
    println!(
        "batch {id} landed. It stays open until its medium is erased and that is recorded:\n  \
         server import erased {id} --municipality {} --staff NAME --how HOW --settings {}",
        register.code(),
        settings.file.display()
    );
}

/// A batch that landed, in a few lines; overdue where its medium is long not erased.
pub(super) fn landed(batch: &LandedBatch, opened: &Opened) {
    let days = (opened.clock.now() - batch.landed_at).whole_days();
    let limit = opened.settings.imports.erase_within_days;
    let medium = match &batch.erased {
        Some(erased) => format!("medium erased {} by {}", erased.at.date(), erased.by),
        None => not_erased(days, limit),
    };
    let approval = batch
        .approval
        .as_deref()
        .map_or_else(|| "no approval".to_owned(), |id| format!("approval {id}"));
    println!(
        "{} landed {} by {}, {approval}; {medium}",
        batch.id,
        batch.landed_at.date(),
        batch.landed_by
    );
    for file in &batch.files {
        println!(
            "  {}: {} added, {} changed, {} unchanged, {} refused; SHA-256 {}",
            file.file.as_str(),
            file.added,
            file.changed,
            file.unchanged,
            file.rejected,
            hex::encode(file.digest)
        );
    }
}

/// A medium that nobody recorded as erased for so many days.
fn not_erased(days: i64, limit: u16) -> String {
    if days >= i64::from(limit) {
        format!("OVERDUE: medium not erased for {days} days")
    } else {
        format!("medium not erased, {days} days")
    }
}

/// Why a batch did not land, with the file's name and what to do.
pub(super) fn failure(error: &RegistryError, paths: &[(ImportFile, PathBuf)]) -> Failure {
    let RegistryError::UnreadableFile { file, fault } = error else {
        return format!("{error}\nNothing of the batch has landed; give the command again.").into();
    };
    let path = paths.get(usize::from(*file).wrapping_sub(1));
    let name = path.map_or_else(
        || "the batch".into(),
        |(_, path)| path.display().to_string(),
    );
    format!("{name}: {fault}\nNothing of the batch has landed.").into()
}

fn name_of(paths: &[(ImportFile, PathBuf)], file: u16) -> &str {
    paths
        .get(usize::from(file).wrapping_sub(1))
        .and_then(|(_, path)| path.file_name())
        .and_then(|name| name.to_str())
        .unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medium_that_is_long_not_erased_is_overdue() {
        assert!(!not_erased(29, 30).contains("OVERDUE"));
        assert!(not_erased(30, 30).contains("OVERDUE"));
        assert!(not_erased(0, 0).contains("OVERDUE"));
    }
}
