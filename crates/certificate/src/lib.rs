//! The vaccination certificate and its codes: written, read back, verified.
//!
//! - [`model`]: the certificate as everybody means it; [`products`]: what a dose can name.
//! - [`shc`]: SMART Health Card, on every certificate; [`vds_nc`]: ICAO VDS-NC, for use abroad.
//! - [`qr`]: either as a code; [`png`]: the code as a picture.
//! - [`read_back`]: codes out of a text, a picture or a PDF page, verified.
//!
//! No private key is ever in this crate: whoever signs passes a closure.

mod base64url;
pub mod diseases;
mod dose;
mod holder;
pub mod model;
pub mod products;
pub mod qr;
pub mod read_back;
pub mod shc;
pub mod vds_nc;

pub use dose::DoseOnCode;
pub use holder::{HolderOnCode, holder_mac, is_holder};
