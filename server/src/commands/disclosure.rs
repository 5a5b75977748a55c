//! `server disclosure`

mod page;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::japan_date;
use encrypted_file::{EncryptingWriter, Recipients};
use registry::{Purpose, Sheet};

use super::approvals::{TwoPersons, approval_or_request};
use super::at_the_counter::AtTheCounter;
use super::number_input::WhomOnInput;
use super::outgoing::OutgoingFile;
use super::{Failure, accept_staff, open};
use crate::cli::ByStaff;
use crate::municipalities::Municipalities;

/// Whom to tell what.
#[derive(Debug, Args)]
pub struct Disclosure {
    /// Who stands at the counter.
    #[command(flatten)]
    counter: AtTheCounter,
    /// The complete sheet, with address, flags and through which kiosk somebody went: for the
    /// person alone, given into their own hands. The usual sheet leaves these out for everybody.
    #[arg(long)]
    complete: bool,
    /// Where to write the sheet, HTML to be printed on A4; never over a file that is there.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Whom the file is encrypted to, `age1…`; given several times for several.
    #[arg(
        long = "recipient",
        value_name = "age1…",
        required_unless_present = "plain"
    )]
    recipients: Vec<String>,
    /// Write it unencrypted, to be printed here and removed at once.
    #[arg(long, conflicts_with = "recipients")]
    plain: bool,
    /// Asked for first, done with the approval.
    #[command(flatten)]
    two: TwoPersons,
    /// Whom.
    #[command(flatten)]
    whom: WhomOnInput,
    /// Whose, who does it, which settings.
    #[command(flatten)]
    by: ByStaff,
}

pub(super) async fn run(asked: &Disclosure) -> Result<ExitCode, Failure> {
    let recipients = match asked.plain {
        true => None,
        false => Some(Recipients::parse(&asked.recipients.join("\n"))?),
    };
    let identity = asked.counter.identity()?;
    let opened = open(&asked.by.settings).await?;
    let staff = accept_staff(&opened, asked.by.staff.clone())?;
    let municipalities = Municipalities::load(&opened.settings.municipalities.relative())?;
    let municipality = municipalities.declaring(asked.by.municipality)?;
    let declared = municipality.declared(japan_date(opened.clock.now()))?;
    let sheet = if asked.complete {
        Sheet::Complete
    } else {
        Sheet::Usual
    };
    let whom = asked.whom.read()?;
    let register = opened
        .registry
        .municipality(asked.by.municipality, Purpose::Disclosure, staff)
        .await?;
    let scope = register
        .disclosure_scope(&declared, &whom, &identity, sheet)
        .await?;
    let approval = approval_or_request(&opened, &asked.by, &asked.two, &scope).await?;
    let Some(approval) = approval else {
        opened.registry.close().await;
        return Ok(ExitCode::SUCCESS);
    };
    // Everything that can fail without a record fails before it.
    let out = OutgoingFile::create(&asked.out)?;
    let report = register
        .disclose(&declared, &whom, &identity, sheet, approval)
        .await?;
    opened.registry.close().await;
    let page = page::of(&municipality.name, &report);
    match &recipients {
        Some(recipients) => {
            let mut file = EncryptingWriter::new(out.file(), recipients)?;
            file.write_all(page.as_bytes())?;
            file.finish()?;
        }
        None => {
            out.file().write_all(page.as_bytes())?;
            eprintln!(
                "the file is not encrypted: print it, hand it over, and remove it now; keep it on \
                 no shared disk"
            );
        }
    }
    out.publish()?;
    println!("{}", asked.out.display());
    Ok(ExitCode::SUCCESS)
}
