//! The ledger export (C21): approved by a second person, encrypted, recorded, without a number.

use std::io::Read as _;

use declaration::{Declared, Export, Municipality};
use encrypted_file::{DecryptingReader, Identity};
use registry::{
    ApprovalId, ImportFile, LedgerColumn, LedgerEncoding, LedgerFault, LedgerScope, Purpose,
};
use time::macros::date;

use super::support::*;

pub(super) const DISEASE: &str = "新型コロナウイルス感染症";

pub(super) fn scope(encoding: LedgerEncoding) -> LedgerScope {
    LedgerScope {
        from: date!(2021 - 02 - 17),
        until: date!(2024 - 03 - 31),
        disease: DISEASE.to_owned(),
        encoding,
    }
}

pub(super) fn declared_to(recipient: &Identity) -> Municipality {
    let key = recipient.recipient();
    let export = format!("recipients = [\"{}\"]\n", key.trim());
    declaring(setagaya(), "export", &export)
}

pub(super) fn declared(recipient: &Identity) -> Declared<Export> {
    declared_to(recipient)
        .declared(date!(2025 - 04 - 01))
        .unwrap()
}

/// An approval for this export, given by a second person.
pub(super) async fn approved(
    test: &TestRegistry,
    declared: &Declared<Export>,
    scope: &LedgerScope,
) -> ApprovalId {
    test.approved(&scope.approval_scope(declared)).await
}

pub(super) fn decrypted(file: &[u8], identity: &Identity) -> Vec<u8> {
    let mut content = Vec::new();
    DecryptingReader::open(file, identity)
        .unwrap()
        .read_to_end(&mut content)
        .unwrap();
    content
}

/// The file's rows, each a resident's fields, read back as a ledger system reads them.
pub(super) fn rows(content: &[u8], encoding: LedgerEncoding) -> Vec<Vec<String>> {
    let text = match encoding {
        LedgerEncoding::Cp932 => {
            let (text, bad) = encoding_rs::SHIFT_JIS.decode_without_bom_handling(content);
            assert!(!bad);
            text.into_owned()
        }
        LedgerEncoding::Utf8 => {
            let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap();
            String::from_utf8(content.to_vec()).unwrap()
        }
    };
    let lines = text.split_terminator("\r\n");
    lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

pub(super) async fn export(
    test: &TestRegistry,
    identity: &Identity,
    scope: &LedgerScope,
) -> (Vec<u8>, registry::LedgerSummary) {
    let declared = declared(identity);
    let approval = approved(test, &declared, scope).await;
    let handle = test.handle(Purpose::LedgerExport, staff()).await;
    let written = handle
        .write_ledger(&declared, scope, approval, Vec::new(), |_| {})
        .await
        .unwrap();
    written.record().await.unwrap()
}

#[tokio::test]
async fn what_is_exported_reads_back_as_the_same_doses() {
    // More than a page of residents, and a moved-out, a deceased and a protected one among them.
    let test = TestRegistry::with_residents(1201).await;
    let identity = Identity::generate();
    for encoding in [LedgerEncoding::Cp932, LedgerEncoding::Utf8] {
        let (file, summary) = export(&test, &identity, &scope(encoding)).await;
        assert_eq!((summary.residents, summary.doses), (1201, 2402));
        assert_eq!(
            (summary.refused, summary.digest),
            (0, crypto::sha256(&file))
        );
        let mut found = rows(&decrypted(&file, &identity), encoding);
        found.sort_unstable();
        for (n, row) in (1..).zip(found) {
            let dose = |lot: &str, day: &str| {
                let voucher = format!("{n:010}");
                let day_time = format!("{day}120000");
                [
                    &day_time,
                    day,
                    &voucher,
                    "131121",
                    "見本会場",
                    "見本医師",
                    "ファイザー",
                    lot,
                ]
                .map(str::to_owned)
            };
            let mut expected = vec![format!("{n:015}")];
            expected.extend(dose("LOT1", "20210601"));
            expected.extend(dose("LOT2", "20210622"));
            assert_eq!(row, expected);
        }
    }
}

#[tokio::test]
async fn only_doses_of_the_period_and_the_disease_are_exported() {
    let test = TestRegistry::with_residents(3).await;
    let text = format!(
        "{DOSES}{:015},20210610120000,20210610,,,,武田,乾燥弱毒生麻しん風しん混合ワクチン,,麻しん,M1,1,0.5\n",
        1
    );
    assert_eq!(
        test.import(ImportFile::Doses, text).await.unwrap().added(),
        1
    );
    let identity = Identity::generate();
    let exported = async |scope: LedgerScope| {
        let (file, summary) = export(&test, &identity, &scope).await;
        let rows = rows(&decrypted(&file, &identity), scope.encoding);
        assert_eq!(rows.len() as u64, summary.residents);
        rows
    };
    let first_only = LedgerScope {
        until: date!(2021 - 06 - 21),
        ..scope(LedgerEncoding::Utf8)
    };
    let rows = exported(first_only).await;
    assert_eq!(rows.len(), 3);
    assert!(
        rows.iter()
            .all(|row| row.len() == 9 && row[2] == "20210601")
    );
    let measles = LedgerScope {
        disease: "麻しん".to_owned(),
        ..scope(LedgerEncoding::Utf8)
    };
    let rows = exported(measles).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0][1..7],
        ["20210610120000", "20210610", "", "131121", "", ""]
    );
    let nothing = LedgerScope {
        from: date!(2022 - 01 - 01),
        ..scope(LedgerEncoding::Utf8)
    };
    assert!(exported(nothing).await.is_empty());
}

