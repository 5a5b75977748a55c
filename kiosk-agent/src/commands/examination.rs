//! Looking at the kiosk's parts: memory protection, swap, reader, printer, certificate, clock,
//! server. No card is needed and none is read.

use std::sync::Arc;

use domain::{Clock, SystemClock};
use time::Duration;

use super::parts;
use crate::card::{CardReaders, ReaderError};
use crate::hardening::Hardened;
use crate::health::{Part, PartHealth, Verdict};
use crate::printer::{IppPrinter, Printer as _, PrinterFault};
use crate::server_link::{ClockOffset, LinkError, Server as _, ServerLink};
use crate::session::Ending;
use crate::settings::Settings;

/// Staff is warned so long before the certificate's end.
const WARNING: Duration = Duration::days(30);

/// The code of a part that works.
const OK: &str = "ok";
/// The code of a part whose settings, or a file that they name, are not right.
const SETTINGS: &str = "settings";

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Examination {
    /// One for each part.
    pub findings: Vec<Finding>,
    /// Until the certificate's end.
    pub certificate_seconds_left: Option<i64>,
    /// How far the clock is from the server's.
    pub clock_offset: Option<ClockOffset>,
}

/// What was found of a part: for machines, and in words for staff before it.
#[derive(Debug)]
pub(super) struct Finding {
    pub health: PartHealth,
    pub words: String,
}

impl Examination {
    /// Looks at everything.
    pub(super) fn of(settings: &Settings, hardened: Hardened) -> Self {
        let mut seen = Self::default();
        seen.memory(hardened);
        seen.swap();
        seen.reader(settings);
        match tokio::runtime::Runtime::new() {
            Ok(runtime) => runtime.block_on(async {
                seen.printer(settings).await;
                seen.issuer(settings);
                seen.server(settings).await;
            }),
            Err(error) => seen.bad(Part::Process, "no-threads", error),
        }
        seen
    }

    /// Whether nothing is wrong; what somebody should look at is not wrong yet.
    pub(super) fn all_good(&self) -> bool {
        let bad = |finding: &Finding| finding.health.verdict == Verdict::Bad;
        !self.findings.iter().any(bad)
    }

    fn found(&mut self, part: Part, verdict: Verdict, code: &'static str, words: String) {
        let health = PartHealth {
            part,
            verdict,
            code,
        };
        self.findings.push(Finding { health, words });
    }

    fn good(&mut self, part: Part, words: impl Into<String>) {
        self.found(part, Verdict::Good, OK, words.into());
    }

    fn warning(&mut self, part: Part, code: &'static str, words: impl Into<String>) {
        self.found(part, Verdict::Warning, code, words.into());
    }

    fn bad(&mut self, part: Part, code: &'static str, error: impl std::fmt::Display) {
        self.found(part, Verdict::Bad, code, error.to_string());
    }

    fn memory(&mut self, hardened: Hardened) {
        if !hardened.not_dumpable {
            self.bad(
                Part::Memory,
                "core-dumps",
                "core dumps could not be turned off",
            );
        } else if hardened.locked_in_memory {
            self.good(
                Part::Memory,
                "locked, no core dumps, no debuggers of the same user",
            );
        } else {
            self.warning(
                Part::Memory,
                "memory-not-locked",
                "no core dumps; not locked (needs LimitMEMLOCK=infinity): see that swap is off",
            );
        }
    }

    /// Other processes have no locked memory: the browser, pcscd, the print service.
    fn swap(&mut self) {
        match std::fs::read_to_string("/proc/swaps") {
            // The first line is a heading.
            Ok(swaps) if swaps.lines().count() <= 1 => self.good(Part::Swap, "off"),
            Ok(_) => self.warning(
                Part::Swap,
                "swap-on",
                "on: what browser, pcscd or printing service hold may reach the disk",
            ),
            Err(error) => self.warning(Part::Swap, "swap-unknown", error.to_string()),
        }
    }

