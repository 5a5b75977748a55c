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
    /// It reports an error that has no name here.
    #[error("the printer reports another error")]
    Other,
}

/// The fault that matters most among a printer's state reasons; `None` where it can print.
///
/// A keyword without a suffix and one ending in `-error` stop the printer; `-warning` and
/// `-report` do not (RFC 8011, section 5.4.12).
#[must_use]
pub fn most_pressing<'a>(reasons: impl Iterator<Item = &'a str>) -> Option<PrinterFault> {
    reasons.filter_map(fault).min()
}

fn fault(reason: &str) -> Option<PrinterFault> {
    if reason.ends_with("-warning") || reason.ends_with("-report") {
        return None;
    }
    let (keyword, is_error) = match reason.strip_suffix("-error") {
        Some(keyword) => (keyword, true),
        None => (reason, false),
    };
    match keyword {
        "media-jam" => Some(PrinterFault::PaperJam),
        "door-open" | "cover-open" | "interlock-open" => Some(PrinterFault::DoorOpen),
        "media-empty" | "media-needed" | "input-tray-missing" => Some(PrinterFault::PaperOut),
        "toner-empty"
        | "marker-supply-empty"
        | "developer-empty"
        | "opc-life-over"
        | "marker-waste-full" => Some(PrinterFault::TonerOut),
        "output-area-full" | "output-tray-missing" => Some(PrinterFault::OutputFull),
        "paused" | "moving-to-paused" | "shutdown" | "stopped-partly" => Some(PrinterFault::Paused),
        "timed-out" | "offline" => Some(PrinterFault::Offline),
        "spool-area-full" | "fuser-over-temp" | "fuser-under-temp" | "other" => {
            Some(PrinterFault::Other)
        }
        _ => is_error.then_some(PrinterFault::Other),
    }
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
            assert_eq!(
                most_pressing([reason].into_iter()),
                Some(expected),
                "{reason}"
            );
        }
    }

    #[test]
    fn a_warning_stops_nothing() {
        for reason in [
            "none",
            "toner-low",
            "media-low-warning",
            "media-empty-report",
            "x-new",
        ] {
            assert_eq!(most_pressing([reason].into_iter()), None, "{reason}");
        }
    }

    #[test]
    fn the_jam_matters_more_than_the_toner() {
        assert_eq!(
            most_pressing(["toner-empty", "none", "media-jam"].into_iter()),
            Some(PrinterFault::PaperJam)
        );
    }
}
