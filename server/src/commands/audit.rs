//! `server audit verify`, `server audit refusals`

use std::process::ExitCode;

use registry::{Actor, AuditVerdict, Purpose, StaffId};

use super::{Failure, accept_staff, open};
use crate::cli::{Refusals, SettingsFile};

/// Most refusals shown.
const MOST_REFUSALS: u32 = 100;

pub(super) async fn verify(settings: &SettingsFile) -> Result<ExitCode, Failure> {
    let opened = open(settings).await?;
    let system = opened.registry.system(Actor::Server);
    let mut holds = show("system", system.verify_audit(None).await?);
    for code in opened.registry.municipalities().await? {
        let register = opened
            .registry
            .municipality(code, Purpose::Audit, Actor::Server)
            .await?;
        holds &= show(code.as_str(), register.verify_audit(None).await?);
    }
    opened.registry.close().await;
    Ok(if holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(super) async fn refusals(refusals: &Refusals) -> Result<ExitCode, Failure> {
    let opened = open(&refusals.settings).await?;
    let staff = accept_staff(&opened, StaffId::parse(&refusals.staff)?)?;
    let register = opened
        .registry
        .municipality(refusals.municipality, Purpose::Audit, staff)
        .await?;
    let notes = register.refusal_notes(MOST_REFUSALS).await?;
    opened.registry.close().await;
    for note in notes {
        // What it is for: the counter's staff read here what the resident is not told.
        println!("{} {} {}", note.at, note.event, note.note.expose());
    }
    Ok(ExitCode::SUCCESS)
}

fn show(chain: &str, verdict: AuditVerdict) -> bool {
    match verdict {
        AuditVerdict::Holds(head) => {
            println!(
                "{chain}: {} entries hold; head {}. Entries removed from the end show only \
                 against a head kept elsewhere.",
                head.sequence,
                hex::encode(head.hash)
            );
            true
        }
        AuditVerdict::Broken(fault) => {
            println!("{chain}: BROKEN: {fault}");
            false
        }
    }
}
