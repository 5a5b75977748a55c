//! What a dose has to be, whoever brings it: a file, a venue, staff. One place for all of them.

use certificate::diseases;
use certificate::products::{self, Product};
use domain::BirthDate;
use time::Date;

use super::{Dose, TextFault};

/// Longest texts of a dose, in characters (the ledger's columns).
pub(crate) mod longest {
    /// Venue (接種会場).
    pub(crate) const VENUE: usize = 30;
    /// Physician (医師名).
    pub(crate) const PHYSICIAN: usize = 20;
    /// Manufacturer (メーカー).
    pub(crate) const MANUFACTURER: usize = 20;
    /// Product (製品名).
    pub(crate) const PRODUCT: usize = 60;
    /// Vaccine type (ワクチン種類).
    pub(crate) const VACCINE_TYPE: usize = 40;
    /// Disease (疾病).
    pub(crate) const DISEASE: usize = 40;
    /// Lot number (製造番号).
    pub(crate) const LOT: usize = 20;
}

/// Largest amount in thousandths of a millilitre.
pub(crate) const MOST_MICROLITRES: u32 = 99_999;

/// Why something is no dose of this person. Never holds a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum DoseFault {
    /// A text is missing, too long, or has a control character.
    #[error(transparent)]
    Text(#[from] TextFault),
    /// The amount is none that is given.
    #[error("the amount is outside what is given")]
    Amount,
    /// No product of this manufacturer and name is known.
    #[error("the product is not known")]
    UnknownProduct,
    /// The product is against another disease.
    #[error("the product is not against this disease")]
    DiseaseOfAnotherProduct,
    /// The municipality did not declare the disease for venues.
    #[error("the disease is none of those declared")]
    Disease,
    /// Given after today.
    #[error("the date is after today")]
    InFuture,
    /// Given before the person was born.
    #[error("the date is before birth")]
    BeforeBirth,
    /// Another dose against the same disease has this number.
    #[error("a dose of this number against this disease is registered")]
    NumberTaken,
    /// Another dose against the same disease was given on this day.
    #[error("a dose against this disease on this day is registered")]
    DayTaken,
    /// A dose of a lower number was given later, or one of a higher number earlier.
    #[error("the doses against this disease are not in the order of their numbers")]
    OutOfOrder,
}

/// The product of a manufacturer, if a certificate can name it.
pub(crate) fn known_product(
    manufacturer: &str,
    product: &str,
) -> Result<&'static Product, DoseFault> {
    products::find(manufacturer, product).ok_or(DoseFault::UnknownProduct)
}

/// The one name of a dose's disease, however it is spelled, so that one disease is one course; a
/// known product is against its own alone.
pub(crate) fn disease<'a>(
    product: Option<&Product>,
    spelled: &'a str,
) -> Result<&'a str, DoseFault> {
    match product {
        Some(product) if !diseases::is_of(product, spelled) => {
            Err(DoseFault::DiseaseOfAnotherProduct)
        }
        Some(_) | None => Ok(diseases::name_of(spelled)),
    }
}

/// Refuses a day to come.
pub(crate) fn not_in_future(date: Date, today: Date) -> Result<(), DoseFault> {
    if date > today {
        return Err(DoseFault::InFuture);
    }
    Ok(())
}

/// Refuses a day before somebody was born.
pub(crate) fn not_before_birth(date: Date, birth: BirthDate) -> Result<(), DoseFault> {
    if date < birth.date() {
        return Err(DoseFault::BeforeBirth);
    }
    Ok(())
}

/// Refuses a dose that does not fit among the person's others: against one disease each number
/// and each day is there once, and the days are in the order of the numbers.
pub(crate) fn in_course<'a>(
    dose: &Dose,
    others: impl IntoIterator<Item = &'a Dose>,
) -> Result<(), DoseFault> {
    place_in_course(dose.place(), others.into_iter().map(Dose::place))
}

/// What of a dose decides on its place among the person's others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CoursePlace<'a> {
    pub(crate) disease: &'a str,
    pub(crate) number: u8,
    pub(crate) date: Date,
}

