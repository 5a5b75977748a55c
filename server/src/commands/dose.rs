//! `server dose`: staff correct and cancel doses, two together, whoever brought them here.

use std::io::Read as _;
use std::process::ExitCode;

use application::messages::DoseEntry;
use clap::{Args, Subcommand};
use domain::{CertificateId, japan_date};
use registry::{
    CheckedDose, Dose, DoseChanged, DoseCorrection, DoseReceipt, MunicipalityRegister, Purpose,
};
use time::Duration;
use zeroize::Zeroizing;

use super::approvals::{TwoPersons, approval_or_request};
use super::number_input::WhomOnInput;
use super::{Failure, Opened, accept_staff, open};
use crate::cli::ByStaff;
use crate::dose_entry::draft;

/// Longest dose on standard input, in bytes.
const LONGEST_DOSE: u64 = 8 * 1024;

/// What can be done with a dose.
#[derive(Debug, Subcommand)]
pub enum DoseCommand {
    /// List a resident's doses with their receipts, by which each is corrected or cancelled. Recorded.
    ///
    /// One that came with an import gets its receipt now. What an import says wrongly is corrected or
    /// cancelled here and set right in the municipality's own system: the next file that still says
    /// it brings it back.
    ///
    /// Example: server dose list --resident-number-from-stdin --municipality 131121 --staff sato \
    /// --settings settings.toml
    List(ListDoses),
    /// Show a dose: as it stands, as it stood, who changed it and why, and
    /// which certificates may list it as it stood. Recorded.
    Show(OneDose),
    /// List what venues and staff corrected or cancelled of late, with the certificates that were
    /// issued in between and still hold. Recorded.
    ///
    /// Such a certificate may list a dose as it is not any more. Whether it is revoked is staff's
    /// to decide: `server revoke`. The next certificate lists what stands.
    Changed {
        /// How many days to look back.
        #[arg(long, value_name = "DAYS", default_value_t = 30)]
        days: u16,
        /// Whose, who reads, which settings.
        #[command(flatten)]
        by: ByStaff,
    },
    /// Correct a dose: one that came with an import, or a venue's when the venue can no longer.
    ///
    /// What it is to say is JSON on standard input, never an argument. Given twice, with the same
    /// input: with --reason it asks a second person, with --approval it is done. What it said before
    /// stays recorded.
    #[command(after_help = CORRECT_EXAMPLE)]
    Correct(Change),
    /// Cancel a dose: one that came with an import, or a venue's when the venue can no longer. Its
    /// voucher can be used again.
    ///
    /// Given twice: with --reason it asks a second person, with --approval it is done. What it said
    /// stays recorded.
    Cancel(Change),
}

const CORRECT_EXAMPLE: &str = r#"Example:
  server dose correct 0123456789abcdef0123456789abcdef --municipality 131121 --staff sato \
    --reason 'wrong lot: letter of the venue of 2026-04-02' --settings settings.toml <<'END'
  {"date":"20260401","disease":"新型コロナウイルス感染症","manufacturer":"ファイザー",
   "product":"コミナティ筋注","lot":"FA0001","physician":null,"amount_microlitres":300}
  END"#;

