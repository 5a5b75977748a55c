//! The tables that hold something about a person, and how each is told.

use domain::Redacted;
use serde_json::Value;

use super::formats::{Field, Format, field, sensitive};
use super::{DisclosedFields, Sheet};
use crate::error::RegistryError;
use crate::keys::RegisterKeys;
use crate::storage::{DisclosedRow, RowsAbout};
use crate::table::Table;

/// A table.
pub(super) struct Part {
    pub(super) title: &'static str,
    table: &'static str,
    /// What ties its rows to the resident, `$1`.
    condition: &'static str,
    /// Columns that are told as they are, in the order of `plain`.
    columns: &'static [&'static str],
    plain: &'static [Field],
    /// The sealed text, and its fields.
    sealed: Option<(Table, &'static [Field])>,
    /// Told on the complete sheet only.
    pub(super) sensitive: bool,
    /// Rows with this value of this field are told on the complete sheet only.
    sensitive_row: Option<(&'static str, &'static str)>,
}

macro_rules! plain {
    ($($field:ident($name:literal, $label:literal, $format:expr)),* $(,)?) => {
        (&[$($name),*], &[$($field($name, $label, $format)),*])
    };
}

type Plain = (&'static [&'static str], &'static [Field]);

impl Part {
    const fn sealed(
        title: &'static str,
        table: Table,
        condition: &'static str,
        (columns, plain): Plain,
        fields: &'static [Field],
    ) -> Self {
        Self {
            title,
            table: table.place().table,
            condition,
            columns,
            plain,
            sealed: Some((table, fields)),
            sensitive: false,
            sensitive_row: None,
        }
    }

    const fn plain(
        title: &'static str,
        table: &'static str,
        condition: &'static str,
        (columns, plain): Plain,
    ) -> Self {
        Self {
            title,
            table,
            condition,
            columns,
            plain,
            sealed: None,
            sensitive: false,
            sensitive_row: None,
        }
    }

    /// The rows to be read.
    pub(super) fn rows_about(&self) -> RowsAbout {
        RowsAbout {
            table: self.table,
            condition: self.condition,
            plain: self.columns,
            sealed: self.sealed.map(|(table, _)| table.place()),
        }
    }

    /// A row as the sheet tells it; `None` where the sheet does not tell of it.
    pub(super) fn told(
        &self,
        keys: &RegisterKeys,
        row: DisclosedRow,
        sheet: Sheet,
    ) -> Result<Option<DisclosedFields>, RegistryError> {
        let complete = sheet == Sheet::Complete;
        let mut told = Vec::new();
        let mut tell = |field: &Field, value: &Value| {
            if complete || !field.sensitive {
                let words = Redacted::new(field.format.in_words(value));
                told.push((field.label, words));
            }
        };
        for (field, value) in self.plain.iter().zip(row.plain) {
            if let Some(value) = value {
                tell(field, &Value::String(value));
            }
        }
        if let (Some((table, fields)), Some((key, sealed))) = (self.sealed, row.sealed) {
            let text = keys.open(table, &table.bound_to(&key)?, &sealed)?;
            let record: serde_json::Map<String, Value> =
                serde_json::from_slice(&text).map_err(|_| table.damaged())?;
            let hidden = self
                .sensitive_row
                .is_some_and(|(name, value)| record.get(name) == Some(&Value::from(value)));
            if hidden && !complete {
                return Ok(None);
            }
            for (name, value) in &record {
                match fields.iter().find(|field| field.name == name) {
                    Some(field) => tell(field, value),
                    // Told all the same; a test keeps this from happening.
                    None => tell(&field("", "その他", Format::Text), value),
                }
            }
        }
        Ok(Some(told))
    }
}

const RESIDENT: &[Field] = &[
    field("number", "宛名番号", Format::Text),
    field("individual_number", "個人番号", Format::Text),
    field("name", "氏名", Format::Text),
    field("kana", "フリガナ", Format::Text),
    field("birth", "生年月日", Format::Day),
    field("sex", "性別", Format::Sex),
    sensitive("address", "住所", Format::Text),
    field("names", "旧姓・別名・通称", Format::Names),
    sensitive("moved_out", "転出日", Format::Day),
    field("deceased", "死亡日", Format::Day),
    sensitive("protected", "自動応答不可（支援措置等）", Format::Day),
];

const FLAG_EVENTS: &[Field] = &[
    field("flag", "フラグ", Format::Text),
    field("set", "設定", Format::Text),
    field("at", "日時", Format::Seconds),
    field("by", "職員", Format::Text),
    field("ordered_by", "指示者", Format::Text),
    field("ground", "理由", Format::Text),
];

