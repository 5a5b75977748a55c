//! A voucher (接種券).

use std::fmt;

use domain::VoucherNumber;

/// A voucher (接種券) sent to a resident. Its OCR line is kind, dose, municipality and number.
#[derive(Clone, PartialEq, Eq)]
pub struct Voucher {
    /// Its number.
    pub number: VoucherNumber,
    /// Its kind (券種), the first digit of the OCR line.
    pub kind: u8,
    /// For which dose (回数), the second digit of the OCR line.
    pub dose: u8,
}

impl fmt::Debug for Voucher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Voucher([redacted])")
    }
}
