//! The VRS layout: a row a resident, as far as it was published.
//!
//! Resident number (宛名番号) first, then for each dose eight fields: registered at
//! `YYYYMMDDHHMMSS` · date `YYYYMMDD` · voucher, 10 digits · municipality, 6 digits · venue, at
//! most 30 characters · physician, at most 20 · manufacturer, at most 20 · lot, at most 20.
//! No header line, CRLF, quotes only around a field with a comma or a quote in it. What the
//! register does not have (a dose without voucher, venue or physician) is an empty field.

use std::fmt::Write as _;

use domain::MunicipalityCode;
use time::{Date, PrimitiveDateTime};
use zeroize::Zeroizing;

use super::encoding::LedgerEncoding;
use crate::model::{Dose, ResidentNumber};

/// A column of the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LedgerColumn {
    /// Resident number (宛名番号).
    ResidentNumber,
    /// Registered at (登録日時).
    RegisteredAt,
    /// Date (接種日).
    Date,
    /// Voucher number (接種券番号).
    Voucher,
    /// Municipality (自治体コード).
    Municipality,
    /// Venue (接種会場).
    Venue,
    /// Physician (医師名).
    Physician,
    /// Manufacturer (メーカー).
    Manufacturer,
    /// Lot (ロット番号).
    Lot,
}

impl LedgerColumn {
    /// The column's name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ResidentNumber => "resident_number",
            Self::RegisteredAt => "registered_at",
            Self::Date => "date",
            Self::Voucher => "voucher_number",
            Self::Municipality => "municipality",
            Self::Venue => "venue",
            Self::Physician => "physician",
            Self::Manufacturer => "manufacturer",
            Self::Lot => "lot",
        }
    }

    /// Most characters.
    const fn longest(self) -> usize {
        match self {
            Self::RegisteredAt => 14,
            Self::Date => 8,
            Self::Voucher => 10,
            Self::Municipality => 6,
            Self::Venue => 30,
            Self::ResidentNumber | Self::Physician | Self::Manufacturer | Self::Lot => 20,
        }
    }
}

/// Why a field cannot stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum LedgerFault {
    /// It is longer than the layout allows.
    #[error("{length} characters, the layout allows {most}")]
    TooLong {
        /// Its length in characters.
        length: usize,
        /// Most characters.
        most: usize,
    },
    /// It has a character that the encoding lacks.
    #[error("a character that CP932 lacks: correct it, or export as UTF-8")]
    Character,
    /// It has a control character: a line break, a NUL.
    #[error("a control character")]
    Control,
    /// Its year is not one of four digits.
    #[error("a year that does not have four digits")]
    Year,
}

/// A resident's row. There is no field for an individual number (C21), and none for a name.
pub(super) struct LedgerRow<'a> {
    pub(super) resident: &'a ResidentNumber,
    pub(super) municipality: MunicipalityCode,
    pub(super) doses: &'a [Dose],
}

impl LedgerRow<'_> {
    /// The row with its line end; or where it does not fit, the dose's day, column and fault.
    pub(super) fn to_bytes(
        &self,
        encoding: LedgerEncoding,
    ) -> Result<Zeroizing<Vec<u8>>, (Option<Date>, LedgerColumn, LedgerFault)> {
        // Enough for any usual row, so that no half-written copy is left behind by growing.
        let mut line = Line {
            text: Zeroizing::new(Vec::with_capacity(64 + 512 * self.doses.len())),
            encoding,
        };
        line.field(LedgerColumn::ResidentNumber, self.resident.expose())
            .map_err(|(column, fault)| (None, column, fault))?;
        for dose in self.doses {
            line.dose(dose, self.municipality)
                .map_err(|(column, fault)| (Some(dose.date), column, fault))?;
        }
        line.text.extend_from_slice(b"\r\n");
        Ok(line.text)
    }
}

struct Line {
    text: Zeroizing<Vec<u8>>,
    encoding: LedgerEncoding,
}

impl Line {
    fn dose(
        &mut self,
        dose: &Dose,
        municipality: MunicipalityCode,
    ) -> Result<(), (LedgerColumn, LedgerFault)> {
        let voucher = dose.voucher.as_ref().map(|number| number.expose());
        let venue = dose.venue.as_ref().map(|text| text.expose().as_str());
        let physician = dose.physician.as_ref().map(|text| text.expose().as_str());
        let registered_at =
            moment(dose.registered_at).map_err(|fault| (LedgerColumn::RegisteredAt, fault))?;
        let date = day(dose.date).map_err(|fault| (LedgerColumn::Date, fault))?;
        for (column, text) in [
            (LedgerColumn::RegisteredAt, registered_at.as_str()),
            (LedgerColumn::Date, date.as_str()),
            (LedgerColumn::Voucher, voucher.unwrap_or_default()),
            (LedgerColumn::Municipality, municipality.as_str()),
            (LedgerColumn::Venue, venue.unwrap_or_default()),
            (LedgerColumn::Physician, physician.unwrap_or_default()),
            (LedgerColumn::Manufacturer, &dose.manufacturer),
            (LedgerColumn::Lot, &dose.lot),
        ] {
            self.text.push(b',');
            self.field(column, text)?;
        }
        Ok(())
    }

