//! The columns that hold sealed texts: a text is bound to its table and row. Each stands here once,
//! with what rotation has to know of it; a test compares this list with the schema.

use crate::audit::{self, AuditWriter};
use crate::error::RegistryError;
use crate::tables::{self, Value, ValueKind};

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
    /// How the medium of an import batch was erased.
    ImportBatch,
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
}

impl SealedColumn {
    /// The columns that name a row.
    pub(crate) fn key(self) -> &'static [(&'static str, ValueKind)] {
        let mut stored = tables::OF_MUNICIPALITY.iter().chain(&tables::OF_SYSTEM);
        stored
            .find(|stored| stored.name == self.table)
            .map(|stored| stored.key)
            .expect("a sealed column lies in a table of an area, as a test says")
    }
}

impl Table {
    /// Those of a municipality's area.
    pub(crate) const OF_MUNICIPALITY: [Self; 16] = [
        Self::Resident,
        Self::ResidentSubject,
        Self::Voucher,
        Self::Dose,
        Self::Passport,
        Self::Certificate,
        Self::ImportBatch,
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
            Self::ImportBatch => "import_batch",
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
            Self::Certificate | Self::ImportBatch | Self::AuditNote => Sealing::Fresh,
        }
    }

    /// Where its texts lie.
    pub(crate) const fn place(self) -> SealedColumn {
        let (table, column) = match self {
            Self::ResidentSubject => ("resident", "subject"),
            Self::AuditNote => ("audit_note", "sealed"),
            Self::ImportBatch => ("import_batch", "erasure"),
            Self::ProvidedDoses => ("answered_inquiry", "answer"),
            Self::Resident
            | Self::Voucher
            | Self::Dose
            | Self::Passport
            | Self::Certificate
            | Self::Approval
            | Self::ResidentFlags
            | Self::Inquiry
            | Self::ReceivedDose
            | Self::AnsweredInquiry
            | Self::DisclosureRecord
            | Self::DoseChange => (self.name(), "sealed"),
        };
        SealedColumn { table, column }
    }

    /// What the text of the row with this key is bound to, beside the table.
    pub(crate) fn bound_to(self, key: &[Value]) -> Result<Vec<u8>, RegistryError> {
        if let (Self::AuditNote, [Value::Text(writer), Value::Number(sequence)]) = (self, key) {
            let writer = AuditWriter::parse(writer).map_err(|_| self.damaged())?;
            return Ok(audit::note_place(&writer, *sequence));
        }
        if let (Self::ReceivedDose, [inquiry, position]) = (self, key) {
            return Ok([inquiry.to_bytes(), position.to_bytes()].concat());
        }
        // Where another key has several columns, the last names the row by itself.
        key.last().map(Value::to_bytes).ok_or(self.damaged())
    }

    /// The error for a row of this table that does not open or parse.
    pub(crate) const fn damaged(self) -> RegistryError {
        RegistryError::DamagedRow { table: self.name() }
    }
}
