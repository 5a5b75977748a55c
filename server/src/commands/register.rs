//! `server register-kiosk`, `server register-relay`

use std::process::ExitCode;

use registry::{Actor, ChannelName};

use super::{Failure, open, operator};
use crate::cli::Registration;
use crate::tls::channel_of_certificate_file;

pub(super) async fn kiosk(registration: &Registration) -> Result<ExitCode, Failure> {
    let id = channel_of_certificate_file(&registration.certificate)?;
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

pub(super) async fn relay(registration: &Registration) -> Result<ExitCode, Failure> {
    if !registration.municipalities.is_empty() {
        return Err("a relay passes on for every municipality: leave --municipality out".into());
    }
    let id = channel_of_certificate_file(&registration.certificate)?;
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
