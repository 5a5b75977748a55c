//! A dose (接種) as registered.

use std::fmt;

use domain::Redacted;
use time::{Date, PrimitiveDateTime};

use crate::model::VoucherNumber;

/// One dose (接種記録). Every text is as the register has it; what a certificate makes of
/// manufacturer and product is decided by the certificate's own table.
#[derive(Clone, PartialEq, Eq)]
pub struct Dose {
    /// When it was registered (登録日時), Japan's time.
    pub registered_at: PrimitiveDateTime,
    /// The day it was given (接種日).
    pub date: Date,
    /// The voucher used (接種券番号), where there was one.
    pub voucher: Option<VoucherNumber>,
    /// Where it was given (接種会場), at most 30 characters.
    pub venue: Option<Redacted<String>>,
    /// Who gave it (医師名), at most 20 characters.
    pub physician: Option<Redacted<String>>,
    /// Manufacturer (メーカー) in the register's word, at most 20 characters: 「ファイザー」.
    pub manufacturer: String,
    /// Product (製品名), at most 60 characters.
    pub product: String,
    /// Vaccine type (ワクチン種類), at most 40 characters.
    pub vaccine_type: Option<String>,
    /// Against what (疾病), at most 40 characters.
    pub disease: String,
    /// Lot number (製造番号・ロット), at most 20 characters.
    pub lot: String,
    /// Which dose it was (回数), 1 for the first.
    pub number: u8,
    /// Amount given (接種量) in thousandths of a millilitre, where registered.
    pub amount_microlitres: Option<u32>,
}

impl fmt::Debug for Dose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dose([redacted])")
    }
}
