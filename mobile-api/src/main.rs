//! mobile-api, from the command line.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a command line program speaks there

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use mobile_api::cli::{Cli, Command};
use mobile_api::{MobileApi, Settings};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve { settings } => serve(&settings).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mobile-api: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(settings: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    let settings = Settings::load(settings)?;
    json_logs::start(&["mobile_api"])?;
    let mobile_api = MobileApi::bind(&settings).await?;
    let (stop, stopped) = watch::channel(false);
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let addresses = mobile_api.addresses()?;
    println!(
        "{}",
        serde_json::json!({
            "ready": true,
            "public": addresses.public,
            "health": addresses.health,
        })
    );
    tracing::info!("serving");
    let interrupted = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        stop.send_replace(true);
    };
    tokio::join!(interrupted, mobile_api.serve(stopped));
    Ok(())
}
