//! The same work for a resident who is not there as for one who is (domain rule 7).
//!
//! What is equal: one statement; the number of texts unsealed and parsed (one resident, one
//! random id, eight doses, one passport, one history of flags), as long as a resident has at most eight doses and one
//! passport; one audit entry. What is not: the pages of the file that are touched, the rows that
//! are carried out of the database, a certificate that was not delivered, and residents with more
//! doses or passports. Measured, that is some tens of microseconds (`benches/register.rs`); the
//! reply's length and moment are the server's to keep equal.

use std::hint::black_box;

use domain::{Address, BirthDate, MyNumber, PersonName, Redacted, Sex};
use time::macros::{date, datetime};
use zeroize::Zeroizing;

use crate::access::StaffId;
use crate::keys::{RegisterKeys, RowId};
use crate::model::{
    Dose, FlagEvent, FlagHistory, FlagKind, NumberedResident, PassportReader, RegisteredPassport,
    Resident, ResidentNumber, SealedForm, VoucherNumber,
};
use crate::storage::DossierRows;
use crate::table::Table;

/// As many doses are unsealed for everybody, found or not.
const USUAL_DOSES: usize = 8;

/// Sealed texts of nobody, to be opened where somebody's would be.
pub(crate) struct Decoy {
    id: RowId,
    resident: Vec<u8>,
    subject: Vec<u8>,
    dose: Vec<u8>,
    passport: Vec<u8>,
    flags: Vec<u8>,
}

impl Decoy {
    /// Seals the texts under this register's keys.
    pub(crate) fn new(keys: &RegisterKeys) -> Self {
        let id = keys.row_id(Table::Resident, &[b"nobody"]);
        let subject = Zeroizing::new(vec![0; 16]);
        Self {
            id,
            resident: keys.seal_row(Table::Resident, &id.0, resident().to_text()),
            subject: keys.seal_row(Table::ResidentSubject, &id.0, subject),
            dose: keys.seal_row(Table::Dose, &id.0, dose().to_text()),
            passport: keys.seal_row(Table::Passport, &id.0, passport().to_text()),
            flags: keys.seal_row(Table::ResidentFlags, &id.0, flags().to_text()),
        }
    }

    /// Opens what is missing up to the usual number of texts.
    pub(crate) fn make_up(&self, keys: &RegisterKeys, rows: &DossierRows) {
        if rows.resident.is_none() {
            self.open::<NumberedResident>(keys, Table::Resident, &self.resident);
            let _ = black_box(keys.open(Table::ResidentSubject, &self.id.0, &self.subject));
        }
        for _ in rows.doses.len()..USUAL_DOSES {
            self.open::<Dose>(keys, Table::Dose, &self.dose);
        }
        if rows.passports.is_empty() {
            self.open::<RegisteredPassport>(keys, Table::Passport, &self.passport);
        }
        if rows.flags.is_none() {
            self.open::<FlagHistory>(keys, Table::ResidentFlags, &self.flags);
        }
    }

    fn open<T: SealedForm>(&self, keys: &RegisterKeys, table: Table, sealed: &[u8]) {
        let opened = keys.open(table, &self.id.0, sealed);
        black_box(opened.ok().and_then(|text| T::from_text(&text)));
    }
}

fn resident() -> NumberedResident {
    let name = |text: &str| PersonName::parse(text).expect("a plain text");
    NumberedResident {
        individual_number: MyNumber::parse(b"123456789018").ok(),
        resident: Resident {
            number: ResidentNumber::parse("000000000000000").expect("digits"),
            name: name("見本\u{3000}太郎"),
            kana: Some(name("ミホン\u{3000}タロウ")),
            birth_date: BirthDate::from_date(date!(2000 - 01 - 01)),
            sex: Sex::Other,
            address: Address::parse("見本県見本市見本町一丁目二番三号").expect("a plain text"),
            alternative_names: Vec::new(),
            moved_out_on: None,
            deceased_on: None,
            protected_since: None,
            use_suspended_since: None,
        },
    }
}

fn dose() -> Dose {
    Dose {
        registered_at: datetime!(2021-06-01 12:00),
        date: date!(2021 - 06 - 01),
        voucher: VoucherNumber::parse("0000000000").ok(),
        venue: Some(Redacted::new("見本市保健センター".to_owned())),
        physician: Some(Redacted::new("見本 医師".to_owned())),
        manufacturer: "見本".to_owned(),
        product: "見本筋注".to_owned(),
        vaccine_type: Some("見本ワクチン".to_owned()),
        disease: "見本感染症".to_owned(),
        lot: "AA0000".to_owned(),
        number: 1,
        amount_microlitres: Some(300),
    }
}

/// One event, as most have who have any.
fn flags() -> FlagHistory {
    let staff = || StaffId::parse("nobody").expect("plain letters");
    FlagHistory(vec![FlagEvent {
        kind: FlagKind::MovedOut,
        set: true,
        at: datetime!(2021-12-20 12:00 UTC),
        by: staff(),
        ordered_by: staff(),
        ground: Redacted::new("見本".to_owned()),
    }])
}

fn passport() -> RegisteredPassport {
    RegisteredPassport {
        roman_name: Redacted::new("MIHON TARO".to_owned()),
        alternative_roman_name: None,
        nationality: Redacted::new("JPN".to_owned()),
        number: Redacted::new("XX0000000".to_owned()),
        expires_on: date!(2030 - 01 - 01),
        read_by: PassportReader::Counter,
        registered_at: datetime!(2021-12-20 12:00),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Secrets;
    use crypto::SystemRandom;

    #[test]
    fn the_decoys_open_and_parse() {
        let keys = Secrets::make(&SystemRandom).keys().unwrap();
        let decoy = Decoy::new(&keys);
        let text = |table, sealed: &[u8]| keys.open(table, &decoy.id.0, sealed).unwrap();
        assert_eq!(
            NumberedResident::from_text(&text(Table::Resident, &decoy.resident)),
            Some(resident())
        );
        assert_eq!(
            Dose::from_text(&text(Table::Dose, &decoy.dose)),
            Some(dose())
        );
        assert_eq!(
            FlagHistory::from_text(&text(Table::ResidentFlags, &decoy.flags)),
            Some(flags())
        );
        assert_eq!(
            RegisteredPassport::from_text(&text(Table::Passport, &decoy.passport)),
            Some(passport())
        );
    }
}
