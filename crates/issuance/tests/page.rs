//! The printed page, looked at by poppler and zbar.

#![allow(clippy::unwrap_used)] // what cannot be made stops the test

mod parts;

use std::path::Path;

use domain::CertificateKind::{Abroad, Domestic};
use issuance::page::{self, LONGEST_DOCUMENT, MOST_DOSES, PageOptions, RenderError};
use issuance::{Draft, FontFile, FontPaths, Fonts, Signed, fonts::FontError};
use parts::certificates::{OPTIONS, REISSUED_ON, certificate, named, signed, with_former_surname};
use parts::fonts;
use parts::issuer::{NOW, Pki, keys_of};
use parts::tools::Printed;

fn print(signed: &Signed, options: &PageOptions<'_>) -> Printed {
    Printed::new(&page::render(signed, fonts(), options).unwrap())
}

/// Signed by an issuer without TEST in its name.
fn signed_without_test() -> Signed {
    let pki = Pki {
        csca_name: "CSCA JAPAN",
        signer_name: "BCS 1",
        ..Pki::default()
    };
    let linted = Draft::new(certificate(Abroad, 3)).lint(fonts()).unwrap();
    linted.sign(&keys_of(&pki).unwrap(), NOW, None).unwrap()
}

/// Spaces of every width come out of pdftotext as it likes.
fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

fn has_all(text: &str, wanted: &[&str]) {
    let text = without_spaces(text);
    for wanted in wanted {
        assert!(text.contains(&without_spaces(wanted)), "{wanted} in {text}");
    }
}

#[test]
fn both_codes_are_read_from_a_raster() {
    for doses in [1, 3, 7, 12] {
        let signed = signed(certificate(Abroad, doses));
        let printed = print(&signed, &OPTIONS);
        // At 150 dpi a module is two and a half pixels, and zbar misses a code now and then.
        for dpi in [200, 300] {
            let codes = printed.codes(dpi);
            assert_eq!(codes.len(), 2, "{doses} doses, {dpi} dpi");
            assert!(codes.iter().any(|code| code.starts_with("shc:/")));
            let vds_nc = signed.vds_nc_code().unwrap().as_str();
            assert!(codes.iter().any(|code| code == vds_nc));
        }
    }
}

#[test]
fn everything_is_said_in_both_languages() {
    let signed = signed(certificate(Abroad, 3));
    let text = print(&signed, &OPTIONS).text();
    has_all(
        &text,
        &[
            "新型コロナウイルス感染症 予防接種証明書",
            "Vaccination Certificate of COVID-19",
            "海外用及び日本国内用",
            "For use abroad and in Japan",
            "浦安\u{3000}花子",
            "URAYASU HANAKO",
            "TK1234567",
            "1980年3月31日",
            "1980-03-31",
            "コミナティ筋注",
            "Comirnaty",
            "EY1173",
            "2021年6月20日",
            "2021-06-20",
            "A1B2C3D4E5F6",
            "2026年1月15日",
            "浦安市長",
            "Mayor of Urayasu City",
            "日本国厚生労働大臣",
            "SMART Health Card",
            "ICAO VDS-NC",
            "https://verify.akashi.example/",
            "以下余白",
            "ほかの疾病に対する接種は記載していません",
            "vaccinations against other diseases are not listed",
            "旅券番号",
        ],
    );
}

#[test]
fn use_in_japan_shows_no_passport() {
    let text = print(&signed(certificate(Domestic, 2)), &OPTIONS).text();
    has_all(
        &text,
        &["日本国内用", "For use in Japan only", "SMART Health Card"],
    );
    assert!(!text.contains("旅券") && !text.contains("VDS-NC"));
}

#[test]
fn names_with_variants_and_rare_characters_are_selectable_text() {
    let name = "辻\u{e0102}\u{3000}𠮷彦";
    let text = print(&signed(named(Domestic, name)), &OPTIONS).text();
    has_all(&text, &[name]);
    let other = with_former_surname(certificate(Domestic, 1), "髙﨑");
    has_all(&print(&signed(other), &OPTIONS).text(), &["(旧姓)", "髙﨑"]);
}

