//! What was taken: kept or given back, once.

use domain::Yen;

use super::Settling;

/// A fee that was taken. It is either kept or refunded; dropped, it is refunded.
#[must_use = "what was paid is kept or refunded"]
pub struct Paid {
    amount: Yen,
    change_owed: Yen,
    held: Option<Box<dyn Held>>,
}

/// Where a fee is until it is settled. Dropped, it is given back without anybody waiting for it.
pub(super) trait Held: Send {
    /// Makes it the municipality's.
    fn keep(self: Box<Self>) -> Settling<Settled>;
    /// Gives it back.
    fn refund(self: Box<Self>) -> Settling<Settled>;
}

/// What became of a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It stays with the kiosk.
    Kept {
        /// The fee.
        fee: Yen,
        /// Change that the device could not give: staff pays it out by hand.
        owed: Yen,
    },
    /// It went back.
    Refunded(GivenBack),
}

/// What went back to the resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GivenBack {
    /// Paid out, or never charged to the card.
    pub returned: Yen,
    /// What the device could not give: staff pays it out by hand.
    pub owed: Yen,
}

impl Paid {
    /// Nothing to settle: no fee, or one that the store takes.
    pub const fn elsewhere(amount: Yen) -> Self {
        Self {
            amount,
            change_owed: Yen(0),
            held: None,
        }
    }

    pub(super) fn held(amount: Yen, change_owed: Yen, held: Box<dyn Held>) -> Self {
        Self {
            amount,
            change_owed,
            held: Some(held),
        }
    }

    /// The fee.
    #[must_use]
    pub const fn amount(&self) -> Yen {
        self.amount
    }

    /// Change that could not be given and that staff owes.
    #[must_use]
    pub const fn change_owed(&self) -> Yen {
        self.change_owed
    }

    /// Makes it the municipality's.
    pub async fn keep(self) -> Settled {
        match self.held {
            Some(held) => held.keep().await,
            None => Settled::Kept {
                fee: self.amount,
                owed: Yen(0),
            },
        }
    }

    /// Gives it back. What the store took is the store's to give back: nothing is returned here.
    pub async fn refund(self) -> Settled {
        match self.held {
            Some(held) => held.refund().await,
            None => Settled::Refunded(GivenBack::default()),
        }
    }
}

impl std::fmt::Debug for Paid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Paid")
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}
