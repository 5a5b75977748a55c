//! Approval (承認): one member of staff asks for an act, another one agrees, and it is done once.
//!
//! ```text
//! Purpose::Approval   request_approval(scope, reason) ─ id ─ approve(id) | decline(id) | withdraw(id)
//! the act's own handle   use_approval(transaction, id, scope): in the transaction of the act
//! ```
//!
//! What is approved is a [`ApprovalScope`]: words that the second person reads, and the digest of
//! whatever the words stand for. Anything else is another scope, and the approval is not for it.

mod handle;
mod sealed;

use std::fmt;
use std::str::FromStr;

use domain::Redacted;
use time::OffsetDateTime;

use crate::access::StaffId;
use crate::keys::RowId;

pub(crate) use sealed::ApprovalTexts;

/// How long an approval can be given and used, from the request on: seven days. Whoever needs it
/// later asks again, and the second person looks again.
pub const APPROVAL_VALID_DAYS: i64 = 7;

/// What kind of act is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApprovalSubject {
    /// Bringing in a file (C22).
    Import,
    /// Writing the municipality's ledger out (C21).
    LedgerExport,
    /// Exporting a part of the audit record.
    AuditExport,
    /// Asking another municipality (照会, C24).
    Inquiry,
    /// Providing to another municipality (提供, C25).
    Provision,
    /// Releasing what is flagged and was not answered (C27).
    Release,
    /// Correcting or cancelling a dose that a venue registered (C30).
    VenueCorrection,
    /// Erasing what was kept for its period (C31).
    Retention,
    /// Erasing everything held on a resident (C26).
    Erasure,
    /// Replacing the register's keys.
    KeyRotation,
    /// Lifting a flag that staff set on a resident (C27).
    FlagLift,
    /// Ending the suspension of a resident's card (C27).
    CardRelease,
    /// Telling a person what is held on them (C34).
    Disclosure,
}

impl ApprovalSubject {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Import,
        Self::LedgerExport,
        Self::AuditExport,
        Self::Inquiry,
        Self::Provision,
        Self::Release,
        Self::VenueCorrection,
        Self::Retention,
        Self::Erasure,
        Self::KeyRotation,
        Self::FlagLift,
        Self::CardRelease,
        Self::Disclosure,
    ];

    /// The stable name, in records and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::LedgerExport => "ledger-export",
            Self::AuditExport => "audit-export",
            Self::Inquiry => "inquiry",
            Self::Provision => "provision",
            Self::Release => "release",
            Self::VenueCorrection => "venue-correction",
            Self::Retention => "retention",
            Self::Erasure => "erasure",
            Self::KeyRotation => "key-rotation",
            Self::FlagLift => "flag-lift",
            Self::CardRelease => "card-release",
            Self::Disclosure => "disclosure",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|subject| subject.as_str() == name)
    }
}

/// Exactly what is asked for, approved and done.
#[derive(Clone)]
pub struct ApprovalScope {
    subject: ApprovalSubject,
    words: Redacted<String>,
    digest: [u8; 32],
    resident: Option<RowId>,
}

impl ApprovalScope {
    /// What the words say and nothing else; they name everything that matters: period, recipients,
    /// whom it is about. At most 2000 bytes; stored sealed.
    #[must_use]
    pub fn new(subject: ApprovalSubject, words: String) -> Self {
        Self::with_content(subject, words, &[])
    }

    /// What the words say, done with this content: a file's digest, a corrected record.
    #[must_use]
    pub fn with_content(subject: ApprovalSubject, words: String, content: &[u8]) -> Self {
        let mut sum = crypto::Sha256::new();
        for piece in [subject.as_str().as_bytes(), words.as_bytes(), content] {
            sum.update(&(piece.len() as u64).to_be_bytes());
            sum.update(piece);
        }
        Self {
            subject,
            words: Redacted::new(words),
            digest: sum.finish(),
            resident: None,
        }
    }

    /// The same about a resident: whatever is written for it goes when the resident is erased.
    pub(crate) fn about(mut self, resident: RowId) -> Self {
        self.resident = Some(resident);
        self
    }

    /// What kind of act it is.
    #[must_use]
    pub const fn subject(&self) -> ApprovalSubject {
        self.subject
    }

    /// The words that the second person reads.
    #[must_use]
    pub const fn words(&self) -> &Redacted<String> {
        &self.words
    }

    /// Whom it is about.
    pub(crate) const fn resident(&self) -> Option<RowId> {
        self.resident
    }

    /// SHA-256 over kind, words and content.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

impl fmt::Debug for ApprovalScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApprovalScope({})", self.subject.as_str())
    }
}

/// An approval's id: 16 hexadecimal digits, random. No secret: it is worth nothing to anybody
/// without the second person.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ApprovalId([u8; 8]);

/// Not 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an approval's id is 16 digits 0–9, a–f, as the request printed it")]
pub struct InvalidApprovalId;

