//! A preview, looked at by poppler and zbar: everything of the page, and nothing that proves.

#![allow(clippy::unwrap_used)] // what cannot be made stops the test

mod parts;

use certificate::model::Certificate;
use certificate::read_back::{from_pdf, to_screen};
use domain::CertificateId;
use domain::CertificateKind::{self, Abroad, Domestic};
use issuance::Draft;
use issuance::page::{LONGEST_DOCUMENT, MOST_DOSES, render, render_preview};
use parts::certificates::{OPTIONS, certificate, signed};
use parts::fonts;
use parts::tools::Printed;

fn preview(certificate: Certificate) -> Vec<u8> {
    let linted = Draft::new(certificate).lint(fonts()).unwrap();
    render_preview(&linted, fonts(), &OPTIONS).unwrap()
}

/// The words of a page, in no order.
fn words(pdf: &[u8]) -> Vec<String> {
    let text = Printed::new(pdf).text();
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn with_another_id(kind: CertificateKind) -> Certificate {
    let mut other = certificate(kind, 3);
    other.id = CertificateId::from_random([0x5a; 12]);
    other
}

#[test]
fn a_preview_has_no_code() {
    for (kind, doses) in [(Abroad, 12), (Domestic, 1)] {
        let pdf = preview(certificate(kind, doses));
        assert_eq!(from_pdf(&pdf).unwrap(), []);
        assert!(!Printed::new(&pdf).has_codes(300));
        // The same ways of looking find those of the page itself.
        let page = render(&signed(certificate(kind, doses)), fonts(), &OPTIONS).unwrap();
        assert!(!from_pdf(&page).unwrap().is_empty());
        assert!(Printed::new(&page).has_codes(300));
    }
}

#[test]
fn nothing_in_a_preview_comes_from_an_id() {
    for kind in CertificateKind::ALL {
        let one = certificate(kind, 3);
        assert_ne!(one.id, with_another_id(kind).id);
        let id = one.id;
        let pdf = preview(one);
        assert!(!words(&pdf).iter().any(|word| word.contains(id.as_str())));
        assert_eq!(pdf, preview(with_another_id(kind)), "{kind:?}");
    }
}

#[test]
fn a_preview_says_what_the_page_will_say() {
    for (kind, doses) in [(Abroad, 3), (Domestic, 7), (Domestic, 12)] {
        let id = certificate(kind, doses).id;
        let page = render(&signed(certificate(kind, doses)), fonts(), &OPTIONS).unwrap();
        let (will_say, says) = (words(&page), words(&preview(certificate(kind, doses))));
        let missing: Vec<_> = will_say
            .iter()
            .filter(|word| !says.contains(word))
            .collect();
        // A TEST issuer's page is a specimen; how many doses a code holds is the code's to say.
        let left_out = |word: &str| {
            word.contains(id.as_str()) || word == "SPECIMEN" || word.contains("このコード")
        };
        let missing: Vec<_> = missing.iter().filter(|word| !left_out(word)).collect();
        let of_the_code = ["This", "code", "holds", "the", "newest", "of", "doses."];
        let missing: Vec<_> = missing
            .iter()
            .filter(|word| doses < 12 || !of_the_code.contains(&word.as_str()))
            .collect();
        assert!(missing.is_empty(), "{kind:?}, {doses} doses: {missing:?}");
        assert!(says.iter().any(|word| word == "PREVIEW"), "{says:?}");
    }
}

#[test]
fn a_preview_is_within_bounds_and_becomes_one_picture() {
    for (doses, sheets) in [(1, 1), (MOST_DOSES, 2)] {
        let pdf = preview(certificate(Abroad, doses));
        assert!(pdf.len() <= LONGEST_DOCUMENT, "{} bytes", pdf.len());
        let png = to_screen(&pdf).unwrap();
        // Width and height in the header (PNG, section 11.2.1).
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((side(16), side(20)), (1240, 1753 * sheets));
    }
}
