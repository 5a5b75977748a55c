//! `server audit verify`

use std::process::ExitCode;

use registry::{Actor, AuditVerdict, Purpose};

use super::{Failure, open};
use crate::cli::SettingsFile;

pub(super) async fn verify(settings: &SettingsFile) -> Result<ExitCode, Failure> {
    let opened = open(settings).await?;
    let system = opened.registry.system(Actor::Server);
    let mut holds = show("system", system.verify_audit(None).await?);
    for code in opened.registry.municipalities()? {
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
