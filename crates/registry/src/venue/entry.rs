//! What a venue enters, checked as far as it can be without looking anybody up.

use std::fmt;

use declaration::{Declared, Venues};
use domain::{BirthDate, JAPAN, Redacted, VoucherNumber};
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use crate::model::dose_rules::{self, DoseFault, longest};
use crate::model::{Dose, texts};

/// What was given, as entered. Which dose it was and where it was given are not typed.
#[derive(Clone, PartialEq, Eq)]
pub struct DoseDraft {
    /// The day it was given (接種日).
    pub date: Date,
    /// Against what (疾病).
    pub disease: String,
    /// Manufacturer (メーカー).
    pub manufacturer: String,
    /// Product (製品名).
    pub product: String,
    /// Lot number (製造番号・ロット).
    pub lot: String,
    /// Who gave it (医師名).
    pub physician: Option<Redacted<String>>,
    /// Amount given (接種量) in thousandths of a millilitre.
    pub amount_microlitres: Option<u32>,
}

impl fmt::Debug for DoseDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DoseDraft([redacted])")
    }
}

/// A draft that could be a dose: its texts fit, its product is known, its day is not to come.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckedDose {
    draft: DoseDraft,
    vaccine_type: Option<String>,
}

/// A voucher, as the person brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherSought {
    /// Its number.
    pub number: VoucherNumber,
    /// Its kind (券種), where it was read.
    pub kind: Option<u8>,
    /// For which dose (回数).
    pub dose: u8,
}

/// An entry of a venue, to be registered.
#[derive(Clone)]
pub struct VenueEntry {
    /// The voucher.
    pub(super) voucher: VoucherSought,
    /// The birth date that was typed.
    pub(super) birth_date: BirthDate,
    /// What was given.
    pub(super) dose: CheckedDose,
    /// The venue's name, as the register writes it beside the dose.
    pub(super) venue_name: String,
    /// The venue's random key for this entry.
    pub(super) key: [u8; 16],
    /// SHA-256 of the request: another entry under the same key is refused.
    pub(super) request_digest: [u8; 32],
}

impl CheckedDose {
    /// Checks a venue's draft: also that the municipality declared the disease for venues.
    ///
    /// # Errors
    /// The first [`DoseFault`]; it depends on nothing but what was typed.
    pub fn of_venue(
        draft: DoseDraft,
        declared: &Declared<Venues>,
        today: Date,
    ) -> Result<Self, DoseFault> {
        let checked = Self::of_staff(draft, today)?;
        if declared
            .function()
            .diseases
            .contains(&checked.draft.disease)
        {
            Ok(checked)
        } else {
            Err(DoseFault::Disease)
        }
    }

    /// Checks a draft of the municipality's own staff.
    ///
    /// # Errors
    /// The first [`DoseFault`].
    pub fn of_staff(draft: DoseDraft, today: Date) -> Result<Self, DoseFault> {
        let text = |text: &str, longest| texts::required(text, longest).map(str::to_owned);
        let physician = match &draft.physician {
            Some(name) => texts::optional(name.expose(), longest::PHYSICIAN)?,
            None => None,
        };
        if draft
            .amount_microlitres
            .is_some_and(|amount| !(1..=dose_rules::MOST_MICROLITRES).contains(&amount))
        {
            return Err(DoseFault::Amount);
        }
        dose_rules::not_in_future(draft.date, today)?;
        let manufacturer = text(&draft.manufacturer, longest::MANUFACTURER)?;
        let product = text(&draft.product, longest::PRODUCT)?;
        let known = dose_rules::known_product(&manufacturer, &product)?;
        Ok(Self {
            vaccine_type: Some(known.vaccine_type.clone()),
            draft: DoseDraft {
                disease: dose_rules::disease(
                    Some(known),
                    texts::required(&draft.disease, longest::DISEASE)?,
                )?
                .to_owned(),
                lot: text(&draft.lot, longest::LOT)?,
                physician: physician.map(|name| Redacted::new(name.to_owned())),
                manufacturer,
                product,
                ..draft
            },
        })
    }

    /// The day it was given.
    pub(super) const fn date(&self) -> Date {
        self.draft.date
    }

    /// The dose that it makes of an entry.
    pub(super) fn to_dose(
        &self,
        number: u8,
        voucher: Option<VoucherNumber>,
        venue: Option<Redacted<String>>,
        registered_at: PrimitiveDateTime,
    ) -> Dose {
        let draft = self.draft.clone();
        Dose {
            registered_at,
            date: draft.date,
            voucher,
            venue,
            physician: draft.physician,
            manufacturer: draft.manufacturer,
            product: draft.product,
            vaccine_type: self.vaccine_type.clone(),
            disease: draft.disease,
            lot: draft.lot,
            number,
            amount_microlitres: draft.amount_microlitres,
        }
    }

    /// In words, for the person who approves it.
    pub(super) fn in_words(&self) -> String {
        let draft = &self.draft;
        let physician = draft.physician.as_ref();
        let amount = draft.amount_microlitres;
        format!(
            "{}, {}, {} {}, lot {}, physician {}, {} µl",
            draft.date,
            draft.disease,
            draft.manufacturer,
            draft.product,
            draft.lot,
            physician.map_or("not recorded", |name| name.expose().as_str()),
            amount.map_or_else(|| "amount not recorded:".to_owned(), |ml| ml.to_string()),
        )
    }
}

impl fmt::Debug for CheckedDose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckedDose([redacted])")
    }
}

impl VenueEntry {
    /// Puts an entry together: the day may not lie before the birth date that was typed.
    ///
    /// # Errors
    /// [`DoseFault::BeforeBirth`]; it depends on nothing but what was typed.
    pub fn new(
        voucher: VoucherSought,
        birth_date: BirthDate,
        dose: CheckedDose,
        venue_name: &str,
        key: [u8; 16],
        request_digest: [u8; 32],
    ) -> Result<Self, DoseFault> {
        dose_rules::not_before_birth(dose.date(), birth_date)?;
        Ok(Self {
            voucher,
            birth_date,
            dose,
            venue_name: venue_name.to_owned(),
            key,
            request_digest,
        })
    }

    /// The dose that it makes.
    pub(super) fn to_dose(&self, now: OffsetDateTime) -> Dose {
        self.dose.to_dose(
            self.voucher.dose,
            Some(self.voucher.number.clone()),
            Some(Redacted::new(self.venue_name.clone())),
            in_japan(now),
        )
    }
}

impl fmt::Debug for VenueEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VenueEntry([redacted])")
    }
}

/// A moment as the register writes it: Japan's time, whole seconds.
pub(super) fn in_japan(moment: OffsetDateTime) -> PrimitiveDateTime {
    let moment = moment.to_offset(JAPAN);
    PrimitiveDateTime::new(moment.date(), moment.time().truncate_to_second())
}
