//! Every refusal of the lint, each from a certificate that passes but for one thing.

#![allow(clippy::unwrap_used)] // what cannot be made stops the test

mod parts;

use certificate::model::Certificate;
use domain::CertificateKind::{Abroad, Domestic};
use domain::{BirthDate, Redacted};
use issuance::page::MOST_DOSES;
use issuance::{Draft, Field, LintError};
use parts::certificates::{certificate, dose, named, with_former_surname};
use parts::fonts;
use time::macros::date;

fn lint(certificate: Certificate) -> Result<(), LintError> {
    Draft::new(certificate).lint(fonts()).map(|_| ())
}

/// The refusal of a certificate for use abroad with three doses after this change.
fn refused(change: impl FnOnce(&mut Certificate)) -> LintError {
    let mut changed = certificate(Abroad, 3);
    change(&mut changed);
    lint(changed).unwrap_err()
}

#[test]
fn ordinary_certificates_pass() {
    for kind in [Abroad, Domestic] {
        for doses in [1, 7, 8, 9, MOST_DOSES] {
            // Forty-five days apart, the last of the most are in the future: earlier here.
            let mut certificate = certificate(kind, doses);
            for (at, dose) in certificate.doses.iter_mut().enumerate() {
                dose.date = date!(2021 - 06 - 20) + time::Duration::days(21 * at as i64);
            }
            assert_eq!(lint(certificate), Ok(()), "{doses}");
        }
    }
}

#[test]
fn doses_are_there_and_bounded() {
    assert_eq!(refused(|c| c.doses.clear()), LintError::NoDoses);
    let many = |c: &mut Certificate| c.doses = vec![dose(0); MOST_DOSES + 1];
    assert_eq!(refused(many), LintError::TooManyDoses(MOST_DOSES + 1));
}

#[test]
fn doses_are_in_order() {
    assert_eq!(refused(|c| c.doses.swap(1, 2)), LintError::DoseOrder(2));
    let same_number = |c: &mut Certificate| c.doses[1].number = 1;
    assert_eq!(refused(same_number), LintError::DoseOrder(1));
    assert_eq!(refused(|c| c.doses[0].number = 0), LintError::DoseNumber(0));
}

#[test]
fn doses_and_birth_are_in_the_past() {
    let tomorrow = date!(2026 - 01 - 16);
    let error = refused(|c| c.doses[2].date = tomorrow);
    assert_eq!(error, LintError::DoseInFuture(2));
    let error = refused(|c| c.holder.birth_date = BirthDate::from_date(tomorrow));
    assert_eq!(error, LintError::BirthInFuture);
    let born = BirthDate::from_date(date!(2021 - 06 - 21));
    let error = refused(|c| c.holder.birth_date = born);
    assert_eq!(error, LintError::DoseBeforeBirth(0));
}

#[test]
fn doses_were_given_in_japan() {
    let error = refused(|c| c.doses[1].country = "USA");
    assert_eq!(error, LintError::DoseAbroad(1));
}

#[test]
fn a_passport_is_there_exactly_for_use_abroad() {
    let error = refused(|c| c.holder.passport = None);
    assert_eq!(error, LintError::PassportMissing);
    assert_eq!(refused(|c| c.kind = Domestic), LintError::PassportNotWanted);
}

#[test]
fn a_passport_has_a_passports_characters() {
    let with = |nationality: &str, number: &str| {
        refused(|c| {
            let passport = c.holder.passport.as_mut().unwrap();
            passport.nationality = Redacted::new(nationality.to_owned());
            passport.number = Redacted::new(number.to_owned());
        })
    };
    let characters = |field, position| LintError::Characters { field, position };
    let length = |field, characters| LintError::Length { field, characters };
    assert_eq!(with("JP1", "TK1"), characters(Field::Nationality, 2));
    assert_eq!(with("JP", "TK1"), length(Field::Nationality, 2));
    assert_eq!(with("JPN", "TK-1"), characters(Field::PassportNumber, 2));
    // Germany's one letter passes; the number behind it does not.
    assert_eq!(with("D", "TK-1"), characters(Field::PassportNumber, 2));
    assert_eq!(with("JPN", ""), length(Field::PassportNumber, 0));
    assert_eq!(with("JPN", "TK12345678"), length(Field::PassportNumber, 10));
}

#[test]
fn a_character_without_glyph_is_named_to_staff_only() {
    // U+2FFFF is no character and never will be.
    let error = lint(named(Domestic, "浦安\u{3000}\u{2ffff}子")).unwrap_err();
    let character = Redacted::new("\u{2ffff}".to_owned());
    assert_eq!(
        error,
        LintError::MissingGlyph {
            field: Field::Name,
            position: 3,
            character
        }
    );
    assert!(!format!("{error:?} {error}").contains('\u{2ffff}'));
}

