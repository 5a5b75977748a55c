//! The vaccination register (予防接種台帳): one file and one key for each municipality, rows sealed,
//! every access through a handle for one municipality and one purpose, and recorded.
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
//! SQL is in `sqlite` alone, which sees sealed rows, random ids and keyed hashes; what is in them
//! is known to the layer above, which knows no SQL.

mod access;
mod certificate_record;
mod error;
mod model;

pub use access::{Actor, InvalidStaffId, Purpose, StaffId};
pub use certificate_record::{
    ApplicationId, Delivery, InvalidRevocationId, IssuedCertificate, NewCertificate, Order,
    OutcomeRecorded, RevocationId, Revocations, RevokedCertificate,
};
pub use error::{RegistryError, StorageFault};
pub use model::{
    AlternativeName, AlternativeNameKind, Disagreement, Dose, Dossier, InvalidResidentNumber,
    InvalidVoucherNumber, PassportReader, RegisteredPassport, Resident, ResidentNumber,
    UndeliveredCertificate, Voucher, VoucherNumber,
};
