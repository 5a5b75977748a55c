//! Who gets which certificate at kiosk and phone: a pure function of card, record and day
//! (domain rules 3, 4, 7, 8, 10 and 12).

use certificate::model::{
    AlternativeName, AlternativeNameKind, Certificate, CertifiedDose, Holder, Issuer, Passport,
    RomanName,
};
use certificate::{diseases, products};
use domain::{BasicAttributes, CertificateId, CertificateKind, NormalizedName};
use registry::{Disagreement, Dose, Dossier, RegisteredPassport, Resident};
use time::Date;

/// The country in which every dose of these registers was given.
const JAPAN: &str = "JPN";

/// Why the answer is "not here: please ask the counter". For records, never for the applicant:
/// kiosk and phone get one and the same answer for all of them (domain rule 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHere {
    /// Nobody with this individual number is registered.
    NotRegistered,
    /// Card and register disagree.
    Mismatch(Disagreement),
    /// Under protection (支援措置).
    Protected,
    /// Registered as deceased.
    Deceased,
    /// The person had the use of their data suspended (利用停止).
    UseSuspended,
    /// No dose is registered.
    NoDoses,
    /// A dose cannot be certified, counted from 0: its product is not in the table of products, or
    /// is against another disease. And no certificate can be made of the others.
    Uncertifiable(usize),
}

/// A resident who gets a certificate, and what goes into it.
#[derive(Debug, Clone)]
pub struct Eligible {
    holder: Holder,
    passport: Option<Passport>,
    doses: Vec<CertifiedDose>,
}

/// Decides. Moved out makes no difference: a dose's record stays with the municipality of
/// residence at vaccination (rule 8).
///
/// # Errors
/// [`NotHere`]: the first reason. Protection comes first, so that nothing else about a protected
/// person makes a difference anywhere.
pub fn assess(
    dossier: Option<&Dossier>,
    card: &BasicAttributes,
    today: Date,
) -> Result<Eligible, NotHere> {
    let dossier = dossier.ok_or(NotHere::NotRegistered)?;
    let resident = &dossier.resident;
    if resident.protected_since.is_some() {
        return Err(NotHere::Protected);
    }
    if resident.deceased_on.is_some() {
        return Err(NotHere::Deceased);
    }
    if resident.use_suspended_since.is_some() {
        return Err(NotHere::UseSuspended);
    }
    resident.agrees_with(card).map_err(NotHere::Mismatch)?;
    if dossier.doses.is_empty() {
        return Err(NotHere::NoDoses);
    }
    let doses = certified_doses(&dossier.doses).map_err(NotHere::Uncertifiable)?;
    Ok(Eligible {
        holder: Holder {
            name: resident.name.clone(),
            alternative_name: printed_alternative(resident, card),
            birth_date: resident.birth_date,
            passport: None,
        },
        passport: dossier
            .passport
            .as_ref()
            .and_then(|passport| usable(passport, today)),
        doses,
    })
}

impl Eligible {
    /// The certificate of a kind, as it would be issued; `None` where it needs a passport and
    /// none is registered, or the registered one has expired (rule 4).
    #[must_use]
    pub fn certificate(
        &self,
        id: CertificateId,
        kind: CertificateKind,
        issuer: Issuer,
        issued_on: Date,
    ) -> Option<Certificate> {
        let passport = match kind {
            CertificateKind::Abroad => Some(self.passport.clone()?),
            CertificateKind::Domestic => None,
        };
        Some(Certificate {
            id,
            kind,
            holder: Holder {
                passport,
                ..self.holder.clone()
            },
            doses: self.doses.clone(),
            issuer,
            issued_on,
        })
    }
}

/// The doses that a certificate lists: those against the diseases of which each dose can be certified.
/// A disease with a dose that cannot is left out whole, since fewer doses than were given would be
/// wrong (rule 9), but not the others for it (ADR 0027). `Err`: the first dose that cannot, counted
/// from 0, where nothing is left or it is not known against what it was given.
fn certified_doses(doses: &[Dose]) -> Result<Vec<CertifiedDose>, usize> {
    let certified: Vec<_> = doses.iter().map(certified).collect();
    let uncertified = certified.iter().position(Option::is_none);
    let mut unknown = doses.iter().zip(&certified);
    let unknown = unknown.position(|(dose, certified)| {
        certified.is_none() && diseases::find(&dose.disease).is_none()
    });
    if let Some(at) = unknown {
        return Err(at);
    }
    let left_out: Vec<&str> = doses
        .iter()
        .zip(&certified)
        .filter(|(_, certified)| certified.is_none())
        .map(|(dose, _)| diseases::name_of(&dose.disease))
        .collect();
    let listed: Vec<_> = doses
        .iter()
        .zip(certified)
        .filter(|(dose, _)| !left_out.contains(&diseases::name_of(&dose.disease)))
        .filter_map(|(_, certified)| certified)
        .collect();
    match uncertified {
        Some(at) if listed.is_empty() => Err(at),
        Some(_) | None => Ok(listed),
    }
}

