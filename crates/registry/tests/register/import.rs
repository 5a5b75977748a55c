//! Files brought in: good rows land, bad rows are reported, nothing personal in the report.

use registry::{
    CsvEncoding, FileFault, ImportFile, ImportReport, ImportSource, Purpose, RegistryError,
    ReportedRow, RowFault,
};

use super::support::*;

async fn import_residents(rows: &str) -> (TestRegistry, ImportReport) {
    let test = TestRegistry::empty().await;
    let report = test
        .import(ImportFile::Residents, format!("{RESIDENTS}{rows}"))
        .await;
    (test, report.unwrap())
}

fn faults(report: &ImportReport) -> Vec<(u64, Option<&'static str>, RowFault)> {
    let rows = report.rows.iter();
    rows.map(|row| (row.line, row.column, row.fault)).collect()
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let test = TestRegistry::with_residents(3).await;
    for (file, text) in files(3) {
        let before = test.import(file, text.clone()).await.unwrap();
        let rows = text.lines().count() as u64 - 1;
        assert_eq!(
            (before.added(), before.changed(), before.unchanged()),
            (0, 0, rows)
        );
    }
}

#[tokio::test]
async fn a_corrected_row_replaces_the_one_before() {
    let test = TestRegistry::with_residents(1).await;
    let corrected = files(1)[2].1.replace("LOT2", "LOT9");
    let report = test.import(ImportFile::Doses, corrected).await.unwrap();
    assert_eq!(
        (report.added(), report.changed(), report.unchanged()),
        (0, 1, 1)
    );
    let dossier = test.issuing().await.dossier(&number_of(1)).await;
    let doses = dossier.unwrap().unwrap().doses;
    let lots: Vec<_> = doses.iter().map(|dose| dose.lot.as_str()).collect();
    assert_eq!(lots, ["LOT1", "LOT9"]);
}

