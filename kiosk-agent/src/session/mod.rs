//! One session with one resident, from the terms of use to the paper, as a state machine: each
//! state is a type that the next one consumes, so the compiler keeps the order.
//!
//! ```text
//! open → Opened → agree → Agreed → card, PIN, reading, signature → CardRead
//!      → apply, while the card is taken back → Applied → municipality, offer → Offered
//!      → kind, copies, confirmation → Confirmed → pay → PaidFor → order → Ordered → page checked
//!      → printed → paper taken, while it is reported and the fee kept; or else reported and refunded
//! ```
//!
//! Every wait ends: by an answer, by its time limit, which the resident can extend until the
//! server's ticket ends, or by the stop signal. From the moment a
//! certificate is issued, whatever happens is reported to the server. Nothing is written anywhere;
//! card data live from reading to the application, the page from the order to the printer.

mod applying;
mod asking;
mod card_place;
mod card_reader;
mod choosing;
mod delivering;
mod ending;
mod holder_seal;
mod opening;
mod page_check;
mod patience;
mod paying;
mod previewing;
mod reading;
mod resident;

use std::sync::Arc;
use std::time::Duration;

use crypto::SecureRandom;
use domain::{CertificateId, Clock};

pub use card_place::CardPlace;
pub use card_reader::{CardReader, PcscReader};
pub use ending::{Ending, ExitClass, NotDelivered, SessionReport};
pub use holder_seal::HolderSeal;
pub use page_check::{CodeVerifier, PageRefused};
pub use patience::{Over, Patience, TimeLeft, Turn, TurnTime};
pub use previewing::{PagePicture, PreviewRefused, preview};
pub use resident::{
    Agreement, Choice, Choosing, Confirmation, Confirming, GoOn, NoAnswer, Offer, Resident, Step,
    terms_in,
};

use asking::unless_stopped;

use crate::payment::{Payment, Settled};
use crate::printer::{Printer, PrinterFault};
use crate::screens::Screen;
use crate::server_link::Server;
use crate::settings::TimeSettings;
use crate::stop::StopSignal;

/// How long the printer may take to say whether it could print.
const READY_LIMIT: Duration = Duration::from_secs(3);

/// A kiosk: its devices and whoever stands in front of it.
pub struct Kiosk<S, C, P, R> {
    /// The issuing server.
    pub server: S,
    /// The card reader.
    pub cards: CardPlace<C>,
    /// The printer.
    pub printer: P,
    /// What takes the fee.
    pub payment: Arc<dyn Payment>,
    /// The resident.
    pub resident: R,
    /// What the codes on a page are verified with.
    pub verifier: CodeVerifier,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn SecureRandom>,
    /// How long things may take.
    pub times: TimeSettings,
    /// The resident's time, which the screen shows and extends.
    pub patience: Patience,
    /// Whether to stop.
    pub stop: StopSignal,
}

/// What came of a session so far, besides how it ends.
struct Record<T> {
    /// A card that lies on the reader still, after something went wrong.
    card: Option<T>,
    delivered: Vec<CertificateId>,
    pages: u32,
    not_delivered: Option<CertificateId>,
    settled: Option<Settled>,
    pin_to_offer_ms: Option<u64>,
}

impl<S: Server, C: CardReader, P: Printer, R: Resident> Kiosk<S, C, P, R> {
    /// Serves one resident. Afterwards nothing of them is left in this value.
    pub async fn serve(&mut self) -> SessionReport {
        let mut record = Record {
            card: None,
            delivered: Vec::new(),
            pages: 0,
            not_delivered: None,
            settled: None,
            pin_to_offer_ms: None,
        };
        let ending = match self.session(&mut record).await {
            Ok(()) => Ending::Delivered,
            Err(ending) => ending,
        };
        self.patience.end_at(None);
        self.resident.show(&Screen::Ending(ending));
        if let Some(card) = record.card {
            // Whatever went wrong, no card is forgotten (control C10). How it ends is known.
            self.take_back(card).await;
        }
        SessionReport {
            ending,
            delivered: record.delivered,
            pages: record.pages,
            not_delivered: record.not_delivered,
            settled: record.settled,
            pin_to_offer_ms: record.pin_to_offer_ms,
        }
    }

    async fn session(&mut self, record: &mut Record<C::ToTake>) -> Result<(), Ending> {
        self.resident.show(&Screen::Connecting);
        self.printer_ready().await?;
        let agreed = self.open().await?.agree(self).await?;
        let read = agreed.read_card(self, record).await?;
        let mut applied = read.apply(self, record).await?;
        loop {
            let offered = applied.find_offer(self, record).await?;
            let confirmed = offered.choose(self, record).await?;
            let paid_for = confirmed.pay(self).await?;
            applied = paid_for.issue(self, record).await?;
            if !applied.wants_another(self).await {
                return Ok(());
            }
        }
    }

    /// Whether the printer could print now; asked shortly, and not where somebody cancels.
    async fn printer_ready(&self) -> Result<(), Ending> {
        let ready = tokio::time::timeout(READY_LIMIT, self.printer.ready());
        let ready = unless_stopped(&self.stop, ready).await?;
        let fault = ready.unwrap_or(Err(PrinterFault::Offline));
        fault.map_err(Ending::PrinterNotReady)
    }
}