const FLAGS: &[Field] = &[sensitive(
    "events",
    "設定と解除",
    Format::Records(FLAG_EVENTS),
)];

const VOUCHER: &[Field] = &[
    field("number", "接種券番号", Format::Text),
    field("kind", "券種", Format::Text),
    field("dose", "回数", Format::Text),
];

const DOSE: &[Field] = &[
    field("registered", "登録日時", Format::DayAndSecond),
    field("date", "接種日", Format::Day),
    field("voucher", "接種券番号", Format::Text),
    field("venue", "接種会場", Format::Text),
    field("physician", "医師名", Format::Text),
    field("manufacturer", "メーカー", Format::Text),
    field("product", "製品名", Format::Text),
    field("vaccine_type", "ワクチン種類", Format::Text),
    field("disease", "疾病", Format::Text),
    field("lot", "製造番号", Format::Text),
    field("number", "回数", Format::Text),
    field("microlitres", "接種量", Format::Microlitres),
];

const PASSPORT: &[Field] = &[
    field("roman_name", "旅券のローマ字氏名", Format::Text),
    field("alternative", "旅券の別名", Format::Text),
    field("nationality", "国籍", Format::Text),
    field("number", "旅券番号", Format::Text),
    field("expires", "有効期間満了日", Format::Day),
    field("read_by", "読取方法", Format::Text),
    field("registered", "登録日時", Format::DayAndSecond),
];

/// A row of one resident.
const ABOUT: &str = "resident = $1";

