//! What a printer says is wrong with it, as types.

/// What keeps a printer from printing, as its `printer-state-reasons` say (RFC 8011, section
/// 5.4.12) or as its silence does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum PrinterFault {
    /// It does not answer.
    #[error("the printer does not answer")]
    Offline,
    /// Paper is jammed.
    #[error("paper is jammed")]
    PaperJam,
    /// A door or cover is open.
    #[error("a door or cover is open")]
    DoorOpen,
    /// No paper, or no tray.
    #[error("the paper is out")]
    PaperOut,
    /// No toner or ink, or the drum is at its end.
    #[error("the toner is out")]
    TonerOut,
    /// The output tray is full.
    #[error("the output tray is full")]
    OutputFull,
    /// Somebody paused it, or it is shutting down.
    #[error("the printer is paused")]
    Paused,
    /// An earlier job, which was cancelled, has not ended: its paper may still come out.
    #[error("an earlier job has not ended")]
    JobNotEnded,
    /// An earlier job ended when nobody stood there any more: its paper may lie in the tray.
    #[error("an earlier job's paper may lie in the tray")]
    PaperLeft,
    /// It reports an error that has no name here.
    #[error("the printer reports another error")]
    Other,
}

/// When a printer's reasons are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Before it is given anything to print.
    BeforeAJob,
    /// While it prints: its last sheet may be on its way out.
    InAJob,
}

/// The fault among a printer's state reasons that keeps it from printing; the one that matters
/// most, where there are several; `None` where it can print.
///
/// A keyword without a suffix and one ending in `-error` stop the printer; `-warning` and
/// `-report` do not (RFC 8011, section 5.4.12), except that no page passes jammed paper or an
/// open door, however mildly they are reported. Neither is a job begun on an empty tray: CUPS
/// reports a network printer without paper as `media-empty-warning` (its SNMP backend),
/// `ippeveprinter` an idle one as `media-empty-report`.
#[must_use]
pub fn blocking<'a>(reasons: impl Iterator<Item = &'a str>, when: When) -> Option<PrinterFault> {
    reasons
        .filter_map(parse)
        .filter(|(fault, severity)| match fault {
            PrinterFault::PaperJam | PrinterFault::DoorOpen => true,
            PrinterFault::PaperOut if when == When::BeforeAJob => true,
            PrinterFault::Offline
            | PrinterFault::PaperOut
            | PrinterFault::TonerOut
            | PrinterFault::OutputFull
            | PrinterFault::Paused
            | PrinterFault::JobNotEnded
            | PrinterFault::PaperLeft
            | PrinterFault::Other => *severity == Severity::Error,
        })
        .map(|(fault, _)| fault)
        .min()
}

/// The fault that explains best why a print failed, whatever its severity: an idle printer
/// reports its last job's empty tray as `media-empty-report`.
#[must_use]
pub fn explaining<'a>(reasons: impl Iterator<Item = &'a str>) -> Option<PrinterFault> {
    reasons.filter_map(parse).map(|(fault, _)| fault).min()
}

