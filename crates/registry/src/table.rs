//! The columns that hold sealed texts: a text is bound to its table and row. Each stands here once,
//! with what rotation has to know of it; a test compares this list with the schema.

use crate::audit::{self, AuditWriter};
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
    /// A resident's history of flags.
    ResidentFlags,
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
    /// A venue's dose as it stood before a change, and why it was changed.
    DoseChange,
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

/// Where the texts of a table lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SealedColumn {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    /// The columns that name a row, in the order of its unique index.
    pub(crate) key: &'static [(&'static str, KeyKind)],
}

/// What a column of a row's key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Bytes,
    Text,
    Number,
}

/// One column of a row's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyValue {
    Bytes(Vec<u8>),
    Text(String),
    Number(i64),
}

const ID: (&str, KeyKind) = ("id", KeyKind::Bytes);
const RESIDENT: (&str, KeyKind) = ("resident", KeyKind::Bytes);

impl Table {
    /// Those of a municipality's area.
    pub(crate) const OF_MUNICIPALITY: [Self; 15] = [
        Self::Resident,
        Self::ResidentSubject,
        Self::Voucher,
        Self::Dose,
        Self::Passport,
        Self::Certificate,
        Self::AuditNote,
        Self::Approval,
        Self::ResidentFlags,
        Self::Inquiry,
        Self::ReceivedDose,
        Self::AnsweredInquiry,
        Self::ProvidedDoses,
        Self::DisclosureRecord,
        Self::DoseChange,
    ];
    /// Those of the system's area.
    pub(crate) const OF_SYSTEM: [Self; 1] = [Self::AuditNote];

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
            Self::ResidentFlags => "resident_flags",
            Self::Inquiry => "inquiry",
            Self::ReceivedDose => "received_dose",
            Self::AnsweredInquiry => "answered_inquiry",
            Self::ProvidedDoses => "answered_inquiry.answer",
            Self::DisclosureRecord => "disclosure_record",
            Self::DoseChange => "dose_change",
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
            | Self::Approval
            | Self::ResidentFlags
            | Self::DoseChange
            | Self::Inquiry
            | Self::ReceivedDose
            | Self::AnsweredInquiry
            | Self::ProvidedDoses
            | Self::DisclosureRecord => Sealing::Repeatable,
            Self::Certificate | Self::AuditNote => Sealing::Fresh,
        }
    }

    /// Where its texts lie.
    pub(crate) const fn place(self) -> SealedColumn {
        let (table, column, key): (_, _, &[_]) = match self {
            Self::Resident => ("resident", "sealed", &[ID]),
            Self::ResidentSubject => ("resident", "subject", &[ID]),
            Self::Voucher => ("voucher", "sealed", &[ID]),
            Self::Dose => ("dose", "sealed", &[RESIDENT, ID]),
            Self::Passport => ("passport", "sealed", &[RESIDENT, ID]),
            Self::Certificate => ("certificate", "sealed", &[("id", KeyKind::Text)]),
            Self::AuditNote => (
                "audit_note",
                "sealed",
                &[("writer", KeyKind::Text), ("sequence", KeyKind::Number)],
            ),
            Self::Approval => ("approval", "sealed", &[("id", KeyKind::Text)]),
            Self::ResidentFlags => ("resident_flags", "sealed", &[RESIDENT]),
            Self::Inquiry => ("inquiry", "sealed", &[ID]),
            Self::ReceivedDose => (
                "received_dose",
                "sealed",
                &[("inquiry", KeyKind::Bytes), ("position", KeyKind::Number)],
            ),
            Self::AnsweredInquiry => ("answered_inquiry", "sealed", &[ID]),
            Self::ProvidedDoses => ("answered_inquiry", "answer", &[ID]),
            Self::DisclosureRecord => ("disclosure_record", "sealed", &[ID]),
            Self::DoseChange => ("dose_change", "sealed", &[ID]),
        };
        SealedColumn { table, column, key }
    }

    /// What the text of the row with this key is bound to, beside the table.
    pub(crate) fn bound_to(self, key: &[KeyValue]) -> Result<Vec<u8>, RegistryError> {
        if let (Self::AuditNote, [KeyValue::Text(writer), KeyValue::Number(sequence)]) = (self, key)
        {
            let writer = AuditWriter::parse(writer).map_err(|_| self.damaged())?;
            return Ok(audit::note_place(&writer, *sequence));
        }
        if let (Self::ReceivedDose, [inquiry, position]) = (self, key) {
            return Ok([inquiry.to_bytes(), position.to_bytes()].concat());
        }
        // Where another key has several columns, the last names the row by itself.
        key.last().map(KeyValue::to_bytes).ok_or(self.damaged())
    }

    /// The error for a row of this table that does not open or parse.
    pub(crate) const fn damaged(self) -> RegistryError {
        RegistryError::DamagedRow { table: self.name() }
    }
}

impl KeyValue {
    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Number(number) => number.to_be_bytes().to_vec(),
        }
    }
}