/// Every table about a person. A test compares it with the schema.
pub(super) const PARTS: &[Part] = &[
    Part::sealed("住民の情報", Table::Resident, "id = $1", plain!(), RESIDENT),
    Part {
        sensitive: true,
        ..Part::sealed(
            "職員が設定したフラグ",
            Table::ResidentFlags,
            ABOUT,
            plain!(),
            FLAGS,
        )
    },
    Part::sealed("接種券", Table::Voucher, ABOUT, plain!(), VOUCHER),
    Part::sealed("接種記録", Table::Dose, ABOUT, plain!(), DOSE),
    Part::plain(
        "受付番号のある接種（接種会場が登録したもの、職員が訂正のため調べたもの）",
        "venue_dose",
        ABOUT,
        plain!(
            field("registered_at", "登録日時", Format::Seconds),
            field("state", "状態", Format::Text),
        ),
    ),
    Part::sealed(
        "接種記録の訂正・取消し",
        Table::DoseChange,
        ABOUT,
        plain!(
            field("changed_at", "日時", Format::Seconds),
            field("change", "内容", Format::Text),
        ),
        &[
            field("before", "変更前", Format::Record(DOSE)),
            field("reason", "理由", Format::Text),
        ],
    ),
    Part {
        // Lifting a flag is among them.
        sensitive: true,
        ..Part::sealed(
            "二人目の職員の承認を求めたこと",
            Table::Approval,
            "resident = $1 AND sealed IS NOT NULL",
            plain!(
                field("requested_at", "申請日時", Format::Seconds),
                field("requested_by", "申請した職員", Format::Text),
                field("decision", "決定", Format::Text),
                field("decided_by", "決定した職員", Format::Text),
                field("used_at", "実施日時", Format::Seconds),
            ),
            &[
                field("words", "内容", Format::Text),
                field("reason", "理由", Format::Text),
            ],
        )
    },
    Part::sealed("旅券の情報", Table::Passport, ABOUT, plain!(), PASSPORT),
    Part::plain(
        "交付した証明書（記載内容は証明書のとおり）",
        "certificate",
        ABOUT,
        plain!(
            field("issued_at", "交付日時", Format::Seconds),
            field("id", "証明書ID", Format::Text),
            field("kind", "種類", Format::Text),
            field("channel", "窓口・端末の別", Format::Text),
            field("doses", "記載した接種の数", Format::Text),
            field("fee", "手数料（円）", Format::Text),
            field("copies", "部数", Format::Text),
            field("terms", "同意した利用規約の版", Format::Text),
            field("delivery", "受取り", Format::Text),
        ),
    ),
    Part::plain(
        "失効させた証明書",
        "revocation",
        "certificate IN (SELECT id FROM certificate WHERE resident = $1)",
        plain!(
            field("revoked_at", "失効日時", Format::Seconds),
            field("certificate", "証明書ID", Format::Text),
        ),
    ),
    Part::sealed(
        "他の市区町村への照会",
        Table::Inquiry,
        ABOUT,
        plain!(
            field("prepared_at", "準備日時", Format::Seconds),
            field("state", "状態", Format::Text),
            field("prepared_by", "職員", Format::Text),
            field("sent_at", "送信日時", Format::Seconds),
            field("sent_by", "送信した職員", Format::Text),
        ),
        &[
            sensitive("to", "照会先", Format::Text),
            field("diseases", "疾病", Format::Text),
            field("ground", "根拠", Format::Text),
            field("how", "確認の方法", Format::Text),
        ],
    ),
    Part::sealed(
        "照会により受け取った接種記録",
        Table::ReceivedDose,
        ABOUT,
        plain!(field("received_at", "受取日時", Format::Seconds)),
        &[
            sensitive("from", "提供元", Format::Text),
            field("dose", "接種", Format::Record(DOSE)),
        ],
    ),
    Part::sealed(
        "他の市区町村からの照会",
        Table::AnsweredInquiry,
        ABOUT,
        plain!(
            field("asked_at", "受付日時", Format::Seconds),
            sensitive("state", "状態", Format::Text),
        ),
        &[
            sensitive("from", "照会元", Format::Text),
            field("inquiry", "照会番号", Format::Text),
            field("diseases", "疾病", Format::Text),
            field("ground", "根拠", Format::Text),
            field("legal_basis", "法的根拠", Format::Text),
            sensitive("waits_for", "留保の理由", Format::Text),
        ],
    ),
    Part::sealed(
        "他の市区町村へ提供した接種記録（受領確認まで）",
        Table::ProvidedDoses,
        "resident = $1 AND answer IS NOT NULL",
        plain!(),
        &[field("doses", "接種", Format::Records(DOSE))],
    ),
    Part {
        // Only what is withheld for somebody waits.
        sensitive_row: Some(("event", "waiting")),
        ..Part::sealed(
            "情報提供等の記録",
            Table::DisclosureRecord,
            ABOUT,
            plain!(field("recorded_at", "日時", Format::Seconds)),
            &[
                field("event", "内容", Format::Text),
                sensitive("other", "相手方", Format::Text),
                field("inquiry", "照会番号", Format::Text),
                field("diseases", "疾病", Format::Text),
                field("doses", "接種の数", Format::Text),
                field("ground", "根拠", Format::Text),
                field("legal_basis", "法的根拠", Format::Text),
                sensitive("reason", "提供しなかった理由", Format::Text),
            ],
        )
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Connection, SqliteConnection};
    use std::collections::BTreeSet;

    /// Tables of a municipality that are in no section, and why.
    const ELSEWHERE: [(&str, &str); 6] = [
        ("wrapped_key", "keys; about nobody"),
        ("audit", "told as who looked at the data, by the random id"),
        ("audit_note", "told with its entry"),
        ("audit_head", "about the record itself"),
        ("import_batch", "about files and their media"),
        ("import_file", "about files and their media"),
    ];

    #[tokio::test]
    async fn every_table_is_told_or_about_nobody() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let schema = &crate::storage::MUNICIPALITY_SCHEMA;
        schema.run(&mut connection).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM sqlite_master WHERE type = 'table' \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_sqlx_migrations'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        let tables: BTreeSet<&str> = tables.iter().map(String::as_str).collect();
        let told = PARTS.iter().map(|part| part.table);
        let elsewhere = ELSEWHERE.iter().map(|(table, _)| *table);
        assert_eq!(told.chain(elsewhere).collect::<BTreeSet<_>>(), tables);
    }

    #[test]
    fn every_sealed_text_and_every_field_of_it_is_told() {
        let document = include_str!("../../../../docs/DATA.md");
        let section = document
            .split_once("\n### Inside the sealed texts\n")
            .unwrap()
            .1;
        let section = section.split("\n## ").next().unwrap();
        let stored: BTreeSet<String> = section
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
            .map(|(name, _)| name.to_owned())
            .collect();
        let fields = |part: &Part| {
            let (table, fields) = part.sealed?;
            let name = table.name();
            let of_table = move |field: &Field| format!("{name}.sealed: {}", field.name);
            Some(fields.iter().map(of_table).collect::<Vec<_>>())
        };
        let told: BTreeSet<String> = PARTS.iter().filter_map(fields).flatten().collect();
        assert_eq!(told, stored);
        // And no sealed column is left out but the certificate's, whose codes are on the paper.
        let told: Vec<Table> = PARTS
            .iter()
            .filter_map(|part| part.sealed.map(|(table, _)| table))
            .collect();
        for table in Table::OF_MUNICIPALITY {
            let elsewhere = [
                Table::ResidentSubject,
                Table::Certificate,
                Table::AuditNote,
                Table::ImportBatch,
            ];
            assert!(
                told.contains(&table) || elsewhere.contains(&table),
                "{table:?}"
            );
        }
    }
}
