//! A file's row, checked, sealed and ready for the database.

use std::collections::HashMap;

use crypto::SecureRandom;
use domain::{
    Address, BirthDate, InvalidMyNumber, MunicipalityCode, MyNumber, PersonName, Redacted, Sex,
};
use time::Date;
use zeroize::Zeroizing;

use super::ImportFile;
use super::columns::Fields;
use super::parsing::ColumnFault;
use super::report::RowFault;
use crate::keys::{RegisterKeys, RowId};
use crate::model::dose_rules::{CoursePlace, DoseFault, disease, known_product, longest};
use crate::model::{
    AlternativeName, AlternativeNameKind, Dose, NumberedResident, PassportReader,
    RegisteredPassport, Resident, ResidentNumber, SealedForm, Voucher,
};
use crate::storage::{ChildRow, ResidentRow};
use crate::table::Table;

/// Longest name and address in characters; both also fit `domain`'s bounds in bytes.
const LONGEST_NAME: usize = 100;
const LONGEST_ADDRESS: usize = 200;
/// Most other names of one person.
const MOST_NAMES: usize = 8;

/// Vaccines that are remembered with what is known of them; more are asked about again.
const MOST_VACCINES: usize = 1_000;

/// What checks and seals rows; each thread has its own.
pub(super) struct Preparation<'a> {
    keys: &'a RegisterKeys,
    random: &'a dyn SecureRandom,
    municipality: MunicipalityCode,
    today: Date,
    /// What is known of a vaccine by manufacturer, product and disease as the files spell them.
    vaccines: HashMap<[String; 3], Vaccine>,
}

/// What is known of a vaccine.
#[derive(Clone)]
struct Vaccine {
    /// Whether a certificate can name the product.
    is_named: bool,
    /// The disease's one name.
    disease: Result<String, DoseFault>,
}

/// A row that was checked by itself and sealed.
pub(super) struct Prepared {
    pub(super) row: Row,
    /// What is to be looked at although the row lands.
    pub(super) noted: Option<ColumnFault>,
}

/// A sealed row with what its checks beside others need.
pub(super) enum Row {
    Resident(ResidentRow, Date),
    Voucher(ChildRow),
    Dose(ChildRow, OwnCoursePlace),
    Passport(ChildRow),
}

/// A dose's place among the person's others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnCoursePlace {
    pub(super) disease: String,
    pub(super) number: u8,
    pub(super) date: Date,
}

impl OwnCoursePlace {
    pub(super) fn place(&self) -> CoursePlace<'_> {
        CoursePlace {
            disease: &self.disease,
            number: self.number,
            date: self.date,
        }
    }
}

impl<'a> Preparation<'a> {
    pub(super) fn new(
        keys: &'a RegisterKeys,
        random: &'a dyn SecureRandom,
        municipality: MunicipalityCode,
        today: Date,
    ) -> Self {
        Self {
            keys,
            random,
            municipality,
            today,
            vaccines: HashMap::new(),
        }
    }

    /// Checks and seals one row.
    pub(super) fn row(
        &mut self,
        file: ImportFile,
        fields: &Fields<'_>,
    ) -> Result<Prepared, ColumnFault> {
        fields.of_municipality(self.municipality)?;
        let mut noted = None;
        let row = match file {
            ImportFile::Residents => self.resident(fields)?,
            ImportFile::Vouchers => Row::Voucher(self.voucher(fields)?),
            ImportFile::Doses => {
                let (dose, unknown) = self.dose(fields)?;
                noted = unknown;
                dose
            }
            ImportFile::Passports => Row::Passport(self.passport(fields)?),
        };
        Ok(Prepared { row, noted })
    }

