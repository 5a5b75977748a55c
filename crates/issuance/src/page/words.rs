//! The fixed words of the page, Japanese and English side by side.

use certificate::products;
use domain::CertificateKind;

use super::fixed::Watermark;

/// The same thing said in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Japanese.
    pub japanese: &'static str,
    /// English.
    pub english: &'static str,
}

const fn words(japanese: &'static str, english: &'static str) -> Words {
    Words { japanese, english }
}

pub(super) const TITLE_COVID_19: Words = words(
    "新型コロナウイルス感染症 予防接種証明書",
    "Vaccination Certificate of COVID-19",
);
pub(super) const TITLE: Words = words("予防接種証明書", "Vaccination Certificate");

/// What a kind of certificate is for.
pub(super) const fn kind(kind: CertificateKind) -> Words {
    match kind {
        CertificateKind::Abroad => words("海外用及び日本国内用", "For use abroad and in Japan"),
        CertificateKind::Domestic => words("日本国内用", "For use in Japan only"),
    }
}

pub(super) const HOLDER: Words = words("証明を受ける方", "Holder");
pub(super) const NAME: Words = words("氏名", "Name");
pub(super) const ROMAN_NAME: Words = words("旅券の氏名", "Name in passport");
pub(super) const BIRTH_DATE: Words = words("生年月日", "Date of birth");
pub(super) const NATIONALITY: Words = words("国籍", "Nationality");
pub(super) const PASSPORT_NUMBER: Words = words("旅券番号", "Passport No.");

pub(super) const DOSES: Words = words("接種の記録", "Vaccination record");
/// The heads of the table's columns.
pub(super) const COLUMNS: [Words; 7] = [
    words("回数", "Dose"),
    words("接種年月日", "Date"),
    words("ワクチンの種類", "Vaccine type"),
    words("メーカー", "Manufacturer"),
    words("製品名", "Product"),
    words("製造番号", "Lot No."),
    words("接種国", "Country"),
];
/// Doses that cannot be certified are left out by disease; said on every paper, so that nobody learns
/// from it whether there are any (ADR 0027).
pub(super) const NOTHING_BELOW: Words = words(
    "以下余白（ほかの疾病に対する接種は記載していません）",
    "No further entries (vaccinations against other diseases are not listed)",
);
pub(super) const CONTINUED: Words = words("2枚目に続く", "Continued on sheet 2");
pub(super) const CONTINUATION: Words = words("1枚目からの続き", "Continued from sheet 1");
pub(super) const JAPAN: &str = "日本";

pub(super) const CERTIFICATE_ID: Words = words("証明書ID", "Certificate ID");
pub(super) const ISSUED_ON: Words = words("発行年月日", "Date of issue");
pub(super) const STATEMENT: Words = words(
    "上記の者が、上記のとおり予防接種を受けたことを証明します。",
    "This is to certify that the person named above has received the vaccinations listed above.",
);
pub(super) const MINISTER: Words = words(
    "日本国厚生労働大臣",
    "Minister of Health, Labour and Welfare, Government of Japan",
);

pub(super) const SHC: &str = "SMART Health Card";
pub(super) const VDS_NC: &str = "ICAO VDS-NC";
pub(super) const VERIFYING: Words = words("確認する方へ", "For verifiers");
pub(super) const VERIFICATION_PAGE: Words = words("確認ページ", "Verification page");

/// How a verifier must compare the holder's identity document.
pub(super) const fn verifying(kind: CertificateKind) -> [Words; 3] {
    [
        words(
            "① 二次元コードを確認ページ又は対応アプリで読み取り、電子署名が有効であることを確かめてください。",
            "1. Scan a code with the verification page or a verifier app and check that its signature is valid.",
        ),
        match kind {
            CertificateKind::Abroad => words(
                "② 読み取った氏名、生年月日及び旅券番号が、本人の示す旅券と一致することを確かめてください。",
                "2. Check that the name, date of birth and passport number in the code are those of the passport which the holder shows.",
            ),
            CertificateKind::Domestic => words(
                "② 読み取った氏名及び生年月日が、本人の示す本人確認書類と一致することを確かめてください。",
                "2. Check that the name and date of birth in the code are those of the identity document which the holder shows.",
            ),
        },
        words(
            "③ 紙面の記載だけでは真正性を確認できません。",
            "3. Do not rely on the printed text alone.",
        ),
    ]
}

