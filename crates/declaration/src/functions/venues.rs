//! `[venues]`: doses registered by venues (接種会場) through vouchers.

use serde::Deserialize;

use crate::section::Function;

/// Doses from venues by voucher (C15).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Venues {
    /// Most doses one venue registers a day.
    pub doses_per_day: u32,
    /// For how many days after registering a dose its venue may cancel or correct it itself.
    pub correction_days: u16,
}

impl Function for Venues {
    const SECTION: &'static str = "venues";
    const MEANING: &'static str = "doses registered by venues by voucher";

    fn in_words(&self) -> Vec<String> {
        vec![
            format!("at most {} doses a venue and day", self.doses_per_day),
            format!(
                "a venue corrects its own doses for {} days",
                self.correction_days
            ),
        ]
    }
}