    fn reader(&mut self, settings: &Settings) {
        let names = match CardReaders::open().and_then(|readers| readers.list()) {
            Ok(names) => names,
            Err(error) => {
                let code = Ending::Reader(error).staff_code();
                return self.bad(Part::Reader, code, error);
            }
        };
        let none = Ending::Reader(ReaderError::NoReader).staff_code();
        let names: Vec<String> = names.iter().map(crate::card::ReaderName::to_text).collect();
        let listed = names.join(", ");
        match &settings.reader.name {
            _ if names.is_empty() => self.bad(Part::Reader, none, "none is there"),
            Some(wanted) if !names.iter().any(|name| name.starts_with(wanted)) => {
                self.bad(Part::Reader, none, format!("no {wanted} among: {listed}"));
            }
            Some(_) | None => self.good(Part::Reader, listed),
        }
    }

    async fn printer(&mut self, settings: &Settings) {
        match parts::printer(settings) {
            Err(error) => self.bad(Part::Printer, SETTINGS, error),
            Ok(printer) => match printer.ready().await {
                Ok(()) => self.two_steps(&printer, settings).await,
                Err(fault) => self.printer_fault(fault),
            },
        }
    }

    async fn two_steps(&mut self, printer: &IppPrinter, settings: &Settings) {
        match printer.takes_jobs_in_two_steps().await {
            Ok(true) => self.good(Part::Printer, settings.printer.uri.clone()),
            Ok(false) => self.bad(
                Part::Printer,
                "printer-unsuitable",
                "does not support Create-Job and Send-Document, without which the kiosk prints \
                 nothing",
            ),
            Err(fault) => self.printer_fault(fault),
        }
    }

    fn printer_fault(&mut self, fault: PrinterFault) {
        let code = Ending::PrinterNotReady(fault).staff_code();
        self.bad(Part::Printer, code, fault);
    }

    fn issuer(&mut self, settings: &Settings) {
        match parts::trust(settings) {
            Ok(_) => self.good(Part::Issuer, settings.issuer.url.clone()),
            Err(error) => self.bad(Part::Issuer, SETTINGS, error),
        }
    }

    async fn server(&mut self, settings: &Settings) {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let identity = match parts::identity(settings) {
            Ok(identity) => identity,
            Err(error) => return self.bad(Part::Certificate, SETTINGS, error),
        };
        match parts::validity(&identity, settings) {
            Err(error) => self.bad(Part::Certificate, SETTINGS, error),
            Ok((from, until)) => self.validity(clock.now(), from, until),
        }
        match parts::server_link(settings, &identity, clock) {
            Err(error) => self.bad(Part::Server, SETTINGS, error),
            Ok(link) => self.link(link, settings).await,
        }
    }

    fn validity(
        &mut self,
        now: time::OffsetDateTime,
        from: time::OffsetDateTime,
        until: time::OffsetDateTime,
    ) {
        let end = until.date();
        self.certificate_seconds_left = Some((until - now).whole_seconds());
        if now < from || now > until {
            let words = format!("valid {} to {end}", from.date());
            let code = Ending::OwnCertificateNotValid.staff_code();
            self.bad(Part::Certificate, code, words);
        } else if until - now < WARNING {
            let words = format!("ends soon, on {end}");
            self.warning(Part::Certificate, "own-certificate-ends-soon", words);
        } else {
            self.good(Part::Certificate, format!("valid until {end}"));
        }
    }

    async fn link(&mut self, mut link: ServerLink, settings: &Settings) {
        let opened = link.call(&application::messages::OpenRequest {}).await;
        self.clock_offset = link.clock_offset();
        if let Some(offset) = self.clock_offset {
            self.clock(offset);
        }
        match opened {
            Ok(open) => self.good(
                Part::Server,
                format!(
                    "{}, {} municipalities{}",
                    settings.server.url,
                    open.municipalities.len(),
                    if open.specimen {
                        ", issues specimens"
                    } else {
                        ""
                    }
                ),
            ),
            Err(error) => {
                let code = Ending::from(error).staff_code();
                self.bad(Part::Server, code, format!("{error} [{code}]"));
            }
        }
    }

    fn clock(&mut self, offset: ClockOffset) {
        let words = format!("{offset} s from the server's");
        if offset.is_too_far() {
            let code = Ending::from(LinkError::ClockOff(offset)).staff_code();
            self.bad(Part::Clock, code, words);
        } else if offset.is_far() {
            self.warning(Part::Clock, "clock-drifts", words);
        } else {
            self.good(Part::Clock, words);
        }
    }
}
