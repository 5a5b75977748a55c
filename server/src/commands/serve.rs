//! `server serve`

use std::process::ExitCode;
use std::sync::Arc;

use crypto::SystemRandom;
use domain::SystemClock;
use tokio::signal::unix::{SignalKind, signal};

use super::Failure;
use crate::cli::SettingsFile;
use crate::serve::Server;
use crate::service::{Service, anchor_is_beside_the_register};
use crate::settings::Settings;

/// Whose lines follow the variable: this program's and the crates' it is made of.
const OWN_LINES: [&str; 5] = [
    "server",
    "registry",
    "application",
    "issuance",
    "certificate",
];

pub(super) async fn run(settings: &SettingsFile) -> Result<ExitCode, Failure> {
    json_logs::start(&OWN_LINES)?;
    let settings = Settings::load(&settings.file)?;
    let weakened = settings.weakened();
    let anchor_beside = anchor_is_beside_the_register(&settings);
    let service = Service::start(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    for name in weakened {
        tracing::warn!(setting = name, "weakened: for TEST issuers only");
    }
    if anchor_beside {
        tracing::warn!(
            "audit.anchor lies on the register's file system: whoever can change the one can change \
             the other; an anchor lies on another medium"
        );
    }
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let server = Server::bind(service).await?;
    println!("{}", serde_json::to_string(&server.ready()?)?);
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    server.serve(stop).await;
    Ok(ExitCode::SUCCESS)
}
