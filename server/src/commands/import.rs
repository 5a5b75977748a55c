//! `server import`

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use domain::MunicipalityCode;
use encrypted_file::{DecryptingReader, Identity};
use indicatif::{ProgressBar, ProgressStyle};
use registry::{Actor, CsvEncoding, ImportFile, ImportReport, MunicipalityRegister, Purpose};

use super::{Failure, Opened, open};
use crate::cli::SettingsFile;
use crate::secrets;

/// How an encrypted file's name ends.
const ENCRYPTED: &str = "age";

/// Rejected rows shown for each file; all of them are counted.
const ROWS_SHOWN: usize = 20;

pub(super) async fn run(directory: &Path, settings: &SettingsFile) -> Result<ExitCode, Failure> {
    let opened = open(settings).await?;
    let reading = Reading::of(&opened)?;
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
        rejected += municipality(&opened, &reading, code, &folder).await?;
    }
    opened.registry.close().await;
    if rejected == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    println!("{rejected} rows did not land: correct them and import the same files again");
    Ok(ExitCode::FAILURE)
}

/// How files are read: encrypted, or plain where the settings say so.
struct Reading {
    identity: Option<Identity>,
    accept_plain: bool,
}

impl Reading {
    fn of(opened: &Opened) -> Result<Self, Failure> {
        let file = opened.settings.imports.identity.as_ref();
        let identity = file.map(|file| secrets::identity(&file.relative()));
        let reading = Self {
            identity: identity.transpose()?,
            accept_plain: opened.settings.accept_plain_imports,
        };
        if reading.identity.is_none() && !reading.accept_plain {
            return Err(
                "import files must be encrypted on their medium (C22): set imports.identity, or, \
                 for invented data with a TEST issuer, accept_plain_imports"
                    .into(),
            );
        }
        Ok(reading)
    }

    /// The folder's file of this kind, the encrypted one first.
    fn find(&self, folder: &Path, file: ImportFile) -> Option<PathBuf> {
        let plain = folder.join(file.file_name());
        let encrypted = plain.with_extension(format!("csv.{ENCRYPTED}"));
        let encrypted = (self.identity.is_some() && encrypted.is_file()).then_some(encrypted);
        encrypted.or_else(|| (self.accept_plain && plain.is_file()).then_some(plain))
    }
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
    reading: &Reading,
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
        if let Some(path) = reading.find(folder, file) {
            let report = one_file(&register, reading, file, &path).await?;
            show(code, file, &report);
            rejected += report.rejected;
        }
    }
    Ok(rejected)
}

async fn one_file(
    register: &MunicipalityRegister,
    reading: &Reading,
    file: ImportFile,
    path: &Path,
) -> Result<ImportReport, Failure> {
    let reader = File::open(path)?;
    let bar = ProgressBar::new(reader.metadata()?.len()).with_style(ProgressStyle::with_template(
        "{msg} {wide_bar} {bytes}/{total_bytes} {eta}",
    )?);
    bar.set_message(format!("{} {}", register.code(), file.file_name()));
    let reader = bar.wrap_read(reader);
    let report = match &reading.identity {
        Some(identity) if path.extension().is_some_and(|name| name == ENCRYPTED) => {
            let reader = DecryptingReader::open(reader, identity)
                .map_err(|fault| format!("{}: {fault}", path.display()))?;
            register.import(file, CsvEncoding::Detect, reader).await
        }
        Some(_) | None => register.import(file, CsvEncoding::Detect, reader).await,
    };
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
