//! `kiosk-agent issue`: one session.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use application::messages::Copies;
use clap::{Args, ValueEnum};
use crypto::SystemRandom;
use domain::{CertificateKind, Clock, Language, MunicipalityCode, SystemClock};
use serde::Serialize;

use super::answers::{AtTerminal, Given};
use super::parts::{self, PartRefused};
use super::terminal::Terminal;
use crate::hardening::Hardened;
use crate::screens::Screen;
use crate::session::{
    CardPlace, CodeVerifier, Ending, Kiosk, Patience, PcscReader, Resident, SessionReport,
};
use crate::settings::Settings;
use crate::stop::{StopSwitch, stop_switch};

/// Shows the terms and takes the agreement, waits for the card, takes the PIN, reads, applies,
/// shows the offer, orders, checks the page against the card, prints, reports, and forgets.
///
/// Ctrl-C stops it in every state: a certificate that was issued meanwhile is reported as not
/// delivered and is issued again without a fee.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Issue {
    /// The kiosk's settings; settings.example.toml describes them
    #[arg(long, value_name = "FILE")]
    settings: PathBuf,
    /// Language of the screens and of the terms
    #[arg(long, value_name = "TAG", default_value = "ja", value_parser = Language::parse)]
    language: Language,
    /// The terms of use were shown and agreed to already
    #[arg(long)]
    agree: bool,
    /// What to issue; without a terminal this confirms it, too, whatever its fee
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// The municipality, 6 digits; left out: that of the address on the card
    #[arg(long, value_name = "CODE", value_parser = MunicipalityCode::parse)]
    municipality: Option<MunicipalityCode>,
    /// Printed copies, 1 to 5
    #[arg(long, value_name = "N", value_parser = copies)]
    copies: Option<Copies>,
    /// Read the PIN from this file descriptor, once, instead of from the terminal. There is no
    /// way to give it as an argument or in a variable: both can be seen by others
    #[arg(long, value_name = "N")]
    pin_fd: Option<u32>,
    /// Print one line of JSON with the result, without personal data; screens go to standard error
    #[arg(long)]
    json: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
   0  every page came out
  10  the resident stopped, declined, or did not answer
  11  the PIN was wrong              12  the PIN is locked
  13  the card was taken too early, is another card, or does not work
  14  no card reader, or no card was put on it
  15  not here: the counter          16  the municipality does not issue here or now
  20  server or network              21  the kiosk's own fault: certificate, registration, clock
  22  somebody between kiosk and server, or the server, cannot be trusted
  30  the printer cannot print; nothing was issued
  31  issued, not printed, reported: the next order is without a fee
  32  issued or perhaps issued, not printed, and not reported
  33  the page was not this card's holder's or its codes do not hold: not printed, reported
   2  the command line or the settings";

/// What a certificate is for.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// 海外用及び日本国内用
    Abroad,
    /// 日本国内用
    Domestic,
}

fn copies(text: &str) -> Result<Copies, &'static str> {
    text.parse()
        .ok()
        .and_then(Copies::new)
        .ok_or("copies are 1 to 5")
}

/// The result line.
#[derive(Serialize)]
struct ResultLine {
    outcome: &'static str,
    exit_code: u8,
    certificates: Vec<String>,
    not_delivered: Option<String>,
    pin_to_offer_ms: Option<u64>,
    tries_left: Option<u8>,
}

/// Settings or command line: no session came about.
const USAGE: u8 = 2;

impl Issue {
    pub(super) fn run(self, hardened: Hardened) -> ExitCode {
        let json = self.json;
        let report = match self.prepare(hardened) {
            Ok(report) => report,
            Err(error) => {
                eprintln!("kiosk-agent: {error}");
                return ExitCode::from(USAGE);
            }
        };
        if json {
            let line = ResultLine::of(&report);
            // Texts and numbers under text keys: nothing that JSON cannot say.
            let line = serde_json::to_string(&line).unwrap_or_default();
            // Whoever does not read it has the exit code.
            let _ = writeln!(std::io::stdout(), "{line}");
        }
        ExitCode::from(report.ending.class() as u8)
    }

    fn prepare(self, hardened: Hardened) -> Result<SessionReport, Box<dyn std::error::Error>> {
        let settings = Settings::read(&self.settings)?;
        if !hardened.locked_in_memory {
            eprintln!("kiosk-agent: memory is not locked; see that swap is off or encrypted");
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let report = runtime.block_on(self.session(&settings, clock));
        // A thread that waits for a line at the terminal is left behind.
        runtime.shutdown_background();
        Ok(report?)
    }

    async fn session(
        self,
        settings: &Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<SessionReport, PartRefused> {
        let (switch, stop) = stop_switch();
        let identity = parts::identity(settings)?;
        let (from, until) = parts::validity(&identity, settings)?;
        let mut resident = self.resident();
        let now = clock.now();
        if now < from || now > until {
            let ending = Ending::OwnCertificateNotValid;
            resident.show(&Screen::Ending(ending));
            return Ok(SessionReport::nothing_issued(ending));
        }
        let mut kiosk = Kiosk {
            server: parts::server_link(settings, &identity, clock.clone())?,
            cards: CardPlace::of_one_session(PcscReader::new(settings.reader.name.clone())),
            printer: parts::printer(settings)?,
            payment: parts::payment(settings, clock.clone(), Arc::new(SystemRandom))?,
            resident,
            verifier: CodeVerifier::new(parts::trust(settings)?, clock.clone()),
            clock,
            random: Arc::new(SystemRandom),
            times: settings.times.clone(),
            patience: Patience::new(),
            stop,
        };
        drop(identity);
        let signals = tokio::spawn(stop_by_signal(switch));
        let report = kiosk.serve().await;
        signals.abort();
        Ok(report)
    }

    fn resident(self) -> AtTerminal {
        // With the PIN from a descriptor nobody sits there.
        let terminal = Terminal::new(self.json, self.pin_fd.is_none());
        let given = Given {
            language: self.language,
            agree: self.agree,
            kind: self.kind.map(|kind| match kind {
                Kind::Abroad => CertificateKind::Abroad,
                Kind::Domestic => CertificateKind::Domestic,
            }),
            municipality: self.municipality,
            copies: self.copies,
            pin: self.pin_fd.map(|number| format!("/dev/fd/{number}").into()),
        };
        AtTerminal::new(given, terminal)
    }
}

/// Ctrl-C, whoever stops the service, and a terminal that goes away.
pub(super) async fn stop_by_signal(switch: StopSwitch) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
    ) else {
        // Without handlers the signals end the program as they always did.
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    switch.stop();
    std::future::pending::<()>().await;
}

impl ResultLine {
    fn of(report: &SessionReport) -> Self {
        Self {
            outcome: report.ending.staff_code(),
            exit_code: report.ending.class() as u8,
            certificates: report.delivered.iter().map(ToString::to_string).collect(),
            not_delivered: report.not_delivered.map(|id| id.to_string()),
            pin_to_offer_ms: report.pin_to_offer_ms,
            tries_left: if let Ending::PinIncorrect { tries_left } = report.ending {
                Some(tries_left)
            } else {
                (report.ending == Ending::PinBlocked).then_some(0)
            },
        }
    }
}
