//! `server register-kiosk`, `server register-relay`, `server register-venue`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::{ChannelId, KeyFingerprint, MunicipalityCode, japan_date};
use registry::{Actor, ChannelName, VenueName};

use super::{Failure, open, operator};
use crate::cli::SettingsFile;
use crate::municipalities::Municipalities;
use crate::tls::channel_of_certificate_file;

pub(crate) const KIOSK_EXAMPLE: &str = "\
Example:
  server register-kiosk kiosk-0007.pem --name kiosk-0007 --municipality 131121 \\
    --fingerprint a1b2-c3d4-e5f6-0718-293a --settings settings.toml
A kiosk that is stolen is shut out by `server unregister`.";

const VENUE_EXAMPLE: &str = "\
Example:
  server register-venue keys/venues/venue-0001.pem --name 中央保健センター \\
    --municipality 131121 --settings settings.toml
A terminal that is lost is shut out by `server unregister`.";

/// Whom to register.
#[derive(Debug, Args)]
pub struct Registration {
    /// Its certificate, PEM.
    certificate: PathBuf,
    /// What people call it; stands in logs and records.
    #[arg(long)]
    name: String,
    /// The key's fingerprint, as the kiosk shows it (`kiosk-agent enrol`) and somebody who stands
    /// before it tells you; a certificate of another key is refused.
    #[arg(long, value_name = "XXXX-XXXX-XXXX-XXXX-XXXX")]
    fingerprint: Option<KeyFingerprint>,
    /// A kiosk only: the municipality it offers; given several times for several. Left out:
    /// every one that takes part.
    #[arg(long = "municipality", value_name = "CODE")]
    municipalities: Vec<MunicipalityCode>,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

/// Which venue to register.
#[derive(Debug, Args)]
#[command(after_help = VENUE_EXAMPLE)]
pub struct VenueRegistration {
    /// Its certificate, PEM.
    certificate: PathBuf,
    /// Its name, 1 to 30 characters.
    #[arg(long)]
    name: String,
    /// A municipality whose vouchers it takes; given several times for several.
    #[arg(long = "municipality", value_name = "CODE", required = true)]
    municipalities: Vec<MunicipalityCode>,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

pub(super) async fn kiosk(registration: &Registration) -> Result<ExitCode, Failure> {
    let id = compared(&registration.certificate, registration.fingerprint)?;
    let name = ChannelName::parse(&registration.name)?;
    let opened = open(&registration.settings).await?;
    opened
        .registry
        .system(Actor::Server)
        .register_kiosk(id, &name, &registration.municipalities, &operator()?)
        .await?;
    opened.registry.close().await;
    println!("kiosk {} is registered: {id}", name.as_str());
    Ok(ExitCode::SUCCESS)
}

/// Whose certificate it is; refused where the key's fingerprint is another than was told.
pub(super) fn compared(
    certificate: &Path,
    told: Option<KeyFingerprint>,
) -> Result<ChannelId, Failure> {
    let id = channel_of_certificate_file(certificate)?;
    let fingerprint = id.fingerprint();
    if told.is_some_and(|told| told != fingerprint) {
        let refused =
            format!("this certificate's key is {fingerprint}: another than you were told");
        return Err(refused.into());
    }
    Ok(id)
}

pub(super) async fn relay(registration: &Registration) -> Result<ExitCode, Failure> {
    if !registration.municipalities.is_empty() {
        return Err("a relay passes on for every municipality: leave --municipality out".into());
    }
    let id = compared(&registration.certificate, registration.fingerprint)?;
    let name = ChannelName::parse(&registration.name)?;
    let opened = open(&registration.settings).await?;
    opened
        .registry
        .system(Actor::Server)
        .register_relay(id, &name, &operator()?)
        .await?;
    opened.registry.close().await;
    println!("relay {} is registered: {id}", name.as_str());
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn venue(registration: &VenueRegistration) -> Result<ExitCode, Failure> {
    let id = channel_of_certificate_file(&registration.certificate)?;
    let name = VenueName::parse(&registration.name)?;
    let opened = open(&registration.settings).await?;
    let all = Municipalities::load(&opened.settings.municipalities.relative())?;
    let today = japan_date(opened.clock.now());
    for code in &registration.municipalities {
        // Registered beforehand it may be; a code that nobody has is a slip of the hand.
        if let Err(off) = all.declaring(*code)?.declared::<declaration::Venues>(today) {
            println!("note: municipality {code}: {off}; until then the venue registers nothing");
        }
    }
    opened
        .registry
        .system(Actor::Server)
        .register_venue(id, &name, &registration.municipalities, &operator()?)
        .await?;
    opened.registry.close().await;
    println!("venue {} is registered: {id}", name.as_str());
    Ok(ExitCode::SUCCESS)
}
