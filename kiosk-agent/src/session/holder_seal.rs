//! What the kiosk keeps of the card between reading and printing: enough to recognise its
//! holder, and nothing to read.

use certificate::{HolderOnCode, holder_mac};
use crypto::{MacKey, SecureRandom};
use domain::BasicAttributes;

/// An HMAC over the holder's normalised name and birth date, under a key of this session that
/// goes with it.
#[derive(Clone)]
pub struct HolderSeal {
    key: MacKey,
    mac: [u8; 32],
}

impl HolderSeal {
    /// Seals a holder.
    #[must_use]
    pub fn of(holder: &BasicAttributes, random: &dyn SecureRandom) -> Self {
        let key = MacKey::random(random);
        let mac = holder_mac(&key, &holder.name.normalized(), holder.birth_date);
        Self { key, mac }
    }

    /// Whether a code is of this holder.
    #[must_use]
    pub fn is_of(&self, holder: &HolderOnCode) -> bool {
        holder.matches_mac(&self.key, &self.mac)
    }
}

impl std::fmt::Debug for HolderSeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HolderSeal([redacted])")
    }
}
