//! Charging a card or a telephone, and giving back.

use domain::Yen;
use tokio::time::{Instant, sleep};

use super::cashier::Books;
use super::{Asking, PaymentProgress};
use crate::payment::journal::{Device, Entry, PaymentId, Stage};
use crate::payment::mdb::{CashlessReader, Heard, MdbError, Told};
use crate::payment::settings::CashlessSettings;
use crate::payment::{
    GivenBack, NotPaid, NotPaidReason, PaymentDevice, PaymentDeviceState, PaymentFault,
};

/// The reader, and what is known of it.
pub(super) struct CashlessDesk {
    settings: CashlessSettings,
    reader: Option<CashlessReader>,
    /// It was reset and set up, and waits for somebody to pay.
    ready: bool,
    fault: Option<PaymentFault>,
}

/// How a wait for the reader ended.
enum Waited {
    /// A card is there.
    Card,
    /// It is charged.
    Approved,
    /// It is not charged.
    Not(NotPaidReason),
    /// It may be charged: it has to be undone.
    Undo(NotPaidReason),
}

impl CashlessDesk {
    pub(super) const fn new(settings: CashlessSettings) -> Self {
        Self {
            settings,
            reader: None,
            ready: false,
            fault: Some(PaymentFault::Gone),
        }
    }

    /// Whether somebody can pay here now.
    pub(super) const fn works(&self) -> bool {
        self.ready && self.fault.is_none()
    }

    pub(super) const fn state(&self) -> PaymentDeviceState {
        PaymentDeviceState {
            device: PaymentDevice::CashlessReader,
            fault: self.fault,
            low: false,
            senses: false,
        }
    }

    /// Charges the fee.
    pub(super) async fn collect(
        &mut self,
        books: &mut Books,
        asking: &Asking,
    ) -> Result<Entry, NotPaid> {
        let not_paid = |reason| NotPaid {
            reason,
            given_back: GivenBack::default(),
        };
        let waited = self.wait_for_card(books, asking).await;
        match self.heard(waited) {
            Waited::Card => {}
            Waited::Approved => {
                return Err(not_paid(NotPaidReason::Device(
                    PaymentFault::Unintelligible,
                )));
            }
            // Nothing was asked of a card yet: there is nothing to undo.
            Waited::Not(reason) | Waited::Undo(reason) => return Err(not_paid(reason)),
        }
        asking.tell(PaymentProgress::Authorising);
        let entry = books.entry(Device::Cashless, Stage::Collecting, asking.fee);
        if let Err(fault) = books.write(|journal| journal.begin(entry, None)) {
            // A card is there that is asked for nothing: a reset sends it away.
            self.ready = false;
            return Err(not_paid(NotPaidReason::Device(fault)));
        }
        let charged = self.charge(books, asking).await;
        match self.heard(charged) {
            Waited::Approved => {
                let held = Entry {
                    stage: Stage::Held,
                    taken: asking.fee,
                    ..entry
                };
                match books.write(|journal| journal.note(held, None)) {
                    Ok(()) => {
                        books.took(asking.fee);
                        Ok(held)
                    }
                    Err(fault) => {
                        let given_back = self.undo(books, entry).await;
                        let reason = NotPaidReason::Device(fault);
                        Err(NotPaid { reason, given_back })
                    }
                }
            }
            Waited::Not(reason) => {
                self.forget(books, entry.id);
                Err(not_paid(reason))
            }
            Waited::Card => Err(not_paid(NotPaidReason::Device(
                PaymentFault::Unintelligible,
            ))),
            Waited::Undo(reason) => {
                let given_back = self.undo(books, entry).await;
                Err(NotPaid { reason, given_back })
            }
        }
    }

    /// An error on the line is a reader that is gone, and nothing is known of the charge.
    fn heard(&mut self, waited: Result<Waited, MdbError>) -> Waited {
        waited.unwrap_or_else(|error| {
            let fault = error.fault();
            self.close(&error);
            Waited::Undo(NotPaidReason::Device(fault))
        })
    }

