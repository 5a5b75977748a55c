//! Where a chain ends, and that somebody signed it.
//!
//! An entry is covered twice. The **keyed hash** needs the register's own secret: who has the
//! database alone cannot even rebuild the chain. The **digest** needs nothing: what was signed can
//! be checked by an auditor who holds entries and the audit key's public half.

use crypto::{Es256PublicKey, Es256SigningKey, Sha256, SigningFailed};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::writer::{AuditArea, AuditWriter, ChainName};

/// Where a chain ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// Number of the last entry; 0 for a chain without entries.
    pub sequence: u64,
    /// The last entry's keyed hash; zeros for a chain without entries.
    pub hash: [u8; 32],
}

impl AuditHead {
    /// The head of a chain without entries.
    pub const EMPTY: Self = Self {
        sequence: 0,
        hash: [0; 32],
    };
}

/// A head with the digest over every entry up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DigestedHead {
    pub(crate) head: AuditHead,
    pub(crate) digest: [u8; 32],
}

impl DigestedHead {
    /// Where a chain starts.
    pub(crate) fn start(chain: &ChainName) -> Self {
        let (area, writer) = (chain.area.as_str(), chain.writer.as_str());
        Self {
            head: AuditHead::EMPTY,
            digest: sum_of(&[
                b"akashi audit digest v1",
                area.as_bytes(),
                writer.as_bytes(),
            ]),
        }
    }

    /// The head one entry further.
    pub(crate) fn with(&self, hash: [u8; 32], entry: &[u8; 32]) -> Self {
        Self {
            head: AuditHead {
                sequence: self.head.sequence + 1,
                hash,
            },
            digest: self.digest_with(entry),
        }
    }

    /// The digest one entry further.
    pub(crate) fn digest_with(&self, entry: &[u8; 32]) -> [u8; 32] {
        sum_of(&[&self.digest, entry])
    }
}

/// SHA-256 over pieces, each preceded by its length.
pub(super) fn sum_of(pieces: &[&[u8]]) -> [u8; 32] {
    let mut sum = Sha256::new();
    for piece in pieces {
        sum.update(&(piece.len() as u64).to_be_bytes());
        sum.update(piece);
    }
    sum.finish()
}

/// A head, and the audit key's word for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHead {
    /// Whose head it is.
    pub chain: ChainName,
    /// The head.
    pub head: AuditHead,
    /// The digest over every entry up to it.
    pub digest: [u8; 32],
    /// When it was signed; whole seconds.
    pub at: OffsetDateTime,
    /// ES256 over all of the above.
    pub signature: [u8; 64],
}

/// No key that is trusted signed this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not signed by the audit key, nor by a former one")]
pub struct NotSigned;

impl SignedHead {
    /// What is signed.
    fn message(chain: &ChainName, end: &DigestedHead, at: OffsetDateTime) -> [u8; 32] {
        sum_of(&[
            b"akashi audit head v1",
            chain.area.as_str().as_bytes(),
            chain.writer.as_str().as_bytes(),
            &end.head.sequence.to_be_bytes(),
            &end.head.hash,
            &end.digest,
            &at.unix_timestamp().to_be_bytes(),
        ])
    }

    /// The head with its digest.
    pub(crate) const fn digested(&self) -> DigestedHead {
        DigestedHead {
            head: self.head,
            digest: self.digest,
        }
    }

    /// Whether a trusted key signed it.
    ///
    /// # Errors
    /// [`NotSigned`].
    pub fn check(&self, keys: &AuditKeys) -> Result<(), NotSigned> {
        let message = Self::message(&self.chain, &self.digested(), self.at);
        keys.check(&message, &self.signature)
    }
}

/// The key that signs heads, and nothing else.
#[derive(Debug)]
pub struct AuditSigner(Es256SigningKey);

