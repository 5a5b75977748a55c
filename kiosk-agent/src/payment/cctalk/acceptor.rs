//! The coin acceptor: which coins it takes, and what it says about those it took.
//!
//! It counts its events from 1 to 255 and begins again at 1; 0 says that it was reset. The last
//! five can be read as often as one likes (header 229), so that a lost answer loses no coin.

use domain::Yen;

use super::bus::{Bus, BusError};
use super::frame::Header;
use crate::payment::PaymentFault;

/// The places of an acceptor's coin table.
const PLACES: usize = 16;

/// So many events an acceptor keeps.
const KEPT: usize = 5;

/// Coins that are taken, by place in the acceptor's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::payment) struct CoinTable([Option<Yen>; PLACES]);

/// What happened at the acceptor since it was asked last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment) struct Happened {
    /// The event counter now.
    pub(in crate::payment) counter: u8,
    /// The coins taken, oldest first.
    pub(in crate::payment) coins: Vec<Yen>,
    /// A coin is stuck.
    pub(in crate::payment) jam: bool,
    /// The counter went on from where it stood: nothing was missed, and nothing counted anew.
    pub(in crate::payment) certain: bool,
}

/// A coin acceptor on a line.
#[derive(Debug, Clone, Copy)]
pub(in crate::payment) struct Acceptor {
    address: u8,
    table: CoinTable,
}

impl Acceptor {
    /// Greets the device at this address and reads which yen coins it knows. Nothing is taken yet.
    ///
    /// # Errors
    /// [`BusError::Unintelligible`] where it is no coin acceptor.
    pub(super) async fn greet(bus: &mut Bus, address: u8) -> Result<Self, BusError> {
        let category = bus
            .ask(address, Header::RequestEquipmentCategory, &[])
            .await?;
        if category != b"Coin Acceptor" {
            return Err(BusError::Unintelligible);
        }
        let mut table = CoinTable::default();
        for (place, value) in (1..).zip(&mut table.0) {
            let id = bus.ask(address, Header::RequestCoinId, &[place]).await?;
            *value = yen(&id);
        }
        let acceptor = Self { address, table };
        acceptor.take_none(bus).await?;
        Ok(acceptor)
    }

    /// Takes the coins for which this holds, and no others.
    pub(super) async fn take(
        &self,
        bus: &mut Bus,
        wanted: &(dyn Fn(Yen) -> bool + Sync),
    ) -> Result<(), BusError> {
        let mut mask = 0u16;
        for (place, value) in self.table.0.iter().enumerate() {
            if value.is_some_and(wanted) {
                mask |= 1 << place;
            }
        }
        let inhibits = mask.to_le_bytes();
        bus.ask(self.address, Header::ModifyInhibitStatus, &inhibits)
            .await?;
        self.master(bus, mask != 0).await
    }

    /// Takes no coin at all.
    pub(super) async fn take_none(&self, bus: &mut Bus) -> Result<(), BusError> {
        self.master(bus, false).await
    }

    async fn master(&self, bus: &mut Bus, takes: bool) -> Result<(), BusError> {
        let data = [u8::from(takes)];
        bus.ask(self.address, Header::ModifyMasterInhibit, &data)
            .await
            .map(drop)
    }

    /// What happened since the counter stood at `since`.
    pub(super) async fn happened(
        &self,
        bus: &mut Bus,
        since: Option<u8>,
    ) -> Result<Happened, BusError> {
        let answer = bus
            .ask(self.address, Header::ReadBufferedCredit, &[])
            .await?;
        happened(&self.table, &answer, since).ok_or(BusError::Unintelligible)
    }

    /// Its own opinion of itself.
    pub(super) async fn fault(&self, bus: &mut Bus) -> Result<Option<PaymentFault>, BusError> {
        let answer = bus.ask(self.address, Header::PerformSelfCheck, &[]).await?;
        match answer.first() {
            Some(0) => Ok(None),
            // 3: fault on the credit sensor, 6: on the sorter exit sensors, 21: reject flap.
            Some(3 | 6 | 21) => Ok(Some(PaymentFault::Jam)),
            Some(_) => Ok(Some(PaymentFault::Faulty)),
            None => Err(BusError::Unintelligible),
        }
    }
}

