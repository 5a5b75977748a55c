//! Verify after sign: what was signed is decoded, verified and compared with the certificate
//! before it leaves.
//!
//! Both go through the verifiers that everybody uses, only that the VDS-NC's chain was verified
//! when the keys were loaded: it takes more than everything else of a signature together (P-384).

use certificate::DoseOnCode;
use certificate::model::CertifiedDose;
use certificate::shc::{self, Jws};
use certificate::vds_nc::{self, VdsNc};
use domain::NormalizedName;
use time::OffsetDateTime;

use crate::SigningKeys;
use crate::signed::{SignError, Signed};

/// Verifies and decodes everything that was signed.
pub(crate) fn as_signed(
    signed: &Signed,
    keys: &SigningKeys,
    now: OffsetDateTime,
) -> Result<(), SignError> {
    let all = signed.certificate.doses.len();
    let (full, code) = (&signed.smart_health_card, &signed.smart_health_card_code);
    let mut holds = card_holds(signed, &code.text, code.doses, keys, now)
        && (code.text == *full || card_holds(signed, full, all, keys, now));
    if let Some(vds_nc) = &signed.vds_nc {
        let (full, code) = (&vds_nc.full, &vds_nc.code);
        holds &= object_holds(signed, &code.text, code.doses, keys)
            && (code.text == *full || object_holds(signed, full, all, keys));
    }
    if holds {
        Ok(())
    } else {
        Err(SignError::NotAsSigned)
    }
}

fn newest(signed: &Signed, doses: usize) -> &[CertifiedDose] {
    let all = &signed.certificate.doses;
    &all[all.len().saturating_sub(doses)..]
}

fn card_holds(
    signed: &Signed,
    jws: &Jws,
    doses: usize,
    keys: &SigningKeys,
    now: OffsetDateTime,
) -> bool {
    let holder = &signed.certificate.holder;
    let name = NormalizedName::of(holder.name.expose());
    let newest = newest(signed, doses);
    shc::verify(jws, keys.trusted(), now).is_ok_and(|card| {
        card.holder.matches(&name, holder.birth_date)
            && card.doses.len() == newest.len()
            && card.doses.iter().zip(newest).all(|(said, dose)| {
                said.date == dose.date
                    && said.lot.as_deref() == Some(dose.lot.as_str())
                    && said.code == dose.product.cvx_code()
            })
    })
}

fn object_holds(signed: &Signed, object: &VdsNc, doses: usize, keys: &SigningKeys) -> bool {
    let holder = &signed.certificate.holder;
    let (Some(passport), Ok(said)) = (
        &holder.passport,
        vds_nc::verify_by(object, keys.barcode_signer()),
    ) else {
        return false;
    };
    let newest = newest(signed, doses);
    let names = said.holder.names().iter().map(|name| name.expose());
    names.eq([passport.roman_name.expose()])
        && said.holder.birth_date() == holder.birth_date
        && said.passport_number.expose() == passport.number.expose()
        && said.certificate_id == signed.certificate.id.as_str()
        && said.doses.len() == newest.len()
        && said
            .doses
            .iter()
            .zip(newest)
            .all(|(said, dose)| is_dose(dose, said))
}

fn is_dose(dose: &CertifiedDose, said: &DoseOnCode) -> bool {
    said.product
        .is_some_and(|product| product.id == dose.product.id)
        && said.date == dose.date
        && said.lot.as_deref() == Some(dose.lot.as_str())
        && said.number == Some(dose.number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::certificates::{certificate, dose, signed};
    use crate::parts::issuer::{NOW, Pki, keys, keys_of};
    use certificate::model::{Certificate, Passport, RomanName};
    use domain::CertificateKind::{self, Abroad, Domestic};
    use domain::{BirthDate, CertificateId, PersonName, Redacted};
    use time::macros::date;

    /// What the check says where certificate and signatures differ by this.
    fn after(
        kind: CertificateKind,
        change: impl FnOnce(&mut Certificate),
    ) -> Result<(), SignError> {
        let mut signed = signed(certificate(kind, 2));
        change(&mut signed.certificate);
        as_signed(&signed, keys(), NOW)
    }

    #[test]
    fn what_was_signed_is_what_the_certificate_says() {
        assert_eq!(after(Abroad, |_| {}), Ok(()));
        assert_eq!(after(Domestic, |_| {}), Ok(()));
    }

    #[test]
    fn another_holder_is_noticed_in_either_code() {
        let other = Err(SignError::NotAsSigned);
        let name = |c: &mut Certificate| c.holder.name = PersonName::parse("別人").unwrap();
        let born = BirthDate::from_date(date!(1980 - 04 - 01));
        assert_eq!(after(Domestic, name), other);
        assert_eq!(after(Domestic, |c| c.holder.birth_date = born), other);
        let passport = |change: fn(&mut Passport)| {
            after(Abroad, |c| change(c.holder.passport.as_mut().unwrap()))
        };
        let roman = |p: &mut Passport| p.roman_name = RomanName::parse("OTHER").unwrap();
        assert_eq!(passport(roman), other);
        let number = |p: &mut Passport| p.number = Redacted::new("TK7654321".to_owned());
        assert_eq!(passport(number), other);
        let id = CertificateId::parse("000000000000").unwrap();
        assert_eq!(after(Abroad, |c| c.id = id), other);
    }

    #[test]
    fn other_doses_are_noticed_in_either_code() {
        let changes: [fn(&mut Certificate); 4] = [
            |c| c.doses[1].lot = "OTHER".to_owned(),
            |c| c.doses[0].date = date!(2021 - 06 - 21),
            |c| c.doses[0].product = dose(3).product,
            |c| c.doses.push(dose(2)),
        ];
        for change in changes {
            assert_eq!(after(Domestic, change), Err(SignError::NotAsSigned));
            let signed = {
                let mut signed = signed(certificate(Abroad, 2));
                change(&mut signed.certificate);
                signed
            };
            let vds_nc = signed.vds_nc.as_ref().unwrap();
            let doses = signed.certificate.doses.len();
            assert!(!object_holds(&signed, &vds_nc.full, doses, keys()));
        }
        let number = |c: &mut Certificate| c.doses[1].number = 3;
        assert_eq!(after(Abroad, number), Err(SignError::NotAsSigned));
    }

    #[test]
    fn signatures_of_another_issuer_are_noticed() {
        let other = keys_of(&Pki::default()).unwrap();
        let signed = signed(certificate(Abroad, 2));
        let vds_nc = signed.vds_nc.as_ref().unwrap();
        assert!(!card_holds(
            &signed,
            &signed.smart_health_card,
            2,
            &other,
            NOW
        ));
        assert!(!object_holds(&signed, &vds_nc.full, 2, &other));
        let refused = as_signed(&signed, &other, NOW);
        assert_eq!(refused, Err(SignError::NotAsSigned));
    }

    #[test]
    fn a_lot_that_json_escapes_is_read() {
        let mut quoted = certificate(Abroad, 1);
        quoted.doses[0].lot = r#"EY"1\2"#.to_owned();
        assert_eq!(as_signed(&signed(quoted), keys(), NOW), Ok(()));
    }
}
