//! What a stolen database file tells (C12): no name, number, birth date, address or passport.

use std::collections::BTreeSet;

use domain::{CertificateKind, Redacted};
use leak_search::LeakSearch;
use registry::{
    AuditArea, CheckedDose, Diseases, DoseChanged, DoseCorrection, DoseDraft, FlagKind, FlagOrder,
    Ground, GroundKind, ImportFile, NewInquiry, Purpose, ResidentNumber, StaffId, Whom,
    write_backup,
};
use time::macros::date;

use super::inquiry_towns::{self, COVID};
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
    for (file, text) in rows() {
        assert_eq!(test.import(file, text).await.unwrap().added(), 1);
    }
    test
}

fn rows() -> [(ImportFile, String); 4] {
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
    [
        (ImportFile::Residents, residents),
        (ImportFile::Vouchers, vouchers),
        (ImportFile::Doses, doses),
        (ImportFile::Passports, passports),
    ]
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

/// What staff write about somebody: flags, notes, approvals, a corrected dose, an erased medium.
async fn written_about(test: &TestRegistry) {
    let whom = Whom::Resident(ResidentNumber::parse(RESIDENT_NUMBER).unwrap());
    let refused = test.issuing().await;
    let refused = refused.record_offer_refused(&number_of(77), REASON).await;
    refused.unwrap();
    let importing = test.handle(Purpose::Import, staff()).await;
    let batch = importing.import_batches(true).await.unwrap()[0].id;
    importing.record_erasure(batch, REASON).await.unwrap();

    let flags = test.handle(Purpose::Flags, staff()).await;
    let (kind, order) = (
        FlagKind::MovedOut,
        FlagOrder {
            ordered_by: StaffId::parse("head").unwrap(),
            ground: Redacted::new(REASON.to_owned()),
        },
    );
    flags.set_flag(&whom, kind, &order).await.unwrap();
    let scope = flags.lift_flag_scope(&whom, kind).await.unwrap();
    let asking = test.handle(Purpose::Approval, staff()).await;
    asking.request_approval(&scope, REASON).await.unwrap();

    let draft = DoseDraft {
        date: date!(2021 - 06 - 01),
        disease: COVID.to_owned(),
        manufacturer: "ファイザー".to_owned(),
        product: "コミナティ筋注".to_owned(),
        lot: LOT.to_owned(),
        physician: Some(Redacted::new(PHYSICIAN.to_owned())),
        amount_microlitres: None,
    };
    let checked = CheckedDose::of_staff(draft, date!(2025 - 04 - 01)).unwrap();
    let correction = DoseCorrection::Correct(checked);
    let correcting = test.handle(Purpose::DoseCorrection, staff()).await;
    let doses = correcting.doses_with_receipts(&whom).await.unwrap();
    let receipt = doses.unwrap()[0].receipt;
    let scope = correcting.dose_change_scope(receipt, &correction).await;
    let approval = test.approved(&scope.unwrap()).await;
    let changed = correcting.change_dose_as_staff(receipt, &correction, approval);
    assert!(matches!(
        changed.await.unwrap(),
        DoseChanged::Changed { .. }
    ));
}

/// What two municipalities tell each other about somebody: received by one inquiry, and waiting to
/// be received by another.
async fn told_each_other(test: &TestRegistry) {
    for (file, text) in rows() {
        inquiry_towns::import(test, urayasu(), file, &text).await;
    }
    let exchange = inquiry_towns::exchange(test).await;
    for is_received in [true, false] {
        let inquiry = NewInquiry {
            diseases: Diseases::new(vec![COVID.to_owned()]).unwrap(),
            ground: Ground::new(GroundKind::Consent, REASON).unwrap(),
        };
        let id = exchange.prepare(&number_of(77), inquiry).await.unwrap();
        let approval = inquiry_towns::approval_to_send(test, id).await;
        let sent = exchange.send(id, Some(approval)).await.unwrap();
        let answered = sent.ask().await.unwrap();
        if is_received {
            answered.receive().await.unwrap();
        }
    }
}

/// Every sealed column that `docs/DATA.md` lists has something in it, in one of the two areas: a
/// new one fails here until it is written above.
async fn assert_everything_is_written(test: &TestRegistry) {
    let document = include_str!("../../../../docs/DATA.md");
    let sealed = document.lines().filter(|line| line.contains("` | sealed;"));
    let sealed: BTreeSet<(&str, &str)> = sealed
        .map(|line| line.trim_start_matches("| `").split('`').next().unwrap())
        .map(|column| column.split_once('.').unwrap())
        .collect();
    assert!(sealed.len() > 15, "the document is read");
    for (table, column) in sealed {
        let statement = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL");
        let mut rows = 0;
        for code in [setagaya(), urayasu()] {
            rows += test.database.bytes(Some(code), &statement).await.len();
        }
        assert!(rows > 0, "{table}.{column} is not written");
    }
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
    // Before the card is suspended, about whose holder nothing is told.
    told_each_other(&test).await;
    used(&test).await;
    written_about(&test).await;
    assert_everything_is_written(&test).await;
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
