//! The text inside a sealed row: JSON with short dates (day numbers) and nothing optional written.

use std::borrow::Cow;

use domain::{Address, BirthDate, MyNumber, PersonName, Redacted, Sex};
use serde::{Deserialize, Serialize};
use time::{Date, PrimitiveDateTime, Time};
use zeroize::Zeroizing;

use crate::model::{
    AlternativeName, AlternativeNameKind, Dose, PassportReader, RegisteredPassport, Resident,
    ResidentNumber, Voucher, VoucherNumber,
};

/// A record that is written into a sealed row and read out of one.
pub(crate) trait SealedForm: Sized {
    /// The text to be sealed.
    fn to_text(&self) -> Zeroizing<Vec<u8>>;
    /// The record in an opened text.
    fn from_text(text: &[u8]) -> Option<Self>;
}

/// A resident together with the individual number, as only import and the sealed row have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberedResident {
    pub(crate) individual_number: Option<MyNumber>,
    pub(crate) resident: Resident,
}

#[derive(Serialize, Deserialize)]
struct ResidentForm<'a> {
    #[serde(borrow)]
    number: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    individual_number: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    kana: Option<Cow<'a, str>>,
    birth: i32,
    sex: Cow<'a, str>,
    #[serde(borrow)]
    address: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    names: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    moved_out: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    deceased: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    protected: Option<i32>,
}

/// Of a resident's text, the birth date alone.
#[derive(Deserialize)]
struct BirthForm {
    birth: i32,
}

impl NumberedResident {
    /// The birth date in an opened text.
    pub(crate) fn birth_date_in(text: &[u8]) -> Option<BirthDate> {
        let form: BirthForm = serde_json::from_slice(text).ok()?;
        date(form.birth).map(BirthDate::from_date)
    }
}

#[derive(Serialize, Deserialize)]
struct VoucherForm<'a> {
    number: Cow<'a, str>,
    kind: u8,
    dose: u8,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct DoseForm<'a> {
    registered: (i32, u32),
    date: i32,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    voucher: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    venue: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    physician: Option<Cow<'a, str>>,
    #[serde(borrow)]
    manufacturer: Cow<'a, str>,
    #[serde(borrow)]
    product: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    vaccine_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    disease: Cow<'a, str>,
    #[serde(borrow)]
    lot: Cow<'a, str>,
    number: u8,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    microlitres: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct PassportForm<'a> {
    #[serde(borrow)]
    roman_name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    alternative: Option<Cow<'a, str>>,
    nationality: Cow<'a, str>,
    #[serde(borrow)]
    number: Cow<'a, str>,
    expires: i32,
    read_by: Cow<'a, str>,
    registered: (i32, u32),
}

impl SealedForm for NumberedResident {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        let resident = &self.resident;
        let digits = self.individual_number.as_ref().map(|number| {
            // A number's digits are ASCII.
            std::str::from_utf8(number.expose_digits()).unwrap_or_default()
        });
        text_of(&ResidentForm {
            number: resident.number.expose().into(),
            individual_number: digits.map(Cow::Borrowed),
            name: resident.name.expose().into(),
            kana: resident.kana.as_ref().map(|kana| kana.expose().into()),
            birth: day(resident.birth_date.date()),
            sex: resident.sex.code().into(),
            address: resident.address.expose().into(),
            names: resident
                .alternative_names
                .iter()
                .map(|other| (other.kind.word().into(), other.name.expose().into()))
                .collect(),
            moved_out: resident.moved_out_on.map(day),
            deceased: resident.deceased_on.map(day),
            protected: resident.protected_since.map(day),
        })
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: ResidentForm<'_> = serde_json::from_slice(text).ok()?;
        let individual_number = match form.individual_number {
            Some(digits) => Some(MyNumber::parse(digits.as_bytes()).ok()?),
            None => None,
        };
        let kana = match form.kana {
            Some(kana) => Some(PersonName::parse(kana).ok()?),
            None => None,
        };
        let alternative = |(kind, name): (Cow<'_, str>, Cow<'_, str>)| {
            Some(AlternativeName {
                kind: AlternativeNameKind::of_word(&kind)?,
                name: PersonName::parse(name).ok()?,
            })
        };
        Some(Self {
            individual_number,
            resident: Resident {
                number: ResidentNumber::parse(&form.number).ok()?,
                name: PersonName::parse(form.name).ok()?,
                kana,
                birth_date: BirthDate::from_date(date(form.birth)?),
                sex: Sex::parse(form.sex.as_bytes()).ok()?,
                address: Address::parse(form.address).ok()?,
                alternative_names: form
                    .names
                    .into_iter()
                    .map(alternative)
                    .collect::<Option<_>>()?,
                moved_out_on: optional_date(form.moved_out)?,
                deceased_on: optional_date(form.deceased)?,
                protected_since: optional_date(form.protected)?,
                use_suspended_since: None,
            },
        })
    }
}