/// Whether toner, and whether paper, is low, whatever the severity.
pub(super) fn low<'a>(reasons: impl Iterator<Item = &'a str>) -> (bool, bool) {
    let (mut toner, mut paper) = (false, false);
    for reason in reasons {
        let keyword = ["-error", "-warning", "-report"]
            .iter()
            .find_map(|end| reason.strip_suffix(end))
            .unwrap_or(reason);
        toner |= matches!(
            keyword,
            "toner-low" | "marker-supply-low" | "developer-low" | "opc-near-eol"
        );
        paper |= keyword == "media-low";
    }
    (toner, paper)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Severity {
    Error,
    Milder,
}

fn parse(reason: &str) -> Option<(PrinterFault, Severity)> {
    let mild = |end| {
        reason
            .strip_suffix(end)
            .map(|keyword| (keyword, Severity::Milder))
    };
    let (keyword, severity) = mild("-warning")
        .or_else(|| mild("-report"))
        .unwrap_or_else(|| {
            let keyword = reason.strip_suffix("-error").unwrap_or(reason);
            (keyword, Severity::Error)
        });
    let fault = match keyword {
        "media-jam" => PrinterFault::PaperJam,
        "door-open" | "cover-open" | "interlock-open" => PrinterFault::DoorOpen,
        "media-empty" | "media-needed" | "input-tray-missing" => PrinterFault::PaperOut,
        "toner-empty"
        | "marker-supply-empty"
        | "developer-empty"
        | "opc-life-over"
        | "marker-waste-full" => PrinterFault::TonerOut,
        "output-area-full" | "output-tray-missing" => PrinterFault::OutputFull,
        "paused" | "moving-to-paused" | "shutdown" | "stopped-partly" => PrinterFault::Paused,
        "timed-out" | "offline" => PrinterFault::Offline,
        "spool-area-full" | "fuser-over-temp" | "fuser-under-temp" | "other" => PrinterFault::Other,
        // A keyword that has no name here is a fault only where the printer says so.
        _ if reason.ends_with("-error") => PrinterFault::Other,
        _ => return None,
    };
    Some((fault, severity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stops_a_printer_is_a_fault() {
        for (reason, expected) in [
            ("media-jam", PrinterFault::PaperJam),
            ("media-jam-error", PrinterFault::PaperJam),
            ("media-empty", PrinterFault::PaperOut),
            ("cover-open", PrinterFault::DoorOpen),
            ("toner-empty-error", PrinterFault::TonerOut),
            ("output-area-full", PrinterFault::OutputFull),
            ("paused", PrinterFault::Paused),
            ("something-new-error", PrinterFault::Other),
        ] {
            for when in [When::BeforeAJob, When::InAJob] {
                let found = blocking([reason].into_iter(), when);
                assert_eq!(found, Some(expected), "{reason}");
            }
        }
    }

    #[test]
    fn a_warning_stops_nothing() {
        for reason in [
            "none",
            "toner-low",
            "media-low-warning",
            "marker-supply-empty-warning",
            "x-new",
        ] {
            for when in [When::BeforeAJob, When::InAJob] {
                assert_eq!(blocking([reason].into_iter(), when), None, "{reason}");
            }
        }
    }

    #[test]
    fn nothing_is_begun_on_an_empty_tray_and_the_last_sheet_comes_out() {
        for mild in ["media-empty-report", "media-empty-warning"] {
            let found = |when| blocking([mild].into_iter(), when);
            assert_eq!(found(When::BeforeAJob), Some(PrinterFault::PaperOut));
            assert_eq!(found(When::InAJob), None);
        }
    }

    #[test]
    fn a_jam_stops_everything_and_a_report_explains() {
        assert_eq!(
            blocking(["media-jam-report"].into_iter(), When::InAJob),
            Some(PrinterFault::PaperJam)
        );
        assert_eq!(
            explaining(["none", "media-empty-report"].into_iter()),
            Some(PrinterFault::PaperOut)
        );
        assert_eq!(explaining(["toner-low-report"].into_iter()), None);
    }

    #[test]
    fn what_is_low_is_told_and_stops_nothing() {
        let reasons = ["toner-low-warning", "none"];
        assert_eq!(low(reasons.into_iter()), (true, false));
        assert_eq!(low(["media-low"].into_iter()), (false, true));
        assert_eq!(low(["media-empty"].into_iter()), (false, false));
        assert_eq!(blocking(reasons.into_iter(), When::BeforeAJob), None);
    }

    #[test]
    fn the_jam_matters_more_than_the_toner() {
        assert_eq!(
            blocking(
                ["toner-empty", "none", "media-jam"].into_iter(),
                When::InAJob
            ),
            Some(PrinterFault::PaperJam)
        );
    }
}
