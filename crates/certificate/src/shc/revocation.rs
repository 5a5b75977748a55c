//! Revoking a card: the list of revoked ones (SHC, "Revocation").

use domain::RevocationId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::KeyId;

/// Longest revocation list that is read, in bytes.
const LONGEST_LIST: usize = 4 * 1024 * 1024;

/// The list of revoked cards of one key (`/.well-known/crl/<kid>.json`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    /// Whose cards.
    pub key: KeyId,
    /// Counts the list's editions from 1; the key's `crlVersion`.
    pub counter: u64,
    /// What is revoked.
    pub revoked: Vec<Revoked>,
}

/// A revoked card, or every card of this id that was issued before a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// The id.
    pub id: RevocationId,
    /// Only cards whose `nbf` lies before this; all of them without it.
    pub issued_before: Option<OffsetDateTime>,
}

/// Why a text is no revocation list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRevocationList {
    /// More than 4 MB.
    #[error("the revocation list is {0} bytes long")]
    TooLong(usize),
    /// No JSON in the form of a revocation list.
    #[error("the revocation list is malformed at line {line}, column {column}")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column.
        column: usize,
    },
    /// A method other than `rid`.
    #[error("the revocation list is not by rid")]
    Method,
    /// The key's id is none.
    #[error("the revocation list names no key")]
    Key,
    /// An entry that is no revocation id, or one with a wrong moment.
    #[error("entry {0} of the revocation list, from 0, is no revocation id")]
    Entry(usize),
}

#[derive(Serialize, Deserialize)]
struct ListJson {
    kid: String,
    method: String,
    ctr: u64,
    rids: Vec<String>,
}

impl RevocationList {
    /// A list of cards that are revoked whenever they were issued.
    #[must_use]
    pub fn new(key: KeyId, counter: u64, ids: impl IntoIterator<Item = RevocationId>) -> Self {
        let revoked = ids.into_iter().map(|id| Revoked {
            id,
            issued_before: None,
        });
        Self {
            key,
            counter,
            revoked: revoked.collect(),
        }
    }

    /// Whether a card with this id and `nbf` is revoked.
    #[must_use]
    pub fn revokes(&self, id: &RevocationId, not_before: OffsetDateTime) -> bool {
        self.revoked.iter().any(|revoked| {
            revoked.id == *id
                && revoked
                    .issued_before
                    .is_none_or(|before| not_before < before)
        })
    }

    /// Reads a list.
    ///
    /// # Errors
    /// [`InvalidRevocationList`].
    pub fn parse(json: &[u8]) -> Result<Self, InvalidRevocationList> {
        if json.len() > LONGEST_LIST {
            return Err(InvalidRevocationList::TooLong(json.len()));
        }
        let list: ListJson =
            serde_json::from_slice(json).map_err(|error| InvalidRevocationList::Malformed {
                line: error.line(),
                column: error.column(),
            })?;
        if list.method != "rid" {
            return Err(InvalidRevocationList::Method);
        }
        let entries = list.rids.iter().enumerate();
        let entries =
            entries.map(|(at, entry)| revoked(entry).ok_or(InvalidRevocationList::Entry(at)));
        Ok(Self {
            key: KeyId::parse(&list.kid).ok_or(InvalidRevocationList::Key)?,
            counter: list.ctr,
            revoked: entries.collect::<Result<_, _>>()?,
        })
    }

    /// The list as published.
    #[must_use]
    pub fn to_json(&self) -> String {
        let entry = |revoked: &Revoked| match revoked.issued_before {
            Some(before) => format!("{}.{}", revoked.id.as_str(), before.unix_timestamp()),
            None => revoked.id.as_str().to_owned(),
        };
        let list = ListJson {
            kid: self.key.as_str().to_owned(),
            method: "rid".to_owned(),
            ctr: self.counter,
            rids: self.revoked.iter().map(entry).collect(),
        };
        serde_json::to_string(&list).expect("texts and numbers without maps always serialise")
    }
}

/// `id`, or `id.seconds`.
fn revoked(entry: &str) -> Option<Revoked> {
    let (id, seconds) = match entry.split_once('.') {
        Some((id, seconds)) => (id, Some(seconds.parse().ok()?)),
        None => (entry, None),
    };
    let issued_before = match seconds {
        Some(seconds) => Some(OffsetDateTime::from_unix_timestamp(seconds).ok()?),
        None => None,
    };
    Some(Revoked {
        id: RevocationId::parse(id).ok()?,
        issued_before,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const KID: &str = "3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s";

    #[test]
    fn there_and_back() {
        let json = format!(
            r#"{{"kid":"{KID}","method":"rid","ctr":2,"rids":["ABCDEFGHIJK1","x-_.1623974400"]}}"#
        );
        let list = RevocationList::parse(json.as_bytes()).unwrap();
        assert_eq!(list.to_json(), json);
        let moment = datetime!(2021-06-18 00:00 UTC);
        let id = |text| RevocationId::parse(text).unwrap();
        assert!(list.revokes(&id("ABCDEFGHIJK1"), moment));
        assert!(!list.revokes(&id("ABCDEFGHIJK2"), moment));
        assert!(!list.revokes(&id("x-_"), moment), "issued at that moment");
        assert!(list.revokes(&id("x-_"), moment - time::Duration::SECOND));
    }

    #[test]
    fn every_refusal() {
        use InvalidRevocationList as Invalid;
        let list = |kid: &str, method: &str, entry: &str| {
            format!(r#"{{"kid":"{kid}","method":"{method}","ctr":1,"rids":["{entry}"]}}"#)
        };
        for (json, refusal) in [
            (list("short", "rid", "a"), Invalid::Key),
            (list(KID, "serial", "a"), Invalid::Method),
            (list(KID, "rid", ""), Invalid::Entry(0)),
            (list(KID, "rid", "a.b"), Invalid::Entry(0)),
            (list(KID, "rid", &"a".repeat(25)), Invalid::Entry(0)),
            ("{".to_owned(), Invalid::Malformed { line: 1, column: 1 }),
            (
                " ".repeat(LONGEST_LIST + 1),
                Invalid::TooLong(LONGEST_LIST + 1),
            ),
        ] {
            assert_eq!(RevocationList::parse(json.as_bytes()), Err(refusal));
        }
    }
}
