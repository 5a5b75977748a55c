//! Reading back: what was written is found and verified, what is wrong is refused.

#![allow(clippy::unwrap_used)] // a test fails by it

mod stage;

use certificate::model::Certificate;
use certificate::qr::{QrMatrix, Version, encode_bytes, encode_shc, to_png};
use certificate::read_back::{
    Code, FoundCode, Inadmissible, PageError, ReadBackError, TextError, Trust, VerifyError,
    from_file, from_pdf, from_png, from_text, page_count, verify_page,
};
use certificate::shc::{CODE_CHARACTERS, Jws, ShcError, newest_that_fit, to_digits};
use certificate::vds_nc::{InvalidVdsNc, VdsNc, VdsNcError};
use domain::CertificateKind::{Abroad, Domestic};
use domain::RevocationId;
use stage::pdf::{Drawing, Placed, document, pdf, stream};
use stage::pki::VdsIssuer;
use stage::{NOW, ShcIssuer, abroad};

/// Both issuers.
struct Japan {
    shc: ShcIssuer,
    vds: VdsIssuer,
}

impl Japan {
    fn new() -> Self {
        Self {
            shc: ShcIssuer::new(),
            vds: VdsIssuer::new(),
        }
    }

    fn trust(&self) -> Trust {
        Trust {
            issuer: self.shc.trusted(),
            cscas: vec![self.vds.country.csca()],
        }
    }

    /// What the two codes of a certificate say, with the newest doses that fit.
    fn codes(&self, certificate: &Certificate) -> (Jws, VdsNc) {
        let id = RevocationId::from(certificate.id);
        let facts = self.shc.facts(Some(&id));
        let (unsigned, _) =
            newest_that_fit(certificate, &facts, &self.shc.id, CODE_CHARACTERS).unwrap();
        let jws = unsigned.sign(|bytes| self.shc.key.sign(bytes)).unwrap();
        let largest = Version::VDS_NC.byte_capacity();
        let (unsigned, _) =
            certificate::vds_nc::newest_that_fit(certificate, &self.vds.signer, largest).unwrap();
        let object = unsigned
            .sign(&self.vds.signer, |bytes| self.vds.key.sign(bytes))
            .unwrap();
        (jws, object)
    }
}

fn drawn(jws: &Jws, object: &VdsNc) -> (QrMatrix, QrMatrix) {
    (
        encode_shc(jws).unwrap(),
        encode_bytes(object.as_str().as_bytes(), Version::VDS_NC).unwrap(),
    )
}

/// Both codes side by side at the smallest module.
fn side_by_side<'a>(card: &'a QrMatrix, object: &'a QrMatrix) -> Vec<Placed<'a>> {
    let placed = |code, at_mm| Placed {
        code,
        module_mm: certificate::qr::SMALLEST_MODULE_MM,
        at_mm,
    };
    vec![placed(card, (15.0, 200.3)), placed(object, (80.0, 200.7))]
}

fn found(card: Code, object: Code) -> Vec<FoundCode> {
    [card, object]
        .map(|code| FoundCode { page: 0, code })
        .to_vec()
}

#[test]
fn both_codes_out_of_a_page_whatever_their_size_and_drawing() {
    let japan = Japan::new();
    for doses in [1, 3, 5, 9] {
        let (jws, object) = japan.codes(&abroad(doses));
        let (card, seal) = drawn(&jws, &object);
        for drawing in [Drawing::Rectangles, Drawing::Image] {
            let page = pdf(&[side_by_side(&card, &seal)], drawing);
            let codes = from_pdf(&page).unwrap();
            let texts: Vec<_> = codes.iter().map(|found| &found.code).collect();
            assert!(
                texts.contains(&&Code::SmartHealthCard(jws.clone())),
                "{doses} doses"
            );
            assert!(
                texts.contains(&&Code::VdsNc(object.clone())),
                "{doses} doses"
            );
            let page = verify_page(&codes, Abroad, &japan.trust(), NOW).unwrap();
            assert_eq!(page.codes.len(), 2);
            assert_eq!(page.holder.birth_date(), abroad(1).holder.birth_date);
        }
    }
}

