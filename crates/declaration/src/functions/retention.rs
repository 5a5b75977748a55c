//! `[retention]`: how long each kind of data is kept.

use serde::Deserialize;

use crate::period::Period;
use crate::section::Function;

/// How long each kind of data is kept (C31). A kind without a period is kept.
///
/// The record of what was provided to others is no key: the law fixes its period
/// ([`Retained::PROVISION_RECORDS`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    doses: Option<Period>,
    passports: Option<Period>,
    certificates: Option<Period>,
    vouchers: Option<Period>,
    audit_notes: Option<Period>,
    received_doses: Option<Period>,
    import_batches: Option<Period>,
    residents: Option<Period>,
}

/// A kind of data with a period of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Retained {
    /// Doses, from the day they were given.
    Doses,
    /// Passports, from the day they were registered.
    Passports,
    /// Records of certificates, from the day they were issued. Revocations stay.
    Certificates,
    /// Vouchers, from the day of the last dose given with them; one never used is kept with its
    /// resident.
    Vouchers,
    /// What staff wrote or read in the audit record, and the words of approvals, from the day of
    /// the entry. The entry and the approval stay.
    AuditNotes,
    /// Doses received from other municipalities, from the day they came.
    ReceivedDoses,
    /// Records of imported files, from the day the import ended, where the medium's erasure is
    /// recorded.
    ImportBatches,
    /// Residents on whom nothing else is kept any more, from the day they moved out or died.
    Residents,
    /// Records of what was provided to others or refused (情報提供等の記録): seven years.
    ProvisionRecords,
}

impl Retained {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Doses,
        Self::Passports,
        Self::Certificates,
        Self::Vouchers,
        Self::AuditNotes,
        Self::ReceivedDoses,
        Self::ImportBatches,
        Self::Residents,
        Self::ProvisionRecords,
    ];
    /// The period of records of provision, by law (番号法 23 条, 施行令 29 条).
    pub const PROVISION_RECORDS: Period = Period::Years(7);

    /// The stable name: the key in the declaration, and in plans and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Doses => "doses",
            Self::Passports => "passports",
            Self::Certificates => "certificates",
            Self::Vouchers => "vouchers",
            Self::AuditNotes => "audit_notes",
            Self::ReceivedDoses => "received_doses",
            Self::ImportBatches => "import_batches",
            Self::Residents => "residents",
            Self::ProvisionRecords => "provision_records",
        }
    }
}

impl Retention {
    /// How long a kind is kept; `None`: as long as the register.
    #[must_use]
    pub const fn period(&self, kind: Retained) -> Option<Period> {
        match kind {
            Retained::Doses => self.doses,
            Retained::Passports => self.passports,
            Retained::Certificates => self.certificates,
            Retained::Vouchers => self.vouchers,
            Retained::AuditNotes => self.audit_notes,
            Retained::ReceivedDoses => self.received_doses,
            Retained::ImportBatches => self.import_batches,
            Retained::Residents => self.residents,
            Retained::ProvisionRecords => Some(Retained::PROVISION_RECORDS),
        }
    }
}

impl Function for Retention {
    const SECTION: &'static str = "retention";
    const MEANING: &'static str = "erasure of what was kept for its period";

    fn in_words(&self) -> Vec<String> {
        let words = |kind: Retained| match self.period(kind) {
            Some(period) => format!("{} are kept for {period}", kind.as_str()),
            None => format!("{} are kept", kind.as_str()),
        };
        Retained::ALL.into_iter().map(words).collect()
    }
}