    fn field(
        &mut self,
        column: LedgerColumn,
        text: &str,
    ) -> Result<(), (LedgerColumn, LedgerFault)> {
        let (length, most) = (text.chars().count(), column.longest());
        if length > most {
            return Err((column, LedgerFault::TooLong { length, most }));
        }
        if text.chars().any(char::is_control) {
            return Err((column, LedgerFault::Control));
        }
        let bytes = self
            .encoding
            .encode(text)
            .ok_or((column, LedgerFault::Character))?;
        // In both encodings these two bytes stand for nothing but themselves.
        if bytes.iter().any(|byte| matches!(byte, b',' | b'"')) {
            self.text.push(b'"');
            for byte in bytes.iter() {
                self.text.push(*byte);
                if *byte == b'"' {
                    self.text.push(b'"');
                }
            }
            self.text.push(b'"');
        } else {
            self.text.extend_from_slice(&bytes);
        }
        Ok(())
    }
}

/// `YYYYMMDD`.
fn day(date: Date) -> Result<String, LedgerFault> {
    let (year, month, day) = date.to_calendar_date();
    if !(0..=9999).contains(&year) {
        return Err(LedgerFault::Year);
    }
    Ok(format!("{year:04}{:02}{day:02}", u8::from(month)))
}

/// `YYYYMMDDHHMMSS`.
fn moment(at: PrimitiveDateTime) -> Result<String, LedgerFault> {
    let mut text = day(at.date())?;
    let (hour, minute, second) = at.as_hms();
    // Writing into a string cannot fail.
    let _ = write!(text, "{hour:02}{minute:02}{second:02}");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VoucherNumber;
    use domain::Redacted;
    use time::macros::{date, datetime};

    fn dose() -> Dose {
        Dose {
            registered_at: datetime!(2021-06-01 09:05:07),
            date: date!(2021 - 06 - 01),
            voucher: VoucherNumber::parse("0123456789").ok(),
            venue: Some(Redacted::new("会場".to_owned())),
            physician: Some(Redacted::new("医師".to_owned())),
            manufacturer: "ファイザー".to_owned(),
            product: "コミナティ筋注".to_owned(),
            vaccine_type: None,
            disease: "新型コロナウイルス感染症".to_owned(),
            lot: "EY0001".to_owned(),
            number: 1,
            amount_microlitres: None,
        }
    }

    fn row(
        doses: &[Dose],
        encoding: LedgerEncoding,
    ) -> Result<Zeroizing<Vec<u8>>, (Option<Date>, LedgerColumn, LedgerFault)> {
        LedgerRow {
            resident: &ResidentNumber::parse("42").unwrap(),
            municipality: MunicipalityCode::parse("131121").unwrap(),
            doses,
        }
        .to_bytes(encoding)
    }

    #[test]
    fn a_row_is_written_as_the_layout_says() {
        let mut second = dose();
        (second.voucher, second.venue, second.physician) = (None, None, None);
        let text = row(&[dose(), second], LedgerEncoding::Utf8).unwrap();
        assert_eq!(
            std::str::from_utf8(&text).unwrap(),
            "42,20210601090507,20210601,0123456789,131121,会場,医師,ファイザー,EY0001,\
             20210601090507,20210601,,131121,,,ファイザー,EY0001\r\n"
        );
    }

    #[test]
    fn a_comma_and_a_quote_are_quoted() {
        let mut quoted = dose();
        quoted.venue = Some(Redacted::new("表,\"裏\"".to_owned()));
        // In CP932 表 ends in a byte that is a backslash in ASCII, and no byte is a quote.
        let text = row(&[quoted], LedgerEncoding::Cp932).unwrap();
        let (text, _, _) = encoding_rs::SHIFT_JIS.decode(&text);
        assert!(text.contains(",\"表,\"\"裏\"\"\",医師,"), "{text}");
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_column() {
        let change = |change: fn(&mut Dose)| {
            let mut changed = dose();
            change(&mut changed);
            row(&[dose(), changed], LedgerEncoding::Cp932).unwrap_err()
        };
        let of_dose = Some(date!(2021 - 06 - 01));
        let too_long = |length, most| LedgerFault::TooLong { length, most };
        assert_eq!(
            change(|dose| dose.venue = Some(Redacted::new("会".repeat(31)))),
            (of_dose, LedgerColumn::Venue, too_long(31, 30))
        );
        assert_eq!(
            change(|dose| dose.physician = Some(Redacted::new("医".repeat(21)))),
            (of_dose, LedgerColumn::Physician, too_long(21, 20))
        );
        assert_eq!(
            change(|dose| dose.manufacturer = "社".repeat(21)),
            (of_dose, LedgerColumn::Manufacturer, too_long(21, 20))
        );
        assert_eq!(
            change(|dose| dose.lot = "L".repeat(21)),
            (of_dose, LedgerColumn::Lot, too_long(21, 20))
        );
        assert_eq!(
            change(|dose| dose.venue = Some(Redacted::new("𠮷野会館".to_owned()))),
            (of_dose, LedgerColumn::Venue, LedgerFault::Character)
        );
        assert_eq!(
            change(|dose| dose.lot = "A\nB".to_owned()),
            (of_dose, LedgerColumn::Lot, LedgerFault::Control)
        );
        assert_eq!(
            change(|dose| dose.date = date!(-0001 - 01 - 01)).1,
            LedgerColumn::Date
        );
    }
}