#[test]
fn a_code_too_small_or_without_its_quiet_zone_is_not_passed() {
    let japan = Japan::new();
    let (jws, object) = japan.codes(&abroad(1));
    let (card, _) = drawn(&jws, &object);
    let placed = |module_mm, at_mm| {
        let code = Placed {
            code: &card,
            module_mm,
            at_mm,
        };
        from_pdf(&pdf(&[vec![code]], Drawing::Image))
    };
    assert_eq!(placed(0.40, (15.0, 15.0)).unwrap().len(), 1);
    let too_small = placed(0.38, (15.0, 15.0)).unwrap_err();
    assert!(matches!(
        too_small,
        ReadBackError::ModuleTooSmall {
            page: 0,
            micrometres: 375..=385
        }
    ));
    // Partly off the page, and at its very edge.
    assert_eq!(placed(0.40, (-5.0, 15.0)), Ok(vec![]));
    assert_eq!(placed(0.40, (0.5, 15.0)), Ok(vec![]));
}

/// A JWS of nobody whose code has, beside the lower finder pattern, data that look like one of
/// twice the size: it hid the true one, about once in 20,000 codes.
const BESIDE_A_LARGER_PATTERN: &str = "W26ekipkLM7dxC7SLxVuieOKWakasNHnqTG3rq2bI4z0gyknlHHY2Y7SQzln.BraSQRVxBkJZ5VHwBVyfdHP\
     1BLIHkvxvuBrqU0hsasX8L0OxoP7TQSR2rIbhloyVrSkAWVvdPoEVxGIy1WUrR32vs1uJ7HTiZGvZuCfjWX0\
     enEAr1s5TrCu7GCQGYNTC5IihO4lM80LnxrjmJKXbYzvssKcVc5hnLmZRywBPkk72EIXhriOv4MSjbFkogV8\
     8ul0qdjIGWRdCCT0de5pCOoEo7ad0J90AOQcn6lU096cjT1c7u5dz41n6GfgGG69iRAsRGC5ZpYKoc3BqLzI\
     dYth7LJdXnzGLfgg4ycJgGqHJzuj1pQnWIzFGqg26PkNqxFX70xaA6AVLv0j200pFm5W7ozlx58E2nplyox0\
     qM0zmygEqg1yk0He8jes5U1lFOTPuc06jbDqJD1insahkIFT1V4f95xscIBBYguGflfhDRgYAcOvK02pah8F\
     c7ju7nMKrN3ulXJ0u2oSbceWquLnKuFpgiXjswAUdgrpkiAh4rdA.1dN3eVOtm1CCBI2WVNKF8WjzcedKpen\
     ma9vyrVoV2iFfspyJG5T1sWTOMSFrzM886MdRFB1Pf8TUiQLskN1ZuA";

#[test]
fn data_that_look_like_a_larger_finder_pattern_hide_no_code() {
    let jws = Jws::parse(BESIDE_A_LARGER_PATTERN).unwrap();
    let code = encode_shc(&jws).unwrap();
    // Five pixels a module, as `issuance` prints it.
    let pixel = 25.4 / 300.0;
    for drawing in [Drawing::Rectangles, Drawing::Image] {
        let placed = Placed {
            code: &code,
            module_mm: 5.0 * pixel,
            at_mm: (180.0 * pixel, 2400.0 * pixel),
        };
        let codes = from_pdf(&pdf(&[vec![placed]], drawing)).unwrap();
        let expected = FoundCode {
            page: 0,
            code: Code::SmartHealthCard(jws.clone()),
        };
        assert_eq!(codes, [expected]);
    }
}

#[test]
fn codes_are_found_on_every_page() {
    let japan = Japan::new();
    let (jws, object) = japan.codes(&abroad(2));
    let (card, seal) = drawn(&jws, &object);
    let mut both = side_by_side(&card, &seal);
    let second = both.split_off(1);
    let document = pdf(&[both, second], Drawing::Rectangles);
    assert_eq!(page_count(&document), Ok(2));
    let codes = from_pdf(&document).unwrap();
    let pages: Vec<_> = codes.iter().map(|found| found.page).collect();
    assert_eq!(pages, [0, 1]);
}

#[test]
fn both_codes_out_of_pictures() {
    let japan = Japan::new();
    let (jws, object) = japan.codes(&abroad(5));
    let (card, seal) = drawn(&jws, &object);
    for pixels in [2, 3, 4, 8] {
        let of = |code| from_png(&to_png(code, pixels).unwrap()).unwrap();
        let mut codes = of(&card);
        codes.extend(of(&seal));
        assert!(
            verify_page(&codes, Abroad, &japan.trust(), NOW).is_ok(),
            "{pixels} pixels"
        );
    }
}

