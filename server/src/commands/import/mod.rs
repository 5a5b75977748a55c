//! `server import`

mod files;
mod folder;
mod media;
mod telling;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use domain::MunicipalityCode;
use registry::{
    Actor, ApprovalId, BatchId, CsvEncoding, ImportBatch, ImportFile, ImportProgress,
    MunicipalityRegister, Purpose, SecondPerson, StaffId,
};

use super::approvals::{TwoPersons, approval_or_request};
use super::{Failure, Opened, accept_staff, open};
use crate::cli::{ByStaff, SettingsFile};
use crate::municipalities::{Municipalities, NoDeclaration};
use files::Reading;
use watch::Watch;

/// How a batch ends of which some rows did not land.
const SOME_ROWS_REFUSED: u8 = 3;

/// What to bring in, or what to do about what was brought in.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Import {
    /// For invented data only: a folder with one folder for each municipality, named by its code,
    /// with residents.csv, vouchers.csv, doses.csv and passports.csv (or each with .age). Needs
    /// `accept_unapproved_imports`.
    #[arg(required = true, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Which settings.
    #[arg(long = "settings", value_name = "FILE", required = true)]
    settings: Option<PathBuf>,
    /// What of one municipality's.
    #[command(subcommand)]
    command: Option<ImportCommand>,
}

/// What of one municipality's to bring in, and its batches.
#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// Bring in residents (住民): `residents.csv`.
    Residents(Batch),
    /// Bring in vouchers (接種券) of residents who are registered: `vouchers.csv`.
    Vouchers(Batch),
    /// Bring in doses (接種記録) of residents who are registered: `doses.csv`.
    Doses(Batch),
    /// Bring in passports (旅券) of residents who are registered: `passports.csv`.
    Passports(Batch),
    /// List the batches whose medium nobody recorded as erased, oldest last; overdue ones say so.
    Batches(Batches),
    /// Record that a batch's medium was erased: the batch is closed.
    Erased(Erased),
}