pub(super) const SPECIMEN: Words = words("見本", "SPECIMEN");
pub(super) const NOT_VALID: Words = words("証明の効力はありません", "NOT VALID");
pub(super) const PREVIEW: Words = words("見本", "PREVIEW");
/// In the place of a certificate's id, on a preview.
pub(super) const GIVEN_WHEN_ISSUED: Words = words("交付時に決まります", "Given when it is issued");
/// In the place of a code, on a preview.
pub(super) const CODE_WHEN_ISSUED: Words = words(
    "二次元コードは交付時に印刷されます",
    "The code is printed when it is issued",
);
pub(super) const REISSUED: Words = words("再発行", "REISSUED");

/// The text of a watermark.
pub(crate) fn watermark(of: Watermark) -> String {
    let words = stamp(of);
    format!("{} {}", words.japanese, words.english)
}

/// What is written across a page, and in the box at its head.
pub(super) const fn stamp(of: Watermark) -> Words {
    match of {
        Watermark::Specimen => SPECIMEN,
        Watermark::Preview => PREVIEW,
    }
}

/// Said under a code that holds the newest doses only.
pub(super) fn newest_only(in_code: usize, doses: usize) -> (String, String) {
    (
        format!("このコードには{doses}回のうち新しい{in_code}回分を収録"),
        format!("This code holds the newest {in_code} of {doses} doses."),
    )
}

/// The fixed words in the font of the labels.
fn labelled() -> impl Iterator<Item = Words> {
    let kinds = CertificateKind::ALL.into_iter();
    kinds
        .flat_map(|of| verifying(of).into_iter().chain([kind(of)]))
        .chain(COLUMNS)
        .chain([
            HOLDER,
            NAME,
            ROMAN_NAME,
            BIRTH_DATE,
            NATIONALITY,
            PASSPORT_NUMBER,
            DOSES,
            NOTHING_BELOW,
            CONTINUED,
            CONTINUATION,
            CERTIFICATE_ID,
            ISSUED_ON,
            STATEMENT,
            MINISTER,
            VERIFYING,
            VERIFICATION_PAGE,
            NOT_VALID,
            GIVEN_WHEN_ISSUED,
            CODE_WHEN_ISSUED,
        ])
}

/// Letters of titles and lots beyond ASCII: the long vowels of romanised Japanese, both ways.
const LETTERS: &str = "ÂÊÎÔÛâêîôûĀĒĪŌŪāēīōū’–・";

/// Every character that the label font sets.
pub(crate) fn label_characters() -> String {
    let mut characters: String = (' '..='~').collect();
    characters.push_str(LETTERS);
    characters.push_str("年月日旧姓別名通称回");
    characters.push_str(JAPAN);
    characters.push_str(&newest_only(1, 2).0);
    for words in labelled() {
        characters.push_str(words.japanese);
        characters.push_str(words.english);
    }
    for product in products::all() {
        for text in [
            &product.vaccine_type,
            &product.vaccine_type_english,
            &product.manufacturer,
            &product.manufacturer_english,
            &product.name,
            &product.name_english,
        ] {
            characters.push_str(text);
        }
    }
    characters
}

/// Every character that the heading font sets.
pub(crate) fn heading_characters() -> String {
    [
        TITLE_COVID_19,
        TITLE,
        SPECIMEN,
        PREVIEW,
        REISSUED,
        HOLDER,
        DOSES,
        VERIFYING,
        MINISTER,
    ]
    .into_iter()
    .chain(CertificateKind::ALL.map(kind))
    .flat_map(|words| [words.japanese, words.english])
    .chain([SHC, VDS_NC, " 0123456789-年月日"])
    .collect()
}