#[test]
fn texts_and_files() {
    let japan = Japan::new();
    let (jws, object) = japan.codes(&abroad(1));
    let card = Code::SmartHealthCard(jws.clone());
    let numeric = format!("shc:/{}", to_digits(&jws));
    assert_eq!(from_text(&numeric), Ok(card.clone()));
    assert_eq!(from_text(object.as_str()), Ok(Code::VdsNc(object.clone())));
    for text in [&numeric, jws.as_str(), &certificate::shc::to_file(&jws)] {
        assert_eq!(
            from_file(format!("{text}\n").as_bytes()),
            Ok(vec![card.clone()])
        );
    }
    let file = format!(" {}\n", object.as_str());
    assert_eq!(
        from_file(file.as_bytes()),
        Ok(vec![Code::VdsNc(object.clone())])
    );

    assert_eq!(from_text("https://example.jp"), Err(TextError::Unknown));
    assert_eq!(from_text(""), Err(TextError::Unknown));
    assert_eq!(from_file(b"\xff\xfe"), Err(TextError::Unknown));
    let in_array = format!("[{}]", object.as_str());
    assert_eq!(
        from_text(&in_array),
        Err(TextError::VdsNc(InvalidVdsNc::NotAnObject))
    );
}

#[test]
fn a_page_must_carry_its_codes_and_no_other() {
    let japan = Japan::new();
    let (jws, object) = japan.codes(&abroad(1));
    let (card, seal) = (Code::SmartHealthCard(jws), Code::VdsNc(object));
    let refusal =
        |codes: &[FoundCode], kind| verify_page(codes, kind, &japan.trust(), NOW).unwrap_err();
    let both = found(card.clone(), seal.clone());
    let vds_ncs = |found, wanted| PageError::VdsNcs { found, wanted };
    assert_eq!(refusal(&both, Domestic), vds_ncs(1, 0));
    assert_eq!(refusal(&both[..1], Abroad), vds_ncs(0, 1));
    assert_eq!(refusal(&both[1..], Abroad), PageError::SmartHealthCards(0));
    assert_eq!(refusal(&[], Domestic), PageError::SmartHealthCards(0));
    let two = found(card.clone(), card);
    assert_eq!(refusal(&two, Domestic), PageError::SmartHealthCards(2));
    assert!(verify_page(&both[..1], Domestic, &japan.trust(), NOW).is_ok());
}

#[test]
fn codes_of_two_people_or_two_certificates_are_refused() {
    let japan = Japan::new();
    let (jws, _) = japan.codes(&abroad(1));
    let refusal = |certificate: &Certificate| {
        let (_, object) = japan.codes(certificate);
        let codes = found(Code::SmartHealthCard(jws.clone()), Code::VdsNc(object));
        verify_page(&codes, Abroad, &japan.trust(), NOW).unwrap_err()
    };
    let mut other = abroad(1);
    other.holder.passport.as_mut().unwrap().roman_name =
        certificate::model::RomanName::parse("SATO<<HANAYO").unwrap();
    assert_eq!(refusal(&other), PageError::DifferentPeople);
    let mut other = abroad(1);
    other.holder.birth_date = domain::BirthDate::parse(b"19800103").unwrap();
    assert_eq!(refusal(&other), PageError::DifferentPeople);
    let mut other = abroad(1);
    other.id = domain::CertificateId::parse("AAAAAAAAAAAA").unwrap();
    assert_eq!(refusal(&other), PageError::DifferentCertificates);
}

#[test]
fn codes_that_do_not_hold_are_refused_by_page() {
    let (japan, other) = (Japan::new(), Japan::new());
    let (jws, object) = japan.codes(&abroad(1));
    let codes = found(Code::SmartHealthCard(jws), Code::VdsNc(object));
    let refusal = |trust: Trust| verify_page(&codes, Abroad, &trust, NOW).unwrap_err();
    assert_eq!(
        refusal(Trust {
            issuer: other.shc.trusted(),
            ..japan.trust()
        }),
        PageError::Code {
            page: 0,
            source: VerifyError::SmartHealthCard(ShcError::UnknownKey)
        }
    );
    assert_eq!(
        refusal(Trust {
            cscas: vec![],
            ..japan.trust()
        }),
        PageError::Code {
            page: 0,
            source: VerifyError::VdsNc(VdsNcError::UnknownCsca)
        }
    );
}

