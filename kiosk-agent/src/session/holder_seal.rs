//! What the kiosk keeps of the card between reading and printing: enough to recognise its
//! holder, and nothing to read.

use certificate::{HolderOnCode, holder_mac, is_holder};
use crypto::{MacKey, SecureRandom};
use domain::{BasicAttributes, BirthDate, NormalizedName};

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

    /// Whether these are the forms in which this holder's card may bear the name, and the birth date
    /// is the holder's.
    #[must_use]
    pub fn is_named(&self, names: &[NormalizedName], birth_date: BirthDate) -> bool {
        is_holder(&self.key, &self.mac, names, birth_date)
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
