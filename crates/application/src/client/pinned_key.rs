//! Whom to believe about the sealing key.

use crypto::Es256PublicKey;

use crate::outer::LONGEST_SEALING_CONFIGURATION;
use crate::sealing_configuration::{LONGEST_VALIDITY_SECONDS, SignedSealingConfiguration};

/// The public key that signs sealing configurations, built into kiosk and app: nobody between
/// can substitute a sealing key of their own.
#[derive(Debug, Clone)]
pub struct PinnedKey(Es256PublicKey);

/// Not a P-256 `SubjectPublicKeyInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the pinned key is no P-256 SubjectPublicKeyInfo")]
pub struct InvalidPinnedKey;

/// Why a served sealing configuration was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationRefused {
    /// Longer than [`LONGEST_SEALING_CONFIGURATION`].
    #[error("the sealing configuration is {0} bytes long")]
    TooLarge(usize),
    /// Not the JSON it should be.
    #[error("the sealing configuration is malformed")]
    Malformed,
    /// Not signed by the pinned key: somebody between substituted their own.
    #[error("the sealing configuration is not signed by the pinned key")]
    Signature,
    /// Not yet valid, or no longer.
    #[error("the sealing configuration is not valid now")]
    NotValidNow,
    /// Valid for longer than a configuration may be.
    #[error("the sealing configuration is valid for {0} s")]
    ValidTooLong(i64),
    /// It has no key for X25519, HKDF-SHA-256 and AES-128-GCM.
    #[error("the sealing configuration has no key of a known suite")]
    NoKnownSuite,
}

/// A sealing key that is to be believed now.
#[derive(Debug, Clone)]
pub struct SealingConfiguration {
    encoded: KeyConfiguration,
    not_after: i64,
}

/// One key configuration (RFC 9458, section 3.1): key id, KEM X25519, the key, and one suite.
type KeyConfiguration = [u8; 41];

/// What stands between key id and key: DHKEM(X25519, HKDF-SHA256).
const KEM: [u8; 2] = [0x00, 0x20];
/// What follows the key: one suite of 4 bytes, HKDF-SHA256 and AES-128-GCM.
const SUITES: [u8; 6] = [0x00, 0x04, 0x00, 0x01, 0x00, 0x01];

impl PinnedKey {
    /// Reads a DER `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`InvalidPinnedKey`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, InvalidPinnedKey> {
        Es256PublicKey::from_spki_der(der)
            .map(Self)
            .map_err(|_| InvalidPinnedKey)
    }

    /// Believes a served sealing configuration, or not. `now` in seconds since 1970.
    ///
    /// # Errors
    /// [`ConfigurationRefused`].
    pub fn verify(
        &self,
        served: &[u8],
        now: i64,
    ) -> Result<SealingConfiguration, ConfigurationRefused> {
        if served.len() > LONGEST_SEALING_CONFIGURATION {
            return Err(ConfigurationRefused::TooLarge(served.len()));
        }
        let signed: SignedSealingConfiguration =
            crate::json::read(served).map_err(|_| ConfigurationRefused::Malformed)?;
        self.0
            .verify(&signed.signed_bytes(), &signed.signature[..])
            .map_err(|_| ConfigurationRefused::Signature)?;
        let validity = signed.not_after.saturating_sub(signed.not_before);
        if validity > LONGEST_VALIDITY_SECONDS {
            return Err(ConfigurationRefused::ValidTooLong(validity));
        }
        if !(signed.not_before..=signed.not_after).contains(&now) {
            return Err(ConfigurationRefused::NotValidNow);
        }
        Ok(SealingConfiguration {
            encoded: first_known(&signed.key_configurations)?,
            not_after: signed.not_after,
        })
    }
}

impl SealingConfiguration {
    /// Until when it may be used, seconds since 1970.
    #[must_use]
    pub const fn not_after(&self) -> i64 {
        self.not_after
    }

    pub(crate) const fn encoded(&self) -> &KeyConfiguration {
        &self.encoded
    }
}