fn certified(dose: &Dose) -> Option<CertifiedDose> {
    let product = products::find(&dose.manufacturer, &dose.product)?;
    if !diseases::is_of(product, &dose.disease) {
        return None;
    }
    Some(CertifiedDose {
        number: dose.number,
        date: dose.date,
        product,
        lot: dose.lot.clone(),
        country: JAPAN,
    })
}

/// The other name to be printed: the one through which the card's name agrees, if it is one;
/// otherwise the first that is registered (rule 10).
fn printed_alternative(resident: &Resident, card: &BasicAttributes) -> Option<AlternativeName> {
    let on_card = card.name.normalized();
    let by_card = resident.alternative_names.iter().find(|alternative| {
        resident.name.normalized() != on_card && {
            let other = NormalizedName::of(alternative.name.expose());
            on_card.expose().contains(other.expose())
        }
    });
    let chosen = by_card.or_else(|| resident.alternative_names.first())?;
    Some(AlternativeName {
        kind: match chosen.kind {
            registry::AlternativeNameKind::FormerFamilyName => AlternativeNameKind::FormerSurname,
            registry::AlternativeNameKind::Alias => AlternativeNameKind::OtherName,
            registry::AlternativeNameKind::CommonName => AlternativeNameKind::CommonName,
        },
        name: chosen.name.clone(),
    })
}