#[test]
fn a_variation_that_no_font_has_is_missing_and_never_its_base() {
    let error = lint(named(Domestic, "辻\u{e01ef}")).unwrap_err();
    let character = Redacted::new("辻\u{e01ef}".to_owned());
    assert_eq!(
        error,
        LintError::MissingGlyph {
            field: Field::Name,
            position: 0,
            character
        }
    );
}

#[test]
fn a_name_is_set_in_one_font() {
    // 辻 + E0102 is in the first font alone, 葛 + E0100 in the second alone.
    assert_eq!(lint(named(Domestic, "辻\u{e0102}")), Ok(()));
    assert_eq!(lint(named(Domestic, "葛\u{e0100}")), Ok(()));
    let error = lint(named(Domestic, "辻\u{e0102}葛\u{e0100}")).unwrap_err();
    assert!(matches!(error, LintError::MissingGlyph { position: 2, .. }));
}

#[test]
fn what_would_need_shaping_is_refused() {
    for name in [
        "か\u{3099}",
        "Jose\u{301}",
        "אבג",
        "\u{1100}\u{1161}",
        "浦\u{200d}安",
    ] {
        let error = lint(named(Domestic, name)).unwrap_err();
        assert!(matches!(error, LintError::MissingGlyph { .. }));
    }
}

#[test]
fn names_fit_their_cell() {
    let two_lines = "MARIA ".repeat(16);
    assert_eq!(lint(named(Domestic, two_lines.trim())), Ok(()));
    let error = lint(named(Domestic, &"MARIA ".repeat(60))).unwrap_err();
    let too_long = |field, characters| LintError::Length { field, characters };
    assert_eq!(error, too_long(Field::Name, 360));
    // With another name below it, a name has one line.
    let both = with_former_surname(named(Domestic, two_lines.trim()), "鈴木");
    assert_eq!(lint(both), Err(too_long(Field::Name, 95)));
    let long = with_former_surname(certificate(Domestic, 1), &"鈴".repeat(70));
    assert_eq!(lint(long), Err(too_long(Field::AlternativeName, 70)));
    let missing = with_former_surname(certificate(Domestic, 1), "鈴\u{2ffff}");
    assert!(matches!(
        lint(missing),
        Err(LintError::MissingGlyph {
            field: Field::AlternativeName,
            position: 1,
            ..
        })
    ));
}

#[test]
fn a_lot_is_short_and_ascii() {
    let with = |lot: &str| refused(|c| c.doses[1].lot = lot.to_owned());
    let length = |characters| LintError::Length {
        field: Field::Lot,
        characters,
    };
    assert_eq!(with(""), length(0));
    assert_eq!(with(&"1".repeat(21)), length(21));
    assert_eq!(with(&"W".repeat(20)), length(20));
    for (lot, position) in [("ＥＹ1173", 0), ("EY\t1173", 2), ("EY11é", 4)] {
        let field = Field::Lot;
        assert_eq!(with(lot), LintError::Characters { field, position });
    }
    let mut longest = certificate(Abroad, 1);
    longest.doses[0].lot = "12345678901234567890".to_owned();
    assert_eq!(lint(longest), Ok(()));
}

#[test]
fn an_issuer_has_titles_that_fit() {
    let length = |field, characters| LintError::Length { field, characters };
    let error = refused(|c| c.issuer.title = String::new());
    assert_eq!(error, length(Field::IssuerTitle, 0));
    let error = refused(|c| c.issuer.title = "市".repeat(40));
    assert_eq!(error, length(Field::IssuerTitle, 40));
    let error = refused(|c| c.issuer.title = "浦\u{2ffff}市長".to_owned());
    assert!(matches!(
        error,
        LintError::MissingGlyph {
            field: Field::IssuerTitle,
            position: 1,
            ..
        }
    ));
    let error = refused(|c| c.issuer.title_english = " ".to_owned());
    assert_eq!(error, length(Field::IssuerTitleEnglish, 1));
    let error = refused(|c| c.issuer.title_english = "Mayor ".repeat(20));
    assert_eq!(error, length(Field::IssuerTitleEnglish, 120));
    let error = refused(|c| c.issuer.title_english = "Mayor of Łódź".to_owned());
    let (field, position) = (Field::IssuerTitleEnglish, 9);
    assert_eq!(error, LintError::Characters { field, position });
    let mut macron = certificate(Domestic, 1);
    macron.issuer.title_english = "Mayor of Ōtsu City".to_owned();
    assert_eq!(lint(macron), Ok(()));
}
