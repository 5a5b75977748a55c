//! Taking coins, giving change, giving back.

mod looking;
mod paying_out;

use domain::Yen;
use tokio::time::{Instant, sleep};

use super::cashier::Books;
use super::{Asking, PaymentProgress};
use crate::payment::cctalk::{self, BusError, CoinLine};
use crate::payment::journal::{Device, Entry, PaymentId, Stage};
use crate::payment::settings::CoinSettings;
use crate::payment::{
    GivenBack, NotPaid, NotPaidReason, PaymentDevice, PaymentDeviceState, PaymentFault, change,
};

/// After the last coin was let in, so many looks wait for another that was on its way.
const LOOKS_FOR_LATE_COINS: u8 = 3;

/// The coin devices, and what is known of them.
pub(super) struct CoinDesk {
    settings: CoinSettings,
    line: Option<CoinLine>,
    states: Vec<PaymentDeviceState>,
    /// Hoppers that paid out less than they were asked for: empty until staff fills them.
    empty: Vec<u8>,
    jam: bool,
}

/// What keeps the desk from going on.
#[derive(Debug)]
enum Trouble {
    Line(BusError),
    Fault(PaymentFault),
}

impl From<BusError> for Trouble {
    fn from(error: BusError) -> Self {
        Self::Line(error)
    }
}

impl From<PaymentFault> for Trouble {
    fn from(fault: PaymentFault) -> Self {
        Self::Fault(fault)
    }
}

impl CoinDesk {
    pub(super) fn new(settings: CoinSettings) -> Self {
        let states = cctalk::line_states(&settings, PaymentFault::Gone);
        Self {
            settings,
            line: None,
            states,
            empty: Vec::new(),
            jam: false,
        }
    }

    /// Whether coins can be taken now.
    pub(super) fn works(&self) -> bool {
        let mut states = self.states.iter();
        let acceptor = states.find(|state| state.device == PaymentDevice::CoinAcceptor);
        self.line.is_some() && acceptor.is_some_and(|state| state.fault.is_none())
    }

    pub(super) fn states(&self) -> Vec<PaymentDeviceState> {
        self.states.clone()
    }

    /// Takes the fee. Whatever keeps it from being paid, what was put in goes back.
    pub(super) async fn collect(
        &mut self,
        books: &mut Books,
        asking: &Asking,
    ) -> Result<Entry, NotPaid> {
        let entry = books.entry(Device::Coins, Stage::Collecting, asking.fee);
        let nothing_taken = |fault| NotPaid {
            reason: NotPaidReason::Device(fault),
            given_back: GivenBack::default(),
        };
        books
            .write(|journal| journal.begin(entry, None))
            .map_err(nothing_taken)?;
        let reason = match self.take(books, asking, entry.id).await {
            Ok(()) => match self.hold(books, asking, entry.id).await {
                Ok(held) => return Ok(held),
                Err(fault) => NotPaidReason::Device(fault),
            },
            Err(reason) => reason,
        };
        asking.tell(PaymentProgress::GivingBack);
        let entry = books.journal.entry(entry.id).unwrap_or(entry);
        let given_back = self.give_back(books, entry).await;
        Err(NotPaid { reason, given_back })
    }

    /// Lets coins in until the fee is there.
    async fn take(
        &mut self,
        books: &mut Books,
        asking: &Asking,
        id: PaymentId,
    ) -> Result<(), NotPaidReason> {
        let mut told = None;
        let mut gone_since = None;
        loop {
            if asking.given_up() {
                return Err(NotPaidReason::Stopped);
            }
            let inserted = books.journal.entry(id).map_or(Yen(0), |entry| entry.taken);
            if inserted >= asking.fee {
                return Ok(());
            }
            match self.let_in(books, asking, id, &mut told).await {
                Ok(()) => gone_since = None,
                Err(Trouble::Fault(fault)) => return Err(NotPaidReason::Device(fault)),
                Err(Trouble::Line(error)) => {
                    self.close(&error);
                    told = None;
                    asking.tell(PaymentProgress::DeviceGone);
                    let since = *gone_since.get_or_insert_with(Instant::now);
                    if since.elapsed() > books.times.patience {
                        return Err(NotPaidReason::Device(error.fault()));
                    }
                }
            }
            sleep(books.times.poll).await;
        }
    }

