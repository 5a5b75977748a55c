//! `[payment]`: which devices take money, and where.

use std::path::PathBuf;

use serde::Deserialize;

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

/// Coin acceptors are at address 2 (ccTalk part 1, default addresses).
const fn acceptor_address() -> u8 {
    2
}
