//! `docs/DATA.md` names every column and every sealed field, and nothing else (C42).

use std::collections::BTreeSet;

use domain::{Address, BirthDate, MyNumber, PersonName, Redacted, Sex};
use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};
use time::macros::{date, datetime};

use crate::approval::ApprovalTexts;
use crate::inquiry::samples as inquiry;
use crate::inquiry::{DoseFrom, ProvidedDoses};
use crate::model::{
    AlternativeName, AlternativeNameKind, Dose, NumberedResident, PassportReader,
    RegisteredPassport, Resident, ResidentNumber, SealedForm, Voucher, VoucherNumber,
};
use crate::table::Table;
use crate::venue::DoseBefore;

const DOCUMENT: &str = include_str!("../../../docs/DATA.md");

/// The two areas: heading in the document, schema, and the columns that rotation walks.
fn areas() -> [(&'static str, &'static Migrator, &'static [Table]); 2] {
    [
        (
            "\n## A municipality's file\n",
            &crate::storage::MUNICIPALITY_SCHEMA,
            &Table::OF_MUNICIPALITY,
        ),
        (
            "\n## The system file\n",
            &crate::storage::SYSTEM_SCHEMA,
            &Table::OF_SYSTEM,
        ),
    ]
}

/// The lines of the tables under a heading: the name in the first column, and the others.
fn lines(heading: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let section = DOCUMENT.split_once(heading).unwrap().1;
    let section = section.split("\n#").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split_once('`').unwrap())
}

/// The names in the first column of the tables under a heading, with their reasons.
fn documented(heading: &str) -> BTreeSet<String> {
    let rows = lines(heading);
    rows.map(|(name, rest)| {
        let reason = rest.split('|').nth(2).unwrap().trim();
        let known = ["assessment: ", "**ours**: ", "C", "rule "];
        assert!(
            known.iter().any(|how| reason.starts_with(how)),
            "{name} has no reason"
        );
        name.to_owned()
    })
    .collect()
}

async fn columns(schema: &Migrator) -> BTreeSet<String> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    schema.run(&mut connection).await.unwrap();
    let columns: Vec<String> = sqlx::query_scalar(
        "SELECT tables.name || '.' || columns.name FROM sqlite_master AS tables \
         JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' \
         AND tables.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tables.name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    columns.into_iter().collect()
}

#[tokio::test]
async fn every_column_has_its_line_and_every_line_its_column() {
    for (heading, schema, _) in areas() {
        let columns = columns(schema).await;
        assert!(columns.len() > 20);
        assert_eq!(documented(heading), columns);
    }
}

/// Columns of bytes that are not sealed and have no fixed length.
const OPEN_BYTES: [&str; 4] = [
    "audit.actor",
    "audit.note_digest",
    "dose_change.actor",
    "wrapped_key.wrapped",
];

/// Columns of bytes whose length the schema does not fix: a keyed hash has 16, a digest 32.
async fn bytes_of_any_length(schema: &Migrator) -> BTreeSet<String> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    schema.run(&mut connection).await.unwrap();
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT tables.name, columns.name, tables.sql FROM sqlite_master AS tables \
         JOIN pragma_table_info(tables.name) AS columns \
         WHERE tables.type = 'table' AND columns.type = 'BLOB' \
         AND tables.name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    columns
        .into_iter()
        .filter(|(table, column, sql)| {
            let reference = format!("{column} BLOB NOT NULL REFERENCES");
            let name = format!("{table}.{column}");
            !sql.contains(&format!("length({column}) ="))
                && !sql.contains(&reference)
                && !sql.contains(&format!("{column} BLOB NOT NULL UNIQUE REFERENCES"))
                && !OPEN_BYTES.contains(&name.as_str())
        })
        .map(|(table, column, _)| format!("{table}.{column}"))
        .collect()
}

#[tokio::test]
async fn every_table_is_one_that_backups_hold() {
    for (_, schema, sealed) in areas() {
        let tables: &[_] = if sealed.len() > 1 {
            &crate::tables::OF_MUNICIPALITY
        } else {
            &crate::tables::OF_SYSTEM
        };
        let columns = columns(schema).await;
        let there: BTreeSet<&str> = columns
            .iter()
            .map(|column| column.split_once('.').unwrap().0)
            .collect();
        let held: BTreeSet<&str> = tables.iter().map(|table| table.name).collect();
        assert_eq!(held, there);
        assert_eq!(held.len(), tables.len(), "each once");
        for table in tables {
            for (column, _) in table.key {
                assert!(columns.contains(&format!("{}.{column}", table.name)));
            }
        }
    }
}

#[tokio::test]
async fn every_sealed_column_is_one_that_rotation_walks() {
    for (heading, schema, tables) in areas() {
        let walked: BTreeSet<String> = tables
            .iter()
            .map(|table| format!("{}.{}", table.place().table, table.place().column))
            .collect();
        assert_eq!(walked.len(), tables.len(), "each column once");
        let said = lines(heading).filter(|(_, rest)| {
            let what = rest.split('|').nth(1).unwrap().trim();
            what.starts_with("sealed")
        });
        let said: BTreeSet<String> = said.map(|(name, _)| name.to_owned()).collect();
        assert_eq!(said, walked, "docs/DATA.md and Table::OF_…");
        assert_eq!(
            bytes_of_any_length(schema).await,
            walked,
            "schema and Table::OF_…"
        );
    }
}

