//! What went through the till since midnight: numbers, in memory only.

use domain::{Clock, Yen, japan_date};
use time::Date;

/// Sums since midnight in Japan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    day: Option<Date>,
    /// Put in, or charged.
    pub taken: Yen,
    /// Paid out: change and refunds; or given back to a card.
    pub returned: Yen,
    /// Paid out by staff.
    pub by_hand: Yen,
}

impl Totals {
    pub(super) fn take(&mut self, clock: &dyn Clock, amount: Yen) {
        self.today(clock).taken.0 += amount.0;
    }

    pub(super) fn give(&mut self, clock: &dyn Clock, amount: Yen) {
        self.today(clock).returned.0 += amount.0;
    }

    pub(super) fn give_by_hand(&mut self, clock: &dyn Clock, amount: Yen) {
        self.today(clock).by_hand.0 += amount.0;
    }

    fn today(&mut self, clock: &dyn Clock) -> &mut Self {
        let today = Some(japan_date(clock.now()));
        if self.day != today {
            *self = Self {
                day: today,
                ..Self::default()
            };
        }
        self
    }
}