#[test]
fn a_variant_is_drawn_with_its_own_glyph() {
    let drawn = |name: &str| {
        let mut certificate = named(Domestic, name);
        certificate.doses.truncate(1);
        let (width, _, pixels) = print(&signed(certificate), &OPTIONS).picture(1, 100);
        // The cell of the name; the codes differ with every signature.
        pixels[width * 200..width * 255].to_vec()
    };
    let plain = drawn("辻");
    assert!(plain.iter().any(|pixel| *pixel < 100), "the name is there");
    assert_eq!(drawn("辻\u{e0103}"), plain);
    assert_ne!(drawn("辻\u{e0102}"), plain);
}

#[test]
fn a_test_issuers_page_is_a_specimen_whatever_is_asked() {
    let text = print(&signed(certificate(Abroad, 3)), &OPTIONS).text();
    has_all(&text, &["見本", "SPECIMEN", "NOT VALID"]);
}

#[test]
fn a_specimen_mark_leaves_text_and_codes_alone() {
    let signed = signed_without_test();
    let specimen = PageOptions {
        specimen: true,
        ..OPTIONS
    };
    let (plain, marked) = (print(&signed, &OPTIONS), print(&signed, &specimen));
    assert!(!plain.text().contains("SPECIMEN"));
    assert!(marked.text().contains("SPECIMEN"));
    let (width, height, before) = plain.picture(1, 300);
    let (_, _, after) = marked.picture(1, 300);
    let millimetres = |at: usize| at * 254 / 3000;
    let mut changed = 0;
    for at in 0..width * height {
        let (x, y) = (millimetres(at % width), millimetres(at / width));
        if before[at] < 64 {
            assert!(after[at] < 64, "black stays black at {x}, {y} mm");
        }
        // The codes with their quiet zones: 101 and 133 modules of 0.4233 mm with theirs.
        let in_code = (15..56).contains(&x) || (140..195).contains(&x);
        if in_code && (210..252).contains(&y) {
            assert_eq!(before[at], after[at], "a code at {x}, {y} mm");
        }
        changed += usize::from(before[at] != after[at]);
    }
    assert!(changed > 100_000, "the watermark is there: {changed}");
}

#[test]
fn a_reissue_says_so_with_its_day() {
    let signed = signed(certificate(Abroad, 9));
    assert!(!print(&signed, &OPTIONS).text().contains("REISSUED"));
    let reissued = PageOptions {
        reissued_on: Some(REISSUED_ON),
        ..OPTIONS
    };
    let text = print(&signed, &reissued).text();
    has_all(&text, &["再発行", "2026年2月3日", "2026-02-03"]);
    assert_eq!(text.matches("REISSUED").count(), 2, "on both sheets");
}

#[test]
fn eight_doses_take_one_sheet_and_nine_take_two() {
    let eight = print(&signed(certificate(Abroad, 8)), &OPTIONS);
    assert_eq!(eight.pages(), 1);
    has_all(&eight.text(), &["EY1432", "以下余白"]);
    let nine = print(&signed(certificate(Abroad, 9)), &OPTIONS);
    assert_eq!(nine.pages(), 2);
    let text = nine.text();
    has_all(
        &text,
        &[
            "2枚目に続く",
            "1枚目からの続き",
            "EY1469",
            "以下余白",
            "2 / 2",
        ],
    );
    assert_eq!(without_spaces(&text).matches("浦安花子").count(), 2);
}

#[test]
fn a_code_that_lacks_doses_says_so() {
    let signed = signed(certificate(Abroad, 12));
    let vds_nc = signed.vds_nc_doses().unwrap();
    assert!(vds_nc < 12);
    let text = print(&signed, &OPTIONS).text();
    let english = format!("This code holds the newest {vds_nc} of 12 doses.");
    let japanese = format!("12回のうち新しい{vds_nc}回分");
    has_all(&text, &[&english, &japanese]);
    let text = print(&self::signed(certificate(Abroad, 3)), &OPTIONS).text();
    assert!(!text.contains("holds the newest"));
}

