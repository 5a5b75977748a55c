//! `server renew-kiosk`

use std::process::ExitCode;

use domain::japan_date;
use registry::{Actor, NewKioskKey};

use super::register::compared;
use super::unregister::channel;
use super::{Failure, open, operator};
use crate::cli::KioskRenewal;

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