/// Files of one kind that land together or not at all.
#[derive(Debug, Args)]
#[command(after_help = HOW_A_BATCH_LANDS)]
struct Batch {
    /// The files, 1 to 24, as they lie on their medium: encrypted to this server's recipient.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Whose.
    #[arg(long, value_name = "CODE")]
    municipality: MunicipalityCode,
    /// Who brings them in; recorded.
    #[arg(long, value_name = "NAME")]
    staff: Option<StaffId>,
    /// The approval that a second person gave: now the batch lands.
    #[arg(long, value_name = "ID", conflicts_with = "reason")]
    approval: Option<ApprovalId>,
    /// Why they are brought in: asks for a second person's approval; nothing lands yet.
    #[arg(long)]
    reason: Option<String>,
    /// In which encoding they are: `detect`, `utf-8` or `cp932`.
    #[arg(long, default_value = "detect", value_parser = encoding)]
    encoding: CsvEncoding,
    /// Where every row with a fault is listed, a JSON object a line, without what is in it. Left
    /// out: beside the first file, named as it is with `.rejected.jsonl` behind, where there is any
    /// such row.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

const HOW_A_BATCH_LANDS: &str = "\
Example, by two persons:
  server import residents R.csv.age --municipality 131121 --staff suzuki \\
      --reason \"transfer of 1 April\" --settings settings.toml
  server approvals approve ID --municipality 131121 --staff tanaka --settings settings.toml
  server import residents R.csv.age --municipality 131121 --staff suzuki \\
      --approval ID --settings settings.toml
  server import erased BATCH --municipality 131121 --staff suzuki \\
      --how \"overwritten, disc 4 shredded\" --settings settings.toml
Either all good rows of all files land, or nothing: it can be stopped at any moment, and given
again. Exits with 0 where every row landed, with 3 where the batch landed and some rows did not.";

/// Whose batches.
#[derive(Debug, Args)]
struct Batches {
    /// Every batch, also those whose medium is erased.
    #[arg(long)]
    all: bool,
    /// Whose.
    #[arg(long, value_name = "CODE")]
    municipality: MunicipalityCode,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

/// Which batch's medium was erased.
#[derive(Debug, Args)]
struct Erased {
    /// The batch's id, as the import printed it.
    batch: BatchId,
    /// How it was erased; recorded sealed. 1 to 500 bytes.
    #[arg(long)]
    how: String,
    /// Whose, who erased it, which settings.
    #[command(flatten)]
    by: ByStaff,
}

pub(super) async fn run(import: &Import) -> Result<ExitCode, Failure> {
    match (&import.command, &import.directory, &import.settings) {
        (Some(ImportCommand::Residents(batch)), ..) => land(ImportFile::Residents, batch).await,
        (Some(ImportCommand::Vouchers(batch)), ..) => land(ImportFile::Vouchers, batch).await,
        (Some(ImportCommand::Doses(batch)), ..) => land(ImportFile::Doses, batch).await,
        (Some(ImportCommand::Passports(batch)), ..) => land(ImportFile::Passports, batch).await,
        (Some(ImportCommand::Batches(batches)), ..) => media::list(batches).await,
        (Some(ImportCommand::Erased(erased)), ..) => media::erased(erased).await,
        (None, Some(directory), Some(settings)) => folder::run(directory, settings).await,
        (None, ..) => Err("say what to bring in: see server import --help".into()),
    }
}

/// Asks for a batch, or lands it.
async fn land(file: ImportFile, batch: &Batch) -> Result<ExitCode, Failure> {
    let opened = open(&batch.settings).await?;
    let done = land_opened(&opened, file, batch).await;
    opened.registry.close().await;
    done
}

async fn land_opened(
    opened: &Opened,
    file: ImportFile,
    batch: &Batch,
) -> Result<ExitCode, Failure> {
    let reading = Reading::of(opened)?;
    let actor = match &batch.staff {
        Some(staff) => accept_staff(opened, staff.clone())?,
        None => Actor::Server,
    };
    make_register(opened, batch.municipality).await?;
    let register = register_of(opened, batch.municipality, actor).await?;
    if let Some(approval) = batch.approval
        && let Some(landed) = register.batch_of_approval(approval).await?
    {
        // It was stopped after it had landed, or given twice.
        println!("this batch has landed already");
        telling::landed(&landed, opened);
        return Ok(ExitCode::SUCCESS);
    }
    let second = second_person(opened, batch)?;
    let paths: Vec<_> = batch
        .files
        .iter()
        .map(|path| (file, path.clone()))
        .collect();
    let watch = Arc::new(Watch::of(&paths)?);
    let progress: Arc<dyn ImportProgress> = Arc::<Watch>::clone(&watch);
    let sources = reading.open(&paths, batch.encoding, &watch)?;
    let spill = reading.spill.clone();
    let checked = register
        .check_import(ImportBatch { sources, spill }, &progress)
        .await;
    watch.pause();
    let checked = checked.map_err(|error| telling::failure(&error, &paths))?;
    let report = batch.report.clone().unwrap_or_else(|| beside(&paths));
    let Some(second) = second else {
        telling::report(checked.report(), &paths, &report)?;
        let (by, two) = asked(batch)?;
        approval_or_request(opened, &by, &two, &checked.scope()).await?;
        return Ok(ExitCode::SUCCESS);
    };
    let landed = register.land_import(checked, second, &progress).await;
    watch.finish();
    let (id, counts) = landed.map_err(|error| telling::failure(&error, &paths))?;
    // First of all that it landed: what follows may fail.
    telling::open_batch(id, &register, &batch.settings);
    telling::report(&counts, &paths, &report)?;
    Ok(exit_code(counts.rejected()))
}

/// Where rows with a fault are listed if nobody says where: beside the first file of the batch.
fn beside(paths: &[(ImportFile, PathBuf)]) -> PathBuf {
    let mut name = paths
        .first()
        .map_or_else(Default::default, |(_, path)| path.clone().into_os_string());
    name.push(".rejected.jsonl");
    name.into()
}

/// Who agreed; `None`: is to be asked.
fn second_person(opened: &Opened, batch: &Batch) -> Result<Option<SecondPerson>, Failure> {
    match (batch.approval, &batch.reason) {
        (Some(_) | None, Some(_)) if batch.staff.is_none() => Err(MISSING_STAFF.into()),
        (Some(_), None) if batch.staff.is_none() => Err(MISSING_STAFF.into()),
        (Some(approval), _) => Ok(Some(SecondPerson::Approved(approval))),
        (None, Some(_)) => Ok(None),
        (None, None) => nobody_asked(opened).map(Some),
    }
}

const MISSING_STAFF: &str = "a batch that a second person approves is brought in by somebody: \
                             say --staff NAME";

/// Where the settings say that nobody need be asked; said on the terminal and in the record.
fn nobody_asked(opened: &Opened) -> Result<SecondPerson, Failure> {
    if !opened.settings.accept_unapproved_imports {
        return Err(
            "a second person approves what is brought in (C22): say --staff NAME and \
                    --reason WHY to ask for it, and afterwards --approval ID; for invented data, \
                    with a TEST issuer, set accept_unapproved_imports"
                .into(),
        );
    }
    eprintln!("no second person is asked: accept_unapproved_imports is set, the record says so");
    Ok(SecondPerson::NotAsked)
}

fn asked(batch: &Batch) -> Result<(ByStaff, TwoPersons), Failure> {
    let by = ByStaff {
        municipality: batch.municipality,
        staff: batch.staff.clone().ok_or(MISSING_STAFF)?,
        settings: batch.settings.clone(),
    };
    let two = TwoPersons {
        approval: None,
        reason: batch.reason.clone(),
    };
    Ok((by, two))
}

fn exit_code(rejected: u64) -> ExitCode {
    if rejected == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(SOME_ROWS_REFUSED)
    }
}

fn encoding(name: &str) -> Result<CsvEncoding, &'static str> {
    match name {
        "detect" => Ok(CsvEncoding::Detect),
        "utf-8" => Ok(CsvEncoding::Utf8),
        "cp932" => Ok(CsvEncoding::Cp932),
        _ => Err("an encoding is detect, utf-8 or cp932"),
    }
}

/// Makes the register of a municipality that declared itself and has none yet, as `server serve`
/// does at its start: files may come before the first resident.
async fn make_register(opened: &Opened, code: MunicipalityCode) -> Result<(), Failure> {
    let municipalities = Municipalities::load(&opened.settings.municipalities.relative())?;
    if municipalities.get(code).is_some() {
        return Ok(opened.registry.add_municipality(code).await?);
    }
    // Restored or brought in as a folder: it may be there without a declaration.
    if opened.registry.municipalities().await?.contains(&code) {
        return Ok(());
    }
    Err(NoDeclaration(code).into())
}

/// A handle on a municipality's register for its batches.
async fn register_of(
    opened: &Opened,
    code: MunicipalityCode,
    actor: Actor,
) -> Result<MunicipalityRegister, Failure> {
    Ok(opened
        .registry
        .municipality(code, Purpose::Import, actor)
        .await?)
}