/// A registered passport that can still be travelled with. One whose roman name cannot be read
/// is as good as none: the counter registers it again.
fn usable(passport: &RegisteredPassport, today: Date) -> Option<Passport> {
    if passport.expires_on < today {
        return None;
    }
    let alternative = match &passport.alternative_roman_name {
        Some(name) => Some(RomanName::parse(name.expose()).ok()?),
        None => None,
    };
    Some(Passport {
        roman_name: RomanName::parse(passport.roman_name.expose()).ok()?,
        alternative_roman_name: alternative,
        nationality: passport.nationality.clone(),
        number: passport.number.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Address, BirthDate, MunicipalityCode, PersonName, Redacted, Sex};
    use registry::{PassportReader, ResidentNumber};
    use time::macros::{date, datetime};

    const TODAY: Date = date!(2026 - 01 - 10);

    fn name(text: &str) -> PersonName {
        PersonName::parse(text).unwrap()
    }

    fn card(text: &str) -> BasicAttributes {
        BasicAttributes {
            name: name(text),
            address: Address::parse("試験県試験市").unwrap(),
            birth_date: BirthDate::parse(b"19800101").unwrap(),
            sex: Sex::Female,
        }
    }

    fn dose(number: u8, day: Date) -> Dose {
        let product = &products::all()[0];
        Dose {
            registered_at: datetime!(2021-06-01 12:00),
            date: day,
            voucher: None,
            venue: None,
            physician: None,
            manufacturer: product.manufacturer.clone(),
            product: product.name.clone(),
            vaccine_type: None,
            disease: "COVID-19".to_owned(),
            lot: "TEST01".to_owned(),
            number,
            amount_microlitres: None,
        }
    }

    fn passport(expires_on: Date) -> RegisteredPassport {
        RegisteredPassport {
            roman_name: Redacted::new("SHIKEN HANAKO".to_owned()),
            alternative_roman_name: None,
            nationality: Redacted::new("JPN".to_owned()),
            number: Redacted::new("TT0000000".to_owned()),
            expires_on,
            read_by: PassportReader::Counter,
            registered_at: datetime!(2025-01-01 12:00),
        }
    }

    fn dossier() -> Dossier {
        Dossier {
            resident: Resident {
                number: ResidentNumber::parse("1").unwrap(),
                name: name("試験\u{3000}花子"),
                kana: None,
                birth_date: BirthDate::parse(b"19800101").unwrap(),
                sex: Sex::Female,
                address: Address::parse("試験県試験市").unwrap(),
                alternative_names: Vec::new(),
                moved_out_on: None,
                deceased_on: None,
                protected_since: None,
                use_suspended_since: None,
            },
            doses: vec![
                dose(1, date!(2021 - 06 - 01)),
                dose(2, date!(2021 - 07 - 01)),
            ],
            passport: None,
            undelivered: Vec::new(),
        }
    }

    fn reason(change: impl Fn(&mut Dossier)) -> Option<NotHere> {
        let mut dossier = dossier();
        change(&mut dossier);
        assess(Some(&dossier), &card("試験 花子"), TODAY).err()
    }

    fn kinds(dossier: &Dossier) -> Vec<CertificateKind> {
        let eligible = assess(Some(dossier), &card("試験 花子"), TODAY).unwrap();
        let id = CertificateId::from_random([0; 12]);
        let issuer = || Issuer {
            municipality: MunicipalityCode::parse("131121").unwrap(),
            title: "試験市長".to_owned(),
            title_english: "Mayor of Test".to_owned(),
        };
        CertificateKind::ALL
            .into_iter()
            .filter(|kind| eligible.certificate(id, *kind, issuer(), TODAY).is_some())
            .collect()
    }

    #[test]
    fn a_resident_with_doses_is_eligible() {
        assert_eq!(reason(|_| {}), None);
        assert_eq!(kinds(&dossier()), [CertificateKind::Domestic]);
    }

    #[test]
    fn nobody_registered() {
        let nobody = assess(None, &card("試験 花子"), TODAY);
        assert_eq!(nobody.err(), Some(NotHere::NotRegistered));
    }

    #[test]
    fn moved_out_makes_no_difference() {
        assert_eq!(reason(|d| d.resident.moved_out_on = Some(TODAY)), None);
    }

    #[test]
    fn protected_deceased_and_without_doses_are_not_here() {
        let protected = reason(|d| d.resident.protected_since = Some(TODAY));
        assert_eq!(protected, Some(NotHere::Protected));
        let deceased = reason(|d| d.resident.deceased_on = Some(TODAY));
        assert_eq!(deceased, Some(NotHere::Deceased));
        let suspended = reason(|d| d.resident.use_suspended_since = Some(TODAY));
        assert_eq!(suspended, Some(NotHere::UseSuspended));
        assert_eq!(reason(|d| d.doses.clear()), Some(NotHere::NoDoses));
    }

    #[test]
    fn card_and_register_must_agree() {
        let other_name = reason(|d| d.resident.name = name("試験\u{3000}春子"));
        assert_eq!(other_name, Some(NotHere::Mismatch(Disagreement::Name)));
        let other_sex = reason(|d| d.resident.sex = Sex::Male);
        assert_eq!(other_sex, Some(NotHere::Mismatch(Disagreement::Sex)));
    }

    #[test]
    fn an_unknown_product_is_a_refusal_and_no_guess() {
        let unknown = reason(|d| d.doses[1].product = "なにか".to_owned());
        assert_eq!(unknown, Some(NotHere::Uncertifiable(1)));
    }

    #[test]
    fn a_product_is_certified_against_its_own_disease_alone() {
        let measles = reason(|d| {
            d.doses
                .iter_mut()
                .for_each(|dose| dose.disease = "麻しん".to_owned())
        });
        assert_eq!(measles, Some(NotHere::Uncertifiable(0)));
    }

    #[test]
    fn what_cannot_be_certified_is_no_refusal_of_another_disease() {
        let mut dossier = dossier();
        let mut other = dose(1, date!(2021 - 06 - 15));
        other.disease = "麻しん".to_owned();
        other.product = "乾燥弱毒生麻しん風しん混合ワクチン".to_owned();
        dossier.doses.insert(1, other);
        let eligible = assess(Some(&dossier), &card("試験 花子"), TODAY).unwrap();
        let days: Vec<Date> = eligible.doses.iter().map(|dose| dose.date).collect();
        assert_eq!(days, [date!(2021 - 06 - 01), date!(2021 - 07 - 01)]);
        // Against what nobody knows: it may be one of those listed.
        dossier.doses[1].disease = "なにか".to_owned();
        let refused = assess(Some(&dossier), &card("試験 花子"), TODAY);
        assert_eq!(refused.err(), Some(NotHere::Uncertifiable(1)));
    }

    #[test]
    fn use_abroad_needs_a_passport_that_has_not_expired() {
        let mut dossier = dossier();
        dossier.passport = Some(passport(TODAY));
        assert_eq!(kinds(&dossier), CertificateKind::ALL);
        dossier.passport = Some(passport(date!(2026 - 01 - 09)));
        assert_eq!(kinds(&dossier), [CertificateKind::Domestic]);
    }

    #[test]
    fn the_other_name_on_the_card_is_the_one_printed() {
        let mut dossier = dossier();
        dossier.resident.alternative_names = ["旧田", "古川"]
            .map(|former| registry::AlternativeName {
                kind: registry::AlternativeNameKind::FormerFamilyName,
                name: name(former),
            })
            .to_vec();
        for (on_card, printed) in [
            ("試験 花子", "旧田"),
            ("古川 花子", "古川"),
            ("試験［古川］花子", "古川"),
        ] {
            let eligible = assess(Some(&dossier), &card(on_card), TODAY).unwrap();
            let other = eligible.holder.alternative_name.unwrap();
            assert_eq!(other.name.expose(), printed);
        }
    }
}