#[test]
fn the_largest_document_is_within_bounds() {
    let mut largest = named(Abroad, &"龍鬱驫麤黌 ".repeat(10));
    largest.doses = certificate(Abroad, MOST_DOSES).doses;
    for (at, dose) in largest.doses.iter_mut().enumerate() {
        dose.date = time::macros::date!(2021 - 06 - 20) + time::Duration::days(21 * at as i64);
        dose.lot = "WX12345678901234".to_owned();
    }
    largest.issuer.title = "躑躅ヶ崎驫麤市長".to_owned();
    let reissued = PageOptions {
        reissued_on: Some(REISSUED_ON),
        ..OPTIONS
    };
    let pdf = page::render(&signed(largest), fonts(), &reissued).unwrap();
    assert!(pdf.len() <= LONGEST_DOCUMENT, "{}", pdf.len());
    assert_eq!(Printed::new(&pdf).pages(), 2);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let signed = signed(certificate(Abroad, 3));
    let render = |fonts| page::render(&signed, fonts, &OPTIONS).unwrap();
    assert_eq!(render(fonts()), render(fonts()));
    let again = Fonts::load(&FontPaths::default()).unwrap();
    assert_eq!(render(fonts()), render(&again));
}

#[test]
fn a_document_says_nothing_about_machine_or_holder_outside_its_pages() {
    let pdf = page::render(&signed(certificate(Abroad, 3)), fonts(), &OPTIONS).unwrap();
    let info = Printed::new(&pdf).info();
    has_all(&info, &["予防接種証明書 Vaccination Certificate"]);
    for word in ["Producer", "Creator", "CreationDate", "URAYASU", "浦安"] {
        assert!(!info.contains(word), "{word}");
    }
    let find = |wanted: &[u8]| pdf.windows(wanted.len()).any(|at| at == wanted);
    assert!(find(b"/Lang(ja-JP)"));
}

#[test]
fn every_font_is_embedded_as_a_subset_with_its_text() {
    let signed = signed(named(Abroad, "葛\u{e0100}城\u{3000}花子"));
    let listed = print(&signed, &OPTIONS).fonts();
    // Labels, headings, the name's font and the title's.
    assert_eq!(listed.len(), 4, "{listed:?}");
    for line in listed {
        assert!(line.contains("yes yes yes"), "{line}");
    }
}

#[test]
fn an_address_that_cannot_be_printed_is_refused() {
    let signed = signed(certificate(Domestic, 1));
    for url in ["", "https://例.example/", "https://a b", &"x".repeat(61)] {
        let options = PageOptions {
            verification_url: url,
            ..OPTIONS
        };
        let refused = page::render(&signed, fonts(), &options).unwrap_err();
        assert_eq!(refused, RenderError::VerificationUrl);
    }
}

#[test]
fn fonts_that_cannot_be_used_are_refused_at_the_start() {
    let with = |path: &Path, index| {
        let mut paths = FontPaths::default();
        let path = path.to_owned();
        paths.names = vec![FontFile { path, index }];
        Fonts::load(&paths).unwrap_err()
    };
    let missing = with(Path::new("/nowhere/font.ttf"), 0);
    assert!(matches!(missing, FontError::Unreadable { .. }));
    let no_font = with(Path::new(env!("CARGO_MANIFEST_PATH")), 0);
    assert!(matches!(no_font, FontError::Unusable { .. }));
    let no_index = with(&FontPaths::default().labels.path, 99);
    assert!(matches!(no_index, FontError::Unusable { .. }));
    let mut paths = FontPaths::default();
    paths.names.clear();
    assert!(matches!(Fonts::load(&paths), Err(FontError::Chain(0))));
    let large = tempfile::NamedTempFile::new().unwrap();
    large.as_file().set_len((128 << 20) + 1).unwrap();
    assert!(matches!(with(large.path(), 0), FontError::TooLarge { .. }));
}