/// Reads `[counter] [A B]×5`, newest first: A is a coin's place, or 0 and B an error.
fn happened(table: &CoinTable, answer: &[u8], since: Option<u8>) -> Option<Happened> {
    let (counter, events) = answer.split_first()?;
    let (events, rest) = events.as_chunks::<2>();
    if events.len() != KEPT || !rest.is_empty() {
        return None;
    }
    let mut happened = Happened {
        counter: *counter,
        coins: Vec::new(),
        jam: false,
        certain: distance(*counter, since) <= KEPT,
    };
    for [place, error] in events
        .iter()
        .take(distance(*counter, since).min(KEPT))
        .rev()
    {
        match place.checked_sub(1) {
            Some(index) => {
                let value = table.0.get(usize::from(index)).copied().flatten();
                happened.coins.extend(value);
            }
            None => happened.jam |= is_jam(*error),
        }
    }
    Some(happened)
}

/// How many events are new. After a reset the counter began anew, and what the
/// acceptor keeps is from then on; after more events than it keeps all of them are new. Both look
/// like a great distance, and in both every event that is there counts.
///
/// Where nobody knows how it stood, nothing counts.
fn distance(counter: u8, since: Option<u8>) -> usize {
    match (counter, since) {
        (0, _) | (_, None) => 0,
        (counter, Some(0)) => usize::from(counter),
        (counter, Some(since)) => (usize::from(counter) + 255 - usize::from(since)) % 255,
    }
}

/// Error codes that say that something stands in the way (part 3, table 2): credit sensor
/// blocked, sorter opto blocked, reject sensor blocked, manifold opto blocked.
const fn is_jam(error: u8) -> bool {
    matches!(error, 14 | 15 | 26 | 32)
}

/// A coin's id is `CCVVVI`: country, value, issue (part 3, appendix 3). Coins of 10, 50, 100 and
/// 500 yen are known; an acceptor takes no others.
fn yen(id: &[u8]) -> Option<Yen> {
    match id.get(..5)? {
        b"JP010" => Some(Yen(10)),
        b"JP050" => Some(Yen(50)),
        b"JP100" => Some(Yen(100)),
        b"JP500" => Some(Yen(500)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> CoinTable {
        let mut table = CoinTable::default();
        table.0[0] = yen(b"JP010A");
        table.0[3] = yen(b"JP500B");
        table
    }

    fn coins(answer: [u8; 11], since: u8) -> Vec<Yen> {
        happened(&table(), &answer, Some(since)).unwrap().coins
    }

    #[test]
    fn each_coin_counts_once_however_often_it_is_read() {
        let answer = [3, 4, 0, 0, 2, 1, 0, 0, 0, 0, 0];
        assert_eq!(coins(answer, 0), [Yen(10), Yen(500)]);
        assert_eq!(coins(answer, 2), [Yen(500)]);
        assert_eq!(coins(answer, 3), []);
    }

    #[test]
    fn the_counter_goes_on_at_one_after_255_and_begins_anew_after_a_reset() {
        let answer = [1, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(coins(answer, 255), [Yen(500)]);
        assert_eq!(coins(answer, 254), [Yen(10), Yen(500)]);
        // Reset, and one coin since.
        let anew = [1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(coins(anew, 17), [Yen(500)]);
        let silent = [0; 11];
        assert_eq!(coins(silent, 17), []);
    }

    #[test]
    fn an_acceptor_that_was_never_read_owes_nobody_for_its_past() {
        let answer = [3, 4, 0, 4, 0, 4, 0, 0, 0, 0, 0];
        let seen = happened(&table(), &answer, None).unwrap();
        assert_eq!(seen.coins, []);
        // Another acceptor, or one that was reset: its coins count, and it is not certain whose.
        assert!(!happened(&table(), &answer, Some(100)).unwrap().certain);
    }

    #[test]
    fn a_jam_is_told_and_a_foreign_coin_is_worth_nothing() {
        let answer = [2, 0, 14, 9, 0, 0, 0, 0, 0, 0, 0];
        let seen = happened(&table(), &answer, Some(0)).unwrap();
        assert!(seen.jam && seen.coins.is_empty());
        assert_eq!(happened(&table(), &answer[..10], Some(0)), None);
        assert_eq!(yen(b"EU100A"), None);
        assert_eq!(yen(b"......"), None);
    }
}
