//! `server renew-kiosk`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::{KeyFingerprint, japan_date};
use registry::{Actor, NewKioskKey, OverlapDays};

use super::register::compared;
use super::unregister::channel;
use super::{Failure, open, operator};
use crate::cli::SettingsFile;

const RENEWAL_EXAMPLE: &str = "\
Example:
  server renew-kiosk kiosk-0007.next.pem --of kiosk-0007.pem \\
    --fingerprint a1b2-c3d4-e5f6-0718-293a --settings settings.toml";

/// Which key follows which.
#[derive(Debug, Args)]
#[command(after_help = RENEWAL_EXAMPLE)]
pub struct KioskRenewal {
    /// The kiosk's new certificate, PEM.
    certificate: PathBuf,
    /// Its certificate of today (PEM), or its id as registration showed it.
    #[arg(long, value_name = "CERT.pem|ID")]
    of: String,
    /// The new key's fingerprint, as the kiosk shows it (`kiosk-agent renew`).
    #[arg(long, value_name = "XXXX-XXXX-XXXX-XXXX-XXXX")]
    fingerprint: KeyFingerprint,
    /// For how many days the old key stays good, 1 to 30.
    #[arg(long, default_value = "14", value_parser = overlap)]
    overlap_days: OverlapDays,
    /// The kiosk lost the next key that was registered before: that one is shut out.
    #[arg(long)]
    instead_of_successor: bool,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

fn overlap(text: &str) -> Result<OverlapDays, &'static str> {
    text.parse()
        .ok()
        .and_then(OverlapDays::new)
        .ok_or("an overlap is 1 to 30 days")
}

pub(super) async fn run(renewal: &KioskRenewal) -> Result<ExitCode, Failure> {
    let key = NewKioskKey {
        old: channel(&renewal.of)?,
        new: compared(&renewal.certificate, Some(renewal.fingerprint))?,
        overlap: renewal.overlap_days,
        instead_of_successor: renewal.instead_of_successor,
    };
    let opened = open(&renewal.settings).await?;
    let system = opened.registry.system(Actor::Server);
    let renewed = system.renew_kiosk(key, &operator()?).await?;
    opened.registry.close().await;
    let renewed = renewed?;
    println!(
        "kiosk {} has its next key: {}; the old one is good until {}",
        renewed.name.as_str(),
        key.new,
        japan_date(renewed.old_ends_at),
    );
    Ok(ExitCode::SUCCESS)
}