    fn resident(&self, fields: &Fields<'_>) -> Result<Row, ColumnFault> {
        let birth = fields.past_date("birth_date", self.today)?;
        let record = NumberedResident {
            individual_number: individual_number(fields)?,
            resident: Resident {
                number: resident_number(fields)?,
                name: fields.name("name", LONGEST_NAME)?,
                kana: fields.optional_name("kana", LONGEST_NAME)?,
                birth_date: BirthDate::from_date(birth),
                sex: Sex::parse(fields.get("sex").as_bytes())
                    .map_err(|_| ("sex", RowFault::Word))?,
                address: Address::parse(fields.text("address", LONGEST_ADDRESS)?)
                    .map_err(|_| ("address", RowFault::Form))?,
                alternative_names: alternative_names(fields)?,
                moved_out_on: fields.date_of_life("moved_out_on", birth)?,
                deceased_on: fields.date_of_life("deceased_on", birth)?,
                protected_since: fields.date_of_life("protected_since", birth)?,
                use_suspended_since: None,
            },
        };
        let id = self.keys.resident_id(&record.resident.number);
        let mut subject = Zeroizing::new(vec![0; 16]);
        self.random.fill(&mut subject);
        let row = ResidentRow {
            id,
            number: record
                .individual_number
                .as_ref()
                .map(|number| self.keys.individual_number(number)),
            subject: self.keys.seal_row(Table::ResidentSubject, &id.0, subject),
            sealed: self.keys.seal_row(Table::Resident, &id.0, record.to_text()),
        };
        Ok(Row::Resident(row, birth))
    }

    fn voucher(&self, fields: &Fields<'_>) -> Result<ChildRow, ColumnFault> {
        let resident = self.keys.resident_id(&resident_number(fields)?);
        let number = fields.voucher("voucher_number", self.municipality)?;
        let voucher = Voucher {
            number: number.ok_or(("voucher_number", RowFault::Missing))?,
            kind: fields.number("kind", 0..=9)?,
            dose: fields.number("dose", 0..=9)?,
        };
        let id = self
            .keys
            .voucher_id(&voucher.number, voucher.kind, voucher.dose);
        Ok(self.child(Table::Voucher, resident, id, &voucher))
    }

    /// The dose, and what is to be looked at although it lands.
    fn dose(&mut self, fields: &Fields<'_>) -> Result<(Row, Option<ColumnFault>), ColumnFault> {
        let resident = self.keys.resident_id(&resident_number(fields)?);
        let redacted = |text: Option<&str>| text.map(|text| Redacted::new(text.to_owned()));
        let vaccine = self.vaccine([
            fields.text("manufacturer", longest::MANUFACTURER)?,
            fields.text("product", longest::PRODUCT)?,
            fields.text("disease", longest::DISEASE)?,
        ]);
        let unknown = (!vaccine.is_named).then_some(("product", RowFault::ProductUnknown));
        let dose = Dose {
            registered_at: fields.moment("registered_at")?,
            date: fields.past_date("date", self.today)?,
            voucher: fields.voucher("voucher_number", self.municipality)?,
            venue: redacted(fields.optional_text("venue", longest::VENUE)?),
            physician: redacted(fields.optional_text("physician", longest::PHYSICIAN)?),
            manufacturer: fields
                .text("manufacturer", longest::MANUFACTURER)?
                .to_owned(),
            product: fields.text("product", longest::PRODUCT)?.to_owned(),
            vaccine_type: fields
                .optional_text("vaccine_type", longest::VACCINE_TYPE)?
                .map(str::to_owned),
            disease: vaccine.disease.map_err(|fault| ("disease", fault.into()))?,
            lot: fields.text("lot", longest::LOT)?.to_owned(),
            number: fields.number("dose_number", 1..=99)?,
            amount_microlitres: fields.microlitres("amount_ml")?,
        };
        let id = self.keys.dose_id(resident, &dose);
        let row = self.child(Table::Dose, resident, id, &dose);
        let place = OwnCoursePlace {
            disease: dose.disease,
            number: dose.number,
            date: dose.date,
        };
        Ok((Row::Dose(row, place), unknown))
    }

