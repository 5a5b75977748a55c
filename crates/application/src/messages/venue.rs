//! What a venue (接種会場) registers, and how it takes back or corrects what it registered.
//!
//! No message has a field for an individual number, and no reply says anything about a person:
//! a venue gets the receipts of its own entries and nothing else (C15).

use domain::{BirthDate, MunicipalityCode, Redacted, VoucherLine, VoucherNumber};
use serde::{Deserialize, Serialize};
use time::Date;

use crate::bytes::FixedBytes;

/// By what the register knows an entry of a venue: 16 random bytes.
pub type ReceiptId = FixedBytes<16>;

/// Register a dose. Call `register-dose`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterDoseRequest {
    /// The voucher, as the person brought it.
    pub voucher: VoucherEntry,
    /// The person's birth date, `YYYYMMDD`: without it a voucher's number is not taken.
    #[serde(with = "super::birth_date")]
    pub birth_date: BirthDate,
    /// What was given.
    pub dose: DoseEntry,
    /// 16 random bytes: the same entry again is the same dose.
    pub idempotency_key: FixedBytes<16>,
}

/// Which voucher: its OCR line, or its number with what is printed beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenVoucher", into = "WrittenVoucher")]
pub enum VoucherEntry {
    /// As read from, or typed off, the OCR line.
    OcrLine(VoucherLine),
    /// Typed.
    Number {
        /// The municipality that sent it.
        municipality: MunicipalityCode,
        /// Its number.
        number: VoucherNumber,
        /// For which dose (回数), 1 to 9.
        dose: u8,
    },
}

impl VoucherEntry {
    /// The municipality that sent the voucher.
    #[must_use]
    pub const fn municipality(&self) -> MunicipalityCode {
        match self {
            Self::OcrLine(line) => line.municipality,
            Self::Number { municipality, .. } => *municipality,
        }
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> &VoucherNumber {
        match self {
            Self::OcrLine(line) => &line.number,
            Self::Number { number, .. } => number,
        }
    }

    /// The kind of voucher (券種), where it was read.
    #[must_use]
    pub const fn kind(&self) -> Option<u8> {
        match self {
            Self::OcrLine(line) => Some(line.kind),
            Self::Number { .. } => None,
        }
    }

    /// For which dose (回数).
    #[must_use]
    pub const fn dose(&self) -> u8 {
        match self {
            Self::OcrLine(line) => line.dose,
            Self::Number { dose, .. } => *dose,
        }
    }
}

/// A voucher as JSON: `ocr_line` alone, or the other three.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVoucher {
    #[serde(skip_serializing_if = "Option::is_none")]
    ocr_line: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    municipality: Option<MunicipalityCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dose: Option<u8>,
}

impl TryFrom<WrittenVoucher> for VoucherEntry {
    type Error = &'static str;

    fn try_from(written: WrittenVoucher) -> Result<Self, Self::Error> {
        let typed = (written.municipality, written.number, written.dose);
        match (written.ocr_line, typed) {
            (Some(line), (None, None, None)) => {
                let line = VoucherLine::parse(&line).map_err(|_| "not an OCR line")?;
                if line.dose == 0 {
                    return Err("a voucher for no dose");
                }
                Ok(Self::OcrLine(line))
            }
            (None, (Some(municipality), Some(number), Some(dose @ 1..=9))) => Ok(Self::Number {
                municipality,
                number: VoucherNumber::parse(&number).map_err(|_| "not a voucher number")?,
                dose,
            }),
            (Some(_) | None, _) => Err("a voucher is an OCR line, or municipality, number, dose"),
        }
    }
}

impl From<VoucherEntry> for WrittenVoucher {
    fn from(entry: VoucherEntry) -> Self {
        match entry {
            VoucherEntry::OcrLine(line) => Self {
                ocr_line: Some(line.expose_digits()),
                municipality: None,
                number: None,
                dose: None,
            },
            VoucherEntry::Number {
                municipality,
                number,
                dose,
            } => Self {
                ocr_line: None,
                municipality: Some(municipality),
                number: Some(number.expose().to_owned()),
                dose: Some(dose),
            },
        }
    }
}

/// What was given, as the venue enters it. Which dose it was stands on the voucher, and where it
/// was given the register knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseEntry {
    /// The day it was given (接種日), `YYYYMMDD`.
    #[serde(with = "day")]
    pub date: Date,
    /// Against what (疾病), in the municipality's word: one of those it declared.
    pub disease: String,
    /// Manufacturer (メーカー), at most 20 characters.
    pub manufacturer: String,
    /// Product (製品名), at most 60 characters; with its manufacturer one that is known.
    pub product: String,
    /// Lot number (製造番号・ロット), at most 20 characters.
    pub lot: String,
    /// Who gave it (医師名), at most 20 characters.
    #[serde(with = "super::exposed_option")]
    pub physician: Option<Redacted<String>>,
    /// Amount given (接種量) in thousandths of a millilitre, at most 99,999.
    pub amount_microlitres: Option<u32>,
}

/// Replace what an entry says. Call `correct-dose`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectDoseRequest {
    /// The municipality that the entry was made for.
    pub municipality: MunicipalityCode,
    /// Which entry.
    pub receipt: ReceiptId,
    /// What it is to say.
    pub dose: DoseEntry,
    /// Why.
    pub reason: ChangeReason,
    /// 16 random bytes: the same correction again changes nothing, whatever came after it.
    pub idempotency_key: FixedBytes<16>,
}