impl SealedForm for Voucher {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        text_of(&VoucherForm {
            number: self.number.expose().into(),
            kind: self.kind,
            dose: self.dose,
        })
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: VoucherForm<'_> = serde_json::from_slice(text).ok()?;
        Some(Self {
            number: VoucherNumber::parse(&form.number).ok()?,
            kind: form.kind,
            dose: form.dose,
        })
    }
}

impl<'a> DoseForm<'a> {
    /// The form of a dose.
    pub(crate) fn of(dose: &'a Dose) -> Self {
        DoseForm {
            registered: moment(dose.registered_at),
            date: day(dose.date),
            voucher: dose.voucher.as_ref().map(|number| number.expose().into()),
            venue: dose.venue.as_ref().map(|venue| venue.expose().into()),
            physician: dose.physician.as_ref().map(|name| name.expose().into()),
            manufacturer: dose.manufacturer.as_str().into(),
            product: dose.product.as_str().into(),
            vaccine_type: dose.vaccine_type.as_deref().map(Cow::Borrowed),
            disease: dose.disease.as_str().into(),
            lot: dose.lot.as_str().into(),
            number: dose.number,
            microlitres: dose.amount_microlitres,
        }
    }

    /// The dose of a form.
    pub(crate) fn dose(self) -> Option<Dose> {
        let voucher = match self.voucher {
            Some(number) => Some(VoucherNumber::parse(&number).ok()?),
            None => None,
        };
        let redacted = |text: Cow<'_, str>| Redacted::new(text.into_owned());
        Some(Dose {
            registered_at: date_time(self.registered)?,
            date: date(self.date)?,
            voucher,
            venue: self.venue.map(redacted),
            physician: self.physician.map(redacted),
            manufacturer: self.manufacturer.into_owned(),
            product: self.product.into_owned(),
            vaccine_type: self.vaccine_type.map(Cow::into_owned),
            disease: self.disease.into_owned(),
            lot: self.lot.into_owned(),
            number: self.number,
            amount_microlitres: self.microlitres,
        })
    }
}

impl SealedForm for Dose {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        text_of(&DoseForm::of(self))
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        serde_json::from_slice::<DoseForm<'_>>(text).ok()?.dose()
    }
}

impl SealedForm for RegisteredPassport {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        text_of(&PassportForm {
            roman_name: self.roman_name.expose().into(),
            alternative: self
                .alternative_roman_name
                .as_ref()
                .map(|name| name.expose().into()),
            nationality: self.nationality.expose().into(),
            number: self.number.expose().into(),
            expires: day(self.expires_on),
            read_by: self.read_by.as_str().into(),
            registered: moment(self.registered_at),
        })
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: PassportForm<'_> = serde_json::from_slice(text).ok()?;
        let redacted = |text: Cow<'_, str>| Redacted::new(text.into_owned());
        Some(Self {
            roman_name: redacted(form.roman_name),
            alternative_roman_name: form.alternative.map(redacted),
            nationality: redacted(form.nationality),
            number: redacted(form.number),
            expires_on: date(form.expires)?,
            read_by: PassportReader::of_name(&form.read_by)?,
            registered_at: date_time(form.registered)?,
        })
    }
}

/// The text of one record's form.
pub(crate) fn text_of(form: &impl Serialize) -> Zeroizing<Vec<u8>> {
    text_of_records(1, form)
}

/// The text of a form that holds so many records.
pub(crate) fn text_of_records(records: usize, form: &impl Serialize) -> Zeroizing<Vec<u8>> {
    // Enough for any form, so that no half-written copy is left behind by growing.
    let mut text = Zeroizing::new(Vec::with_capacity(2048 * records.max(1)));
    serde_json::to_writer(&mut *text, form).expect("texts and numbers always make JSON");
    text
}

fn day(date: Date) -> i32 {
    date.to_julian_day()
}

fn date(day: i32) -> Option<Date> {
    Date::from_julian_day(day).ok()
}

/// `None` where a day is given and is none of the calendar.
fn optional_date(day: Option<i32>) -> Option<Option<Date>> {
    match day {
        Some(day) => date(day).map(Some),
        None => Some(None),
    }
}

fn moment(at: PrimitiveDateTime) -> (i32, u32) {
    let (hour, minute, second) = at.as_hms();
    let second_of_day = (u32::from(hour) * 60 + u32::from(minute)) * 60 + u32::from(second);
    (day(at.date()), second_of_day)
}

fn date_time((day, second): (i32, u32)) -> Option<PrimitiveDateTime> {
    let part = |value: u32| u8::try_from(value).ok();
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let time = Time::from_hms(part(hour)?, part(minute)?, part(second)?).ok()?;
    Some(PrimitiveDateTime::new(date(day)?, time))
}