    fn vaccine(&mut self, spelled: [&str; 3]) -> Vaccine {
        let key = spelled.map(str::to_owned);
        if let Some(vaccine) = self.vaccines.get(&key) {
            return vaccine.clone();
        }
        let [manufacturer, product, spelled] = spelled;
        let product = known_product(manufacturer, product).ok();
        let vaccine = Vaccine {
            is_named: product.is_some(),
            disease: disease(product, spelled).map(str::to_owned),
        };
        if self.vaccines.len() < MOST_VACCINES {
            self.vaccines.insert(key, vaccine.clone());
        }
        vaccine
    }

    fn passport(&self, fields: &Fields<'_>) -> Result<ChildRow, ColumnFault> {
        let resident = self.keys.resident_id(&resident_number(fields)?);
        let space = |byte| byte == b' ';
        let digit = |byte: u8| byte.is_ascii_digit();
        let required = |column, text: Option<&str>| {
            text.map(|text| Redacted::new(text.to_owned()))
                .ok_or((column, RowFault::Missing))
        };
        let passport = RegisteredPassport {
            roman_name: required("roman_name", fields.capitals("roman_name", 39, space)?)?,
            alternative_roman_name: fields
                .capitals("alternative_roman_name", 39, space)?
                .map(|name| Redacted::new(name.to_owned())),
            nationality: required("nationality", fields.capitals("nationality", 3, |_| false)?)?,
            number: required("number", fields.capitals("number", 9, digit)?)?,
            expires_on: fields.date("expires_on")?,
            read_by: PassportReader::of_name(fields.get("read_by"))
                .ok_or(("read_by", RowFault::Word))?,
            registered_at: fields.moment("registered_at")?,
        };
        let key = [
            &resident.0[..],
            passport.nationality.expose().as_bytes(),
            passport.number.expose().as_bytes(),
        ];
        let id = self.keys.row_id(Table::Passport, &key);
        Ok(self.child(Table::Passport, resident, id, &passport))
    }

    fn child(
        &self,
        table: Table,
        resident: RowId,
        id: RowId,
        record: &impl SealedForm,
    ) -> ChildRow {
        ChildRow {
            id,
            resident,
            sealed: self.keys.seal_row(table, &id.0, record.to_text()),
        }
    }
}

fn resident_number(fields: &Fields<'_>) -> Result<ResidentNumber, ColumnFault> {
    let column = "resident_number";
    match fields.get(column) {
        "" => Err((column, RowFault::Missing)),
        text => ResidentNumber::parse(text).map_err(|_| (column, RowFault::Form)),
    }
}

/// Empty for people who have none, as those who left before numbers were given.
fn individual_number(fields: &Fields<'_>) -> Result<Option<MyNumber>, ColumnFault> {
    let column = "individual_number";
    match fields.get(column) {
        "" => Ok(None),
        text => MyNumber::parse(text.as_bytes()).map(Some).map_err(|error| {
            let fault = match error {
                InvalidMyNumber::NotTwelveDigits => RowFault::Form,
                InvalidMyNumber::CheckDigit => RowFault::CheckDigit,
            };
            (column, fault)
        }),
    }
}

/// `kind:name` separated by `|`.
fn alternative_names(fields: &Fields<'_>) -> Result<Vec<AlternativeName>, ColumnFault> {
    let column = "alternative_names";
    let longest = MOST_NAMES * (LONGEST_NAME + 4);
    let Some(text) = fields.optional_text(column, longest)? else {
        return Ok(Vec::new());
    };
    let names: Vec<_> = text.split('|').take(MOST_NAMES + 1).collect();
    if names.len() > MOST_NAMES {
        return Err((column, RowFault::Range));
    }
    let parse = |name: &str| {
        let (kind, name) = name.split_once(':').ok_or((column, RowFault::Form))?;
        if name.chars().count() > LONGEST_NAME {
            return Err((column, RowFault::TooLong(LONGEST_NAME)));
        }
        Ok(AlternativeName {
            kind: AlternativeNameKind::of_word(kind).ok_or((column, RowFault::Word))?,
            name: PersonName::parse(name).map_err(|_| (column, RowFault::Form))?,
        })
    };
    names.into_iter().map(parse).collect()
}
