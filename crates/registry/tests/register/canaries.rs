//! What a stolen database file tells (C12): no name, number, birth date, address or passport.

use domain::CertificateKind;
use registry::{ImportFile, Purpose};

use crate::support::*;

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
        assert_eq!(test.import(file, text).await.unwrap().added, 1);
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
    counter.record_reissue(new.id, REASON).await.unwrap();
    let system = test.registry.system(staff());
    assert!(system.suspend_card(&number_of(77)).await.unwrap());
}

/// Every file in the folder and below, with its bytes.
fn all_files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all_files(&path));
        } else {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
    files
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
        for bytes in encodings(canary) {
            for (file, content) in files {
                let found = content.windows(bytes.len()).any(|window| window == bytes);
                assert!(!found, "a canary of {} bytes lies in {file}", bytes.len());
            }
        }
    }
}

#[tokio::test]
async fn a_stolen_file_or_log_tells_nothing() {
    let test = filled().await;
    used(&test).await;
    // While open, with write-ahead log and shared memory …
    let open = all_files(test.folder.path());
    for name in [
        "131121.db",
        "131121.db-wal",
        "131121.db-shm",
        "system.db-wal",
    ] {
        assert!(open.iter().any(|(file, _)| file == name), "{name} is read");
    }
    assert_nothing_leaks(&open);
    // … and closed, with everything in the file itself.
    test.registry.close().await;
    let closed = all_files(test.folder.path());
    let size = |name| {
        closed
            .iter()
            .find(|(file, _)| file == name)
            .unwrap()
            .1
            .len()
    };
    assert!(size("131121.db") > 50_000);
    assert_nothing_leaks(&closed);
}

#[tokio::test]
async fn the_search_itself_finds_what_lies_open() {
    let test = filled().await;
    tamper(
        &test.file(),
        "CREATE TABLE leak (x TEXT); INSERT INTO leak VALUES ('TQ9753186')",
    )
    .await;
    let files = all_files(test.folder.path());
    let found = std::panic::catch_unwind(|| assert_nothing_leaks(&files));
    assert!(found.is_err());
}
