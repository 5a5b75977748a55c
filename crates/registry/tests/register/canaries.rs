//! What a stolen database file tells (C12): no name, number, birth date, address or passport.

use domain::CertificateKind;
use leak_search::LeakSearch;
use registry::{AuditArea, ImportFile, Purpose, write_backup};

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

fn canaries() -> LeakSearch {
    let number = digits_of(77);
    LeakSearch::of([
        NAME,
        KANA,
        FORMER_NAME,
        ADDRESS,
        RESIDENT_NUMBER,
        VOUCHER,
        BIRTH_DATE,
        ROMAN_NAME,
        PASSPORT,
        LOT,
        VENUE,
        PHYSICIAN,
        SIGNED,
        REASON,
        &number,
        // The given name alone, in CP932 too short by itself.
        "雛子",
    ])
}

fn assert_nothing_leaks(files: &[(String, Vec<u8>)]) {
    let canaries = canaries();
    for (file, content) in files {
        assert_eq!(canaries.found_in(content), None, "in {file}");
    }
}

/// Seals everything anew and writes a backup, which is another place to look.
async fn kept_up(test: &TestRegistry) -> (String, Vec<u8>) {
    let area = AuditArea::Municipality(setagaya());
    let upkeep = test.registry.upkeep(area, staff()).await.unwrap();
    upkeep.rotate_keys(|_| ()).await.unwrap();
    let output = std::io::Cursor::new(Vec::new());
    let (_, output) = write_backup(&[upkeep], output, |_| ()).await.unwrap();
    ("backup".to_owned(), output.into_inner())
}

#[tokio::test]
async fn a_stolen_database_log_or_backup_tells_nothing() {
    let test = filled().await;
    used(&test).await;
    // While open, with its logs …
    assert_nothing_leaks(&test.database.everything().await);
    // … after a rotation, with a backup whose own encryption is off …
    let backup = kept_up(&test).await;
    assert!(backup.1.len() > 5_000);
    assert_nothing_leaks(&[backup]);
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
    let planted = LeakSearch::of(["鸚鵡 planted"]);
    let test = TestRegistry::empty().await;
    let found = |files: &[(String, Vec<u8>)]| {
        let mut files = files.iter();
        files.any(|(_, content)| planted.found_in(content).is_some())
    };
    assert!(!found(&test.database.everything().await));
    test.tamper("CREATE TABLE leak (x TEXT); INSERT INTO leak VALUES ('鸚鵡 planted')")
        .await;
    assert!(found(&test.database.everything().await));
}