#[tokio::test]
async fn no_export_holds_an_individual_number_or_a_name() {
    let test = TestRegistry::with_residents(50).await;
    let identity = Identity::generate();
    let (file, _) = export(&test, &identity, &scope(LedgerEncoding::Utf8)).await;
    let content = decrypted(&file, &identity);
    let holds = |canary: &str| {
        let canary = canary.as_bytes();
        content.windows(canary.len()).any(|window| window == canary)
    };
    for n in 1..=50 {
        assert!(!holds(&digits_of(n)));
    }
    for canary in [
        "見本\u{3000}",
        "ミホン",
        "19800101",
        "世田谷区",
        "MIHON",
        "TK0000001",
    ] {
        assert!(!holds(canary), "{canary}");
    }
    assert!(
        holds("000000000000001") && holds("見本会場"),
        "the search finds"
    );
    // Nobody reads the file itself.
    assert!(!file.windows(4).any(|window| window == b"LOT1"));
    assert!(DecryptingReader::open(&file[..], &Identity::generate()).is_err());
}

#[tokio::test]
async fn it_is_recorded_with_approval_counts_and_digest() {
    let test = TestRegistry::with_residents(2).await;
    let identity = Identity::generate();
    let (_, summary) = export(&test, &identity, &scope(LedgerEncoding::Cp932)).await;
    let entries = test.auditing().await.audit_entries(0, 1000).await.unwrap();
    let named = |event: &str| {
        let mut found = entries.iter().filter(|entry| entry.event == event);
        let one = found.next().unwrap().clone();
        assert!(found.next().is_none(), "{event} once");
        one
    };
    assert_eq!(
        named("approval-used").sequence + 1,
        named("ledger-exported").sequence
    );
    let entry = named("ledger-exported");
    assert_eq!(
        (entry.purpose.as_str(), &entry.actor[..]),
        ("ledger-export", &b"tester"[..])
    );
    let detail = entry.detail.unwrap();
    assert!(
        detail.contains(" rows=2 doses=4 refused=0 sha256="),
        "{detail}"
    );
    let digest: String = summary
        .digest
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert!(detail.ends_with(&digest));
}

#[tokio::test]
async fn a_row_that_does_not_fit_goes_to_the_report_and_the_rest_is_written() {
    let test = TestRegistry::with_residents(3).await;
    let text = format!(
        "{DOSES}{:015},20210601120000,20210601,,𠮷野会館,,ファイザー,コミナティ筋注,mRNA,{DISEASE},L1,1,0.3\n",
        2
    );
    assert_eq!(
        test.import(ImportFile::Doses, text)
            .await
            .unwrap()
            .changed(),
        1
    );
    let identity = Identity::generate();
    let declared = declared(&identity);
    let wanted = scope(LedgerEncoding::Cp932);
    let approval = approved(&test, &declared, &wanted).await;
    let handle = test.handle(Purpose::LedgerExport, staff()).await;
    let written = handle
        .write_ledger(&declared, &wanted, approval, Vec::new(), |_| {})
        .await
        .unwrap();
    let [refused] = written.refused_rows() else {
        panic!("one row");
    };
    assert_eq!(refused.dose, Some(date!(2021 - 06 - 01)));
    assert_eq!(
        (refused.column, refused.fault),
        (LedgerColumn::Venue, LedgerFault::Character)
    );
    let report = decrypted(&written.write_refused(Vec::new()).unwrap(), &identity);
    let report = String::from_utf8(report).unwrap();
    assert!(report.contains("\r\n000000000000002,2021-06-01,venue,\"a character that CP932 lacks"));
    assert_eq!(report.lines().count(), 2);
    let (file, summary) = written.record().await.unwrap();
    assert_eq!(
        (summary.residents, summary.doses, summary.refused),
        (2, 4, 1)
    );
    assert_eq!(rows(&decrypted(&file, &identity), wanted.encoding).len(), 2);
    // As UTF-8 nothing is refused.
    let (_, summary) = export(&test, &identity, &scope(LedgerEncoding::Utf8)).await;
    assert_eq!((summary.residents, summary.refused), (3, 0));
}
