//! Coins go out: which of them, and what became of each payout.

use domain::Yen;
use tokio::time::{Instant, sleep};

use super::{CoinDesk, Trouble};
use crate::payment::cctalk::{CoinLine, Hopper, PayoutState};
use crate::payment::journal::PaymentId;
use crate::payment::till::cashier::Books;
use crate::payment::{PaymentDevice, PaymentFault, change};

/// So many payouts make up one sum; some of them because a hopper did not begin.
const MOST_PAYOUTS: u8 = 20;

/// How far a sum's paying out went in one step.
enum PaidOut {
    /// A payout was asked for.
    Asked,
    /// One is under way, or came to its end.
    Looked,
    /// There is nothing more to pay out, or nothing to pay it out with.
    Nothing,
}

impl CoinDesk {
    /// Pays out what is due of a payment, as far as hoppers go, and waits a while for a line that
    /// is gone.
    pub(super) async fn pay_out(&mut self, books: &mut Books, id: PaymentId) {
        let mut gone_since = None;
        let (mut asked, began) = (0, Instant::now());
        while asked < MOST_PAYOUTS && began.elapsed() < books.times.payout {
            match self.pay_out_once(books, id).await {
                Ok(PaidOut::Asked) => {
                    asked += 1;
                    gone_since = None;
                }
                Ok(PaidOut::Looked) => gone_since = None,
                Ok(PaidOut::Nothing) | Err(Trouble::Fault(_)) => return,
                Err(Trouble::Line(error)) => {
                    self.close(&error);
                    let since = *gone_since.get_or_insert_with(Instant::now);
                    while self.open(books).await.is_err() {
                        if since.elapsed() > books.times.patience {
                            return;
                        }
                        sleep(books.times.poll).await;
                    }
                }
            }
        }
    }

    /// Looks what became of the last payout, or asks for one.
    async fn pay_out_once(&mut self, books: &mut Books, id: PaymentId) -> Result<PaidOut, Trouble> {
        let mut entry = books.journal.entry(id).ok_or(PaymentFault::Journal)?;
        self.open(books).await?;
        if let Some(payout) = entry.payout {
            let Some(hopper) = self.hopper(payout.hopper) else {
                return Ok(PaidOut::Nothing);
            };
            let state = self.line()?.look(hopper, payout).await?;
            match state {
                PayoutState::UnderWay => sleep(books.times.poll).await,
                PayoutState::NotBegun => {
                    entry.payout = None;
                    books.write(|journal| journal.note(entry, None))?;
                }
                PayoutState::Paid(coins) => {
                    let paid = Yen(u32::from(coins) * payout.yen);
                    entry.payout = None;
                    entry.returned.0 += paid.0;
                    books.write(|journal| journal.note(entry, None))?;
                    books.gave(paid);
                    if coins < payout.coins {
                        self.empty.push(payout.hopper);
                    }
                }
            }
            return Ok(PaidOut::Looked);
        }
        let due = entry.due();
        let Some((hopper, coins)) = self.next_coins(due) else {
            return Ok(PaidOut::Nothing);
        };
        let planned = self.line()?.plan(hopper, coins).await?;
        entry.payout = Some(planned);
        books.write(|journal| journal.note(entry, None))?;
        self.line()?.begin(hopper, planned).await?;
        Ok(PaidOut::Asked)
    }

    /// The hopper, and how many of its coins, for what is due.
    fn next_coins(&self, due: Yen) -> Option<(Hopper, u8)> {
        let hoppers = self.line.iter().flat_map(CoinLine::hoppers);
        hoppers
            .filter(|hopper| self.gives(hopper))
            .map(|hopper| (*hopper, change::coins(due, hopper.value)))
            .find(|(_, coins)| *coins > 0)
    }

    /// Whether a hopper has no fault and did not run out.
    fn gives(&self, hopper: &Hopper) -> bool {
        let mut states = self.states.iter();
        let state = states.find(|state| state.device == PaymentDevice::Hopper(hopper.value));
        !self.empty.contains(&hopper.address) && state.is_none_or(|state| state.fault.is_none())
    }

    /// The values that change can be promised in: of hoppers that have enough.
    pub(super) fn change_values(&self) -> Vec<Yen> {
        let low = |hopper: &Hopper| {
            let mut states = self.states.iter();
            states.any(|state| state.device == PaymentDevice::Hopper(hopper.value) && state.low)
        };
        let hoppers = self.line.iter().flat_map(CoinLine::hoppers);
        hoppers
            .filter(|hopper| self.gives(hopper) && !low(hopper))
            .map(|hopper| hopper.value)
            .collect()
    }

    pub(super) fn hopper(&self, address: u8) -> Option<Hopper> {
        let mut hoppers = self.line.iter().flat_map(CoinLine::hoppers);
        hoppers.find(|hopper| hopper.address == address).copied()
    }
}
