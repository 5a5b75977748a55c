//! Whether the kiosk can serve anybody now: asked while it is idle.

use std::sync::PoisonError;

use application::messages::OpenRequest;
use time::OffsetDateTime;

use super::Serving;
use crate::payment::{GivenBack, NotPaid, NotPaidReason};
use crate::printer::Printer;
use crate::server_link::Server;
use crate::session::{CardReader, Ending};

/// From when until when the kiosk's own certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From.
    pub from: OffsetDateTime,
    /// Until.
    pub until: OffsetDateTime,
}

impl<S: Server, C: CardReader, P: Printer> Serving<S, C, P> {
    /// What keeps the kiosk from serving anybody, as the ending that a session would come to.
    pub(super) async fn trouble(&mut self) -> Option<Ending> {
        let now = self.kiosk.clock.now();
        if now < self.validity.from || now > self.validity.until {
            return Some(Ending::OwnCertificateNotValid);
        }
        if let Err(error) = self.reader().await {
            return Some(error);
        }
        if let Err(fault) = self.kiosk.printer.ready().await {
            return Some(Ending::PrinterNotReady(fault));
        }
        if self.kiosk.payment.methods().is_empty() {
            return Some(Ending::NotPaid(NotPaid {
                reason: NotPaidReason::NotOffered,
                given_back: GivenBack::default(),
            }));
        }
        let open = self.kiosk.server.call(&OpenRequest {}).await;
        open.err().map(Ending::from)
    }

    async fn reader(&self) -> Result<(), Ending> {
        let cards = self.kiosk.cards.clone();
        let ready = tokio::task::spawn_blocking(move || {
            // Nothing of a session is left in a reader, whatever happened to whoever held it.
            cards.lock().unwrap_or_else(PoisonError::into_inner).ready()
        });
        match ready.await {
            Ok(ready) => ready.map_err(Ending::Reader),
            // Cancelled it never is: a panic goes on where it is waited for.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}
