//! `server audit verify`

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::MunicipalityCode;
use encrypted_file::DecryptingReader;
use registry::{
    Anchors, AreaVerdict, AuditArea, AuditFault, AuditKeys, AuditVerdict, ChainVerdict,
    verify_audit_export,
};

use crate::cli::SettingsFile;
use crate::commands::{Failure, open};
use crate::{secrets, service};

/// What to verify.
#[derive(Debug, Args)]
pub struct Verify {
    /// One municipality's chains only; given several times for several.
    #[arg(long = "municipality", value_name = "CODE")]
    municipalities: Vec<MunicipalityCode>,
    /// The settings file; `AKASHI_SERVER_…` variables go over it.
    #[arg(long, value_name = "FILE", required_unless_present = "export")]
    settings: Option<PathBuf>,
    /// A file of `server audit export`, verified alone.
    #[arg(long, value_name = "FILE", requires = "keys", conflicts_with_all = ["settings", "municipalities"])]
    export: Option<PathBuf>,
    /// With --export: a public half of the audit key (DER, `audit.spki.der`), from whoever you
    /// trust; given several times for former ones.
    #[arg(long = "key", value_name = "FILE.der", requires = "export")]
    keys: Vec<PathBuf>,
    /// With --export: the age identity that opens it, mode 0600; left out where it is open already.
    #[arg(long, value_name = "KEYFILE", requires = "export")]
    identity: Option<PathBuf>,
}

pub(super) async fn run(verify: &Verify) -> Result<ExitCode, Failure> {
    match (&verify.export, &verify.settings) {
        (Some(file), _) => export(verify, file),
        (None, Some(file)) => Box::pin(register(verify, file)).await,
        (None, None) => Err("either --settings or --export".into()),
    }
}

/// Verifies a file with public keys alone.
fn export(verify: &Verify, file: &Path) -> Result<ExitCode, Failure> {
    let keys: Result<_, _> = verify
        .keys
        .iter()
        .map(|key| secrets::es256_public(key))
        .collect();
    let keys = AuditKeys::new(keys?);
    let input = BufReader::new(File::open(file)?);
    let verified = match &verify.identity {
        None => verify_audit_export(input, &keys),
        Some(identity) => {
            let identity = secrets::identity(identity)?;
            verify_audit_export(DecryptingReader::open(input, &identity)?, &keys)
        }
    };
    match verified {
        Ok(summary) => {
            println!(
                "holds: {} entries as they were recorded, and the digests of {} others",
                summary.entries, summary.withheld
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            println!("BROKEN: {fault}");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn register(verify: &Verify, settings: &Path) -> Result<ExitCode, Failure> {
    let settings = SettingsFile {
        file: settings.to_owned(),
    };
    let opened = open(&settings).await?;
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
        let AreaVerdict { chains, unmatched } =
            register.verify_audit_area(area, &anchors, keys).await?;
        for verdict in &chains {
            holds &= show(verdict);
        }
        if let Some(id) = unmatched {
            println!("{area}: BROKEN: {}", AuditFault::Unmatched(id));
            holds = false;
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
