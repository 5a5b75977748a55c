//! `server import`

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use domain::MunicipalityCode;
use indicatif::{ProgressBar, ProgressStyle};
use registry::{Actor, CsvEncoding, ImportFile, ImportReport, MunicipalityRegister, Purpose};

use super::{Failure, Opened, open};
use crate::cli::SettingsFile;

/// Rejected rows shown for each file; all of them are counted.
const ROWS_SHOWN: usize = 20;

pub(super) async fn run(directory: &Path, settings: &SettingsFile) -> Result<ExitCode, Failure> {
    let opened = open(settings).await?;
    if !opened.settings.accept_plain_imports {
        return Err(
            "import files must be encrypted on their medium (C22), and reading encrypted ones is \
             not built yet: for invented data, with a TEST issuer, set accept_plain_imports"
                .into(),
        );
    }
    let municipalities = municipalities(directory)?;
    if municipalities.is_empty() {
        return Err(format!(
            "{} holds no folder named by a municipality's code",
            directory.display()
        )
        .into());
    }
    let mut rejected = 0;
    for code in municipalities {
        let folder = directory.join(code.as_str());
        rejected += municipality(&opened, code, &folder).await?;
    }
    opened.registry.close().await;
    if rejected == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    println!("{rejected} rows did not land: correct them and import the same files again");
    Ok(ExitCode::FAILURE)
}

fn municipalities(directory: &Path) -> Result<Vec<MunicipalityCode>, Failure> {
    let mut codes = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        if let Some(code) = name
            .to_str()
            .and_then(|name| MunicipalityCode::parse(name).ok())
        {
            codes.push(code);
        }
    }
    codes.sort_unstable();
    Ok(codes)
}

/// Brings in one municipality's files; gives the number of rows that did not land.
async fn municipality(
    opened: &Opened,
    code: MunicipalityCode,
    folder: &Path,
) -> Result<u64, Failure> {
    opened.registry.add_municipality(code).await?;
    let register = opened
        .registry
        .municipality(code, Purpose::Import, Actor::Server)
        .await?;
    let mut rejected = 0;
    for file in ImportFile::ALL {
        let path = folder.join(file.file_name());
        if path.is_file() {
            let report = one_file(&register, file, &path).await?;
            show(code, file, &report);
            rejected += report.rejected;
        }
    }
    Ok(rejected)
}

async fn one_file(
    register: &MunicipalityRegister,
    file: ImportFile,
    path: &Path,
) -> Result<ImportReport, Failure> {
    let reader = File::open(path)?;
    let bar = ProgressBar::new(reader.metadata()?.len()).with_style(ProgressStyle::with_template(
        "{msg} {wide_bar} {bytes}/{total_bytes} {eta}",
    )?);
    bar.set_message(format!("{} {}", register.code(), file.file_name()));
    let reading = bar.wrap_read(reader);
    let report = register.import(file, CsvEncoding::Detect, reading).await;
    bar.finish_and_clear();
    Ok(report?)
}

fn show(code: MunicipalityCode, file: ImportFile, report: &ImportReport) {
    println!(
        "{code} {}: {} added, {} changed, {} unchanged, {} rejected",
        file.file_name(),
        report.added,
        report.changed,
        report.unchanged,
        report.rejected
    );
    for row in report.rejected_rows.iter().take(ROWS_SHOWN) {
        let column = row
            .column
            .map(|name| format!(", {name}"))
            .unwrap_or_default();
        println!("  line {}{column}: {}", row.line, row.fault);
    }
    let more = report.rejected.saturating_sub(ROWS_SHOWN as u64);
    if more > 0 {
        println!("  and {more} more");
    }
}
