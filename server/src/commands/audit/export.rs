//! `server audit export`

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use encrypted_file::{EncryptingWriter, Recipients};
use registry::Purpose;

use super::search::Wanted;
use crate::cli::ByStaff;
use crate::commands::approvals::{TwoPersons, approval_or_request};
use crate::commands::days::Days;
use crate::commands::outgoing::OutgoingFile;
use crate::commands::{Failure, accept_staff, open};
use crate::service;

/// Which entries, and where to.
#[derive(Debug, Args)]
pub struct Export {
    /// From which day to which.
    #[command(flatten)]
    days: Days,
    /// What is shown; of the rest only digests are in the file.
    #[command(flatten)]
    wanted: Wanted,
    /// Whom the file is encrypted to, `age1…`; given several times for several.
    #[arg(long = "recipient", value_name = "age1…", required = true)]
    recipients: Vec<String>,
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

pub(super) async fn run(export: &Export) -> Result<ExitCode, Failure> {
    let recipients = Recipients::parse(&export.recipients.join("\n"))?;
    let names: Vec<String> = recipients.names().collect();
    let query = export.wanted.query(export.days)?;
    let opened = open(&export.by.settings).await?;
    let staff = accept_staff(&opened, export.by.staff.clone())?;
    let whom = export.wanted.person.read()?;
    let register = opened
        .registry
        .municipality(export.by.municipality, Purpose::Audit, staff)
        .await?;
    let scope = register
        .audit_export_scope(&query, whom.as_ref(), &names)
        .await?;
    let approval = approval_or_request(&opened, &export.by, &export.two, &scope).await?;
    let Some(approval) = approval else {
        opened.registry.close().await;
        return Ok(ExitCode::SUCCESS);
    };
    // What is exported is signed up to its end.
    let anchoring = service::anchoring(&opened.settings)?;
    opened.registry.anchor_audit(&anchoring).await?;
    let out = OutgoingFile::create(&export.out)?;
    let mut file = EncryptingWriter::new(BufWriter::new(out.file()), &recipients)?;
    let (whom, signer) = (whom.as_ref(), &anchoring.signer);
    let summary = register
        .export_audit(&query, whom, &names, approval, signer, &mut file)
        .await?;
    file.finish()?.flush()?;
    out.publish()?;
    opened.registry.close().await;
    println!(
        "{}: {} entries, and the digests of {} others. Whoever has the key's public half verifies \
         it: server audit verify --export FILE --identity KEYFILE --key audit.spki.der",
        export.out.display(),
        summary.entries,
        summary.withheld
    );
    Ok(ExitCode::SUCCESS)
}
