//! The kiosk's health, for a monitoring system far away: numbers, and words from fixed lists.
//!
//! The form is Prometheus's text (exposition format 0.0.4). Nothing that came from a resident, a card
//! or a server fits in here: there is no text in these types but the program's own.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Deserialize;

use crate::staff::Counters;

/// `[health]`: what is told about the kiosk from afar.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthSettings {
    /// Where the running agent writes its counters; none: nowhere.
    pub counters: Option<PathBuf>,
}

/// A part of the kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Memory protection.
    Memory,
    /// Swap.
    Swap,
    /// The card reader.
    Reader,
    /// The printer.
    Printer,
    /// The issuer's keys, by which pages are checked.
    Issuer,
    /// The kiosk's own certificate.
    Certificate,
    /// The clock.
    Clock,
    /// The server.
    Server,
    /// The program itself.
    Process,
}

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It works.
    Good,
    /// It works, and somebody should look.
    Warning,
    /// It does not work.
    Bad,
}

/// How one part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartHealth {
    /// Which.
    pub part: Part,
    /// How it is.
    pub verdict: Verdict,
    /// The staff code, `ok` where it works.
    pub code: &'static str,
}

/// The kiosk's health at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Each part that was looked at.
    pub parts: Vec<PartHealth>,
    /// Until the certificate's end; negative afterwards. `None`: there is none.
    pub certificate_seconds_left: Option<i64>,
    /// Whether a key waits for its certificate.
    pub renewal_waits: bool,
    /// How far ahead the kiosk's clock is. `None`: the server was not reached.
    pub clock_offset_seconds: Option<i64>,
    /// When this was, seconds since 1970.
    pub at: i64,
}

impl Part {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Swap => "swap",
            Self::Reader => "reader",
            Self::Printer => "printer",
            Self::Issuer => "issuer",
            Self::Certificate => "certificate",
            Self::Clock => "clock",
            Self::Server => "server",
            Self::Process => "process",
        }
    }
}

impl Verdict {
    /// 2 it works, 1 somebody should look, 0 it does not work.
    const fn number(self) -> u8 {
        match self {
            Self::Good => 2,
            Self::Warning => 1,
            Self::Bad => 0,
        }
    }
}

impl Health {
    /// Prometheus's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut gauge = |name: &str, help: &str, samples: &[Sample]| {
            write_gauge(&mut text, name, help, samples);
        };
        let one = |value: i64| vec![(String::new(), value)];
        let version = format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
        gauge("info", "The program's version.", &[(version, 1)]);
        gauge("checked_time_seconds", "When this was.", &one(self.at));
        let parts: Vec<_> = self.parts.iter().map(PartHealth::sample).collect();
        gauge(
            "part",
            "2: the part works, 1: somebody should look, 0: it does not work; with its staff code.",
            &parts,
        );
        gauge(
            "certificate_seconds_left",
            "Until the end of the kiosk's certificate.",
            &self.certificate_seconds_left.map(one).unwrap_or_default(),
        );
        gauge(
            "renewal_waits",
            "Whether a key waits for its certificate.",
            &one(self.renewal_waits.into()),
        );
        gauge(
            "clock_offset_seconds",
            "How far the kiosk's clock is ahead of the server's.",
            &self.clock_offset_seconds.map(one).unwrap_or_default(),
        );
        text
    }
}

/// A value and its labels.
type Sample = (String, i64);

fn write_gauge(text: &mut String, name: &str, help: &str, samples: &[Sample]) {
    if samples.is_empty() {
        return;
    }
    let name = format!("akashi_kiosk_{name}");
    // Writing to a string does not fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
    for (labels, value) in samples {
        let _ = writeln!(text, "{name}{labels} {value}");
    }
}

/// The running agent's counters as Prometheus's text: they begin anew at midnight in Japan.
#[must_use]
pub fn counters_text(counters: &Counters) -> String {
    let mut text = String::new();
    for (name, help, count) in [
        (
            "sessions_today",
            "Sessions since midnight.",
            counters.sessions(),
        ),
        (
            "certificates_today",
            "Certificates that came out.",
            counters.certificates(),
        ),
        ("pages_today", "Pages that came out.", counters.pages()),
    ] {
        write_gauge(&mut text, name, help, &[(String::new(), count.into())]);
    }
    let sample = |(code, count): (&str, u32)| (format!("{{code=\"{code}\"}}"), count.into());
    let endings: Vec<Sample> = counters.endings().map(sample).collect();
    let help = "Sessions that ended otherwise than with their papers, by staff code.";
    write_gauge(&mut text, "endings_today", help, &endings);
    text
}

impl PartHealth {
    fn sample(&self) -> Sample {
        let labels = format!("{{part=\"{}\",code=\"{}\"}}", self.part.as_str(), self.code);
        (labels, self.verdict.number().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Ending, SessionReport};
    use domain::SystemClock;

    #[test]
    fn counters_are_numbers_under_staff_codes() {
        let mut counters = Counters::default();
        let ended = |ending| SessionReport::nothing_issued(ending);
        counters.count(&ended(Ending::PinBlocked), &SystemClock);
        counters.count(&ended(Ending::PinBlocked), &SystemClock);
        counters.count(&ended(Ending::Delivered), &SystemClock);
        let text = counters_text(&counters);
        for line in [
            "akashi_kiosk_sessions_today 3",
            "akashi_kiosk_pages_today 0",
            "akashi_kiosk_endings_today{code=\"pin-blocked\"} 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[test]
    fn it_is_written_as_prometheus_reads_it() {
        let health = Health {
            parts: vec![
                PartHealth {
                    part: Part::Reader,
                    verdict: Verdict::Bad,
                    code: "no-reader",
                },
                PartHealth {
                    part: Part::Server,
                    verdict: Verdict::Good,
                    code: "ok",
                },
            ],
            certificate_seconds_left: Some(-5),
            renewal_waits: true,
            clock_offset_seconds: None,
            at: 1_800_000_000,
        };
        let text = health.to_text();
        for line in [
            "akashi_kiosk_part{part=\"reader\",code=\"no-reader\"} 0",
            "akashi_kiosk_part{part=\"server\",code=\"ok\"} 2",
            "akashi_kiosk_certificate_seconds_left -5",
            "akashi_kiosk_renewal_waits 1",
            "# TYPE akashi_kiosk_part gauge",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.contains("clock_offset"));
        assert!(text.ends_with('\n'));
    }
}
