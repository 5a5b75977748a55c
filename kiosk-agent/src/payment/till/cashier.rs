//! The cashier: takes, keeps and gives back, one thing after the other, and looks after the
//! devices in between. Each step is in the journal before it is taken, so that the next cashier
//! can go on wherever this one ended.

use std::sync::{Arc, Weak};

use crypto::SecureRandom;
use domain::{Clock, Yen};
use time::{Duration, OffsetDateTime};
use tokio::sync::{mpsc, watch};

use super::cashless::CashlessDesk;
use super::coins::CoinDesk;
use super::{Asking, Owed, Request, Taken, TillTimes, TillView, Token, Totals};
use crate::payment::journal::{Device, Entry, Journal, JournalError, PaymentId, Stage};
use crate::payment::settings::PaymentSettings;
use crate::payment::{
    GivenBack, NotPaid, NotPaidReason, PaymentFault, PaymentMethod, Settled, Settlement,
};

/// Coins that an earlier cashier left open are paid out for so long after its last word; later
/// nobody stands there any more, and staff owes them.
const STILL_THERE: Duration = Duration::minutes(2);

/// What both desks work with.
pub(super) struct Books {
    pub(super) journal: Journal,
    pub(super) totals: Totals,
    pub(super) times: TillTimes,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn SecureRandom>,
    /// The last write failed: no money is taken until one succeeds.
    pub(super) unwritten: bool,
}

/// The cashier.
pub(super) struct Cashier {
    books: Books,
    coins: Option<CoinDesk>,
    cashless: Option<CashlessDesk>,
    view: watch::Sender<TillView>,
    /// The payment that somebody here has to settle.
    live: Option<(PaymentId, Weak<Token>)>,
    /// Whether whoever paid before the start may still stand there.
    still_there: bool,
}

impl Books {
    /// A new payment, not yet in the journal.
    pub(super) fn entry(&self, device: Device, stage: Stage, fee: Yen) -> Entry {
        Entry {
            id: PaymentId::random(self.random.as_ref()),
            device,
            stage,
            fee,
            taken: Yen(0),
            returned: Yen(0),
            payout: None,
        }
    }

    /// Writes, and remembers whether it could.
    pub(super) fn write(
        &mut self,
        write: impl FnOnce(&mut Journal) -> Result<(), JournalError>,
    ) -> Result<(), PaymentFault> {
        let written = write(&mut self.journal);
        self.unwritten = written.is_err();
        written.map_err(|error| {
            tracing::error!(%error, "payment journal");
            PaymentFault::Journal
        })
    }

    pub(super) fn took(&mut self, amount: Yen) {
        self.totals.take(self.clock.as_ref(), amount);
    }

    pub(super) fn gave(&mut self, amount: Yen) {
        self.totals.give(self.clock.as_ref(), amount);
    }
}

impl Cashier {
    pub(super) fn new(
        settings: &PaymentSettings,
        times: TillTimes,
        journal: Journal,
        clock: Arc<dyn Clock>,
        random: Arc<dyn SecureRandom>,
        view: watch::Sender<TillView>,
    ) -> Self {
        let since = journal
            .date()
            .map(|then| clock.now() - OffsetDateTime::from(then));
        // Less than nothing is a clock that was set back: nobody knows how long it was.
        let still_there = since.is_some_and(|it| (Duration::ZERO..STILL_THERE).contains(&it));
        Self {
            books: Books {
                journal,
                totals: Totals::default(),
                times,
                clock,
                random,
                unwritten: false,
            },
            coins: settings.coins.clone().map(CoinDesk::new),
            cashless: settings.cashless.clone().map(CashlessDesk::new),
            view,
            live: None,
            still_there,
        }
    }

    /// Works until nobody can ask any more.
    pub(super) async fn work(mut self, mut requests: mpsc::Receiver<Request>) {
        loop {
            self.look().await;
            let idle = tokio::time::sleep(self.books.times.idle);
            tokio::select! {
                biased;
                request = requests.recv() => match request {
                    Some(request) => self.serve(request).await,
                    None => return,
                },
                () = idle => {}
            }
        }
    }

    async fn serve(&mut self, request: Request) {
        match request {
            Request::Collect(asking) => {
                let taken = self.collect(&asking).await;
                // Where nobody waits any more, the token falls here, and the fee goes back.
                let _ = asking.reply.send(taken);
            }
            Request::Settle {
                id,
                settlement,
                reply,
                _token,
            } => {
                self.live = None;
                let _ = reply.send(self.settle(id, settlement).await);
            }
            Request::PaidByHand { id, reply } => {
                let paid = self.paid_by_hand(id);
                // Before staff looks again: what is paid must not be offered to be paid once more.
                self.publish();
                let _ = reply.send(paid);
            }
        }
    }

    async fn collect(&mut self, asking: &Asking) -> Result<Taken, NotPaid> {
        let offered = self.methods().contains(&asking.method) && self.live.is_none();
        let taken = match asking.method {
            _ if !offered => Err(not_offered()),
            PaymentMethod::Coins => match &mut self.coins {
                Some(desk) => desk.collect(&mut self.books, asking).await,
                None => Err(not_offered()),
            },
            PaymentMethod::Cashless => match &mut self.cashless {
                Some(desk) => desk.collect(&mut self.books, asking).await,
                None => Err(not_offered()),
            },
            PaymentMethod::AtTheStore => Err(not_offered()),
        }?;
        let token = Arc::new(Token);
        self.live = Some((taken.id, Arc::downgrade(&token)));
        let change_owed = self.books.journal.entry(taken.id);
        Ok(Taken {
            id: taken.id,
            change_owed: change_owed.map_or(Yen(0), |entry| entry.due()),
            token,
        })
    }

