//! The tables that hold sealed texts: a text is bound to its table.

use crate::error::RegistryError;

/// A table whose rows hold a sealed text, and which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// A resident.
    Resident,
    /// A resident's random id for the audit record, sealed apart.
    ResidentSubject,
    /// A voucher.
    Voucher,
    /// A dose.
    Dose,
    /// A passport.
    Passport,
    /// A certificate.
    Certificate,
    /// An audit entry's note.
    AuditNote,
    /// What is asked to be approved, and why.
    Approval,
    /// An inquiry made here.
    Inquiry,
    /// A dose received by inquiry.
    ReceivedDose,
    /// An inquiry of another municipality.
    AnsweredInquiry,
    /// What is provided on one, until the other side has it.
    ProvidedDoses,
    /// An entry of the disclosure record.
    DisclosureRecord,
}

/// How the texts of a table are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sealing {
    /// The same text in the same place is always the same bytes, padded: what is imported again
    /// is compared with what is stored.
    Repeatable,
    /// Under a fresh nonce each time.
    Fresh,
}

impl Table {
    /// The name a sealed text is bound to.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::ResidentSubject => "resident.subject",
            Self::Voucher => "voucher",
            Self::Dose => "dose",
            Self::Passport => "passport",
            Self::Certificate => "certificate",
            Self::AuditNote => "audit.note",
            Self::Approval => "approval",
            Self::Inquiry => "inquiry",
            Self::ReceivedDose => "received_dose",
            Self::AnsweredInquiry => "answered_inquiry",
            Self::ProvidedDoses => "answered_inquiry.answer",
            Self::DisclosureRecord => "disclosure_record",
        }
    }

    /// How its texts are sealed.
    pub(crate) const fn sealing(self) -> Sealing {
        match self {
            Self::Resident
            | Self::ResidentSubject
            | Self::Voucher
            | Self::Dose
            | Self::Passport
            | Self::Approval => Sealing::Repeatable,
            Self::Inquiry
            | Self::ReceivedDose
            | Self::AnsweredInquiry
            | Self::ProvidedDoses
            | Self::DisclosureRecord => Sealing::Repeatable,
            Self::Certificate | Self::AuditNote => Sealing::Fresh,
        }
    }

    /// The error for a row of this table that does not open or parse.
    pub(crate) const fn damaged(self) -> RegistryError {
        RegistryError::DamagedRow { table: self.name() }
    }
}
