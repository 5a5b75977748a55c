//! Every table of an area, in the order in which rows can be put back: what a row refers to comes
//! before it. Each stands here once; a test compares the list with both schemas.

/// A table, and what names a row of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoredTable {
    pub(crate) name: &'static str,
    /// The columns of a unique index, in its order.
    pub(crate) key: &'static [(&'static str, ValueKind)],
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Bytes,
    Text,
    Number,
}

/// What is stored in one column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Bytes(Vec<u8>),
    Text(String),
    Number(i64),
}

const fn table(name: &'static str, key: &'static [(&'static str, ValueKind)]) -> StoredTable {
    StoredTable { name, key }
}

const ID: (&str, ValueKind) = ("id", ValueKind::Bytes);
const TEXT_ID: (&str, ValueKind) = ("id", ValueKind::Text);
const RESIDENT: (&str, ValueKind) = ("resident", ValueKind::Bytes);
const CHANNEL: (&str, ValueKind) = ("channel_id", ValueKind::Bytes);
const WRITER: (&str, ValueKind) = ("writer", ValueKind::Text);
const SEQUENCE: (&str, ValueKind) = ("sequence", ValueKind::Number);

const WRAPPED_KEY: StoredTable = table(
    "wrapped_key",
    &[("purpose", ValueKind::Text), ("version", ValueKind::Number)],
);
const AUDIT: StoredTable = table("audit", &[WRITER, SEQUENCE]);
const AUDIT_NOTE: StoredTable = table("audit_note", &[WRITER, SEQUENCE]);
const AUDIT_HEAD: StoredTable = table("audit_head", &[WRITER, SEQUENCE]);

/// The tables of a municipality's area.
pub(crate) const OF_MUNICIPALITY: [StoredTable; 20] = [
    WRAPPED_KEY,
    table("resident", &[ID]),
    table("resident_flags", &[RESIDENT]),
    table("voucher", &[ID]),
    table("dose", &[RESIDENT, ID]),
    table("passport", &[RESIDENT, ID]),
    table("certificate", &[TEXT_ID]),
    table("revocation", &[SEQUENCE]),
    table("approval", &[TEXT_ID]),
    table("import_batch", &[TEXT_ID]),
    table(
        "import_file",
        &[("batch", ValueKind::Text), ("position", ValueKind::Number)],
    ),
    table("venue_dose", &[("receipt", ValueKind::Bytes)]),
    table("dose_change", &[ID]),
    table("inquiry", &[ID]),
    table(
        "received_dose",
        &[
            ("inquiry", ValueKind::Bytes),
            ("position", ValueKind::Number),
        ],
    ),
    table("answered_inquiry", &[ID]),
    table("disclosure_record", &[ID]),
    AUDIT,
    AUDIT_NOTE,
    AUDIT_HEAD,
];

/// The tables of the system's area. In PostgreSQL it has the list of municipalities besides, which
/// is made with each of them.
pub(crate) const OF_SYSTEM: [StoredTable; 14] = [
    WRAPPED_KEY,
    table("kiosk", &[CHANNEL]),
    table(
        "kiosk_municipality",
        &[CHANNEL, ("municipality", ValueKind::Text)],
    ),
    table("kiosk_successor", &[CHANNEL]),
    table("relay", &[CHANNEL]),
    table("device", &[CHANNEL]),
    table("venue", &[CHANNEL]),
    table(
        "venue_municipality",
        &[CHANNEL, ("municipality", ValueKind::Text)],
    ),
    table("venue_attempt", &[ID]),
    table("challenge", &[("digest", ValueKind::Bytes)]),
    table(
        "suspended_card",
        &[("individual_number_index", ValueKind::Bytes)],
    ),
    AUDIT,
    AUDIT_NOTE,
    AUDIT_HEAD,
];

impl Value {
    /// The bytes a text is bound to by this part of its row's key.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Number(number) => number.to_be_bytes().to_vec(),
        }
    }
}