#[test]
fn every_sealed_field_has_its_line_and_every_line_its_field() {
    let fields = |table: &str, record: &dyn Fn() -> zeroize::Zeroizing<Vec<u8>>| {
        let text: serde_json::Map<_, _> = serde_json::from_slice(&record()).unwrap();
        let names = text.keys().map(|key| format!("{table}.sealed: {key}"));
        names.collect::<Vec<_>>()
    };
    let stored: BTreeSet<String> = [
        fields("resident", &|| resident().to_text()),
        fields("voucher", &|| voucher().to_text()),
        fields("dose", &|| dose().to_text()),
        fields("dose_change", &|| dose_before().to_text()),
        fields("passport", &|| passport().to_text()),
        fields("resident_flags", &|| crate::model::flag_history().to_text()),
        fields("approval", &|| approval().to_text()),
        fields("inquiry", &|| inquiry::asked().to_text()),
        fields("received_dose", &|| inquiry::received(dose()).to_text()),
        fields("answered_inquiry", &|| inquiry::answered().to_text()),
        fields("answered_inquiry.answer", &|| {
            inquiry::provided(dose()).to_text()
        }),
        fields("disclosure_record", &|| inquiry::disclosed().to_text()),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert_eq!(documented("\n### Inside the sealed texts\n"), stored);
}

#[test]
fn what_is_written_with_everything_in_it_is_read_again() {
    let again = NumberedResident::from_text(&resident().to_text());
    assert_eq!(again, Some(resident()));
    assert_eq!(Voucher::from_text(&voucher().to_text()), Some(voucher()));
    assert_eq!(Dose::from_text(&dose().to_text()), Some(dose()));
    let received = inquiry::received(dose());
    assert_eq!(DoseFrom::from_text(&received.to_text()), Some(received));
    let provided = inquiry::provided(dose());
    assert_eq!(
        ProvidedDoses::from_text(&provided.to_text()),
        Some(provided)
    );
    assert_eq!(
        DoseBefore::from_text(&dose_before().to_text()),
        Some(dose_before())
    );
    assert_eq!(
        RegisteredPassport::from_text(&passport().to_text()),
        Some(passport())
    );
}

fn voucher() -> Voucher {
    Voucher {
        number: VoucherNumber::parse("0123456789").unwrap(),
        kind: 2,
        dose: 1,
    }
}

/// A resident with everything that can be registered, quotes and backslashes included.
fn resident() -> NumberedResident {
    let name = |text: &str| PersonName::parse(text).unwrap();
    NumberedResident {
        individual_number: MyNumber::parse(b"123456789018").ok(),
        resident: Resident {
            number: ResidentNumber::parse("1").unwrap(),
            name: name("見本 \"太\\郎\""),
            kana: Some(name("ミホン")),
            birth_date: BirthDate::from_date(date!(1850 - 01 - 01)),
            sex: Sex::Male,
            address: Address::parse("どこか").unwrap(),
            alternative_names: vec![AlternativeName {
                kind: AlternativeNameKind::Alias,
                name: name("別"),
            }],
            moved_out_on: Some(date!(2024 - 02 - 29)),
            deceased_on: Some(date!(2024 - 03 - 01)),
            protected_since: Some(date!(2024 - 03 - 02)),
            use_suspended_since: None,
        },
    }
}

fn dose_before() -> DoseBefore {
    DoseBefore {
        before: dose(),
        reason: Redacted::new("\"理由\\".to_owned()),
    }
}

fn dose() -> Dose {
    Dose {
        registered_at: datetime!(2021-06-01 23:59:59),
        date: date!(2021 - 06 - 01),
        voucher: VoucherNumber::parse("0123456789").ok(),
        venue: Some(Redacted::new("会場".to_owned())),
        physician: Some(Redacted::new("医師".to_owned())),
        manufacturer: "メーカー".to_owned(),
        product: "製品".to_owned(),
        vaccine_type: Some("種類".to_owned()),
        disease: "疾病".to_owned(),
        lot: "L1".to_owned(),
        number: 99,
        amount_microlitres: Some(99_999),
    }
}

fn approval() -> ApprovalTexts {
    ApprovalTexts {
        words: Redacted::new("what".to_owned()),
        reason: Redacted::new("why".to_owned()),
    }
}

fn passport() -> RegisteredPassport {
    let text = |text: &str| Redacted::new(text.to_owned());
    RegisteredPassport {
        roman_name: text("A B"),
        alternative_roman_name: Some(text("C D")),
        nationality: text("JPN"),
        number: text("T1"),
        expires_on: date!(2030 - 12 - 31),
        read_by: PassportReader::Phone,
        registered_at: datetime!(2021-12-20 0:00),
    }
}
