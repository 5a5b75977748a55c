//! QR codes (ISO/IEC 18004): a certificate's text as a square of modules.
//!
//! Segments, error correction and functional patterns are the crate `qrcode`'s, some of it asked
//! once and kept. Placing the data and choosing the mask are ours: a version's layout is laid out
//! once and every mask is scored 64 modules at a time (`docs/PERFORMANCE.md`).

mod correction;
mod format;
mod layout;
mod matrix;
mod penalty;
mod picture;
mod segments;
mod square;

pub use matrix::{DarkRun, QrMatrix};
pub use picture::{PictureError, to_png};
pub use segments::{QrError, Version, encode_bytes, encode_shc};

/// Smallest module in print, in millimetres: scanners read version 34 at 0.3 mm from a 300 dpi
/// print with blur and noise, and need 0.33–0.40 mm at 150 dpi.
pub const SMALLEST_MODULE_MM: f64 = 0.40;

/// Light modules around a code (ISO/IEC 18004, 9.1).
pub const QUIET_ZONE: usize = 4;
