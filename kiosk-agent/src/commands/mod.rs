//! The command line.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a command line is for; nothing printed says who the resident is"
)]

mod answers;
mod check;
mod enrol;
mod examination;
mod health;
mod issue;
mod keep_browser;
mod parts;
mod recordings;
mod serve;
mod staff_code;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::hardening::Hardened;

/// The kiosk at a store: reads a My Number Card, applies for a vaccination certificate, prints it.
///
/// It keeps nothing: no application, no certificate, no PIN; neither on disk, nor in logs, nor in
/// the print queue.
#[derive(Debug, Parser)]
#[command(name = "kiosk-agent", version, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve one resident: from the terms of use to the paper
    Issue(issue::Issue),
    /// Serve residents at the touch screen, one after the other, until told to stop
    Serve(serve::Serve),
    /// Give the kiosk its key and its first certificate
    Enrol(enrol::Enrol),
    /// Change the kiosk's certificate before its end; a timer runs it every day
    Renew(enrol::Renew),
    /// Tell staff what works: reader, printer, server, certificate
    Check(check::Check),
    /// Make the line of the settings that opens the staff screen
    StaffCode(staff_code::StaffCode),
    /// Write the kiosk's health for monitoring: numbers only, in Prometheus's text form
    Health(health::WriteHealth),
    /// Print what the voice says, for scripts/voices.sh
    #[command(hide = true)]
    Recordings(recordings::Recordings),
    /// Keep one browser; the agent starts this by itself
    #[command(hide = true)]
    KeepBrowser(keep_browser::KeepBrowser),
}

const EXAMPLES: &str = "\
Examples:
  At a terminal, everything is asked:
    kiosk-agent issue --settings kiosk.toml

  Without a terminal, everything is given; the PIN comes through file descriptor 3:
    kiosk-agent issue --settings kiosk.toml --agree --kind abroad --pin-fd 3 --json 3< pin-pipe

  What is wrong with this kiosk?
    kiosk-agent check --settings kiosk.toml";

/// Runs a command.
#[must_use]
pub fn run(arguments: Arguments, hardened: Hardened) -> ExitCode {
    match arguments.command {
        Command::Issue(issue) => issue.run(hardened),
        Command::Serve(serve) => serve.run(hardened),
        Command::Enrol(enrol) => enrol.run(),
        Command::Renew(renew) => renew.run(),
        Command::Check(check) => check.run(hardened),
        Command::StaffCode(code) => code.run(),
        Command::Health(health) => health.run(hardened),
        Command::Recordings(recordings) => recordings.run(),
        Command::KeepBrowser(keep) => keep.run(),
    }
}