/// Take an entry back. Call `cancel-dose`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelDoseRequest {
    /// The municipality that the entry was made for.
    pub municipality: MunicipalityCode,
    /// Which entry.
    pub receipt: ReceiptId,
    /// Why.
    pub reason: ChangeReason,
}

/// Why a venue corrects or cancels: one of these words, and nothing written about anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeReason {
    /// Something was mistyped.
    Mistyped,
    /// It was entered for another person than the one who got it.
    WrongPerson,
    /// It was not given after all.
    NotGiven,
}

impl ChangeReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Mistyped, Self::WrongPerson, Self::NotGiven];

    /// The stable name in messages and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mistyped => "mistyped",
            Self::WrongPerson => "wrong-person",
            Self::NotGiven => "not-given",
        }
    }
}

/// The entry stands. Reply to `register-dose`, `correct-dose` and `cancel-dose`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseReceipt {
    /// By what it is known from now on.
    pub receipt: ReceiptId,
}

/// The venue's own entries of today. Call `receipts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptsRequest {
    /// The municipality that they were made for.
    pub municipality: MunicipalityCode,
    /// The last receipt of the page before; `None`: from the first.
    pub after: Option<ReceiptId>,
}

/// At most [`Receipts::MOST`] entries of today, in the order in which they were made. Reply to
/// `receipts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipts {
    /// The entries.
    pub receipts: Vec<Receipt>,
}

impl Receipts {
    /// Most entries in one reply.
    pub const MOST: u32 = 100;
}

/// One of the venue's own entries: nothing of what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// By what it is known.
    pub receipt: ReceiptId,
    /// What became of it.
    pub state: EntryState,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryState {
    /// It stands as it was made.
    Registered,
    /// It was corrected.
    Corrected,
    /// It was taken back.
    Cancelled,
}

/// A day as `YYYYMMDD`; one that could be a person's birth date, so from 1850.
mod day {
    use domain::BirthDate;
    use serde::{Deserializer, Serializer};
    use time::Date;

    pub(super) fn serialize<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        super::super::birth_date::serialize(&BirthDate::from_date(*day), serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Date, D::Error> {
        super::super::birth_date::deserialize(deserializer).map(BirthDate::date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voucher(json: &str) -> Option<VoucherEntry> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn a_voucher_is_its_line_or_what_is_printed_beside_its_number() {
        let line = voucher(r#"{"ocr_line":"211311210123456789"}"#).unwrap();
        assert_eq!(line.municipality().as_str(), "131121");
        assert_eq!((line.kind(), line.dose()), (Some(2), 1));
        let typed = r#"{"municipality":"131121","number":"0123456789","dose":1}"#;
        let number = voucher(typed).unwrap();
        assert_eq!(number.number(), line.number());
        assert_eq!((number.kind(), number.dose()), (None, 1));
        for entry in [line, number] {
            let json = serde_json::to_string(&entry).unwrap();
            assert_eq!(voucher(&json), Some(entry));
        }
    }

    #[test]
    fn anything_else_is_no_voucher() {
        for bad in [
            "{}",
            r#"{"ocr_line":"211311220123456789"}"#,
            r#"{"ocr_line":"201311210123456789"}"#,
            r#"{"ocr_line":"211311210123456789","dose":1}"#,
            r#"{"municipality":"131121","number":"0123456789"}"#,
            r#"{"municipality":"131121","number":"0123456789","dose":0}"#,
            r#"{"municipality":"131121","number":"0123456789","dose":10}"#,
            r#"{"municipality":"131121","number":"123456789018","dose":1}"#,
            r#"{"individual_number":"123456789018"}"#,
        ] {
            assert_eq!(voucher(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_full_page_of_receipts_fits_its_bucket() {
        let receipt = Receipt {
            receipt: [0xff; 16].into(),
            state: EntryState::Registered,
        };
        let page = Receipts {
            receipts: vec![receipt; Receipts::MOST as usize],
        };
        let json = serde_json::to_vec(&page).unwrap();
        assert!(json.len() + 200 < crate::Call::Receipts.reply_bucket());
    }

    #[test]
    fn reasons_are_written_as_they_are_named() {
        for reason in ChangeReason::ALL {
            let json = serde_json::to_string(&reason).unwrap();
            assert_eq!(json, format!("\"{}\"", reason.as_str()));
        }
    }

    #[test]
    fn debug_shows_nobody() {
        let request = RegisterDoseRequest {
            voucher: voucher(r#"{"ocr_line":"211311210123456789"}"#).unwrap(),
            birth_date: BirthDate::parse(b"19800102").unwrap(),
            dose: DoseEntry {
                date: time::macros::date!(2025 - 04 - 01),
                disease: "d".to_owned(),
                manufacturer: "m".to_owned(),
                product: "p".to_owned(),
                lot: "l".to_owned(),
                physician: Some(Redacted::new("canary".to_owned())),
                amount_microlitres: None,
            },
            idempotency_key: [1; 16].into(),
        };
        let shown = format!("{request:?}");
        for canary in ["0123456789", "1980", "canary"] {
            assert!(!shown.contains(canary), "{shown}");
        }
        let json = serde_json::to_string(&request).unwrap();
        assert!(json.contains(r#""birth_date":"19800102""#));
        assert_eq!(
            serde_json::from_str::<RegisterDoseRequest>(&json).unwrap(),
            request
        );
        // There is no place for a number, whatever it is called.
        let smuggled = json.replacen('{', r#"{"individual_number":"123456789018","#, 1);
        assert!(serde_json::from_str::<RegisterDoseRequest>(&smuggled).is_err());
    }
}
