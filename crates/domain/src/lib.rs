//! The words everyone shares: numbers, names, dates and kinds, each parsed once at the border
//! and carried as a type from there on.
//!
//! No input or output, and no dependency on the rest of the workspace. Whatever tells something
//! about a person prints as `[redacted]` in `Debug`, has no `Display`, and is written out only
//! where the code says so (`expose…`, or [`exposed`] for serde).

mod attributes;
mod certificate_words;
mod channel;
mod clock;
mod individual_number;
mod municipality;
mod names;
mod pin;
mod redacted;
mod revocation_id;
mod voucher;

pub use attributes::{BasicAttributes, BirthDate, InvalidBirthDate, InvalidSex, Sex};
pub use certificate_words::{CertificateId, CertificateKind, InvalidCertificateId, Yen};
pub use channel::{
    Channel, ChannelId, InvalidFingerprint, InvalidLanguage, KeyFingerprint, Language, TermsVersion,
};
pub use clock::{Clock, FixedClock, JAPAN, SystemClock, japan_date};
pub use individual_number::{InvalidMyNumber, MyNumber};
pub use municipality::{InvalidMunicipalityCode, MunicipalityCode};
pub use names::{Address, InvalidText, NormalizedName, PersonName};
pub use pin::{InvalidPin, Pin};
pub use redacted::{Redacted, exposed};
pub use revocation_id::{InvalidRevocationId, RevocationId};
pub use voucher::{InvalidVoucherLine, InvalidVoucherNumber, VoucherLine, VoucherNumber};
