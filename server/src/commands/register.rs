//! `server register-kiosk`, `server register-relay`, `server register-venue`

use std::path::Path;
use std::process::ExitCode;

use domain::{ChannelId, KeyFingerprint, japan_date};
use registry::{Actor, ChannelName, VenueName};

use super::{Failure, open, operator};
use crate::cli::{Registration, VenueRegistration};
use crate::municipalities::Municipalities;
use crate::tls::channel_of_certificate_file;

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
