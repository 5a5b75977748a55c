//! How much one address may do. Counted in memory, bounded, written nowhere.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses that are counted as one: an IPv4 address, or an IPv6 /64, which is what one
/// household or phone gets. No `Debug`: nothing prints it by accident.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressBlock(u64);

impl From<IpAddr> for AddressBlock {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            // 0:0:0:0/64 holds no public addresses: IPv4 cannot be mistaken for IPv6.
            IpAddr::V4(four) => Self(u64::from(four.to_bits())),
            // The upper 64 of 128 bits.
            IpAddr::V6(six) => Self((six.to_bits() >> 64) as u64),
        }
    }
}

/// A token bucket for each address, kept as the moment at which it is full again.
pub struct AddressRates {
    interval: Duration,
    depth: Duration,
    most: usize,
    table: Mutex<Generations>,
}

/// Addresses seen lately, and those seen before: when the first are too many, they take the
/// place of the second, which are forgotten. Bounded without looking through all of them.
#[derive(Default)]
struct Generations {
    recent: HashMap<AddressBlock, Instant>,
    before: HashMap<AddressBlock, Instant>,
}

impl AddressRates {
    /// So many a second in the long run and so many at once, for at most twice `most`
    /// addresses. Nothing is zero.
    #[must_use]
    pub fn new(per_second: u32, burst: u32, most: usize) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        Self {
            interval,
            depth: interval * burst.max(1),
            most: most.max(1),
            table: Mutex::default(),
        }
    }

    /// Whether this address may do one thing more at this moment.
    pub fn allows(&self, address: AddressBlock, now: Instant) -> bool {
        // A panic elsewhere cannot leave a map half changed here.
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let full = table.full_again(address).map_or(now, |full| full.max(now));
        let next = full + self.interval;
        let allowed = next <= now + self.depth;
        table.remember(address, if allowed { next } else { full }, self.most);
        allowed
    }
}

impl Generations {
    fn full_again(&self, address: AddressBlock) -> Option<Instant> {
        let found = self.recent.get(&address);
        found.or_else(|| self.before.get(&address)).copied()
    }

    fn remember(&mut self, address: AddressBlock, full: Instant, most: usize) {
        if self.recent.len() >= most && !self.recent.contains_key(&address) {
            self.before = std::mem::take(&mut self.recent);
        }
        self.recent.insert(address, full);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn block(last: u8) -> AddressBlock {
        IpAddr::from(Ipv4Addr::new(192, 0, 2, last)).into()
    }

    #[test]
    fn a_burst_and_then_the_rate() {
        let rates = AddressRates::new(2, 3, 10);
        let start = Instant::now();
        let allowed = (0..5).filter(|_| rates.allows(block(1), start)).count();
        assert_eq!(allowed, 3);
        assert!(!rates.allows(block(1), start + Duration::from_millis(499)));
        assert!(rates.allows(block(1), start + Duration::from_millis(500)));
        assert!(!rates.allows(block(1), start + Duration::from_millis(501)));
        let later = start + Duration::from_secs(60);
        let allowed = (0..5).filter(|_| rates.allows(block(1), later)).count();
        assert_eq!(allowed, 3);
    }

    #[test]
    fn one_address_does_not_use_up_anothers() {
        let rates = AddressRates::new(1, 1, 10);
        let now = Instant::now();
        assert!(rates.allows(block(1), now));
        assert!(!rates.allows(block(1), now));
        assert!(rates.allows(block(2), now));
    }

    #[test]
    fn one_ipv6_network_is_one_address() {
        let of = |low: u16, high: u16| -> AddressBlock {
            IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, 0, high, 0, 0, 0, low)).into()
        };
        assert!(of(1, 0) == of(2, 0));
        assert!(of(1, 0) != of(1, 1));
        let mapped: IpAddr = "::ffff:192.0.2.1".parse().unwrap();
        assert!(AddressBlock::from(mapped) == block(1));
    }

    #[test]
    fn the_table_is_bounded_and_forgets_the_oldest() {
        let rates = AddressRates::new(1, 1, 4);
        let now = Instant::now();
        for last in 0..100 {
            assert!(rates.allows(block(last), now));
        }
        let table = rates.table.lock().unwrap();
        assert!(table.recent.len() + table.before.len() <= 8);
        drop(table);
        assert!(!rates.allows(block(99), now));
    }
}
