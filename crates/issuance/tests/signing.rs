//! What is signed, what of it a code holds, and the record out of which a reissue prints.

#![allow(clippy::unwrap_used)] // what cannot be made stops the test

mod parts;

use certificate::read_back::{Trust, VerifiedCode, from_pdf, verify_page};
use certificate::shc::{self, CODE_CHARACTERS, Jwk, Jwks, RevocationCheck, TrustedIssuer};
use certificate::vds_nc;
use domain::CertificateKind::{Abroad, Domestic};
use domain::NormalizedName;
use issuance::{DamagedRecord, Draft, SignError, Signed, page};
use parts::certificates::{OPTIONS, certificate, named, signed, with_former_surname};
use parts::fonts;
use parts::issuer::{NOW, keys, url};
use time::Duration;

/// Trust as a verifier has it, out of what is published.
fn trust() -> Trust {
    Trust {
        issuer: TrustedIssuer {
            url: url(),
            keys: Jwks {
                keys: vec![Jwk::new(keys().shc_public_key(), None)],
            },
            revocation: RevocationCheck::NotChecked,
        },
        cscas: vec![vds_nc::Csca::parse(keys().csca_der()).unwrap()],
    }
}

#[test]
fn verifiers_accept_what_was_signed() {
    let signed = signed(certificate(Abroad, 3));
    let trust = trust();
    let card = shc::verify(signed.smart_health_card(), &trust.issuer, NOW).unwrap();
    assert_eq!(card.doses.len(), 3);
    let id = signed.certificate().id;
    assert_eq!(card.revocation_id, Some(id.into()));
    let object = vds_nc::verify(signed.vds_nc().unwrap(), &trust.cscas, NOW).unwrap();
    assert_eq!(object.certificate_id, id.as_str());
    assert_eq!(object.doses.len(), 3);
}

#[test]
fn use_in_japan_has_no_vds_nc() {
    let signed = signed(certificate(Domestic, 3));
    assert!(signed.vds_nc().is_none() && signed.vds_nc_doses().is_none());
}

#[test]
fn few_doses_have_one_signature_a_format() {
    let signed = signed(certificate(Abroad, 3));
    assert_eq!(signed.smart_health_card(), signed.smart_health_card_code());
    assert_eq!(signed.vds_nc(), signed.vds_nc_code());
    assert_eq!(signed.doses_in_code(), 3);
}

#[test]
fn a_code_holds_the_newest_doses_that_fit_and_a_file_all() {
    let mut many = certificate(Abroad, 32);
    for (at, dose) in many.doses.iter_mut().enumerate() {
        dose.date = time::macros::date!(2021 - 06 - 20) + Duration::days(40 * at as i64);
        dose.lot = format!("LOT{:03}", at * 7 % 100);
    }
    let signed = signed(many);
    let trust = trust();
    let doses = &signed.certificate().doses;

    let code = signed.smart_health_card_code();
    assert!(code.as_str().len() <= CODE_CHARACTERS);
    let card = shc::verify(code, &trust.issuer, NOW).unwrap();
    assert_eq!(card.doses.len(), signed.smart_health_card_doses());
    assert!((1..32).contains(&card.doses.len()));
    assert_eq!(card.doses.last().unwrap().date, doses[31].date);
    let card = shc::verify(signed.smart_health_card(), &trust.issuer, NOW).unwrap();
    assert_eq!(card.doses.len(), 32);

    let object = vds_nc::verify(signed.vds_nc_code().unwrap(), &trust.cscas, NOW).unwrap();
    assert_eq!(Some(object.doses.len()), signed.vds_nc_doses());
    assert!((1..32).contains(&object.doses.len()));
    assert_eq!(object.doses.last().unwrap().date, doses[31].date);
    let object = vds_nc::verify(signed.vds_nc().unwrap(), &trust.cscas, NOW).unwrap();
    assert_eq!(object.doses.len(), 32);
}

#[test]
fn a_certificate_is_signed_on_its_day_of_issue() {
    for moment in [NOW + Duration::days(1), NOW - Duration::days(1)] {
        let linted = Draft::new(certificate(Abroad, 1)).lint(fonts()).unwrap();
        assert_eq!(
            linted.sign(keys(), moment, None).unwrap_err(),
            SignError::NotToday
        );
    }
}

#[test]
fn nothing_is_signed_outside_the_keys_period() {
    let later = NOW + Duration::days(500);
    let mut certificate = certificate(Abroad, 1);
    certificate.issued_on = domain::japan_date(later);
    let linted = Draft::new(certificate).lint(fonts()).unwrap();
    assert_eq!(
        linted.sign(keys(), later, None).unwrap_err(),
        SignError::KeyPeriod
    );
}

#[test]
fn a_reissue_out_of_the_record_prints_the_same_bytes() {
    for signed in [
        signed(certificate(Abroad, 12)),
        signed(with_former_surname(certificate(Domestic, 3), "鈴木")),
        signed(named(Domestic, "辻\u{e0102}\u{3000}𠮷彦")),
    ] {
        let record = signed.to_sealed_record();
        let again = Signed::from_sealed_record(&record).unwrap();
        assert_eq!(again.certificate(), signed.certificate());
        assert_eq!(again.smart_health_card(), signed.smart_health_card());
        assert_eq!(again.vds_nc(), signed.vds_nc());
        assert_eq!(again.doses_in_code(), signed.doses_in_code());
        assert_eq!(again.is_specimen(), signed.is_specimen());
        assert_eq!(
            page::render(&again, fonts(), &OPTIONS).unwrap(),
            page::render(&signed, fonts(), &OPTIONS).unwrap()
        );
    }
}

#[test]
fn a_record_cut_short_or_of_another_version_is_refused() {
    let record = signed(certificate(Abroad, 1)).to_sealed_record();
    for length in (0..record.len()).step_by(97) {
        let cut = Signed::from_sealed_record(&record[..length]);
        assert_eq!(cut.unwrap_err(), DamagedRecord);
    }
    let text = std::str::from_utf8(&record).unwrap();
    let other = text.replacen("\"version\":1", "\"version\":2", 1);
    assert_eq!(
        Signed::from_sealed_record(other.as_bytes()).unwrap_err(),
        DamagedRecord
    );
}

#[test]
fn the_kiosk_reads_the_codes_back_out_of_the_document() {
    let name = NormalizedName::of("浦安花子");
    for (kind, doses) in [(Abroad, 1), (Abroad, 7), (Abroad, 12), (Domestic, 3)] {
        let signed = signed(certificate(kind, doses));
        let pdf = page::render(&signed, fonts(), &OPTIONS).unwrap();
        let found = from_pdf(&pdf).unwrap();
        let page = verify_page(&found, kind, &trust(), NOW).unwrap();
        let birth_date = signed.certificate().holder.birth_date;
        assert!(page.holder.matches(&name, birth_date), "{doses}");
        let first = &page.codes[0];
        assert!(matches!(first, VerifiedCode::SmartHealthCard(_)));
    }
}

#[test]
fn debug_shows_only_the_id() {
    let shown = format!("{:?}", signed(certificate(Abroad, 1)));
    assert!(shown.contains("A1B2C3D4E5F6"));
    assert!(!shown.contains("URAYASU") && !shown.contains("浦安"));
}
