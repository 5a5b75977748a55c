//! The kiosk's health, for a monitoring system far away: numbers, and words from fixed lists.
//!
//! The form is Prometheus's text (exposition format 0.0.4). Nothing that came from a resident, a card
//! or a server fits in here: there is no text in these types but the program's own.

use std::fmt::Write as _;

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
        let mut gauge = |name: &str, help: &str, samples: &[(String, i64)]| {
            if samples.is_empty() {
                return;
            }
            let name = format!("akashi_kiosk_{name}");
            // Writing to a string does not fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
            for (labels, value) in samples {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
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

impl PartHealth {
    fn sample(&self) -> (String, i64) {
        let labels = format!("{{part=\"{}\",code=\"{}\"}}", self.part.as_str(), self.code);
        (labels, self.verdict.number().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