/// The first configuration of the suite that this version speaks; others are for others.
fn first_known(mut list: &[u8]) -> Result<KeyConfiguration, ConfigurationRefused> {
    while let Some((length, rest)) = list.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        let (encoded, rest) = rest
            .split_at_checked(length)
            .ok_or(ConfigurationRefused::Malformed)?;
        if let Ok(encoded) = KeyConfiguration::try_from(encoded)
            && encoded[1..3] == KEM
            && encoded[35..] == SUITES
        {
            return Ok(encoded);
        }
        list = rest;
    }
    Err(ConfigurationRefused::NoKnownSuite)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{SealingKey, SealingKeys};
    use crypto::Es256SigningKey;

    const NOW: i64 = 1_767_225_600;
    const DAY: i64 = 24 * 60 * 60;

    fn signer() -> (Es256SigningKey, PinnedKey) {
        let (key, _) = Es256SigningKey::generate().unwrap();
        let pinned = PinnedKey::from_spki_der(&key.public_key().to_spki_der()).unwrap();
        (key, pinned)
    }

    fn served(key: &Es256SigningKey) -> SignedSealingConfiguration {
        SealingKeys::new(vec![SealingKey::from_seed(7, &[1; 32]).unwrap()])
            .unwrap()
            .sign_configuration(key, NOW, NOW + DAY)
            .unwrap()
    }

    #[track_caller]
    fn refused(
        pinned: &PinnedKey,
        served: &SignedSealingConfiguration,
        now: i64,
        expected: ConfigurationRefused,
    ) {
        let json = serde_json::to_vec(served).unwrap();
        assert_eq!(pinned.verify(&json, now).unwrap_err(), expected);
    }

    #[test]
    fn what_the_pinned_key_signed_is_believed_while_it_is_valid() {
        let (key, pinned) = signer();
        let served = served(&key);
        let json = serde_json::to_vec(&served).unwrap();
        for now in [NOW, NOW + DAY] {
            let configuration = pinned.verify(&json, now).unwrap();
            assert_eq!(configuration.encoded()[0], 7);
            assert_eq!(configuration.not_after(), NOW + DAY);
        }
        for now in [NOW - 1, NOW + DAY + 1] {
            refused(&pinned, &served, now, ConfigurationRefused::NotValidNow);
        }
    }

    #[test]
    fn a_substituted_configuration_is_refused() {
        let (key, pinned) = signer();
        let (hostile, _) = signer();
        refused(
            &pinned,
            &served(&hostile),
            NOW,
            ConfigurationRefused::Signature,
        );
        // Their key under our signature.
        let mut mixed = served(&key);
        mixed.key_configurations =
            SealingKeys::new(vec![SealingKey::from_seed(7, &[2; 32]).unwrap()])
                .unwrap()
                .sign_configuration(&hostile, NOW, NOW + DAY)
                .unwrap()
                .key_configurations;
        refused(&pinned, &mixed, NOW, ConfigurationRefused::Signature);
    }

    #[test]
    fn a_validity_that_was_written_over_is_refused() {
        let (key, pinned) = signer();
        let mut longer = served(&key);
        longer.not_after += 1;
        refused(&pinned, &longer, NOW, ConfigurationRefused::Signature);
        let mut earlier = served(&key);
        earlier.not_before -= 1;
        refused(&pinned, &earlier, NOW, ConfigurationRefused::Signature);
    }

    #[test]
    fn a_signature_for_another_purpose_is_refused() {
        let (key, pinned) = signer();
        let mut served = served(&key);
        let without_label = &served.signed_bytes()[32..];
        served.signature = key.sign(without_label).unwrap().into();
        refused(&pinned, &served, NOW, ConfigurationRefused::Signature);
    }

    #[test]
    fn a_validity_without_bound_is_refused() {
        let (key, pinned) = signer();
        let list = served(&key).key_configurations.to_vec();
        for (not_before, not_after) in [
            (NOW, NOW + LONGEST_VALIDITY_SECONDS + 1),
            (i64::MIN, i64::MAX),
        ] {
            let served =
                SignedSealingConfiguration::sign(list.clone(), not_before, not_after, &key)
                    .unwrap();
            let validity = not_after.saturating_sub(not_before);
            refused(
                &pinned,
                &served,
                NOW,
                ConfigurationRefused::ValidTooLong(validity),
            );
        }
    }

    #[test]
    fn only_a_known_suite_is_used() {
        let (key, pinned) = signer();
        let ours = served(&key).key_configurations.to_vec();
        // P-256 (65-byte key) instead of X25519; ChaCha20Poly1305 instead of AES-128-GCM.
        let mut p256 = vec![0, 74, 1, 0x00, 0x10];
        p256.extend_from_slice(&[4; 65]);
        p256.extend_from_slice(&SUITES);
        let mut chacha = ours.clone();
        *chacha.last_mut().unwrap() = 3;
        // No KEM that there is, with a key as long as X25519's.
        let mut unknown = ours.clone();
        unknown[3] = 0x7f;
        for (list, expected) in [
            (unknown, Err(ConfigurationRefused::NoKnownSuite)),
            (p256.clone(), Err(ConfigurationRefused::NoKnownSuite)),
            (chacha.clone(), Err(ConfigurationRefused::NoKnownSuite)),
            (Vec::new(), Err(ConfigurationRefused::NoKnownSuite)),
            (ours[..42].to_vec(), Err(ConfigurationRefused::Malformed)),
            ([p256, chacha, ours].concat(), Ok(7)),
        ] {
            let served = SignedSealingConfiguration::sign(list, NOW, NOW + DAY, &key).unwrap();
            let json = serde_json::to_vec(&served).unwrap();
            let found = pinned.verify(&json, NOW).map(|found| found.encoded()[0]);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn unknown_doubled_and_trailing_members_are_refused() {
        let (key, pinned) = signer();
        let json = serde_json::to_string(&served(&key)).unwrap();
        for bad in [
            json.replacen('{', "{\"x\":1,", 1),
            json.replacen('{', "{\"not_before\":1,", 1),
            format!("{json}{{}}"),
            json[1..].to_owned(),
        ] {
            assert_eq!(
                pinned.verify(bad.as_bytes(), NOW).unwrap_err(),
                ConfigurationRefused::Malformed
            );
        }
        let long = format!("{json}{}", " ".repeat(LONGEST_SEALING_CONFIGURATION));
        assert_eq!(
            pinned.verify(long.as_bytes(), NOW).unwrap_err(),
            ConfigurationRefused::TooLarge(long.len())
        );
    }

    #[test]
    fn a_pinned_key_that_is_none_is_refused() {
        assert_eq!(
            PinnedKey::from_spki_der(&[0; 91]).unwrap_err(),
            InvalidPinnedKey
        );
    }
}
