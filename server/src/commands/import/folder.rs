//! `server import DIR`: invented municipalities, each one's files as one batch.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use domain::MunicipalityCode;
use registry::{Actor, CsvEncoding, ImportBatch, ImportProgress};

use super::super::{Failure, Opened, open};
use super::files::{self, Reading};
use super::watch::Watch;
use super::{exit_code, nobody_asked, register_of, telling};
use crate::cli::SettingsFile;

pub(super) async fn run(directory: &Path, settings: &Path) -> Result<ExitCode, Failure> {
    let settings = SettingsFile {
        file: settings.to_owned(),
    };
    let opened = open(&settings).await?;
    let done = every_municipality(&opened, directory, &settings).await;
    opened.registry.close().await;
    done
}

async fn every_municipality(
    opened: &Opened,
    directory: &Path,
    settings: &SettingsFile,
) -> Result<ExitCode, Failure> {
    let reading = Reading::of(opened)?;
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
        rejected += municipality(opened, &reading, code, &folder, settings).await?;
    }
    Ok(exit_code(rejected))
}

fn municipalities(directory: &Path) -> Result<Vec<MunicipalityCode>, Failure> {
    let listed = std::fs::read_dir(directory)
        .map_err(|error| format!("{} cannot be listed: {error}", directory.display()))?;
    let mut codes = Vec::new();
    for entry in listed {
        let name = entry?.file_name();
        let code = name.to_str().map(MunicipalityCode::parse);
        codes.extend(code.and_then(Result::ok));
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
    settings: &SettingsFile,
) -> Result<u64, Failure> {
    let paths = files::in_folder(folder);
    if paths.is_empty() {
        return Ok(0);
    }
    let second = nobody_asked(opened)?;
    opened.registry.add_municipality(code).await?;
    let register = register_of(opened, code, Actor::Server).await?;
    let watch = Arc::new(Watch::of(&paths)?);
    let progress: Arc<dyn ImportProgress> = Arc::<Watch>::clone(&watch);
    let sources = reading.open(&paths, CsvEncoding::Detect, &watch)?;
    let spill = reading.spill.clone();
    let checked = register
        .check_import(ImportBatch { sources, spill }, &progress)
        .await
        .map_err(|error| telling::failure(&error, &paths))?;
    let landed = register.land_import(checked, second, &progress).await;
    watch.finish();
    let (id, report) = landed.map_err(|error| telling::failure(&error, &paths))?;
    telling::report(&report, &paths, &folder.join("rejected.jsonl"))?;
    telling::open_batch(id, &register, settings);
    Ok(report.rejected())
}