    async fn settle(&mut self, id: PaymentId, settlement: Settlement) -> Settled {
        let Some(entry) = self.books.journal.entry(id) else {
            return Settled::Refunded(GivenBack::default());
        };
        match (settlement, entry.device) {
            (Settlement::Keep, Device::Coins) => self.keep_coins(entry),
            (Settlement::Keep, Device::Cashless) => {
                if let Some(desk) = &mut self.cashless {
                    desk.keep(&mut self.books, entry).await;
                }
                Settled::Kept {
                    fee: entry.fee,
                    owed: Yen(0),
                }
            }
            (Settlement::Refund, Device::Coins) => match &mut self.coins {
                Some(desk) => Settled::Refunded(desk.give_back(&mut self.books, entry).await),
                None => owed(entry),
            },
            (Settlement::Refund, Device::Cashless) => match &mut self.cashless {
                Some(desk) => Settled::Refunded(desk.give_back(&mut self.books, entry).await),
                None => owed(entry),
            },
        }
    }

    /// The coins are in the box. Change that did not come out is owed.
    fn keep_coins(&mut self, entry: Entry) -> Settled {
        let owed = entry.due();
        let rest = Entry {
            stage: Stage::Owed,
            fee: Yen(0),
            taken: owed,
            returned: Yen(0),
            ..entry
        };
        let still_owed = (owed > Yen(0)).then_some(rest);
        let written = self
            .books
            .write(|journal| journal.settle(entry.id, still_owed));
        if written.is_err() {
            tracing::error!("a fee that was kept is in the journal's file still");
        }
        Settled::Kept {
            fee: entry.fee,
            owed,
        }
    }

    fn paid_by_hand(&mut self, id: PaymentId) -> bool {
        let Some(entry) = self.books.journal.entry(id) else {
            return false;
        };
        if entry.stage != Stage::Owed || entry.payout.is_some() {
            return false;
        }
        let paid = self.books.write(|journal| journal.forget(id)).is_ok();
        if paid {
            let clock = self.books.clock.clone();
            self.books.totals.give_by_hand(clock.as_ref(), entry.due());
        }
        paid
    }

    /// Looks after devices, and after payments that nobody settles any more.
    async fn look(&mut self) {
        if self.books.unwritten {
            // Where it fails again, that is in the log from the first time.
            self.books.unwritten = self.books.journal.write().is_err();
        }
        let live = self.live();
        if live.is_none() {
            self.live = None;
        }
        if let Some(desk) = &mut self.coins {
            let settled = desk.look(&mut self.books, live, self.still_there).await;
            // From now on, whoever has money to get back has just been here.
            self.still_there |= settled;
        }
        if let Some(desk) = &mut self.cashless {
            desk.look(&mut self.books, live).await;
        }
        self.publish();
    }

    /// The payment that somebody here has to settle still.
    fn live(&self) -> Option<PaymentId> {
        let (id, token) = self.live.as_ref()?;
        (token.strong_count() > 0).then_some(*id)
    }

    fn methods(&self) -> Vec<PaymentMethod> {
        if self.books.unwritten || !self.books.journal.has_room() {
            return Vec::new();
        }
        let coins = self.coins.as_ref().is_some_and(CoinDesk::works);
        let cashless = self.cashless.as_ref().is_some_and(CashlessDesk::works);
        let coins = coins.then_some(PaymentMethod::Coins);
        let cashless = cashless.then_some(PaymentMethod::Cashless);
        coins.into_iter().chain(cashless).collect()
    }

    fn publish(&self) {
        let live = self.live();
        let coins = self.coins.iter().flat_map(CoinDesk::states);
        let cashless = self.cashless.iter().map(CashlessDesk::state);
        let entries = self.books.journal.entries().iter();
        let view = TillView {
            methods: self.methods(),
            devices: coins.chain(cashless).collect(),
            owed: entries
                .filter(|it| Some(it.id) != live)
                .map(as_owed)
                .collect(),
            totals: self.books.totals,
        };
        self.view.send_if_modified(|was| {
            let changed = *was != view;
            *was = view;
            changed
        });
    }
}

fn as_owed(entry: &Entry) -> Owed {
    Owed {
        id: entry.id,
        method: match entry.device {
            Device::Coins => PaymentMethod::Coins,
            Device::Cashless => PaymentMethod::Cashless,
        },
        amount: entry.due(),
        uncertain: entry.stage != Stage::Owed || entry.payout.is_some(),
    }
}

const fn not_offered() -> NotPaid {
    NotPaid {
        reason: NotPaidReason::NotOffered,
        given_back: GivenBack {
            returned: Yen(0),
            owed: Yen(0),
        },
    }
}

fn owed(entry: Entry) -> Settled {
    Settled::Refunded(GivenBack {
        returned: Yen(0),
        owed: entry.due(),
    })
}