impl AuditSigner {
    /// Signs with this key.
    #[must_use]
    pub const fn new(key: Es256SigningKey) -> Self {
        Self(key)
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> &Es256PublicKey {
        self.0.public_key()
    }

    /// Signs a head.
    pub(crate) fn sign(
        &self,
        chain: &ChainName,
        end: DigestedHead,
        at: OffsetDateTime,
    ) -> Result<SignedHead, SigningFailed> {
        let message = SignedHead::message(chain, &end, at);
        Ok(SignedHead {
            chain: chain.clone(),
            head: end.head,
            digest: end.digest,
            at,
            signature: self.0.sign(&message)?,
        })
    }

    /// Signs something else about the record, told apart by how its message begins.
    pub(super) fn sign_message(&self, message: &[u8; 32]) -> Result<[u8; 64], SigningFailed> {
        self.0.sign(message)
    }
}

/// The public halves that are believed: the key that signs now, and those that did before.
#[derive(Debug, Clone)]
pub struct AuditKeys(Vec<Es256PublicKey>);

impl AuditKeys {
    /// Believes these keys.
    #[must_use]
    pub const fn new(keys: Vec<Es256PublicKey>) -> Self {
        Self(keys)
    }

    pub(super) fn check(&self, message: &[u8; 32], signature: &[u8; 64]) -> Result<(), NotSigned> {
        let holds = |key: &Es256PublicKey| key.verify(message, signature).is_ok();
        if self.0.iter().any(holds) {
            Ok(())
        } else {
            Err(NotSigned)
        }
    }
}

/// A signed head in a line of JSON: in the anchor log and in exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadForm {
    area: String,
    writer: String,
    sequence: u64,
    #[serde(with = "hex::serde")]
    hash: [u8; 32],
    #[serde(with = "hex::serde")]
    digest: [u8; 32],
    at: i64,
    #[serde(with = "hex::serde")]
    signature: [u8; 64],
}

impl From<&SignedHead> for HeadForm {
    fn from(signed: &SignedHead) -> Self {
        Self {
            area: signed.chain.area.as_str().to_owned(),
            writer: signed.chain.writer.as_str().to_owned(),
            sequence: signed.head.sequence,
            hash: signed.head.hash,
            digest: signed.digest,
            at: signed.at.unix_timestamp(),
            signature: signed.signature,
        }
    }
}

impl HeadForm {
    /// The head; `None` where a name or the time is none.
    pub(super) fn head(&self) -> Option<SignedHead> {
        Some(SignedHead {
            chain: ChainName {
                area: AuditArea::parse(&self.area)?,
                writer: AuditWriter::parse(&self.writer).ok()?,
            },
            head: AuditHead {
                sequence: self.sequence,
                hash: self.hash,
            },
            digest: self.digest,
            at: OffsetDateTime::from_unix_timestamp(self.at).ok()?,
            signature: self.signature,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn signed() -> (SignedHead, AuditKeys) {
        let signer = AuditSigner::new(Es256SigningKey::generate().unwrap().0);
        let chain = ChainName {
            area: AuditArea::System,
            writer: AuditWriter::default(),
        };
        let head = DigestedHead::start(&chain);
        let at = datetime!(2026-01-01 00:00 UTC);
        let keys = AuditKeys::new(vec![signer.public_key().clone()]);
        (signer.sign(&chain, head, at).unwrap(), keys)
    }

    #[test]
    fn everything_about_a_head_is_signed() {
        let (head, keys) = signed();
        assert_eq!(head.check(&keys), Ok(()));
        let changes: [fn(&mut SignedHead); 6] = [
            |head| head.chain.area = AuditArea::parse("131121").unwrap(),
            |head| head.chain.writer = AuditWriter::parse("other").unwrap(),
            |head| head.head.sequence = 1,
            |head| head.head.hash[0] ^= 1,
            |head| head.digest[0] ^= 1,
            |head| head.at += time::Duration::seconds(1),
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut other = head.clone();
            change(&mut other);
            assert_eq!(other.check(&keys), Err(NotSigned), "change {at}");
        }
    }

    #[test]
    fn a_former_key_is_believed_and_a_foreign_one_is_not() {
        let (head, AuditKeys(former)) = signed();
        let (_, AuditKeys(now)) = signed();
        assert_eq!(head.check(&AuditKeys::new(now.clone())), Err(NotSigned));
        assert_eq!(head.check(&AuditKeys::new([now, former].concat())), Ok(()));
    }

    #[test]
    fn a_head_is_read_again() {
        let (head, _) = signed();
        let line = serde_json::to_string(&HeadForm::from(&head)).unwrap();
        let form: HeadForm = serde_json::from_str(&line).unwrap();
        assert_eq!(form.head(), Some(head));
    }
}