impl Dose {
    /// Its place among the person's doses.
    pub(crate) fn place(&self) -> CoursePlace<'_> {
        CoursePlace {
            disease: &self.disease,
            number: self.number,
            date: self.date,
        }
    }
}

/// The same where no more than the places are known.
pub(crate) fn place_in_course<'a>(
    dose: CoursePlace<'_>,
    others: impl IntoIterator<Item = CoursePlace<'a>>,
) -> Result<(), DoseFault> {
    let course = others
        .into_iter()
        .filter(|other| other.disease == dose.disease);
    for other in course {
        if other.number == dose.number {
            return Err(DoseFault::NumberTaken);
        }
        if other.date == dose.date {
            return Err(DoseFault::DayTaken);
        }
        if (other.number < dose.number) != (other.date < dose.date) {
            return Err(DoseFault::OutOfOrder);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    fn dose(disease: &str, number: u8, date: Date) -> Dose {
        Dose {
            registered_at: datetime!(2021-06-01 12:00),
            date,
            voucher: None,
            venue: None,
            physician: None,
            manufacturer: "m".to_owned(),
            product: "p".to_owned(),
            vaccine_type: None,
            disease: disease.to_owned(),
            lot: "l".to_owned(),
            number,
            amount_microlitres: None,
        }
    }

    #[test]
    fn products_are_those_of_the_certificates() {
        assert!(known_product("ファイザー", "コミナティ筋注").is_ok());
        for (manufacturer, product) in [("モデルナ", "コミナティ筋注"), ("", "")] {
            assert_eq!(
                known_product(manufacturer, product),
                Err(DoseFault::UnknownProduct)
            );
        }
    }

    #[test]
    fn a_disease_has_one_name_and_is_its_product_s() {
        let comirnaty = known_product("ファイザー", "コミナティ筋注").unwrap();
        for spelled in ["新型コロナウイルス感染症", "COVID-19", "新型コロナ"] {
            let name = disease(Some(comirnaty), spelled);
            assert_eq!(name, Ok("新型コロナウイルス感染症"));
        }
        for other in ["麻しん", "見本感染症"] {
            let refused = disease(Some(comirnaty), other);
            assert_eq!(refused, Err(DoseFault::DiseaseOfAnotherProduct));
            assert_eq!(disease(None, other), Ok(other));
        }
        assert_eq!(disease(None, "麻疹"), Ok("麻しん"));
    }

    #[test]
    fn a_day_lies_between_birth_and_today() {
        let birth = BirthDate::from_date(date!(2020 - 01 - 02));
        let today = date!(2025 - 04 - 01);
        assert_eq!(not_before_birth(date!(2020 - 01 - 02), birth), Ok(()));
        assert_eq!(
            not_before_birth(date!(2020 - 01 - 01), birth),
            Err(DoseFault::BeforeBirth)
        );
        assert_eq!(not_in_future(today, today), Ok(()));
        assert_eq!(
            not_in_future(date!(2025 - 04 - 02), today),
            Err(DoseFault::InFuture)
        );
    }

    #[test]
    fn a_course_is_in_order_for_each_disease() {
        let others = [
            dose("a", 1, date!(2021 - 06 - 01)),
            dose("a", 3, date!(2022 - 06 - 01)),
            dose("b", 2, date!(2021 - 07 - 01)),
        ];
        let fits = |number, date| in_course(&dose("a", number, date), &others);
        assert_eq!(fits(2, date!(2021 - 07 - 01)), Ok(()));
        assert_eq!(fits(4, date!(2022 - 06 - 02)), Ok(()));
        assert_eq!(fits(3, date!(2022 - 07 - 01)), Err(DoseFault::NumberTaken));
        assert_eq!(fits(2, date!(2021 - 06 - 01)), Err(DoseFault::DayTaken));
        assert_eq!(fits(2, date!(2021 - 05 - 01)), Err(DoseFault::OutOfOrder));
        assert_eq!(fits(2, date!(2022 - 07 - 01)), Err(DoseFault::OutOfOrder));
        assert_eq!(fits(4, date!(2022 - 05 - 01)), Err(DoseFault::OutOfOrder));
    }
}