    async fn wait_for_card(&mut self, books: &Books, asking: &Asking) -> Result<Waited, MdbError> {
        let Some(reader) = self.reader.as_mut() else {
            return Ok(Waited::Not(NotPaidReason::NotOffered));
        };
        if reader.units(asking.fee).is_none() {
            return Ok(Waited::Not(NotPaidReason::NotOffered));
        }
        reader.enable().await?;
        asking.tell(PaymentProgress::PresentCard);
        let reason = loop {
            if asking.given_up() {
                break NotPaidReason::Stopped;
            }
            match reader.poll().await? {
                Heard::SessionBegins => return Ok(Waited::Card),
                Heard::SessionCancelled => break NotPaidReason::Stopped,
                Heard::JustReset | Heard::Malfunction | Heard::OutOfSequence => {
                    self.ready = false;
                    break NotPaidReason::Device(PaymentFault::Faulty);
                }
                Heard::Nothing
                | Heard::Approved(_)
                | Heard::Denied
                | Heard::SessionEnded
                | Heard::Cancelled
                | Heard::NotGivenBack
                | Heard::Other => sleep(books.times.poll).await,
            }
        };
        reader.disable().await?;
        // A card that came at this very moment began a session: nothing was asked of it.
        if reader.poll().await? == Heard::SessionBegins {
            reader.complete().await?;
        }
        Ok(Waited::Not(reason))
    }

    /// Asks for the fee, and waits for the issuer's word.
    async fn charge(&mut self, books: &Books, asking: &Asking) -> Result<Waited, MdbError> {
        let Some(reader) = self.reader.as_mut() else {
            return Ok(Waited::Not(NotPaidReason::NotOffered));
        };
        let Some(units) = reader.units(asking.fee) else {
            return Ok(Waited::Not(NotPaidReason::NotOffered));
        };
        let since = Instant::now();
        let mut said = reader.request(units).await?;
        loop {
            match said {
                Heard::Approved(approved) if approved == units => return Ok(Waited::Approved),
                // Another sum than was asked for is no payment.
                Heard::Approved(_) => {
                    return Ok(Waited::Undo(NotPaidReason::Device(PaymentFault::Faulty)));
                }
                Heard::Denied => {
                    reader.complete().await?;
                    reader.disable().await?;
                    return Ok(Waited::Not(NotPaidReason::Declined));
                }
                Heard::SessionCancelled | Heard::SessionEnded => {
                    return Ok(Waited::Undo(NotPaidReason::Declined));
                }
                Heard::JustReset
                | Heard::Malfunction
                | Heard::NotGivenBack
                | Heard::OutOfSequence => {
                    return Ok(Waited::Undo(NotPaidReason::Device(PaymentFault::Faulty)));
                }
                Heard::Nothing | Heard::SessionBegins | Heard::Cancelled | Heard::Other => {}
            }
            if asking.given_up() {
                return Ok(Waited::Undo(NotPaidReason::Stopped));
            }
            if since.elapsed() > books.times.authorising {
                return Ok(Waited::Undo(NotPaidReason::Device(PaymentFault::Gone)));
            }
            sleep(books.times.poll).await;
            said = reader.poll().await?;
        }
    }

    /// Undoes a charge that may have happened.
    async fn undo(&mut self, books: &mut Books, entry: Entry) -> GivenBack {
        self.with_patience(books, entry, Act::Undo).await
    }

    /// Gives back what was charged.
    pub(super) async fn give_back(&mut self, books: &mut Books, entry: Entry) -> GivenBack {
        let returning = Entry {
            stage: Stage::Returning,
            ..entry
        };
        // Without the note a later cashier gives it back all the same.
        let _ = books.write(|journal| journal.note(returning, None));
        self.with_patience(books, returning, Act::Fail).await
    }

    /// Charges for good.
    pub(super) async fn keep(&mut self, books: &mut Books, entry: Entry) {
        let keeping = Entry {
            stage: Stage::Keeping,
            ..entry
        };
        // Unwritten, only a loss of power before the reader is told would give it back.
        let _ = books.write(|journal| journal.settle(entry.id, Some(keeping)));
        self.with_patience(books, keeping, Act::Succeed).await;
    }

    /// Tells the reader; waits a while for one that is gone. What it is not told is in the
    /// journal, and told when it comes back.
    async fn with_patience(&mut self, books: &mut Books, entry: Entry, act: Act) -> GivenBack {
        let since = Instant::now();
        loop {
            match self.tell(books, entry, act).await {
                Ok(given_back) => return given_back,
                Err(error) => self.close(&error),
            }
            if since.elapsed() > books.times.patience {
                return GivenBack {
                    returned: Yen(0),
                    owed: entry.due(),
                };
            }
            sleep(books.times.poll).await;
        }
    }

