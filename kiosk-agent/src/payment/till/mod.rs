//! The till (レジ): takes the fee by the devices there are, and accounts for it.
//!
//! One task, the cashier, owns devices and journal and does one thing after the other; this handle
//! asks it. Whatever becomes of who asked, the cashier brings what it began to an end.

mod cashier;
mod cashless;
mod coins;
mod totals;

use std::sync::Arc;
use std::time::Duration;

use crypto::SecureRandom;
use domain::{Clock, Yen};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

pub use totals::Totals;

use super::journal::{Journal, JournalError, PaymentId};
use super::paid::Held;
use super::settings::PaymentSettings;
use super::{
    Collecting, GivenBack, NotPaid, NotPaidReason, Paid, Payment, PaymentDeviceState, PaymentFault,
    PaymentMethod, PaymentProgress, Settled, Settlement, Settling,
};
use crate::stop::StopSignal;
use cashier::Cashier;

/// So many requests wait at the cashier.
const QUEUE: usize = 8;

/// How long the till waits for what.
#[derive(Debug, Clone, Copy)]
pub struct TillTimes {
    /// For an answer of a device.
    pub answer: Duration,
    /// Between two looks at a device that takes money.
    pub poll: Duration,
    /// Between two looks at devices while nobody pays.
    pub idle: Duration,
    /// For a device that went away while it has to take or give money.
    pub patience: Duration,
    /// For a sum to come out of the hoppers. Fifty coins take some twenty seconds.
    pub payout: Duration,
    /// For the card's issuer to say yes or no.
    pub authorising: Duration,
}

impl Default for TillTimes {
    fn default() -> Self {
        Self {
            // ccTalk devices answer within 100 ms, mechanical work apart; an adaptor adds its own.
            answer: Duration::from_millis(300),
            poll: Duration::from_millis(100),
            idle: Duration::from_millis(500),
            patience: Duration::from_secs(20),
            payout: Duration::from_secs(60),
            authorising: Duration::from_secs(60),
        }
    }
}

/// Why there is no till.
#[derive(Debug, thiserror::Error)]
pub enum TillRefused {
    /// Devices without a journal.
    #[error("[payment] journal is missing: no money is taken that could not be accounted for")]
    NoJournal,
    /// Two hoppers at one address, a hopper of no value, or a line used twice.
    #[error("[payment] {0}")]
    Settings(&'static str),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What staff sees of the till.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TillView {
    /// How fees can be paid now.
    pub methods: Vec<PaymentMethod>,
    /// The devices.
    pub devices: Vec<PaymentDeviceState>,
    /// What staff has to pay out by hand.
    pub owed: Vec<Owed>,
    /// Since midnight.
    pub totals: Totals,
}

/// Money that staff pays out by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// The payment's random number.
    pub id: PaymentId,
    /// How it was paid.
    pub method: PaymentMethod,
    /// How much is owed.
    pub amount: Yen,
    /// How much is not certain yet: the device has to come back first.
    pub uncertain: bool,
}

/// The handle.
#[derive(Debug)]
pub struct Till {
    cashier: mpsc::Sender<Request>,
    view: watch::Receiver<TillView>,
    task: JoinHandle<()>,
}

/// What the cashier is asked to do.
enum Request {
    Collect(Asking),
    Settle {
        id: PaymentId,
        settlement: Settlement,
        reply: oneshot::Sender<Settled>,
        /// It has somebody to settle it until it is, also where they do not wait.
        _token: Arc<Token>,
    },
    PaidByHand {
        id: PaymentId,
        reply: oneshot::Sender<bool>,
    },
}

/// A fee to be taken.
struct Asking {
    fee: Yen,
    method: PaymentMethod,
    stop: StopSignal,
    progress: watch::Sender<Option<PaymentProgress>>,
    reply: oneshot::Sender<Result<Taken, NotPaid>>,
}

/// A fee that was taken.
struct Taken {
    id: PaymentId,
    change_owed: Yen,
    token: Arc<Token>,
}

/// Whoever holds it has a fee to settle. When the last one is dropped the cashier gives the fee
/// back.
struct Token;

impl Asking {
    /// Cancelled, or nobody waits for it any more.
    fn given_up(&self) -> bool {
        self.stop.is_on() || self.reply.is_closed()
    }

    fn tell(&self, now: PaymentProgress) {
        self.progress
            .send_if_modified(|was| was.replace(now) != Some(now));
    }
}

