//! How many connections one address holds open. Bounded by the connections there are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::address_rates::AddressBlock;

/// Open connections by address.
#[derive(Clone)]
pub struct ConnectionCounts {
    open: Arc<Mutex<HashMap<AddressBlock, u32>>>,
    most: u32,
}

/// One open connection; dropped when it closes.
pub struct OpenConnection {
    counts: ConnectionCounts,
    address: AddressBlock,
}

impl ConnectionCounts {
    /// At most so many from each address.
    #[must_use]
    pub fn new(most: u32) -> Self {
        Self {
            open: Arc::default(),
            most,
        }
    }

    /// Counts one more, or says that there are enough.
    #[must_use]
    pub fn open(&self, address: AddressBlock) -> Option<OpenConnection> {
        // A panic elsewhere cannot leave the map half changed here.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_insert(0);
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(OpenConnection {
            counts: self.clone(),
            address,
        })
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let counts = &self.counts;
        let mut open = counts.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    #[test]
    fn a_closed_connection_makes_room() {
        let counts = ConnectionCounts::new(2);
        let address = AddressBlock::from(IpAddr::from(Ipv4Addr::LOCALHOST));
        let first = counts.open(address);
        let second = counts.open(address);
        assert!(first.is_some() && second.is_some());
        assert!(counts.open(address).is_none());
        drop(first);
        assert!(counts.open(address).is_some());
        drop(second);
        assert!(counts.open.lock().unwrap().is_empty());
    }
}
