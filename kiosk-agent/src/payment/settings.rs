//! `[payment]`: which devices take money, and where.

use std::path::PathBuf;

use domain::Yen;
use serde::Deserialize;

use super::change;

/// How fees are paid. Without a device the fee is shown and the store takes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaymentSettings {
    /// Where money that is neither kept nor given back yet is written down. It must survive a
    /// loss of power. Needed with any device.
    pub journal: Option<PathBuf>,
    /// Coins, by ccTalk.
    pub coins: Option<CoinSettings>,
    /// Cards and telephones, by MDB/ICP.
    pub cashless: Option<CashlessSettings>,
}

/// A ccTalk line with a coin acceptor and hoppers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoinSettings {
    /// The serial line.
    pub device: PathBuf,
    /// The acceptor's ccTalk address.
    #[serde(default = "acceptor_address")]
    pub acceptor: u8,
    /// The hoppers that give change.
    #[serde(default)]
    pub hoppers: Vec<HopperSettings>,
}

/// A hopper: it holds coins of one value.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HopperSettings {
    /// Its ccTalk address.
    pub address: u8,
    /// The value of its coins in yen.
    pub yen: u32,
}

/// A cashless device behind a serial MDB adaptor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CashlessSettings {
    /// The adaptor's serial line.
    pub device: PathBuf,
}

impl PaymentSettings {
    /// Whether a device takes money here.
    #[must_use]
    pub const fn takes_money(&self) -> bool {
        self.coins.is_some() || self.cashless.is_some()
    }

    /// Every path in it, to be resolved.
    pub(crate) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let coins = self.coins.as_mut().map(|coins| &mut coins.device);
        let cashless = self.cashless.as_mut().map(|cashless| &mut cashless.device);
        self.journal
            .as_mut()
            .into_iter()
            .chain(coins)
            .chain(cashless)
    }

    /// What makes no sense, if anything.
    ///
    /// # Errors
    /// What it is.
    pub fn check(&self) -> Result<(), &'static str> {
        let lines = (&self.coins, &self.cashless);
        if let (Some(coins), Some(cashless)) = lines
            && coins.device == cashless.device
        {
            return Err("coins and cashless have the same device");
        }
        let Some(coins) = &self.coins else {
            return Ok(());
        };
        // 0 is everybody and 1 the master (ccTalk part 1).
        let mut addresses: Vec<u8> = coins.hoppers.iter().map(|it| it.address).collect();
        addresses.extend([0, 1, coins.acceptor]);
        addresses.sort_unstable();
        if addresses.windows(2).any(|two| two.first() == two.last()) {
            return Err("coins: two devices have the same address, or one has 0 or 1");
        }
        let mut values = coins.hoppers.iter().map(|it| Yen(it.yen));
        if values.any(|value| !change::VALUES.contains(&value)) {
            return Err("coins: a hopper holds coins of 10, 50, 100 or 500 yen");
        }
        Ok(())
    }
}

/// Coin acceptors are at address 2 (ccTalk part 1, default addresses).
const fn acceptor_address() -> u8 {
    2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(acceptor: u8, hoppers: &[(u8, u32)], cashless: &str) -> PaymentSettings {
        let hopper = |&(address, yen): &(u8, u32)| HopperSettings { address, yen };
        PaymentSettings {
            journal: None,
            coins: Some(CoinSettings {
                device: "/dev/coins".into(),
                acceptor,
                hoppers: hoppers.iter().map(hopper).collect(),
            }),
            cashless: Some(CashlessSettings {
                device: cashless.into(),
            }),
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let good = settings(2, &[(3, 10), (4, 100)], "/dev/cashless");
        assert_eq!(good.check(), Ok(()));
        assert!(good.takes_money() && !PaymentSettings::default().takes_money());
        for bad in [
            settings(2, &[(2, 10)], "/dev/cashless"),
            settings(1, &[], "/dev/cashless"),
            settings(2, &[(0, 10)], "/dev/cashless"),
            settings(2, &[(3, 10), (3, 100)], "/dev/cashless"),
            settings(2, &[(3, 7)], "/dev/cashless"),
            settings(2, &[], "/dev/coins"),
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_misspelt_or_left_out_is_refused() {
        let good = "journal = \"j\"\n[coins]\ndevice = \"c\"\n\
                    hoppers = [{ address = 3, yen = 10 }]\n[cashless]\ndevice = \"d\"\n";
        let read = |text: &str| toml::from_str::<PaymentSettings>(text);
        assert_eq!(read(good).unwrap().coins.unwrap().acceptor, 2);
        for (part, other) in [
            ("journal", "jornal"),
            ("hoppers", "hopper"),
            ("yen = 10", "yen = 10, coins = 5"),
            ("yen = 10", "yen = -10"),
            ("address = 3", "address = 256"),
            (", yen = 10", ""),
            ("device = \"c\"\n", ""),
            ("device = \"d\"", "device = \"d\"\nbaud = 19200"),
        ] {
            assert!(read(&good.replace(part, other)).is_err(), "{other}");
        }
    }
}