/// Whose doses.
#[derive(Debug, Args)]
pub struct ListDoses {
    /// Whom.
    #[command(flatten)]
    whom: WhomOnInput,
    /// Whose, who reads, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// Which dose.
#[derive(Debug, Args)]
pub struct OneDose {
    /// Its receipt, as the venue or `server dose list` has it.
    receipt: DoseReceipt,
    /// Whose, who reads, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// What to change.
#[derive(Debug, Args)]
pub struct Change {
    /// Its receipt, as the venue or `server dose list` has it.
    receipt: DoseReceipt,
    /// The second person's approval, or why one is asked for.
    #[command(flatten)]
    two: TwoPersons,
    /// Whose, who acts, which settings.
    #[command(flatten)]
    by: ByStaff,
}

pub(super) async fn run(command: &DoseCommand) -> Result<ExitCode, Failure> {
    match command {
        DoseCommand::List(whose) => list(whose).await,
        DoseCommand::Show(one) => show(one).await,
        DoseCommand::Changed { days, by } => changed(*days, by).await,
        DoseCommand::Correct(change) => {
            let (opened, register) = handle(&change.by).await?;
            let dose = dose_from_input()?;
            let checked = CheckedDose::of_staff(draft(&dose), japan_date(opened.clock.now()))?;
            let correction = DoseCorrection::Correct(checked);
            change_dose(&opened, &register, change, &correction).await
        }
        DoseCommand::Cancel(change) => {
            let (opened, register) = handle(&change.by).await?;
            change_dose(&opened, &register, change, &DoseCorrection::Cancel).await
        }
    }
}

async fn handle(by: &ByStaff) -> Result<(Opened, MunicipalityRegister), Failure> {
    let opened = open(&by.settings).await?;
    let staff = accept_staff(&opened, by.staff.clone())?;
    let register = opened
        .registry
        .municipality(by.municipality, Purpose::DoseCorrection, staff)
        .await?;
    Ok((opened, register))
}

/// One dose, JSON, whole.
fn dose_from_input() -> Result<DoseEntry, Failure> {
    let mut text = Zeroizing::new(Vec::with_capacity(LONGEST_DOSE as usize + 1));
    let input = std::io::stdin().lock().take(LONGEST_DOSE + 1);
    { input }.read_to_end(&mut text)?;
    if text.len() as u64 > LONGEST_DOSE {
        return Err("the dose on standard input is longer than 8 KiB".into());
    }
    // The parser's own message would quote what was read.
    serde_json::from_slice(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!(
            "standard input is no dose as `server dose correct --help` shows it: line {line}, \
             column {column}"
        )
        .into()
    })
}

async fn change_dose(
    opened: &Opened,
    register: &MunicipalityRegister,
    change: &Change,
    correction: &DoseCorrection,
) -> Result<ExitCode, Failure> {
    let scope = register
        .dose_change_scope(change.receipt, correction)
        .await?;
    let approval = approval_or_request(opened, &change.by, &change.two, &scope).await?;
    let Some(approval) = approval else {
        opened.registry.close().await;
        return Ok(ExitCode::SUCCESS);
    };
    let changed = register
        .change_dose_as_staff(change.receipt, correction, approval)
        .await?;
    opened.registry.close().await;
    match changed {
        DoseChanged::Changed { certificates } => {
            println!("done: certificates list what stands from now on");
            show_certificates(&certificates);
            Ok(ExitCode::SUCCESS)
        }
        DoseChanged::Again => {
            println!("it was cancelled before: nothing is changed");
            Ok(ExitCode::SUCCESS)
        }
        DoseChanged::Refused(refused) => Err(format!("nothing is changed: {refused}").into()),
    }
}

async fn list(whose: &ListDoses) -> Result<ExitCode, Failure> {
    let (opened, register) = handle(&whose.by).await?;
    let whom = whose.whom.read()?;
    let doses = register.doses_with_receipts(&whom).await;
    opened.registry.close().await;
    let doses = doses?.ok_or("nobody of that number is registered here")?;
    println!("doses: {}", doses.len());
    for one in &doses {
        println!("  {} {}", one.receipt, in_words(&one.dose));
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(one: &OneDose) -> Result<ExitCode, Failure> {
    let (opened, register) = handle(&one.by).await?;
    let history = register.dose_history(one.receipt).await?;
    opened.registry.close().await;
    let history = history.ok_or("no dose was registered here under this receipt")?;
    println!(
        "registered at {}, {}",
        history.registered_at,
        history.state.as_str()
    );
    match &history.standing {
        Some(dose) => println!("  stands: {}", in_words(dose)),
        None => println!("  stands no more"),
    }
    for version in &history.before {
        println!(
            "  until {}: {}\n    {} by {}: {}",
            version.changed_at,
            in_words(&version.dose),
            version.change.as_str(),
            version.by,
            version.reason.expose()
        );
    }
    show_certificates(&history.certificates);
    Ok(ExitCode::SUCCESS)
}

async fn changed(days: u16, by: &ByStaff) -> Result<ExitCode, Failure> {
    let (opened, register) = handle(by).await?;
    let since = opened.clock.now() - Duration::days(days.into());
    let changes = register.changed_doses(since).await?;
    opened.registry.close().await;
    println!("changed in {days} days: {}", changes.len());
    for change in changes {
        println!(
            "  {} {} at {} by {}",
            change.receipt,
            change.change.as_str(),
            change.changed_at,
            change.by
        );
        show_certificates(&change.certificates);
    }
    Ok(ExitCode::SUCCESS)
}

fn show_certificates(certificates: &[CertificateId]) {
    for id in certificates {
        println!("    certificate {} may list it as it was", id.as_str());
    }
}

fn in_words(dose: &Dose) -> String {
    format!(
        "dose {} on {}, {}, {} {}, lot {}",
        dose.number, dose.date, dose.disease, dose.manufacturer, dose.product, dose.lot
    )
}
