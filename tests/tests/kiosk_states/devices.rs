//! Devices that note what is done with them, and fail as a plan says.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use application::{Call, ProblemType};
use domain::Yen;
use fixtures::card::{Fault, Faults, IssuedCard, VirtualCard};
use kiosk_agent::card::{ReaderError, Waiting};
use kiosk_agent::payment::{
    AtTheStore, Collecting, Payment, PaymentId, PaymentMethod, PaymentProgress, TillView,
};
use kiosk_agent::printer::{Job, PrintFailure, Printer, PrinterFault};
use kiosk_agent::session::{CardReader, TurnTime};
use kiosk_agent::stop::StopSignal;
use my_number_card::{CardTransport, TransportError};
use zeroize::Zeroizing;

/// What happened, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The resident touched "agree".
    Agreed,
    /// The resident touched "enter", with however many digits.
    PinEntered,
    /// The card was asked whether a PIN is right.
    PinPresented,
    /// The server was asked to open an application.
    Applied,
    /// The card was off the reader.
    CardTaken,
    /// The fee was taken.
    Paid,
    /// A PIN was presented to a card that somebody else had left.
    PinToACardLeft,
    /// A document was on its way to paper.
    Printing,
    /// The server was told what became of a certificate.
    Reported,
    /// The session was over.
    Ended,
}

/// The record of what happened.
pub type Events = Arc<Mutex<Vec<Event>>>;

fn note(events: &Events, event: Event) {
    events.lock().unwrap().push(event);
}

/// What goes wrong at the devices.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Nobody puts a card down; or it does not answer.
    pub no_card: Option<bool>,
    /// The card is pulled at this command.
    pub pulled_at: Option<usize>,
    /// The card is left on the reader, until so many looks of the idle kiosk were at it.
    pub left: Option<u8>,
    /// The server reports this to the first call of its kind.
    pub refused_once: Option<(Call, ProblemType)>,
    /// The reader's driver hangs, as long as this is not true.
    pub hangs: Option<Arc<AtomicBool>>,
    /// The printer does not say whether it could print.
    pub silent_printer: bool,
    /// The printer did not confirm that it cancelled the job.
    pub cut_off: bool,
    /// The server takes so many seconds longer for this call.
    pub slow: Option<(Call, u64)>,
    /// The printer has this fault before printing.
    pub not_ready: bool,
    /// The print fails.
    pub print_fails: bool,
    /// Coins or cards, rather than at the store.
    pub two_ways_to_pay: bool,
}

/// A reader on which whoever comes puts a card, unless one lies there.
#[derive(Clone)]
pub struct PlannedReader {
    pub card: IssuedCard,
    pub plan: Plan,
    pub events: Events,
    pub lies_there: LiesThere,
}

/// For how many looks a card that was left stays where it is.
pub type LiesThere = Arc<Mutex<Option<u8>>>;

/// A card that notes when a PIN is presented.
pub struct NotingCard {
    card: VirtualCard,
    was_left: bool,
    reader: PlannedReader,
}

/// VERIFY (ISO/IEC 7816-4, 11.6.6).
const VERIFY: u8 = 0x20;

impl CardTransport for NotingCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        // Without data it asks for the tries that are left.
        if command[1] == VERIFY && command.len() > 5 {
            note(&self.reader.events, Event::PinPresented);
            if self.was_left {
                note(&self.reader.events, Event::PinToACardLeft);
            }
        }
        self.card.transmit(command)
    }
}

impl CardReader for PlannedReader {
    type Card = NotingCard;
    type ToTake = Self;

    fn has_card(&mut self) -> Result<bool, ReaderError> {
        let mut lies_there = self.lies_there.lock().unwrap();
        *lies_there = lies_there.and_then(|looks| looks.checked_sub(1));
        Ok(lies_there.is_some())
    }

    fn wait_for_card(
        &mut self,
        _: &TurnTime,
        progress: &mut dyn FnMut(Waiting) -> ControlFlow<()>,
    ) -> Result<NotingCard, ReaderError> {
        while let Some(released) = &self.plan.hangs
            && !released.load(Ordering::SeqCst)
        {
            std::thread::sleep(Duration::from_millis(20));
        }
        if progress(Waiting::ForCard).is_break() {
            return Err(ReaderError::Stopped);
        }
        match self.plan.no_card {
            Some(true) => return Err(ReaderError::MuteCard),
            Some(false) => return Err(ReaderError::NoCard),
            None => {}
        }
        let faults = match self.plan.pulled_at {
            Some(command) => Faults::default().at(command, Fault::Pull),
            None => Faults::default(),
        };
        Ok(NotingCard {
            card: VirtualCard::new(self.card.clone()).with_faults(faults),
            was_left: self.lies_there.lock().unwrap().is_some(),
            reader: self.clone(),
        })
    }

    fn give_back(card: NotingCard) -> Self {
        card.reader
    }

    fn wait_until_taken(
        card: &Self,
        _: &TurnTime,
        look: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<(), ReaderError> {
        if look().is_break() {
            return Err(ReaderError::Stopped);
        }
        if card.plan.left.is_some() {
            *card.lies_there.lock().unwrap() = card.plan.left;
            return Err(ReaderError::NotTaken);
        }
        note(&card.events, Event::CardTaken);
        Ok(())
    }
}

/// A printer that notes what it is given.
pub struct PlannedPrinter {
    pub plan: Plan,
    pub events: Events,
}

impl Printer for PlannedPrinter {
    async fn ready(&self) -> Result<(), PrinterFault> {
        if self.plan.silent_printer {
            std::future::pending().await
        }
        if self.plan.not_ready {
            return Err(PrinterFault::PaperOut);
        }
        Ok(())
    }

    async fn print(&self, _: Job<'_>, stop: &StopSignal) -> Result<(), PrintFailure> {
        note(&self.events, Event::Printing);
        tokio::select! {
            () = stop.on() => return Err(PrintFailure::Stopped),
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
        }
        if self.plan.cut_off {
            return Err(PrintFailure::MayStillPrint);
        }
        if self.plan.print_fails {
            return Err(PrinterFault::PaperJam.into());
        }
        Ok(())
    }
}

/// Takes every fee, and notes it.
pub struct NotingPayment {
    pub plan: Plan,
    pub events: Events,
}

impl Payment for NotingPayment {
    fn view(&self) -> TillView {
        let methods = if self.plan.two_ways_to_pay {
            vec![PaymentMethod::Coins, PaymentMethod::Cashless]
        } else {
            vec![PaymentMethod::AtTheStore]
        };
        TillView {
            methods,
            ..TillView::default()
        }
    }

    fn collect<'a>(
        &'a self,
        amount: Yen,
        method: PaymentMethod,
        stop: &'a StopSignal,
        progress: &'a mut dyn FnMut(PaymentProgress),
    ) -> Collecting<'a> {
        Box::pin(async move {
            progress(PaymentProgress::PresentCard);
            let paid = AtTheStore.collect(amount, method, stop, progress).await;
            note(&self.events, Event::Paid);
            paid
        })
    }

    fn paid_by_hand(&self, _: PaymentId) -> Pin<Box<dyn Future<Output = bool> + Send>> {
        Box::pin(std::future::ready(false))
    }
}
