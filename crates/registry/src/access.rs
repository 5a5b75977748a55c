//! Who reaches the register, and what for: both are part of every handle.

use std::fmt;
use std::str::FromStr;

use domain::{Channel, ChannelId, MunicipalityCode};

/// What a handle was opened for (C23). It decides what the handle may do, and stands in every
/// audit entry made through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Offering and issuing certificates to the holder of a card, and their outcome.
    Issuing,
    /// Issuing again at the counter what was issued.
    CounterReissue,
    /// Bringing in the municipality's residents, vouchers, doses and passports.
    Import,
    /// Publishing revocations.
    Publishing,
    /// Verifying the audit chain.
    Audit,
    /// Asking another municipality about a resident's doses (照会).
    Inquiry,
    /// Counting doses for bodies that have no access.
    Counts,
    /// Answering what another municipality asks (提供), and deciding on what waits.
    Provision,
    /// A venue's registering doses by voucher, and its changing of its own entries (C15).
    Venue,
    /// Staff's correcting and cancelling of what a venue registered (C30).
    DoseCorrection,
    /// What belongs to no municipality: channels, challenges, suspended cards, refusals.
    System,
    /// Staff's setting, lifting and reading of flags on residents.
    Flags,
    /// Keys and backups of an area as a whole, without anything of what is in it.
    Upkeep,
    /// Telling a person what is held on them, and who looked at it (開示).
    Disclosure,
    /// Asking for approvals (承認), and giving them.
    Approval,
    /// Writing the municipality's ledger out (C21).
    LedgerExport,
    /// Erasing what was kept for its period, or a resident on demand (C26, C31).
    Retention,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 17] = [
        Self::Issuing,
        Self::CounterReissue,
        Self::Import,
        Self::Publishing,
        Self::Audit,
        Self::Inquiry,
        Self::Counts,
        Self::Provision,
        Self::Venue,
        Self::DoseCorrection,
        Self::System,
        Self::Flags,
        Self::Upkeep,
        Self::Disclosure,
        Self::Approval,
        Self::LedgerExport,
        Self::Retention,
    ];

    /// The stable name in the audit record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Issuing => "issuing",
            Self::CounterReissue => "counter-reissue",
            Self::Import => "import",
            Self::Publishing => "publishing",
            Self::Audit => "audit",
            Self::Inquiry => "inquiry",
            Self::Counts => "counts",
            Self::Provision => "provision",
            Self::Venue => "venue",
            Self::DoseCorrection => "dose-correction",
            Self::System => "system",
            Self::Flags => "flags",
            Self::Upkeep => "upkeep",
            Self::Disclosure => "disclosure",
            Self::Approval => "approval",
            Self::LedgerExport => "ledger-export",
            Self::Retention => "retention",
        }
    }
}

/// What a handle is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Register a dose by voucher, or change one's own entry.
    EnterDose,
    /// Change a resident's dose, and read its history.
    ChangeDose,
    /// Look up a resident by individual number.
    LookUp,
    /// Issue a certificate.
    Issue,
    /// Read a certificate's record.
    ReadCertificate,
    /// Record what became of a certificate.
    RecordOutcome,
    /// Issue a certificate again, or revoke it.
    Reissue,
    /// Read the revocations.
    ReadRevocations,
    /// Bring in a file.
    Import,
    /// Read and verify the audit record.
    ReadAudit,
    /// Ask another municipality about a resident, and see what it provided.
    Inquire,
    /// Answer what another municipality asks.
    AnswerInquiry,
    /// Count doses.
    Count,
    /// See what waits for a decision, and decide.
    DecideInquiry,
    /// Set, lift or read a resident's flags.
    Flag,
    /// Put together everything held on a resident.
    Disclose,
    /// Ask for an approval, give it, or read those there are.
    Approve,
    /// Write the ledger out.
    ExportLedger,
    /// Plan erasure, and erase.
    Erase,
}