#[tokio::test]
async fn bad_rows_are_reported_and_good_ones_land() {
    let number = digits_of(1);
    let wrong_check = digits_of(2).replace(|_: char| false, "");
    let wrong_check = format!(
        "{}{}",
        &wrong_check[..11],
        (wrong_check.as_bytes()[11] - b'0' + 1) % 10
    );
    let rows = [
        format!("1,{number},良い\u{3000}行,,19800101,2,どこか,,,,"),
        format!(",{},名前,,19800101,2,どこか,,,,", digits_of(3)),
        format!("3 3,{},名前,,19800101,2,どこか,,,,", digits_of(3)),
        "4,12345,名前,,19800101,2,どこか,,,,".to_owned(),
        format!("5,{wrong_check},名前,,19800101,2,どこか,,,,"),
        "6,,,,19800101,2,どこか,,,,".to_owned(),
        "7,,名前,,19810229,2,どこか,,,,".to_owned(),
        "8,,名前,,1980-1-1,2,どこか,,,,".to_owned(),
        "9,,名前,,20250402,2,どこか,,,,".to_owned(),
        "10,,名前,,19800101,4,どこか,,,,".to_owned(),
        "11,,名前,,19800101,2,,,,,".to_owned(),
        "12,,名前,,19800101,2,どこか,芸名:春,,,".to_owned(),
        "13,,名前,,19800101,2,どこか,旧姓佐藤,,,".to_owned(),
        "14,,名前,,19800101,2,どこか,,,20240231,".to_owned(),
        format!("15,,{},,19800101,2,どこか,,,,", "長".repeat(101)),
        "16,,名前,,19800101,2,どこか,,,".to_owned(),
        "17,,\"名前,,19800101,2,どこか,,,,".to_owned(),
        "1,,名前,,19800101,2,どこか,,,,".to_owned(),
        format!("19,{number},名前,,19800101,2,どこか,,,,"),
        format!("20,,名前,,19800101,2,{},,,,", "x".repeat(20_000)),
        "21,,名\0前,,19800101,2,どこか,,,,".to_owned(),
        "22,,最後の\u{3000}行,,19800101,2,どこか,,,,".to_owned(),
    ];
    let (test, report) = import_residents(&rows.join("\n")).await;
    assert_eq!(
        faults(&report),
        [
            (3, Some("resident_number"), RowFault::Missing),
            (4, Some("resident_number"), RowFault::Form),
            (5, Some("individual_number"), RowFault::Form),
            (6, Some("individual_number"), RowFault::CheckDigit),
            (7, Some("name"), RowFault::Missing),
            (8, Some("birth_date"), RowFault::Date),
            (9, Some("birth_date"), RowFault::Form),
            (10, Some("birth_date"), RowFault::InFuture),
            (11, Some("sex"), RowFault::Word),
            (12, Some("address"), RowFault::Missing),
            (13, Some("alternative_names"), RowFault::Word),
            (14, Some("alternative_names"), RowFault::Form),
            (15, Some("deceased_on"), RowFault::Date),
            (16, Some("name"), RowFault::TooLong(100)),
            (17, None, RowFault::FieldCount(10)),
            (18, None, RowFault::QuoteNotClosed),
            (19, Some("resident_number"), RowFault::Duplicate),
            (
                20,
                Some("individual_number"),
                RowFault::IndividualNumberTaken
            ),
            (21, None, RowFault::LineTooLong),
            (22, None, RowFault::ControlCharacter),
        ]
    );
    assert_eq!((report.added(), report.rejected()), (2, 20));
    let text = format!("{report:?}");
    assert!(!text.contains("名前") && !text.contains(&number));
    let dossier = test
        .issuing()
        .await
        .dossier(&number_of(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(dossier.resident.name.expose(), "良い\u{3000}行");
}

#[tokio::test]
async fn doses_are_checked_field_by_field() {
    let test = TestRegistry::with_residents(1).await;
    let good =
        "000000000000001,20220101120000,20220101,,,,武田,ヌバキソビッド筋注,,新型コロナ,L1,3,0.5";
    for (from, to, column, fault) in [
        (
            "000000000000001",
            "2",
            "resident_number",
            RowFault::ResidentUnknown,
        ),
        (
            "20220101120000",
            "20220101126000",
            "registered_at",
            RowFault::Date,
        ),
        (
            "20220101120000",
            "202201011200",
            "registered_at",
            RowFault::Form,
        ),
        ("20220101120000", "", "registered_at", RowFault::Missing),
        (",20220101,", ",20220132,", "date", RowFault::Date),
        (",20220101,", ",20250402,", "date", RowFault::InFuture),
        (
            ",,,,武田",
            ",12345,,,武田",
            "voucher_number",
            RowFault::Form,
        ),
        ("武田", "", "manufacturer", RowFault::Missing),
        ("ヌバキソビッド筋注", "", "product", RowFault::Missing),
        ("新型コロナ", "", "disease", RowFault::Missing),
        ("L1", "123456789012345678901", "lot", RowFault::TooLong(20)),
        (",3,", ",0,", "dose_number", RowFault::Range),
        (",3,", ",300,", "dose_number", RowFault::Range),
        (",3,", ",三,", "dose_number", RowFault::Form),
        ("0.5", "0.5ml", "amount_ml", RowFault::Form),
        ("0.5", "0.5555", "amount_ml", RowFault::Form),
        ("0.5", ".5", "amount_ml", RowFault::Form),
    ] {
        let row = good.replacen(from, to, 1);
        let report = test
            .import(ImportFile::Doses, format!("{DOSES}{row}\n"))
            .await
            .unwrap();
        assert_eq!(faults(&report), [(2, Some(column), fault)]);
    }
    let report = test
        .import(ImportFile::Doses, format!("{DOSES}{good}\n"))
        .await
        .unwrap();
    assert_eq!((report.added(), report.rejected()), (1, 0));
}

#[tokio::test]
async fn passports_and_vouchers_are_checked() {
    let test = TestRegistry::with_residents(2).await;
    let good = "000000000000001,MIHON TARO,,JPN,TR1234567,20300101,phone,20220101120000";
    for (from, to, column, fault) in [
        ("MIHON TARO", "Mihon Taro", "roman_name", RowFault::Form),
        ("MIHON TARO", "", "roman_name", RowFault::Missing),
        ("JPN", "JAPAN", "nationality", RowFault::TooLong(3)),
        ("TR1234567", "TR-123456", "number", RowFault::Form),
        ("20300101", "20301301", "expires_on", RowFault::Date),
        ("phone", "typed", "read_by", RowFault::Word),
    ] {
        let row = good.replacen(from, to, 1);
        let text = format!("{PASSPORTS}{row}\n");
        let report = test.import(ImportFile::Passports, text).await.unwrap();
        assert_eq!(faults(&report), [(2, Some(column), fault)]);
    }
    for (row, column, fault) in [
        (
            "000000000000002,0000000001,2,1",
            "voucher_number",
            RowFault::VoucherTaken,
        ),
        ("000000000000002,,2,1", "voucher_number", RowFault::Missing),
        ("000000000000002,123,2,1", "voucher_number", RowFault::Form),
        ("000000000000002,1234567890,10,1", "kind", RowFault::Range),
        (
            "000000000000009,1234567890,2,1",
            "resident_number",
            RowFault::ResidentUnknown,
        ),
    ] {
        let text = format!("{VOUCHERS}{row}\n");
        let report = test.import(ImportFile::Vouchers, text).await.unwrap();
        assert_eq!(faults(&report), [(2, Some(column), fault)]);
    }
}

#[tokio::test]
async fn files_come_in_three_encodings() {
    let row = format!(
        "1,{},髙橋\u{3000}﨑子,,19800101,2,どこか,,,,\r\n",
        digits_of(1)
    );
    let text = format!("{}{row}", RESIDENTS.replace('\n', "\r\n"));
    let (cp932, _, unmappable) = encoding_rs::SHIFT_JIS.encode(&text);
    assert!(!unmappable);
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        cp932.into_owned(),
    ] {
        let test = TestRegistry::empty().await;
        let report = test.import(ImportFile::Residents, bytes).await.unwrap();
        assert_eq!((report.added(), report.rejected()), (1, 0));
        let dossier = test
            .issuing()
            .await
            .dossier(&number_of(1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(dossier.resident.name.expose(), "髙橋\u{3000}﨑子");
    }
}

#[tokio::test]
async fn line_ends_are_mixed_and_none_is_inside_a_field() {
    let (test, report) = import_residents(
        "1,,LF,,19800101,2,どこか,,,,\n2,,CR LF,,19800101,2,どこか,,,,\r\n\
         3,,\"two\nlines\",,19800101,2,どこか,,,,\n\
         4,,\"a \"\"quote\"\", here\",,19800101,2,どこか,,,,\r\n\
         5,,CR,,19800101,2,どこか,,,,\r6,,CR,,19800101,2,どこか,,,,\n\
         7,,last,,19800101,2,どこか,,,,",
    )
    .await;
    assert_eq!(
        faults(&report),
        [
            (4, None, RowFault::QuoteNotClosed),
            (5, None, RowFault::FieldCount(9)),
            (7, None, RowFault::ControlCharacter),
        ]
    );
    assert_eq!(report.added(), 4);
    drop(test);
}

#[tokio::test]
async fn a_line_in_another_encoding_is_reported() {
    let mut bytes = format!("{RESIDENTS}1,,名前,,19800101,2,どこか,,,,\n").into_bytes();
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode("2,,名前,,19800101,2,どこか,,,,\n");
    bytes.extend_from_slice(&cp932);
    let test = TestRegistry::empty().await;
    let report = test.import(ImportFile::Residents, bytes).await.unwrap();
    let expected = ReportedRow {
        file: 1,
        line: 3,
        column: None,
        fault: RowFault::Encoding(4),
    };
    assert_eq!((report.added(), &report.rows[..]), (1, &[expected][..]));
}

#[tokio::test]
async fn variation_selectors_and_characters_beyond_the_first_plane_stay() {
    let name = "辻\u{e0102}\u{3000}𠮷子";
    let row = format!("1,{},{name},,19800101,2,どこか,,,,\n", digits_of(1));
    let (test, _) = import_residents(&row).await;
    let dossier = test
        .issuing()
        .await
        .dossier(&number_of(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(dossier.resident.name.expose(), name);
}

#[test]
fn headers_are_the_files_contract() {
    for (file, header) in [
        (ImportFile::Residents, RESIDENTS),
        (ImportFile::Vouchers, VOUCHERS),
        (ImportFile::Doses, DOSES),
        (ImportFile::Passports, PASSPORTS),
    ] {
        assert_eq!(file.header(), header.trim_end());
    }
}

#[tokio::test]
async fn a_file_that_is_none_lands_nothing() {
    let test = TestRegistry::empty().await;
    for (text, fault) in [
        ("", FileFault::Empty),
        ("\n", FileFault::Header),
        ("a,b,c\n1,2,3\n", FileFault::Header),
        (DOSES, FileFault::UnknownColumn(2)),
        (&"x".repeat(100_000), FileFault::Header),
        (
            &RESIDENTS.replace(",kana", ""),
            FileFault::ColumnMissing("kana"),
        ),
        (
            &RESIDENTS.replace("kana", "name"),
            FileFault::ColumnTwice("name"),
        ),
    ] {
        let refused = test.import(ImportFile::Residents, text).await;
        let expected = RegistryError::UnreadableFile { file: 1, fault };
        assert_eq!(refused, Err(expected));
    }
}

/// Gives a good beginning and then fails, like a medium taken out.
struct TakenOut(std::io::Cursor<Vec<u8>>);

impl std::io::Read for TakenOut {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(std::io::Error::other("taken out")),
            read => Ok(read),
        }
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_lands_nothing() {
    let test = TestRegistry::empty().await;
    // More than is read ahead, so that the database has begun.
    let text = files(5000)[0].1.clone().into_bytes();
    let handle = test.handle(Purpose::Import, staff()).await;
    let reader = TakenOut(std::io::Cursor::new(text));
    let source = ImportSource::plain(ImportFile::Residents, CsvEncoding::Utf8, reader);
    let refused = bring_in(&handle, vec![source]).await;
    let fault = FileFault::InputOutput;
    assert_eq!(
        refused,
        Err(RegistryError::UnreadableFile { file: 1, fault })
    );
    assert_eq!(
        test.issuing().await.dossier(&number_of(1)).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn more_rows_than_a_chunk_land_and_their_counts_are_recorded() {
    let test = TestRegistry::with_residents(1000).await;
    assert!(
        test.issuing()
            .await
            .dossier(&number_of(1000))
            .await
            .unwrap()
            .is_some()
    );
    let entries = test.auditing().await.audit_entries(0, 10).await.unwrap();
    // Each file was a batch of its own, with an id of its own.
    let details: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry.detail.as_deref())
        .map(|detail| detail.split_once("; batch ").unwrap())
        .map(|(counts, batch)| (counts, batch[16..].to_owned()))
        .collect();
    let unasked = || ", no second person was asked".to_owned();
    assert_eq!(
        details,
        [
            (
                "residents.csv: 1000 added, 0 changed, 0 unchanged, 0 rejected",
                unasked()
            ),
            (
                "vouchers.csv: 1000 added, 0 changed, 0 unchanged, 0 rejected",
                unasked()
            ),
            (
                "doses.csv: 2000 added, 0 changed, 0 unchanged, 0 rejected",
                unasked()
            ),
            (
                "passports.csv: 1000 added, 0 changed, 0 unchanged, 0 rejected",
                unasked()
            ),
        ]
    );
}
