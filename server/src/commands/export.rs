//! `server export`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use declaration::Declared;
use domain::japan_date;
use indicatif::{ProgressBar, ProgressStyle};
use registry::{ApprovalId, LedgerEncoding, LedgerScope, MunicipalityRegister, Purpose};
use time::Date;

use super::approvals::{TwoPersons, approval_or_request};
use super::days::day;
use super::outgoing::OutgoingFile;
use super::{Failure, accept_staff, open};
use crate::cli::ByStaff;
use crate::municipalities::Municipalities;

/// What can be written out.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Write doses out for the municipality's own ledger (予防接種台帳), in the VRS layout.
    ///
    /// The municipality declares `[export]` with its recipients (`age1…`): the file is encrypted to
    /// them and to nobody else. It holds resident numbers and doses; there is no field for the
    /// individual number or a name. A resident whose row does not fit the layout, or has a
    /// character that CP932 lacks, is left out and named in FILE.refused, encrypted likewise.
    ///
    /// Example, by two people:
    ///   server export ledger --from 2021-02-17 --until 2024-03-31 \
    ///     --disease 新型コロナウイルス感染症 --encoding cp932 --out ledger.csv.age \
    ///     --reason "monthly ledger" --municipality 131121 --staff yamada --settings s.toml
    ///   server approvals approve ID --municipality 131121 --staff sato --settings s.toml
    ///   server export ledger … --approval ID
    /// Reading it: age --decrypt --identity KEYFILE ledger.csv.age
    #[command(verbatim_doc_comment)]
    Ledger(Ledger),
}

/// Which doses, and where to.
#[derive(Debug, Args)]
pub struct Ledger {
    /// The first day (接種日) of the doses, YYYY-MM-DD.
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Date,
    /// The last day, YYYY-MM-DD.
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Date,
    /// Against what (疾病), as the register names it: the layout has no column for it, so that a
    /// file is about one.
    #[arg(long)]
    disease: String,
    /// How the text is encoded: cp932 for most ledger systems, or utf-8 with a byte order mark.
    #[arg(long)]
    encoding: Encoding,
    /// Where to write; never over a file that is there.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Asked for first, done with the approval.
    #[command(flatten)]
    two: TwoPersons,
    /// Whose, who does it, which settings.
    #[command(flatten)]
    by: ByStaff,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Encoding {
    Cp932,
    #[value(name = "utf-8")]
    Utf8,
}

pub(super) async fn run(export: &Export) -> Result<ExitCode, Failure> {
    match export {
        Export::Ledger(asked) => ledger(asked).await,
    }
}

async fn ledger(asked: &Ledger) -> Result<ExitCode, Failure> {
    if asked.until < asked.from {
        return Err("--until is before --from".into());
    }
    let opened = open(&asked.by.settings).await?;
    let staff = accept_staff(&opened, asked.by.staff.clone())?;
    let code = asked.by.municipality;
    let municipalities = Municipalities::load(&opened.settings.municipalities.relative())?;
    let today = japan_date(opened.clock.now());
    let declared = municipalities.declaring(code)?.declared(today)?;
    let scope = LedgerScope {
        from: asked.from,
        until: asked.until,
        disease: asked.disease.clone(),
        encoding: match asked.encoding {
            Encoding::Cp932 => LedgerEncoding::Cp932,
            Encoding::Utf8 => LedgerEncoding::Utf8,
        },
    };
    let approval_scope = scope.approval_scope(&declared);
    let approval = approval_or_request(&opened, &asked.by, &asked.two, &approval_scope).await?;
    let Some(approval) = approval else {
        opened.registry.close().await;
        return Ok(ExitCode::SUCCESS);
    };
    let register = opened
        .registry
        .municipality(code, Purpose::LedgerExport, staff)
        .await?;
    let refused = write(&register, &declared, &scope, approval, &asked.out).await?;
    opened.registry.close().await;
    Ok(if refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Writes the file and, where rows were refused, their report; gives how many were.
async fn write(
    register: &MunicipalityRegister,
    declared: &Declared<declaration::Export>,
    scope: &LedgerScope,
    approval: ApprovalId,
    path: &Path,
) -> Result<u64, Failure> {
    let out = OutgoingFile::create(path)?;
    let mut refused_path = path.as_os_str().to_owned();
    refused_path.push(".refused");
    let refused_path = PathBuf::from(refused_path);
    let report = OutgoingFile::create(&refused_path)?;

    let bar = ProgressBar::new(register.ledger_length().await?).with_style(
        ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}")?,
    );
    bar.set_message(format!("{} residents", register.code()));
    let written = register
        .write_ledger(declared, scope, approval, out.file(), |done| {
            bar.set_position(done);
        })
        .await;
    bar.finish_and_clear();
    let written = written?;
    let refused = written.summary().refused;
    if refused > 0 {
        written.write_refused(report.file())?;
        report.sync()?;
    }
    // On the disk before it is recorded, recorded before it has its name.
    out.sync()?;
    let (_, summary) = written.record().await?;
    out.publish()?;
    println!(
        "{}: {} residents with {} doses; SHA-256 {}",
        path.display(),
        summary.residents,
        summary.doses,
        hex::encode(summary.digest)
    );
    if refused > 0 {
        report.publish()?;
        println!(
            "{refused} residents are left out: {} says who and why, encrypted to the same \
             recipients; correct the register, or take --encoding utf-8, and export again",
            refused_path.display()
        );
    }
    Ok(refused)
}
