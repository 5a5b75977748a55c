//! Verify after sign: what was signed is decoded, verified and compared with the certificate
//! before it leaves.
//!
//! The SMART Health Card goes through the verifier that everybody uses. The VDS-NC is read here:
//! its verifier also verifies the chain, which takes more than everything else of a signature
//! together (P-384) and was verified when the keys were loaded.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use certificate::model::{CertifiedDose, Passport};
use certificate::shc::{self, Jws};
use certificate::vds_nc::VdsNc;
use domain::NormalizedName;
use serde::Deserialize;
use time::{Date, OffsetDateTime};

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
        holds &= object_holds(signed, &code.text, code.doses, keys).is_some()
            && (code.text == *full || object_holds(signed, full, all, keys).is_some());
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

/// `None` where the object does not hold.
fn object_holds(signed: &Signed, object: &VdsNc, doses: usize, keys: &SigningKeys) -> Option<()> {
    let (data, signature) = object
        .as_str()
        .strip_prefix(r#"{"data":"#)?
        .strip_suffix('}')?
        .rsplit_once(r#","sig":"#)?;
    let signature: Signature<'_> = serde_json::from_str(signature).ok()?;
    let signer = keys.barcode_signer();
    let same_signer = decoded(signature.cer)? == signer.der();
    let value = decoded(signature.sigvl)?;
    signer.key().verify(data.as_bytes(), &value).ok()?;
    let message = serde_json::from_str::<Data<'_>>(data).ok()?.msg;
    let passport = signed.certificate.holder.passport.as_ref()?;
    let newest = newest(signed, doses);
    let holds = same_signer
        && signature.alg == "ES256"
        && message.uvci == signed.certificate.id.as_str()
        && is_holder(signed, passport, &message.pid)
        && message.ve.len() == newest.len()
        && message
            .ve
            .iter()
            .zip(newest)
            .all(|(said, dose)| is_dose(dose, said));
    holds.then_some(())
}

fn is_holder(signed: &Signed, passport: &Passport, said: &Person<'_>) -> bool {
    said.n == passport.roman_name.expose()
        && said.i == passport.number.expose()
        && said.dob == signed.certificate.holder.birth_date.to_iso()
}

fn is_dose(dose: &CertifiedDose, said: &Event<'_>) -> bool {
    let [given] = &said.vd[..] else { return false };
    said.des == dose.product.icd11_vaccine
        && said.dis == dose.product.icd11_disease
        && given.dvc == iso(dose.date)
        && given.lot == dose.lot
        && given.seq == dose.number
}

fn iso(date: Date) -> String {
    domain::BirthDate::from_date(date).to_iso()
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[derive(Deserialize)]
struct Signature<'a> {
    alg: &'a str,
    cer: &'a str,
    sigvl: &'a str,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    msg: Message<'a>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    pid: Person<'a>,
    uvci: &'a str,
    ve: Vec<Event<'a>>,
}

#[derive(Deserialize)]
struct Person<'a> {
    dob: &'a str,
    i: &'a str,
    n: &'a str,
}

#[derive(Deserialize)]
struct Event<'a> {
    des: &'a str,
    dis: &'a str,
    #[serde(borrow)]
    vd: Vec<Given<'a>>,
}

/// A lot may have a `"`, which is escaped; every other text is borrowed.
#[derive(Deserialize)]
struct Given<'a> {
    dvc: &'a str,
    lot: std::borrow::Cow<'a, str>,
    seq: u8,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::certificates::{certificate, dose, signed};
    use crate::parts::issuer::{NOW, Pki, keys, keys_of};
    use certificate::model::{Certificate, RomanName};
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
            assert_eq!(object_holds(&signed, &vds_nc.full, doses, keys()), None);
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
        assert_eq!(object_holds(&signed, &vds_nc.full, 2, &other), None);
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
