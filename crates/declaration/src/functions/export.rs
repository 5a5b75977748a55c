//! `[export]`: exports to the municipality's own ledger (予防接種台帳).

use encrypted_file::Recipients;
use serde::Deserialize;

use crate::section::Function;

/// Exports to the municipality's own ledger (C21).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Whom exports are encrypted to: public keys of age (`age1…`), 1 to 20, none twice.
    #[serde(deserialize_with = "recipients")]
    pub recipients: Recipients,
}

/// Most recipients: their names stand in what the second person reads.
const MOST_RECIPIENTS: usize = 20;

/// One public key.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Recipient(String);

impl TryFrom<String> for Recipient {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let one = Recipients::parse(&text).is_ok_and(|parsed| parsed.names().eq([text.clone()]));
        one.then_some(Self(text))
            .ok_or("a recipient is a public key of age, age1…: never a secret key")
    }
}

fn recipients<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Recipients, D::Error> {
    let keys = Vec::<Recipient>::deserialize(deserializer)?;
    let texts: Vec<String> = keys.into_iter().map(|key| key.0).collect();
    let mut once = texts.clone();
    once.sort_unstable();
    once.dedup();
    if once.len() != texts.len() || texts.len() > MOST_RECIPIENTS {
        return Err(refused());
    }
    Recipients::parse(&texts.join("\n")).map_err(|_| refused())
}

fn refused<E: serde::de::Error>() -> E {
    E::custom("recipients are 1 to 20 keys, none twice: recipients = [\"age1…\"]")
}

impl Function for Export {
    const SECTION: &'static str = "export";
    const MEANING: &'static str = "exports to the municipality's own ledger";

    fn in_words(&self) -> Vec<String> {
        let one = |name: String| format!("encrypted to {name}");
        self.recipients.names().map(one).collect()
    }
}
