//! What was taken: kept or given back, once.

use domain::Yen;

use super::Settling;

/// A fee that was taken. It is either kept or refunded; dropped, it is refunded.
#[must_use = "what was paid is kept or refunded"]
pub struct Paid {
    amount: Yen,
    held: Option<Box<dyn Held>>,
}

/// Where a fee is until it is settled. Each is called once.
pub(super) trait Held: Send {
    /// Makes it the municipality's.
    fn keep(self: Box<Self>) -> Settling<Settled>;
    /// Gives it back.
    fn refund(self: Box<Self>) -> Settling<GivenBack>;
    /// Gives it back without anybody waiting for it.
    fn let_go(self: Box<Self>);
}

/// What became of a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It stays with the kiosk.
    Kept(Yen),
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
        Self { amount, held: None }
    }

    #[allow(dead_code)] // until the acceptors are there
    pub(super) fn held(amount: Yen, held: Box<dyn Held>) -> Self {
        Self {
            amount,
            held: Some(held),
        }
    }

    /// The fee.
    #[must_use]
    pub const fn amount(&self) -> Yen {
        self.amount
    }

    /// Makes it the municipality's.
    pub async fn keep(mut self) -> Settled {
        match self.held.take() {
            Some(held) => held.keep().await,
            None => Settled::Kept(self.amount),
        }
    }

    /// Gives it back. What the store took is the store's to give back: nothing is returned here.
    pub async fn refund(mut self) -> Settled {
        Settled::Refunded(match self.held.take() {
            Some(held) => held.refund().await,
            None => GivenBack::default(),
        })
    }
}

impl Drop for Paid {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            held.let_go();
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