#[test]
fn a_code_that_is_no_certificate_is_refused() {
    let code = encode_bytes(b"https://example.jp", Version::VDS_NC).unwrap();
    let refusal = ReadBackError::ForeignCode {
        page: 0,
        source: TextError::Unknown,
    };
    assert_eq!(from_png(&to_png(&code, 4).unwrap()), Err(refusal));
}

#[test]
fn pictures_that_are_none_or_too_large() {
    assert_eq!(from_png(b"no picture"), Err(ReadBackError::Picture));
    let long = vec![0; 8 * 1024 * 1024 + 1];
    assert_eq!(from_png(&long), Err(ReadBackError::TooLong(long.len())));
    let code = encode_bytes(b"x", Version::VDS_NC).unwrap();
    let large = to_png(&code, 200).unwrap();
    let side = 29 * 200;
    assert_eq!(
        from_png(&large),
        Err(ReadBackError::TooManyPixels {
            width: side,
            height: side
        })
    );
    let mut cut = to_png(&code, 4).unwrap();
    cut.truncate(cut.len() / 2);
    assert_eq!(from_png(&cut), Err(ReadBackError::Picture));
}

/// A document of one page with these resources and this content, and more objects from 5 on.
fn page(size: &str, resources: &str, content: &[u8], more: &[Vec<u8>]) -> Vec<u8> {
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Resources << {resources} >> \
         /Contents 4 0 R >>"
    );
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.into_bytes(),
        content.to_vec(),
    ];
    objects.extend_from_slice(more);
    document(&objects)
}

#[test]
fn documents_that_no_page_of_ours_is() {
    let refusal = |pdf: &[u8]| from_pdf(pdf).unwrap_err();
    assert_eq!(refusal(b"no document"), ReadBackError::Document);
    let long = vec![b' '; 512 * 1024 + 1];
    assert_eq!(refusal(&long), ReadBackError::TooLong(long.len()));

    let empty = stream("", b"");
    let with = |more: &[Vec<u8>]| page("595 842", "", &empty, more);
    assert_eq!(from_pdf(&with(&[])), Ok(vec![]));
    for (pdf, expected) in [
        (
            with(&[stream("/Filter /DCTDecode", b"x")]),
            Inadmissible::Filter,
        ),
        (
            with(&[stream("/Filter [/FlateDecode /FlateDecode]", b"x")]),
            Inadmissible::Filter,
        ),
        (
            with(&[stream("/Filter /FlateDecode", b"x")]),
            Inadmissible::Stream,
        ),
        (
            with(&[stream("/Subtype /Image /Width 65535 /Height 65535", b"")]),
            Inadmissible::Image,
        ),
        (
            with(&[stream(
                "/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>",
                b"/F Do",
            )]),
            Inadmissible::NestedDrawing,
        ),
        (with(&vec![empty.clone(); 2001]), Inadmissible::Objects),
        (
            page("10000 10000", "", &empty, &[]),
            Inadmissible::PageSize {
                width: 10_000,
                height: 10_000,
            },
        ),
        (
            pdf(&(0..9).map(|_| vec![]).collect::<Vec<_>>(), Drawing::Image),
            Inadmissible::Pages(9),
        ),
    ] {
        assert_eq!(refusal(&pdf), ReadBackError::Inadmissible(expected));
    }
}

#[test]
fn a_document_that_inflates_without_end_is_refused() {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::best());
    let zeros = vec![b' '; 33 * 1024 * 1024];
    let mut bomb = vec![0; compressor.zlib_compress_bound(zeros.len())];
    let length = compressor.zlib_compress(&zeros, &mut bomb).unwrap();
    bomb.truncate(length);
    assert!(bomb.len() < 512 * 1024);
    let content = stream("/Filter /FlateDecode", &bomb);
    assert_eq!(
        from_pdf(&page("595 842", "", &content, &[])),
        Err(ReadBackError::Inadmissible(Inadmissible::Stream))
    );
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..512)) {
        let _ = from_png(&bytes);
        let _ = from_pdf(&bytes);
        let _ = from_file(&bytes);
    }
}
