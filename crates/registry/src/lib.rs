//! The vaccination register (予防接種台帳): one area and one key for each municipality, a SQLite file
//! or rows of PostgreSQL, sealed; every access through a handle for one municipality and one purpose, and recorded.
//!
//! ```text
//! Registry::open ─┬─ municipality(code, purpose, actor) ─ MunicipalityRegister
//!                 │     dossier · certificate · record_outcome · record_reissue · revocations
//!                 │     begin_issue ─ IssuingTransaction: find_order · dossier · record_certificate · commit
//!                 │     import · audit_head · verify_audit
//!                 └─ system(actor) ─ SystemRegister
//!                       kiosks · relays · devices · challenges · suspended cards · refusals
//! ```
//!
//! SQL is in `storage` alone, which sees sealed rows, random ids and keyed hashes; what is in them
//! is known to the layer above, which knows no SQL.

mod access;
mod approval;
mod area;
mod audit;
mod audit_anchoring;
mod audit_reading;
mod backup;
mod card_release;
mod certificate_reading;
mod certificate_record;
mod counter_identity;
mod counts;
#[cfg(test)]
mod data_document;
mod decoy;
mod disclosure;
mod disclosure_record;
mod dossier_reading;
mod error;
mod export;
mod import;
mod inquiry;
mod issuing;
mod keys;
mod model;
mod municipality_register;
#[cfg(test)]
mod of_before;
mod registry;
mod resident_directory;
mod resident_flags;
mod retention;
mod row_ids;
mod storage;
mod system;
mod table;
mod tables;
mod upkeep;
mod venue;
mod written_id;

pub use access::{Actor, InvalidStaffId, Purpose, StaffId};
pub use approval::{
    APPROVAL_VALID_DAYS, Approval, ApprovalId, ApprovalRefused, ApprovalScope, ApprovalState,
    ApprovalSubject, InvalidApprovalId, SpentApproval,
};
pub use audit::{
    AnchorError, AnchorFault, Anchored, Anchoring, AnchoringError, Anchors, AreaVerdict, AuditArea,
    AuditEntry, AuditEvent, AuditFault, AuditHead, AuditKeys, AuditQuery, AuditReport, AuditSigner,
    AuditVerdict, AuditWriter, ChainName, ChainVerdict, ExportFault, ExportSummary, FoundEntry,
    InvalidAuditWriter, NotSigned, OffHours, RefusalCount, RefusalNote, SignedHead, SubjectId,
    UnusualVolume, verify_audit_export,
};
pub use audit_reading::MOST_FOUND;
pub use backup::{
    AreaContents, BackupContents, BackupError, BackupId, BackupProgress, RestoredArea, Restoring,
    TableContents, check_backup, restore_backup, write_backup,
};
pub use certificate_record::{
    ApplicationId, Delivery, IssuedCertificate, NewCertificate, Order, OutcomeRecorded, Reissue,
    ReissueRecorded, RevocationRecorded, Revocations, RevokedCertificate,
};
pub use counter_identity::{CounterIdentity, IdentityDocument, InvalidRepresentative};
pub use counts::{AgeBand, CountedDoses, CountsRefused, DoseCounts, FEWEST_PEOPLE};
pub use disclosure::{
    DisclosedAccess, DisclosedFields, DisclosureRefused, DisclosureReport, DisclosureSection,
    Sheet, in_words_of_the_record,
};
pub use disclosure_record::{DisclosureEvent, DisclosureRecord};
pub use error::{FileFault, RegistryError, StorageFault, WriteFault};
pub use export::{
    LedgerColumn, LedgerEncoding, LedgerFault, LedgerScope, LedgerSummary, RefusedRow,
    WrittenLedger,
};
pub use import::{
    BatchFile, BatchId, CheckedBatch, CsvEncoding, ErasureRecorded, FileReport, ImportBatch,
    ImportFile, ImportProgress, ImportReport, ImportSource, ImportStep, InvalidBatchId,
    LandedBatch, MediumErased, MediumReader, ReportedRow, RowFault, SecondPerson, Unwatched,
    check_rows,
};
pub use inquiry::{
    AnswerId, AnswerState, AnsweredInquiry, Diseases, Ground, GroundKind,
    INQUIRIES_PER_STAFF_AND_DAY, Inquiry, InquiryAnswer, InquiryExchange, InquiryId,
    InquiryRefused, InquiryShown, InquiryState, InvalidDiseases, InvalidGround, InvalidInquiryId,
    NewInquiry, RELEASE_WITHIN_DAYS, ReceivedDose, ReceivedInquiry, SentInquiry, WaitReason,
};
pub use issuing::{FoundOrder, IssuingTransaction, REPEATED_FOR, RecordedCertificate};
pub use keys::{KeyVersion, MasterKey, MasterKeyId};
pub use model::{
    AlternativeName, AlternativeNameKind, Disagreement, Dose, DoseFault, Dossier, FlagEvent,
    FlagHistory, FlagKind, InvalidResidentNumber, InvalidVoucherNumber, PassportReader,
    RegisteredPassport, Resident, ResidentNumber, TextFault, UndeliveredCertificate, Voucher,
    VoucherNumber,
};
pub use municipality_register::MunicipalityRegister;
pub use registry::Registry;
pub use resident_directory::{
    DirectoryUnavailable, Located, Locating, OwnIndex, ResidentDirectory, Whom,
};
pub use resident_flags::{FlagOrder, FlagRefused, ResidentFlags};
pub use retention::{ErasureRefused, PlannedKind, ResidentErasure, RetentionPlan};
pub use storage::{
    InvalidPostgresAddress, PostgresAddress, Preparation, RegisterPlace, UnfitDatabase,
    prepare_postgres,
};
pub use system::{
    AttemptOutcome, ChallengeLimits, ChallengeRefused, ChannelName, InvalidChannelName,
    InvalidVenueName, NewKioskKey, OverlapDays, RegisteredKiosk, RegisteredVenue, RenewalRefused,
    RenewedKiosk, SpentChallenge, SystemRegister, VenueAttempt, VenueHeld, VenueName,
};
pub use upkeep::{DataKeyStatus, KeyStatus, RotationProgress, RotationResult, Upkeep};
pub use venue::{
    ChangeRefused, ChangedDose, CheckedDose, DoseChangeKind, DoseChanged, DoseCorrection,
    DoseDraft, DoseHistory, DoseReceipt, DoseRegistered, DoseVersion, InvalidDoseReceipt,
    ReceiptState, ReceiptedDose, VenueEntry, VoucherSought,
};
