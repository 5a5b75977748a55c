//! Looking after the coin devices while nobody pays, and after what was left open.

use domain::Yen;

use super::{CoinDesk, Trouble};
use crate::payment::PaymentDevice;
use crate::payment::cctalk::PayoutState;
use crate::payment::journal::{Device, Entry, PaymentId, Stage};
use crate::payment::till::cashier::Books;

impl CoinDesk {
    /// While nobody pays: plugs in what is there, reads states, and settles what nobody else does.
    /// Whether there was nothing to settle.
    pub(in crate::payment::till) async fn look(
        &mut self,
        books: &mut Books,
        live: Option<PaymentId>,
        still_there: bool,
    ) -> bool {
        match self.look_once(books, live, still_there).await {
            Ok(settled) => settled,
            Err(Trouble::Fault(_)) => false,
            Err(Trouble::Line(error)) => {
                self.close(&error);
                false
            }
        }
    }

    async fn look_once(
        &mut self,
        books: &mut Books,
        live: Option<PaymentId>,
        still_there: bool,
    ) -> Result<bool, Trouble> {
        self.open(books).await?;
        let left_open = books.journal.entries().iter().find(|entry| {
            entry.device == Device::Coins && entry.stage != Stage::Owed && Some(entry.id) != live
        });
        let left_open = left_open.map(|entry| entry.id);
        self.line()?.take_none().await?;
        self.read(books, live.or(left_open)).await?;
        self.jam = false;
        self.states = self.line()?.states().await?;
        for state in &self.states {
            if let (PaymentDevice::Hopper(value), false) = (state.device, state.low) {
                // Whether an empty hopper was filled is seen where it has a sensor for it.
                let hoppers = self.settings.hoppers.iter();
                let filled = hoppers.filter(|hopper| Yen(hopper.yen) == value && state.senses);
                let filled: Vec<u8> = filled.map(|hopper| hopper.address).collect();
                self.empty.retain(|address| !filled.contains(address));
            }
        }
        if let Some(entry) = left_open.and_then(|id| books.journal.entry(id)) {
            if still_there {
                self.give_back(books, entry).await;
            } else {
                self.finish(books, entry);
            }
        }
        let pending = books.journal.entries().iter();
        let mut pending =
            pending.filter(|entry| entry.stage == Stage::Owed && entry.payout.is_some());
        if let Some(entry) = pending.next().copied() {
            self.learn(books, entry).await?;
        }
        Ok(left_open.is_none())
    }

    /// What became of a payout whose end nobody saw; nothing more is paid out.
    async fn learn(&mut self, books: &mut Books, mut entry: Entry) -> Result<(), Trouble> {
        let Some(payout) = entry.payout else {
            return Ok(());
        };
        let Some(hopper) = self.hopper(payout.hopper) else {
            return Ok(());
        };
        match self.line()?.look(hopper, payout).await? {
            PayoutState::UnderWay => return Ok(()),
            PayoutState::NotBegun => {}
            PayoutState::Paid(coins) => {
                let paid = Yen(u32::from(coins) * payout.yen);
                entry.returned.0 += paid.0;
                books.gave(paid);
            }
        }
        entry.payout = None;
        self.finish(books, entry);
        Ok(())
    }
}
