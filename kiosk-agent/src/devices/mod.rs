//! How every device is, at one moment: what an idle kiosk looks at, what staff is shown, and what
//! is told about the kiosk from afar. Nothing in it is about a person.

use crate::card::ReaderError;
use crate::payment::{GivenBack, NotPaid, NotPaidReason, TillView};
use crate::printer::PrinterState;
use crate::server_link::LinkError;
use crate::session::Ending;

/// How everything is that a session needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Devices {
    /// The kiosk's own certificate is valid by its clock.
    pub certificate_valid: bool,
    /// The card reader is plugged in, and no card lies on it.
    pub reader: Result<(), ReaderError>,
    /// The printer.
    pub printer: PrinterState,
    /// What takes the fee.
    pub payment: TillView,
    /// The server answers, and takes this kiosk for one of its own.
    pub server: Result<(), LinkError>,
}

impl Devices {
    /// What keeps the kiosk from serving anybody, as the ending that a session would come to.
    #[must_use]
    pub fn trouble(&self) -> Option<Ending> {
        // Before anything else: its holder may still be near.
        if self.reader == Err(ReaderError::CardLeft) {
            return Some(Ending::Reader(ReaderError::CardLeft));
        }
        if !self.certificate_valid {
            return Some(Ending::OwnCertificateNotValid);
        }
        if let Err(error) = self.reader {
            return Some(Ending::Reader(error));
        }
        if let Some(fault) = self.printer.fault {
            return Some(Ending::PrinterNotReady(fault));
        }
        if self.payment.methods.is_empty() {
            return Some(Ending::NotPaid(NotPaid {
                reason: NotPaidReason::NotOffered,
                given_back: GivenBack::default(),
            }));
        }
        self.server.err().map(Ending::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::PaymentMethod;
    use crate::printer::PrinterFault;

    fn good() -> Devices {
        Devices {
            certificate_valid: true,
            reader: Ok(()),
            printer: PrinterState::default(),
            payment: TillView {
                methods: vec![PaymentMethod::AtTheStore],
                ..TillView::default()
            },
            server: Ok(()),
        }
    }

    #[test]
    fn whatever_a_session_needs_is_looked_at() {
        assert_eq!(good().trouble(), None);
        let code = |devices: Devices| devices.trouble().map(|ending| ending.staff_code());
        let mut bad = good();
        bad.certificate_valid = false;
        assert_eq!(code(bad), Some("own-certificate-not-valid"));
        let mut bad = good();
        bad.reader = Err(ReaderError::NoReader);
        assert_eq!(code(bad), Some("no-reader"));
        let mut bad = good();
        bad.certificate_valid = false;
        bad.reader = Err(ReaderError::CardLeft);
        assert_eq!(code(bad), Some("card-left"));
        let mut bad = good();
        bad.printer.fault = Some(PrinterFault::PaperJam);
        assert_eq!(code(bad), Some("printer-paper-jam"));
        let mut bad = good();
        bad.payment.methods.clear();
        assert_eq!(code(bad), Some("payment-not-offered"));
        let mut bad = good();
        bad.server = Err(LinkError::Unreachable);
        assert_eq!(code(bad), Some("server-unreachable"));
    }

    #[test]
    fn what_is_low_stops_nobody() {
        let mut low = good();
        (low.printer.toner_low, low.printer.paper_low) = (true, true);
        assert_eq!(low.trouble(), None);
    }
}
