//! Whether the kiosk can serve anybody now: asked while it is idle.

use application::messages::OpenRequest;
use time::OffsetDateTime;

use super::Serving;
use crate::devices::Devices;
use crate::printer::Printer;
use crate::server_link::Server;
use crate::session::CardReader;

/// From when until when the kiosk's own certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From.
    pub from: OffsetDateTime,
    /// Until.
    pub until: OffsetDateTime,
}

impl<S: Server, C: CardReader, P: Printer + Sync> Serving<S, C, P> {
    /// How everything is.
    pub(super) async fn devices(&mut self) -> Devices {
        let now = self.kiosk.clock.now();
        let reader = self.kiosk.cards.look().await;
        let printer = self.kiosk.printer.state().await;
        let payment = self.kiosk.payment.view();
        let server = self.kiosk.server.call(&OpenRequest {}).await;
        Devices {
            certificate_valid: self.validity.from <= now && now <= self.validity.until,
            reader,
            printer,
            payment,
            server: server.map(drop),
        }
    }
}
