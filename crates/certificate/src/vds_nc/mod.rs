//! ICAO VDS-NC (`icao.vacc`): on certificates for use abroad; written, read, verified.
//!
//! Source: ICAO TR "VDS-NC for Proof of Vaccination", Doc 9303-13, and what the genuine Japanese
//! sample shows. What they leave open and is ours: the additional identifier ([`data()`]).

mod csca;
mod data;
mod object;
mod period;
mod signer;
mod verify;
mod x509;

pub use csca::{Csca, InvalidCsca};
pub use data::{PassportMissing, data};
pub use object::{
    DoesNotFit, InvalidVdsNc, LONGEST_OBJECT, SigningRefused, UnsignedVdsNc, VdsNc, newest_that_fit,
};
pub use period::KeyUsagePeriod;
pub use signer::{BarcodeSigner, InvalidBarcodeSigner, NotIssuedBy};
pub use verify::{VdsNcError, VerifiedVdsNc, verify, verify_by};
