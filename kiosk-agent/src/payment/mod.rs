//! The fee (手数料): taken before a certificate is ordered, kept or given back afterwards, exactly
//! once.
//!
//! [`Payment`] takes it; what was taken is a [`Paid`], which is to be kept or refunded by
//! [`settlement`], the one rule there is. A `Paid` that is dropped is refunded. Money is the only
//! thing that is ever written down here, and nothing about anybody (`docs/adr/0023-payment.md`).

mod at_the_store;
mod cctalk;
mod change;
mod journal;
mod mdb;
mod paid;
mod rule;
mod serial;
mod settings;
mod till;

use std::pin::Pin;

use domain::Yen;

pub use at_the_store::AtTheStore;
pub use journal::{JournalError, PaymentId};
pub use paid::{GivenBack, Paid, Settled};
pub use rule::{Settlement, settlement};
pub use settings::{CashlessSettings, CoinSettings, HopperSettings, PaymentSettings};
pub use till::{Owed, Till, TillRefused, TillTimes, TillView, Totals};

use crate::stop::StopSignal;

/// What takes the fee.
pub trait Payment: Send + Sync {
    /// How it is now, for staff: devices, sums, and what is owed. Never anything about a resident.
    fn view(&self) -> TillView;

    /// How a fee can be paid here and now; none where every device that takes money is out of
    /// order.
    fn methods(&self) -> Vec<PaymentMethod> {
        self.view().methods
    }

    /// Takes exactly this amount and tells how it goes on. Gives change. Ends by the amount being
    /// there, by a refusal, or by the stop signal; whatever was put in until then is given back,
    /// also where this is dropped before its end. A fee of zero is paid without asking anybody.
    fn collect<'a>(
        &'a self,
        amount: Yen,
        method: PaymentMethod,
        stop: &'a StopSignal,
        progress: &'a mut dyn FnMut(PaymentProgress),
    ) -> Collecting<'a>;

    /// Notes that staff paid out by hand what was owed, in full. `false` where nothing is owed
    /// under this number, or where it is not certain yet how much.
    fn paid_by_hand(&self, id: PaymentId) -> Settling<bool>;
}

/// A payment under way; whoever is shown its progress need not be on another thread.
pub type Collecting<'a> = Pin<Box<dyn Future<Output = Result<Paid, NotPaid>> + 'a>>;

/// A settlement under way.
pub type Settling<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// How a fee is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaymentMethod {
    /// The kiosk shows the fee and the store takes it.
    AtTheStore,
    /// Coins (硬貨), with change.
    Coins,
    /// A card or a telephone at the reader (キャッシュレス).
    Cashless,
}

impl PaymentMethod {
    /// Its name in settings, journal and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AtTheStore => "at-the-store",
            Self::Coins => "coins",
            Self::Cashless => "cashless",
        }
    }
}

/// How far a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentProgress {
    /// Coins are taken: so much is in of so much.
    Coins {
        /// Put in until now.
        inserted: Yen,
        /// The fee.
        of: Yen,
        /// No change can be given: only coins up to what is missing are taken.
        exact_only: bool,
    },
    /// The reader waits for card or telephone.
    PresentCard,
    /// The reader asks whoever it asks.
    Authorising,
    /// This much change could not be paid out: staff owes it.
    ChangeOwed(Yen),
    /// Change is being paid out.
    GivingChange,
    /// What was put in is being paid out.
    GivingBack,
    /// The device does not answer; it is waited for, and what was put in is not lost.
    DeviceGone,
}

/// Why nothing was paid, and what became of what was put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not paid: {reason}")]
pub struct NotPaid {
    /// Why.
    pub reason: NotPaidReason,
    /// What was given back of what was put in.
    pub given_back: GivenBack,
}

/// Why nothing was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPaidReason {
    /// Cancelled, or nobody paid in time.
    #[error("stopped")]
    Stopped,
    /// The card's issuer, or the reader, says no.
    #[error("declined")]
    Declined,
    /// This method is not offered now.
    #[error("not offered")]
    NotOffered,
    /// The device fails.
    #[error("{0}")]
    Device(PaymentFault),
}

/// What keeps a device from taking or giving money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum PaymentFault {
    /// Unplugged, or it does not answer.
    #[error("the device does not answer")]
    Gone,
    /// A coin is jammed.
    #[error("a coin is jammed")]
    Jam,
    /// Its answers are not what its protocol says.
    #[error("the device's answers make no sense")]
    Unintelligible,
    /// It reports an error of its own.
    #[error("the device reports a fault")]
    Faulty,
    /// The journal cannot be written: no money is taken that could not be accounted for.
    #[error("the journal of money cannot be written")]
    Journal,
}

impl PaymentFault {
    /// The code for staff.
    #[must_use]
    pub const fn staff_code(self) -> &'static str {
        match self {
            Self::Gone => "payment-device-gone",
            Self::Jam => "payment-coin-jam",
            Self::Unintelligible => "payment-device-not-understood",
            Self::Faulty => "payment-device-fault",
            Self::Journal => "payment-journal",
        }
    }
}

impl NotPaidReason {
    /// The code for staff.
    #[must_use]
    pub const fn staff_code(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Declined => "payment-declined",
            Self::NotOffered => "payment-not-offered",
            Self::Device(fault) => fault.staff_code(),
        }
    }
}

/// How one payment device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentDeviceState {
    /// Which.
    pub device: PaymentDevice,
    /// What is wrong with it, if anything.
    pub fault: Option<PaymentFault>,
    /// Few coins are left in it: change may not be possible.
    pub low: bool,
    /// It can tell whether few coins are left.
    pub senses: bool,
}

/// A device that takes or gives money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaymentDevice {
    /// Takes coins.
    CoinAcceptor,
    /// Pays out coins of this value.
    Hopper(Yen),
    /// Reads cards and telephones.
    CashlessReader,
}
