//! A hopper: pays out coins of one value, and remembers what it paid.
//!
//! It counts its payouts from 1 to 255 and begins again at 1; the last one's coins, paid and
//! unpaid, can be read as often as one likes (header 166). So a payout whose answer was lost is
//! never done twice.

use domain::Yen;
use serde::{Deserialize, Serialize};

use super::bus::{Bus, BusError};
use super::frame::Header;
use crate::payment::PaymentFault;

/// Enables payout (part 3, header 164).
const ENABLE: u8 = 0xA5;

/// A hopper on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment) struct Hopper {
    pub(in crate::payment) address: u8,
    pub(in crate::payment) value: Yen,
    serial_number: [u8; 3],
}

/// A payout as it is known before it is asked for: enough to find out afterwards what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::payment) struct Payout {
    /// The hopper's address.
    pub(in crate::payment) hopper: u8,
    /// The value of its coins, in yen.
    pub(in crate::payment) yen: u32,
    /// Its payout counter before.
    pub(in crate::payment) counter: u8,
    /// All coins that it ever paid, before.
    pub(in crate::payment) dispensed: u32,
    /// How many coins are asked for.
    pub(in crate::payment) coins: u8,
}

/// How a hopper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment) struct HopperState {
    pub(in crate::payment) fault: Option<PaymentFault>,
    pub(in crate::payment) low: bool,
    /// It has a sensor for that.
    pub(in crate::payment) senses: bool,
}

/// What became of a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment) enum PayoutState {
    /// It was never begun.
    NotBegun,
    /// Coins are coming.
    UnderWay,
    /// So many coins came.
    Paid(u8),
}

/// `[counter] [remaining] [paid] [unpaid]` of header 166.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Status {
    counter: u8,
    remaining: u8,
    paid: u8,
}

impl Hopper {
    /// Greets the device at this address.
    ///
    /// # Errors
    /// [`BusError::Unintelligible`] where it is no hopper.
    pub(super) async fn greet(bus: &mut Bus, address: u8, value: Yen) -> Result<Self, BusError> {
        let category = bus
            .ask(address, Header::RequestEquipmentCategory, &[])
            .await?;
        if category != b"Payout" {
            return Err(BusError::Unintelligible);
        }
        let number = bus.ask(address, Header::RequestSerialNumber, &[]).await?;
        Ok(Self {
            address,
            value,
            serial_number: number.try_into().map_err(|_| BusError::Unintelligible)?,
        })
    }

    /// How it is.
    pub(super) async fn state(&self, bus: &mut Bus) -> Result<HopperState, BusError> {
        let flags = bus.ask(self.address, Header::TestHopper, &[]).await?;
        let level = bus
            .ask(self.address, Header::RequestPayoutLevel, &[])
            .await?;
        let (Some(flags), Some(level)) = (flags.first(), level.first()) else {
            return Err(BusError::Unintelligible);
        };
        Ok(HopperState {
            fault: fault(*flags),
            // Bit 4: it has a low-level sensor; bit 0: fewer coins than that.
            low: level & 0x11 == 0x11,
            senses: level & 0x10 != 0,
        })
    }

    /// Plans a payout.
    pub(super) async fn plan(&self, bus: &mut Bus, coins: u8) -> Result<Payout, BusError> {
        Ok(Payout {
            hopper: self.address,
            yen: self.value.0,
            counter: self.status(bus).await?.counter,
            dispensed: self.dispensed(bus).await?,
            coins,
        })
    }

    /// Begins a planned payout. Whether it began is seen by [`Self::look`], not by this answer.
    pub(super) async fn begin(&self, bus: &mut Bus, payout: Payout) -> Result<(), BusError> {
        bus.ask(self.address, Header::EnableHopper, &[ENABLE])
            .await?;
        let [low, middle, high] = self.serial_number;
        let data = [low, middle, high, payout.coins];
        match bus
            .ask_once(self.address, Header::DispenseCoins, &data)
            .await
        {
            Ok(_) | Err(BusError::Silent | BusError::Refused) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// What became of a planned payout.
    pub(super) async fn look(
        &self,
        bus: &mut Bus,
        payout: Payout,
    ) -> Result<PayoutState, BusError> {
        let status = self.status(bus).await?;
        if status.counter == next(payout.counter) {
            return Ok(match status.remaining {
                0 => PayoutState::Paid(status.paid.min(payout.coins)),
                _ => PayoutState::UnderWay,
            });
        }
        // Not begun, or it lost power meanwhile and counts anew: the coins it ever paid tell.
        let paid = self.dispensed(bus).await?.wrapping_sub(payout.dispensed) & 0x00ff_ffff;
        if paid == 0 && status.counter == payout.counter {
            return Ok(PayoutState::NotBegun);
        }
        let paid = u8::try_from(paid).unwrap_or(u8::MAX);
        Ok(PayoutState::Paid(paid.min(payout.coins)))
    }

    async fn status(&self, bus: &mut Bus) -> Result<Status, BusError> {
        let answer = bus
            .ask(self.address, Header::RequestHopperStatus, &[])
            .await?;
        let [counter, remaining, paid, _unpaid] = answer[..] else {
            return Err(BusError::Unintelligible);
        };
        Ok(Status {
            counter,
            remaining,
            paid,
        })
    }

    /// All coins that it ever paid, modulo 2^24.
    async fn dispensed(&self, bus: &mut Bus) -> Result<u32, BusError> {
        let answer = bus
            .ask(self.address, Header::RequestDispenseCount, &[])
            .await?;
        let [low, middle, high] = answer[..] else {
            return Err(BusError::Unintelligible);
        };
        Ok(u32::from_le_bytes([low, middle, high, 0]))
    }
}

/// The first byte of header 163: too much current, blocked while idle, shorted, blocked for good.
/// That the last payout ran out of coins, that the motor was reversed, that it has just got power
/// or is not enabled keeps nothing from paying.
const fn fault(flags: u8) -> Option<PaymentFault> {
    if flags & 0b0010_1001 != 0 {
        Some(PaymentFault::Jam)
    } else if flags & 0b0001_0000 != 0 {
        Some(PaymentFault::Faulty)
    } else {
        None
    }
}

const fn next(counter: u8) -> u8 {
    match counter {
        u8::MAX => 1,
        counter => counter + 1,
    }
}