    async fn tell(
        &mut self,
        books: &mut Books,
        entry: Entry,
        act: Act,
    ) -> Result<GivenBack, MdbError> {
        if self.reader.is_none() {
            let (device, times) = (&self.settings.device, &books.times);
            let reader = CashlessReader::open(device, times.answer, times.poll).await?;
            self.reader = Some(reader);
        }
        let reader = self.reader.as_mut().ok_or(MdbError::Silent)?;
        let told = match act {
            Act::Undo => reader.undo().await?,
            Act::Fail => reader.fail().await?,
            Act::Succeed => reader.succeed().await?,
        };
        let returned = match (act, told) {
            (Act::Succeed, _) => Yen(0),
            (Act::Undo | Act::Fail, Told::Taken | Told::NotKnown) => entry.taken,
            (Act::Undo | Act::Fail, Told::NotGivenBack) => {
                let owed = Entry {
                    stage: Stage::Owed,
                    taken: entry.fee,
                    ..entry
                };
                // Unwritten it is told again, and again.
                let _ = books.write(|journal| journal.note(owed, None));
                return Ok(GivenBack {
                    returned: Yen(0),
                    owed: owed.due(),
                });
            }
        };
        if told == Told::NotKnown {
            tracing::warn!("the payment reader knew nothing of a payment: its own records tell");
        }
        self.forget(books, entry.id);
        books.gave(returned);
        // What it does next begins with a card.
        if let Some(reader) = self.reader.as_mut() {
            reader.disable().await?;
        }
        Ok(GivenBack {
            returned,
            owed: Yen(0),
        })
    }

    fn forget(&self, books: &mut Books, id: PaymentId) {
        if books.write(|journal| journal.settle(id, None)).is_err() {
            tracing::error!("a payment that is settled is in the journal's file still");
        }
    }

    /// While nobody pays: settles what was left open, then sets the reader up, and polls it.
    pub(super) async fn look(&mut self, books: &mut Books, live: Option<PaymentId>) {
        if let Err(error) = self.look_once(books, live).await {
            self.close(&error);
        }
    }

    async fn look_once(
        &mut self,
        books: &mut Books,
        live: Option<PaymentId>,
    ) -> Result<(), MdbError> {
        let of_this = |entry: &&Entry| entry.device == Device::Cashless;
        let mut entries = books.journal.entries().iter().filter(of_this);
        let left_open = entries.find(|it| it.stage != Stage::Owed && Some(it.id) != live);
        if let Some(entry) = left_open.copied() {
            let act = match entry.stage {
                Stage::Collecting => Act::Undo,
                Stage::Keeping => Act::Succeed,
                Stage::Held | Stage::Returning | Stage::Owed => Act::Fail,
            };
            self.tell(books, entry, act).await?;
        }
        if self.reader.is_none() {
            let (device, times) = (&self.settings.device, &books.times);
            let reader = CashlessReader::open(device, times.answer, times.poll).await?;
            self.reader = Some(reader);
        }
        let reader = self.reader.as_mut().ok_or(MdbError::Silent)?;
        if live.is_some() {
            // Resetting it now would give back what is to be settled.
            return reader.poll().await.map(drop);
        }
        if self.ready {
            match reader.poll().await? {
                Heard::JustReset | Heard::OutOfSequence => self.ready = false,
                Heard::Malfunction | Heard::NotGivenBack => {
                    self.fault = Some(PaymentFault::Faulty);
                }
                Heard::Nothing
                | Heard::SessionBegins
                | Heard::SessionCancelled
                | Heard::Approved(_)
                | Heard::Denied
                | Heard::SessionEnded
                | Heard::Cancelled
                | Heard::Other => self.fault = None,
            }
        }
        if !self.ready {
            reader.reset().await?;
            self.ready = true;
            self.fault = None;
        }
        Ok(())
    }

    fn close(&mut self, error: &MdbError) {
        self.reader = None;
        self.ready = false;
        self.fault = Some(error.fault());
    }
}

/// What a reader is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Undo,
    Fail,
    Succeed,
}
