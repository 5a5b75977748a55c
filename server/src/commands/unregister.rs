//! `server unregister`

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use domain::ChannelId;
use registry::Actor;

use super::{Failure, open, operator};
use crate::cli::SettingsFile;
use crate::tls::channel_of_certificate_file;

/// Whom to shut out.
#[derive(Debug, Args)]
pub struct Unregistration {
    /// Its certificate (PEM), or its id as registration showed it.
    #[arg(long, value_name = "CERT.pem|ID")]
    channel: String,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

pub(super) async fn run(unregistration: &Unregistration) -> Result<ExitCode, Failure> {
    let id = channel(&unregistration.channel)?;
    let opened = open(&unregistration.settings).await?;
    let system = opened.registry.system(Actor::Staff(operator()?));
    let was_there = system.unregister(id).await?;
    opened.registry.close().await;
    if !was_there {
        return Err(format!("no kiosk, no relay and no venue is registered as {id}").into());
    }
    println!("{id} is registered no longer, and gets nothing from now on");
    Ok(ExitCode::SUCCESS)
}

/// The id that 64 hexadecimal digits are, or that of a certificate file.
pub(super) fn channel(named: &str) -> Result<ChannelId, Failure> {
    let mut id = [0; 32];
    match hex::decode_to_slice(named, &mut id) {
        Ok(()) => Ok(ChannelId(id)),
        // A stolen machine's certificate may be stolen with it, hence the id; but this is none.
        Err(_) => Ok(channel_of_certificate_file(Path::new(named))?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_taken_as_it_is_shown() {
        let id = ChannelId([0xa7; 32]);
        assert_eq!(channel(&id.to_string()).unwrap(), id);
        assert!(channel(&id.to_string()[1..]).is_err());
    }
}