impl ApprovalId {
    pub(crate) const fn from_random(random: [u8; 8]) -> Self {
        Self(random)
    }
}

impl FromStr for ApprovalId {
    type Err = InvalidApprovalId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        crate::written_id::read(text)
            .map(Self)
            .ok_or(InvalidApprovalId)
    }
}

impl fmt::Display for ApprovalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::written_id::write(&self.0, f)
    }
}

impl fmt::Debug for ApprovalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApprovalId({self})")
    }
}

/// An approval as recorded.
#[derive(Debug, Clone)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// What kind of act.
    pub subject: ApprovalSubject,
    /// SHA-256 over exactly what.
    pub digest: [u8; 32],
    /// Exactly what, in words; `None`: erased, with its period or with whom it was about.
    pub words: Option<Redacted<String>>,
    /// Why, as whoever asked wrote it; `None` likewise.
    pub reason: Option<Redacted<String>>,
    /// Who asked.
    pub requested_by: StaffId,
    /// When.
    pub requested_at: OffsetDateTime,
    /// Until when it can be given and used.
    pub expires_at: OffsetDateTime,
    /// What became of it.
    pub state: ApprovalState,
}

/// What became of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovalState {
    /// It waits for a second person.
    Pending,
    /// A second person agreed; it waits for its use.
    Approved {
        /// Who.
        by: StaffId,
        /// When.
        at: OffsetDateTime,
    },
    /// A second person did not agree.
    Declined {
        /// Who.
        by: StaffId,
        /// When.
        at: OffsetDateTime,
    },
    /// Who asked asks no longer.
    Withdrawn {
        /// When.
        at: OffsetDateTime,
    },
    /// It was agreed to, and the act was done.
    Used {
        /// Who agreed.
        by: StaffId,
        /// When the act was done.
        at: OffsetDateTime,
    },
    /// Its time passed before it was decided or used.
    Expired,
}

/// The two people behind an act that was approved, for its own record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpentApproval {
    /// The approval, spent now.
    pub id: ApprovalId,
    /// Who asked.
    pub requested_by: StaffId,
    /// Who agreed.
    pub approved_by: StaffId,
}

/// Why an approval is not recorded, not given or not good for an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalRefused {
    /// This municipality has none of this id.
    #[error("there is no approval of this id here: list them with `server approvals list`")]
    Unknown,
    /// Whoever asked decides: that would be one person.
    #[error("whoever asked cannot decide: a second person must")]
    SamePerson,
    /// Somebody else than who asked withdraws.
    #[error("only who asked can withdraw: a second person can decline")]
    NotTheRequester,
    /// It was decided before.
    #[error("it was decided before: `server approvals show` tells how")]
    AlreadyDecided,
    /// Nobody decided yet.
    #[error("nobody has approved it yet: a second person runs `server approvals approve`")]
    Pending,
    /// A second person did not agree.
    #[error("it was declined: ask again if it is still needed")]
    Declined,
    /// Who asked withdrew it.
    #[error("it was withdrawn: ask again if it is still needed")]
    Withdrawn,
    /// Its time has passed.
    #[error("its time has passed: ask again, so that a second person looks again")]
    Expired,
    /// The act was done with it.
    #[error("it was used before: an approval is good once, ask again")]
    Spent,
    /// It is for something else.
    #[error(
        "it was given for something else: anything that changed (period, recipients, file) needs \
         an approval of its own"
    )]
    AnotherAct,
    /// No reason was given, or words or reason are too long.
    #[error("the reason is 1 to 500 bytes: the second person decides by it")]
    ReasonMissing,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_and_read_the_same() {
        let id = ApprovalId::from_random([0, 1, 2, 3, 0xfc, 0xfd, 0xfe, 0xff]);
        assert_eq!(id.to_string(), "00010203fcfdfeff");
        assert_eq!("00010203fcfdfeff".parse(), Ok(id));
        for bad in [
            "",
            "00010203FCFDFEFF",
            "00010203fcfdfef",
            "+0010203fcfdfeff",
            "0x010203fcfdfeff",
        ] {
            assert_eq!(bad.parse::<ApprovalId>(), Err(InvalidApprovalId), "{bad}");
        }
    }

    #[test]
    fn another_kind_other_words_or_other_content_are_another_scope() {
        let digest = |subject, words: &str, content: &[u8]| {
            *ApprovalScope::with_content(subject, words.to_owned(), content).digest()
        };
        let all = [
            digest(ApprovalSubject::Import, "ab", b""),
            digest(ApprovalSubject::Import, "a", b"b"),
            digest(ApprovalSubject::Import, "ab", b"b"),
            digest(ApprovalSubject::Erasure, "ab", b""),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[..at].contains(one));
        }
    }

    #[test]
    fn every_subject_has_its_own_name() {
        for subject in ApprovalSubject::ALL {
            assert_eq!(ApprovalSubject::of_name(subject.as_str()), Some(subject));
        }
    }
}
