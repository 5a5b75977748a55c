//! What a stolen database file tells (C12): no name, number, birth date, address or passport.

use domain::CertificateKind;
use registry::{ImportFile, Purpose};

use super::support::*;

const NAME: &str = "金糸雀\u{3000}雛子";
const KANA: &str = "カナリア\u{3000}ヒナコ";
const FORMER_NAME: &str = "鶺鴒";
const ADDRESS: &str = "東京都世田谷区金糸雀町一丁目";
const RESIDENT_NUMBER: &str = "887766554433221";
const VOUCHER: &str = "9182736450";
const BIRTH_DATE: &str = "19871123";
const ROMAN_NAME: &str = "KANARIA HINAKO";
const PASSPORT: &str = "TQ9753186";
const LOT: &str = "CANARYLOT7";
const VENUE: &str = "金糸雀会館";
const PHYSICIAN: &str = "鳥居 医師";
const SIGNED: &str = "signed canary 金糸雀 1987-11-23";
const REASON: &str = "canary reason 金糸雀";

async fn filled() -> TestRegistry {
    let test = TestRegistry::empty().await;
    let number = digits_of(77);
    let residents = format!(
        "{RESIDENTS}{RESIDENT_NUMBER},{number},{NAME},{KANA},{BIRTH_DATE},2,{ADDRESS},\
         旧姓:{FORMER_NAME},,,\n"
    );
    let vouchers = format!("{VOUCHERS}{RESIDENT_NUMBER},{VOUCHER},2,1\n");
    let doses = format!(
        "{DOSES}{RESIDENT_NUMBER},20210601120000,20210601,{VOUCHER},{VENUE},{PHYSICIAN},\
         ファイザー,コミナティ筋注,mRNA,新型コロナ,{LOT},1,0.3\n"
    );
    let passports = format!(
        "{PASSPORTS}{RESIDENT_NUMBER},{ROMAN_NAME},,JPN,{PASSPORT},20300101,phone,20211220090000\n"
    );
    for (file, text) in [
        (ImportFile::Residents, residents),
        (ImportFile::Vouchers, vouchers),
        (ImportFile::Doses, doses),
        (ImportFile::Passports, passports),
    ] {
        assert_eq!(test.import(file, text).await.unwrap().added(), 1);
    }
    test
}

/// Issues, looks up, reissues and suspends, so that everything that writes has written.
async fn used(test: &TestRegistry) {
    let handle = test.issuing().await;
    handle.dossier(&number_of(77)).await.unwrap().unwrap();
    let mut transaction = handle.begin_issue().await.unwrap();
    let dossier = transaction.dossier(&number_of(77)).await.unwrap().unwrap();
    assert_eq!(dossier.resident.name.expose(), NAME);
    let new = certificate(CertificateKind::Abroad, SIGNED.as_bytes());
    let recorded = transaction
        .record_certificate(&order(1), &new)
        .await
        .unwrap();
    recorded.commit().await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    counter
        .record_reissue(new.id, &because(REASON))
        .await
        .unwrap();
    let system = test.registry.system(staff());
    assert!(system.suspend_card(&number_of(77)).await.unwrap());
}

/// The text as bytes in every encoding in which it could lie about.
fn encodings(text: &str) -> Vec<Vec<u8>> {
    let utf16: Vec<u16> = text.encode_utf16().collect();
    let (cp932, _, unmappable) = encoding_rs::SHIFT_JIS.encode(text);
    let mut all = vec![
        text.as_bytes().to_vec(),
        utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
    ];
    if !unmappable {
        all.push(cp932.into_owned());
    }
    // As a dump writes bytes.
    let hexadecimal: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    all.push(hexadecimal.into_bytes());
    all
}

fn assert_nothing_leaks(files: &[(String, Vec<u8>)]) {
    let number = digits_of(77);
    let canaries = [
        NAME,
        "雛子",
        KANA,
        FORMER_NAME,
        ADDRESS,
        RESIDENT_NUMBER,
        VOUCHER,
        BIRTH_DATE,
        "1987-11-23",
        ROMAN_NAME,
        PASSPORT,
        LOT,
        VENUE,
        PHYSICIAN,
        SIGNED,
        REASON,
        &number,
    ];
    for canary in canaries {
        let place = place_of(canary, files);
        assert_eq!(place, None, "a canary of {} bytes", canary.len());
    }
}

/// The first file that this text lies in, in whatever encoding.
fn place_of<'a>(canary: &str, files: &'a [(String, Vec<u8>)]) -> Option<&'a str> {
    encodings(canary).iter().find_map(|bytes| {
        let canary = memchr::memmem::Finder::new(bytes);
        let found = files
            .iter()
            .find(|(_, content)| canary.find(content).is_some());
        found.map(|(file, _)| file.as_str())
    })
}

#[tokio::test]
async fn a_stolen_database_or_log_tells_nothing() {
    let test = filled().await;
    used(&test).await;
    // While open, with its logs …
    assert_nothing_leaks(&test.database.everything().await);
    // … and closed, with everything in its place.
    test.registry.close().await;
    let closed = test.database.everything().await;
    let size: usize = closed.iter().map(|(_, content)| content.len()).sum();
    assert!(size > 50_000);
    assert_nothing_leaks(&closed);
}

#[tokio::test]
async fn the_search_itself_finds_what_lies_open() {
    // Nobody else's canary: PostgreSQL's log is every test's.
    const PLANTED: &str = "鸚鵡 planted";
    let test = TestRegistry::empty().await;
    let before = test.database.everything().await;
    assert_eq!(place_of(PLANTED, &before), None);
    test.tamper(format!(
        "CREATE TABLE leak (x TEXT); INSERT INTO leak VALUES ('{PLANTED}')"
    ))
    .await;
    let files = test.database.everything().await;
    assert!(place_of(PLANTED, &files).is_some());
}