impl Purpose {
    /// Whether a handle of this purpose may do that. By individual number (C23) somebody is looked up
    /// to issue, to ask another municipality and to answer one, and by staff for flags, disclosure,
    /// correction of a dose and search of the audit record; for nothing else.
    pub(crate) const fn includes(self, act: Act) -> bool {
        match self {
            Self::Issuing => matches!(
                act,
                Act::LookUp | Act::Issue | Act::ReadCertificate | Act::RecordOutcome
            ),
            Self::CounterReissue => matches!(act, Act::ReadCertificate | Act::Reissue),
            Self::Import => matches!(act, Act::Import),
            Self::Publishing => matches!(act, Act::ReadRevocations),
            Self::Venue => matches!(act, Act::EnterDose),
            Self::DoseCorrection => matches!(act, Act::ChangeDose),
            Self::Audit => matches!(act, Act::ReadAudit),
            Self::Inquiry => matches!(act, Act::Inquire),
            Self::Counts => matches!(act, Act::Count),
            Self::Provision => matches!(act, Act::AnswerInquiry | Act::DecideInquiry),
            Self::System | Self::Upkeep => false,
            Self::Flags => matches!(act, Act::Flag),
            Self::Disclosure => matches!(act, Act::Disclose),
            Self::Approval => matches!(act, Act::Approve),
            Self::LedgerExport => matches!(act, Act::ExportLedger),
            Self::Retention => matches!(act, Act::Erase),
        }
    }
}

/// Who acts through a handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A resident, through a channel that signed the request.
    Channel {
        /// Which kind of channel.
        kind: Channel,
        /// Which kiosk, phone or counter.
        id: ChannelId,
    },
    /// A venue (接種会場), whose terminal signed the request.
    Venue(ChannelId),
    /// A member of the municipality's staff.
    Staff(StaffId),
    /// Another municipality, by an inquiry that its own staff made.
    Municipality(MunicipalityCode),
    /// The server itself, in a task of its own.
    Server,
}

impl Actor {
    /// The stable name of the kind of actor in the audit record.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Channel { kind, .. } => kind.as_str(),
            Self::Venue(_) => "venue",
            Self::Staff(_) => "staff",
            Self::Municipality(_) => "municipality",
            Self::Server => "server",
        }
    }

    /// Which one, in the audit record: a channel's 32 bytes, a staff member's name for signing in, a
    /// municipality's code.
    pub(crate) fn id(&self) -> &[u8] {
        match self {
            Self::Channel { id, .. } | Self::Venue(id) => &id.0,
            Self::Staff(id) => id.0.as_bytes(),
            Self::Municipality(code) => code.as_str().as_bytes(),
            Self::Server => &[],
        }
    }
}

/// The name by which a member of staff signs in: 1 to 64 printable ASCII characters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StaffId(String);

/// Not 1 to 64 printable ASCII characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a staff id is 1 to 64 printable ASCII characters")]
pub struct InvalidStaffId;

impl StaffId {
    /// Takes 1 to 64 printable ASCII characters.
    ///
    /// # Errors
    /// [`InvalidStaffId`].
    pub fn parse(text: &str) -> Result<Self, InvalidStaffId> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned())).ok_or(InvalidStaffId)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two names can be one person's: names that differ in case or in punctuation only
    /// are not two people, so that nobody approves what they asked for as "Yamada" and "yamada.".
    #[must_use]
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.letters().eq(other.letters())
    }

    fn letters(&self) -> impl Iterator<Item = u8> + '_ {
        let letters = self.0.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|byte| byte.to_ascii_lowercase())
    }
}

impl FromStr for StaffId {
    type Err = InvalidStaffId;

    /// Takes a name as a person types it: blanks around it do not make it another one.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text.trim())
    }
}

impl fmt::Debug for StaffId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StaffId({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staff_id_is_short_and_printable() {
        assert!(StaffId::parse("counter-07").is_ok());
        for bad in ["", "two words", "窓口", &"x".repeat(65)] {
            assert_eq!(StaffId::parse(bad), Err(InvalidStaffId));
        }
    }

    #[test]
    fn one_person_does_not_pass_as_two() {
        let staff = |name: &str| name.parse::<StaffId>().unwrap();
        for (one, other) in [
            ("yamada", "Yamada"),
            ("yamada", "yamada "),
            ("ya.mada", "YAMADA_"),
        ] {
            assert!(staff(one).is_same_person(&staff(other)), "{one}, {other}");
        }
        assert!(!staff("yamada").is_same_person(&staff("yamada2")));
    }
}