    /// One look: which coins are let in depends on what is missing and what change there is.
    async fn let_in(
        &mut self,
        books: &mut Books,
        asking: &Asking,
        id: PaymentId,
        told: &mut Option<Yen>,
    ) -> Result<(), Trouble> {
        let inserted = books.journal.entry(id).map_or(Yen(0), |entry| entry.taken);
        let missing = Yen(asking.fee.0.saturating_sub(inserted.0));
        self.open(books).await?;
        let values = self.change_values();
        if *told != Some(missing) {
            let wanted = |coin: Yen| {
                let over = coin.0.saturating_sub(missing.0);
                change::possible(Yen(over), &values)
            };
            self.line()?.take(&wanted).await?;
            *told = Some(missing);
        }
        asking.tell(PaymentProgress::Coins {
            inserted,
            of: asking.fee,
            exact_only: values.is_empty(),
        });
        self.read(books, Some(id)).await?;
        if self.jam {
            return Err(PaymentFault::Jam.into());
        }
        Ok(())
    }

    /// The fee is there: no more coins, and change for what is over it.
    async fn hold(
        &mut self,
        books: &mut Books,
        asking: &Asking,
        id: PaymentId,
    ) -> Result<Entry, PaymentFault> {
        let mut held = books.journal.entry(id).ok_or(PaymentFault::Journal)?;
        held.stage = Stage::Held;
        asking.tell(PaymentProgress::GivingChange);
        books.write(|journal| journal.note(held, None))?;
        self.close_slot(books, id).await;
        self.pay_out(books, id).await;
        let held = books.journal.entry(id).ok_or(PaymentFault::Journal)?;
        if held.due() > Yen(0) {
            asking.tell(PaymentProgress::ChangeOwed(held.due()));
        }
        Ok(held)
    }

    /// Gives back what was taken and not yet returned; what cannot be given is owed.
    pub(super) async fn give_back(&mut self, books: &mut Books, entry: Entry) -> GivenBack {
        let mut returning = entry;
        returning.stage = Stage::Returning;
        let noted = books.write(|journal| journal.note(returning, None));
        self.close_slot(books, entry.id).await;
        if noted.is_ok() {
            self.pay_out(books, entry.id).await;
        }
        let after = books.journal.entry(entry.id).unwrap_or(returning);
        self.finish(books, after);
        GivenBack {
            returned: Yen(after.returned.0.saturating_sub(entry.returned.0)),
            owed: after.due(),
        }
    }

    /// A payment of which all that can be paid out is out.
    fn finish(&self, books: &mut Books, entry: Entry) {
        let owed = Entry {
            stage: Stage::Owed,
            ..entry
        };
        let written = books.write(|journal| match (entry.due(), entry.payout) {
            (Yen(0), None) => journal.settle(entry.id, None),
            (_, _) => journal.note(owed, None),
        });
        if written.is_err() {
            tracing::error!("a refund is in the journal still");
        }
    }

    /// Shuts the slot, and waits for coins that were on their way through it.
    async fn close_slot(&mut self, books: &mut Books, id: PaymentId) {
        for _ in 0..LOOKS_FOR_LATE_COINS {
            let shut = async {
                self.open(books).await?;
                self.line()?.take_none().await?;
                self.read(books, Some(id)).await
            };
            match shut.await {
                Ok(()) | Err(Trouble::Fault(_)) => {}
                Err(Trouble::Line(error)) => self.close(&error),
            }
            sleep(books.times.poll).await;
        }
    }

    /// Reads what the acceptor took, and writes it down to this payment, or to nobody's.
    async fn read(&mut self, books: &mut Books, id: Option<PaymentId>) -> Result<(), Trouble> {
        let since = books.journal.acceptor_counter();
        let happened = self.line()?.happened(since).await?;
        self.jam |= happened.jam;
        let taken = Yen(happened.coins.iter().map(|coin| coin.0).sum());
        let counter = Some(happened.counter);
        if taken == Yen(0) && counter == since {
            return Ok(());
        }
        if taken == Yen(0) {
            return Ok(books.write(|journal| journal.note_counter(happened.counter))?);
        }
        match id.and_then(|id| books.journal.entry(id)) {
            Some(mut entry) => {
                entry.taken.0 += taken.0;
                books.write(|journal| journal.note(entry, counter))?;
            }
            None => {
                // Nobody pays, and a coin came: it goes back. Where the acceptor counted anew it
                // may be an old one, and staff decides.
                let stage = if happened.certain {
                    Stage::Returning
                } else {
                    Stage::Owed
                };
                let mut entry = books.entry(Device::Coins, stage, Yen(0));
                entry.taken = taken;
                books.write(|journal| journal.begin(entry, counter))?;
            }
        }
        books.took(taken);
        Ok(())
    }

    fn line(&mut self) -> Result<&mut CoinLine, Trouble> {
        self.line.as_mut().ok_or(Trouble::Line(BusError::Silent))
    }

    async fn open(&mut self, books: &Books) -> Result<(), Trouble> {
        if self.line.is_none() {
            self.line = Some(CoinLine::open(&self.settings, books.times.answer).await?);
        }
        Ok(())
    }

    fn close(&mut self, error: &BusError) {
        self.line = None;
        self.states = cctalk::line_states(&self.settings, error.fault());
    }
}
