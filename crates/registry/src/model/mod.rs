//! What a municipality's register holds (予防接種台帳), as types. The municipality itself is not
//! among them: one register belongs to one municipality.

mod agreement;
mod dose;
pub(crate) mod dose_rules;
mod dossier;
mod flags;
mod passport;
mod resident;
mod sealed_forms;
pub(crate) mod texts;
mod voucher;

pub use agreement::Disagreement;
pub use dose::Dose;
pub use dose_rules::DoseFault;
pub use dossier::{Dossier, UndeliveredCertificate};
pub use flags::{FlagEvent, FlagHistory, FlagKind};
pub use passport::{PassportReader, RegisteredPassport};
pub use resident::{
    AlternativeName, AlternativeNameKind, InvalidResidentNumber, Resident, ResidentNumber,
};
pub use texts::TextFault;
pub use voucher::Voucher;

pub use domain::{InvalidVoucherNumber, VoucherNumber};

pub(crate) use sealed_forms::{DoseForm, NumberedResident, SealedForm, text_of, text_of_records};

#[cfg(test)]
pub(crate) use flags::tests::history as flag_history;
