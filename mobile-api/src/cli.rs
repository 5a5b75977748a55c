//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Akashi's way in from the internet: passes phones' sealed applications on to the issuing
/// server, unread, and serves the published files.
#[derive(Debug, Parser)]
#[command(name = "mobile-api", version, arg_required_else_help = true, after_help = FIRST_STEPS)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const FIRST_STEPS: &str = "\
First steps, with test keys and a server on this machine:
  fixtures pki keys                                      # TEST keys and certificates
  server register-relay keys/relay.pem --name relay-1 --settings settings.toml
  server publish public --settings settings.toml         # what verifiers need, as files
  mobile-api serve --settings mobile-api.toml            # until interrupted
  fixtures phone --help                                  # a phone to try it with
Settings are explained, key by key, in mobile-api/settings.example.toml.";

/// What mobile-api can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve phones and verifiers until interrupted.
    ///
    /// Prints one JSON line when every listener is bound:
    /// {"ready":true,"public":"ADDRESS","health":"ADDRESS"}. Logs go to standard error, one JSON
    /// object a line, none of them about one request; AKASHI_LOG sets their level (error, warn,
    /// info, debug). Ends on SIGINT and SIGTERM, after open requests.
    Serve {
        /// The settings file; `AKASHI_MOBILE_API_…` variables go over it.
        #[arg(long = "settings", value_name = "FILE")]
        settings: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
