//! Issuing a certificate: what must hold before anything is signed, the keys, the signatures,
//! and the printed page. Only the server links this crate.
//!
//! The order is kept by the compiler: a [`Draft`] is consumed by its lint, the [`Linted`] by its
//! signing, and only a [`Signed`] can be rendered by [`page::render`]. What was linted and not
//! signed can be shown, crossed out ([`page::render_preview`]).

pub mod fonts;
pub mod keys;
pub mod page;

mod check;
mod draft;
mod lint;
mod pdf;
mod record;
mod signed;

#[cfg(test)]
extern crate self as issuance;
#[cfg(test)]
#[path = "../tests/parts/mod.rs"]
mod parts;

pub use draft::{Draft, Linted};
pub use fonts::{FontFile, FontPaths, Fonts};
pub use keys::{KeyError, SigningKeyPaths, SigningKeys};
pub use lint::{Field, LintError};
pub use record::DamagedRecord;
pub use signed::{SignError, Signed};
