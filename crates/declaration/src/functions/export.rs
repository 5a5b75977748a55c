//! `[export]`: exports to the municipality's own ledger (予防接種台帳).

use std::fmt;

use serde::Deserialize;

use crate::section::Function;

/// Exports to the municipality's own ledger (C21).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Unchecked")]
pub struct Export {
    recipients: Vec<AgeRecipient>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    recipients: Vec<AgeRecipient>,
}

/// Whom a file is encrypted to: an X25519 recipient of age, `age1…`. A public key.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AgeRecipient(String);

impl Export {
    /// Whom exports are encrypted to, 1 to 20, none twice.
    #[must_use]
    pub fn recipients(&self) -> &[AgeRecipient] {
        &self.recipients
    }
}

impl TryFrom<Unchecked> for Export {
    type Error = &'static str;

    fn try_from(Unchecked { recipients }: Unchecked) -> Result<Self, Self::Error> {
        let mut texts: Vec<_> = recipients.iter().map(AgeRecipient::as_str).collect();
        texts.sort_unstable();
        texts.dedup();
        if (1..=20).contains(&recipients.len()) && texts.len() == recipients.len() {
            Ok(Self { recipients })
        } else {
            Err("recipients are 1 to 20 keys, none twice: recipients = [\"age1…\"]")
        }
    }
}

impl AgeRecipient {
    /// The text, `age1…`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AgeRecipient {
    type Error = &'static str;

    /// Takes what looks like one; its checksum is tested where it is used to encrypt.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let body = text.strip_prefix("age1").unwrap_or_default();
        let fits = text.len() == 62
            && body
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        fits.then_some(Self(text))
            .ok_or("a recipient is a public key of age, 62 characters, age1…: never a secret key")
    }
}

impl fmt::Debug for AgeRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AgeRecipient({})", self.0)
    }
}

impl Function for Export {
    const SECTION: &'static str = "export";
    const MEANING: &'static str = "exports to the municipality's own ledger";

    fn in_words(&self) -> Vec<String> {
        let one = |recipient: &AgeRecipient| format!("encrypted to {}", recipient.as_str());
        self.recipients.iter().map(one).collect()
    }
}