impl Till {
    /// Opens the till: reads its journal, and begins to look after its devices. What a journal
    /// left open is given back, or owed.
    ///
    /// # Errors
    /// [`TillRefused`].
    pub fn open(
        settings: &PaymentSettings,
        times: TillTimes,
        clock: Arc<dyn Clock>,
        random: Arc<dyn SecureRandom>,
    ) -> Result<Self, TillRefused> {
        settings.check().map_err(TillRefused::Settings)?;
        let path = settings.journal.as_ref().ok_or(TillRefused::NoJournal)?;
        let journal = Journal::open(path)?;
        let (cashier, requests) = mpsc::channel(QUEUE);
        let (view, seen) = watch::channel(TillView::default());
        let work = Cashier::new(settings, times, journal, clock, random, view).work(requests);
        Ok(Self {
            cashier,
            view: seen,
            task: tokio::spawn(work),
        })
    }

    /// What staff sees, as it changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<TillView> {
        self.view.clone()
    }

    /// Ends the cashier at once, wherever it is, as a loss of power would.
    pub fn cut_power(&self) {
        self.task.abort();
    }

    async fn ask(
        &self,
        fee: Yen,
        method: PaymentMethod,
        stop: &StopSignal,
        progress: &mut dyn FnMut(PaymentProgress),
    ) -> Result<Paid, NotPaid> {
        if fee == Yen(0) {
            return Ok(Paid::elsewhere(fee));
        }
        let gone = NotPaid {
            reason: NotPaidReason::Device(PaymentFault::Gone),
            given_back: GivenBack::default(),
        };
        let (sender, mut told) = watch::channel(None);
        let (reply, mut done) = oneshot::channel();
        let asking = Asking {
            fee,
            method,
            stop: stop.clone(),
            progress: sender,
            reply,
        };
        let asked = self.cashier.send(Request::Collect(asking)).await;
        asked.map_err(|_| gone)?;
        let taken = loop {
            tokio::select! {
                biased;
                Ok(()) = told.changed() => {
                    let now = *told.borrow_and_update();
                    now.into_iter().for_each(&mut *progress);
                }
                taken = &mut done => break taken.map_err(|_| gone)??,
            }
        };
        let held = AtTheTill {
            id: taken.id,
            fee,
            cashier: self.cashier.clone(),
            token: taken.token,
        };
        Ok(Paid::held(fee, taken.change_owed, Box::new(held)))
    }
}

impl Payment for Till {
    fn view(&self) -> TillView {
        self.view.borrow().clone()
    }

    fn collect<'a>(
        &'a self,
        amount: Yen,
        method: PaymentMethod,
        stop: &'a StopSignal,
        progress: &'a mut dyn FnMut(PaymentProgress),
    ) -> Collecting<'a> {
        Box::pin(self.ask(amount, method, stop, progress))
    }

    fn paid_by_hand(&self, id: PaymentId) -> Settling<bool> {
        let cashier = self.cashier.clone();
        Box::pin(async move {
            let (reply, done) = oneshot::channel();
            let asked = cashier.send(Request::PaidByHand { id, reply }).await;
            asked.is_ok() && done.await.unwrap_or(false)
        })
    }
}

/// A fee that lies in the till until it is settled.
struct AtTheTill {
    id: PaymentId,
    fee: Yen,
    cashier: mpsc::Sender<Request>,
    token: Arc<Token>,
}

impl AtTheTill {
    async fn settle(self, settlement: Settlement) -> Option<Settled> {
        let (reply, done) = oneshot::channel();
        let request = Request::Settle {
            id: self.id,
            settlement,
            reply,
            _token: self.token,
        };
        self.cashier.send(request).await.ok()?;
        done.await.ok()
    }
}

impl Held for AtTheTill {
    fn keep(self: Box<Self>) -> Settling<Settled> {
        let fee = self.fee;
        let kept = Settled::Kept { fee, owed: Yen(0) };
        Box::pin(async move { self.settle(Settlement::Keep).await.unwrap_or(kept) })
    }

    fn refund(self: Box<Self>) -> Settling<Settled> {
        // Without its cashier it is in the journal, and the next one gives it back or owes it.
        let owed = Settled::Refunded(GivenBack {
            returned: Yen(0),
            owed: self.fee,
        });
        Box::pin(async move { self.settle(Settlement::Refund).await.unwrap_or(owed) })
    }
}
