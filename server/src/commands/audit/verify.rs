//! `server audit verify`

use std::process::ExitCode;

use clap::Args;
use domain::MunicipalityCode;
use registry::{Anchors, AuditArea, AuditVerdict, ChainVerdict};

use crate::cli::SettingsFile;
use crate::commands::{Failure, open};
use crate::service;

/// What to verify.
#[derive(Debug, Args)]
pub struct Verify {
    /// One municipality's chains only; given several times for several.
    #[arg(long = "municipality", value_name = "CODE")]
    municipalities: Vec<MunicipalityCode>,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

pub(super) async fn run(verify: &Verify) -> Result<ExitCode, Failure> {
    let opened = open(&verify.settings).await?;
    let anchoring = service::anchoring(&opened.settings)?;
    let anchors = Anchors::read(&anchoring.folder, &anchoring.keys)?;
    let mut holds = anchors.faults.is_empty();
    for (log, fault) in &anchors.faults {
        println!("anchor {log}: BROKEN: {fault}");
    }
    let mut areas: Vec<AuditArea> = verify
        .municipalities
        .iter()
        .map(|code| AuditArea::Municipality(*code))
        .collect();
    if areas.is_empty() {
        let all = opened.registry.municipalities().await?.into_iter();
        areas = std::iter::once(AuditArea::System)
            .chain(all.map(AuditArea::Municipality))
            .collect();
    }
    for area in anchors.areas().filter(|_| verify.municipalities.is_empty()) {
        if !areas.contains(&area) {
            println!("{area}: BROKEN: it was anchored, and no such register is there");
            holds = false;
        }
    }
    for area in areas {
        let (register, keys) = (&opened.registry, &anchoring.keys);
        for verdict in register.verify_audit_area(area, &anchors, keys).await? {
            holds &= show(&verdict);
        }
    }
    opened.registry.close().await;
    Ok(if holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn show(verdict: &ChainVerdict) -> bool {
    let chain = &verdict.chain;
    match verdict.verdict {
        AuditVerdict::Holds(head) => {
            let tail = head.sequence - verdict.anchored.min(head.sequence);
            let tail = match tail {
                0 => "all of them anchored".to_owned(),
                _ => format!(
                    "entries {} to {} not anchored yet",
                    verdict.anchored + 1,
                    head.sequence
                ),
            };
            println!("{chain}: {} entries hold, {tail}", head.sequence);
            true
        }
        AuditVerdict::Broken(fault) => {
            println!("{chain}: BROKEN: {fault}");
            false
        }
    }
}
