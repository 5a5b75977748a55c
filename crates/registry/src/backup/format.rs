//! The form of a backup: parts, each with its kind and length in front.
//!
//! ```text
//! "akashi backup 1\n"
//! Begin {id, made_at}
//!   Area {area}
//!     Table {name, columns}   Rows …   TableEnd {rows, digest}     for each table, in their order
//!   AreaEnd {digest, seal}                                         for each area
//! End {areas}
//! ```
//!
//! A part is one byte, a length (32-bit big-endian) and so many bytes: JSON, or rows. A row is a
//! length (32-bit) and its values: 0 nothing; 1 a number (64-bit); 2 text, 3 bytes (length 32-bit).
//! A table's digest is SHA-256 over its rows in the order of their keys, an area's over its tables'
//! lines; its seal is keyed by a key that the master key wraps, over id, moment, area and digest:
//! nobody without it makes a backup that is restored, or puts parts of two together.

use std::io::{self, Read, Write};

use crypto::Sha256;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::error::BackupError;
use crate::keys::RegisterKeys;
use crate::storage::{StoredColumn, StoredRow};
use crate::tables::{Value, ValueKind};

const MAGIC: &[u8; 16] = b"akashi backup 1\n";
/// Longest part, in bytes.
const LONGEST: u32 = 16 * 1024 * 1024;
/// Most rows of a part, and most columns of a row.
pub(super) const MOST_ROWS: usize = 256;
const MOST_COLUMNS: usize = 64;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Begin {
    pub(super) id: [u8; 16],
    /// Seconds since 1970.
    pub(super) made_at: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableHead {
    pub(super) name: String,
    /// Name, and `bytes`, `text` or `number`.
    pub(super) columns: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableEnd {
    pub(super) rows: u64,
    pub(super) digest: [u8; 32],
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaEnd {
    pub(super) digest: [u8; 32],
    pub(super) seal: [u8; 32],
}

/// A part of a backup.
#[derive(Debug)]
pub(super) enum Part {
    Begin(Begin),
    Area(String),
    Table(TableHead),
    Rows(Vec<StoredRow>),
    TableEnd(TableEnd),
    AreaEnd(AreaEnd),
    End(u32),
}

impl Part {
    const fn kind(&self) -> u8 {
        match self {
            Self::Begin(_) => b'B',
            Self::Area(_) => b'A',
            Self::Table(_) => b'T',
            Self::Rows(_) => b'R',
            Self::TableEnd(_) => b't',
            Self::AreaEnd(_) => b'a',
            Self::End(_) => b'E',
        }
    }

    /// The part as it stands in the file.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let content = match self {
            Self::Begin(begin) => json(begin),
            Self::Area(area) => json(area),
            Self::Table(head) => json(head),
            Self::Rows(rows) => rows.iter().flat_map(row_bytes).collect(),
            Self::TableEnd(end) => json(end),
            Self::AreaEnd(end) => json(end),
            Self::End(areas) => json(areas),
        };
        let mut bytes = Vec::with_capacity(content.len() + 5);
        bytes.push(self.kind());
        bytes.extend(length(content.len()));
        bytes.extend(content);
        bytes
    }

    fn parse(kind: u8, content: &[u8]) -> Option<Self> {
        Some(match kind {
            b'B' => Self::Begin(of_json(content)?),
            b'A' => Self::Area(of_json(content)?),
            b'T' => Self::Table(of_json(content)?),
            b'R' => Self::Rows(rows_of(content)?),
            b't' => Self::TableEnd(of_json(content)?),
            b'a' => Self::AreaEnd(of_json(content)?),
            b'E' => Self::End(of_json(content)?),
            _ => return None,
        })
    }
}

/// Writes the beginning of a file.
pub(super) fn write_magic(output: &mut impl Write) -> io::Result<()> {
    output.write_all(MAGIC)
}

/// The parts of a file, one after the other.
pub(super) struct Parts<R> {
    input: R,
    at: u64,
    ended: bool,
}

impl<R: Read> Parts<R> {
    /// Reads the beginning of a file.
    pub(super) fn of(mut input: R) -> Result<Self, BackupError> {
        let mut magic = [0; MAGIC.len()];
        match input.read_exact(&mut magic) {
            Ok(()) if magic == *MAGIC => {}
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                return Err(BackupError::File(error));
            }
            Ok(()) | Err(_) => return Err(BackupError::NotABackup),
        }
        let at = MAGIC.len() as u64;
        let ended = false;
        Ok(Self { input, at, ended })
    }

    /// What is not as it has to be lies about here.
    pub(super) const fn damaged(&self) -> BackupError {
        BackupError::Damaged(self.at)
    }

    /// The next part. Behind the end part there is nothing: asking for more fails.
    pub(super) fn next(&mut self) -> Result<Part, BackupError> {
        if self.ended {
            return Err(self.damaged());
        }
        let mut head = [0; 5];
        self.fill(&mut head)?;
        let [kind, a, b, c, d] = head;
        let length = u32::from_be_bytes([a, b, c, d]);
        if length > LONGEST {
            return Err(self.damaged());
        }
        let mut content = vec![0; length as usize];
        self.fill(&mut content)?;
        let part = Part::parse(kind, &content).ok_or(self.damaged())?;
        self.at += head.len() as u64 + u64::from(length);
        if matches!(part, Part::End(_)) {
            self.expect_nothing()?;
            self.ended = true;
        }
        Ok(part)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), BackupError> {
        self.input.read_exact(bytes).map_err(|error| {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                self.damaged()
            } else {
                BackupError::File(error)
            }
        })
    }

    fn expect_nothing(&mut self) -> Result<(), BackupError> {
        match self.input.read(&mut [0]).map_err(BackupError::File)? {
            0 => Ok(()),
            _ => Err(self.damaged()),
        }
    }
}

/// The digest of a table's rows, in the order of their keys.
pub(super) struct TableDigest {
    rows: u64,
    sum: Sha256,
}

impl TableDigest {
    pub(super) fn new() -> Self {
        let (rows, sum) = (0, Sha256::new());
        Self { rows, sum }
    }

    pub(super) fn add(&mut self, rows: &[StoredRow]) {
        for row in rows {
            self.rows += 1;
            self.sum.update(&row_bytes(row));
        }
    }

    pub(super) fn end(self) -> TableEnd {
        TableEnd {
            rows: self.rows,
            digest: self.sum.finish(),
        }
    }
}

/// The digest of an area: over each table's name, columns, number of rows and digest.
pub(super) struct AreaDigest(Sha256);

impl AreaDigest {
    pub(super) fn new() -> Self {
        Self(Sha256::new())
    }

    pub(super) fn add(&mut self, head: &TableHead, end: &TableEnd) {
        self.0.update(&json(&(head, end)));
        self.0.update(b"\n");
    }

    pub(super) fn end(self) -> [u8; 32] {
        self.0.finish()
    }
}

/// What an area's seal is.
pub(super) fn seal_of(
    keys: &RegisterKeys,
    begin: &Begin,
    area: &str,
    digest: &[u8; 32],
) -> [u8; 32] {
    keys.audit_hash(&[
        b"a backup",
        &begin.id,
        &begin.made_at.to_be_bytes(),
        area.as_bytes(),
        digest,
    ])
}

impl TableHead {
    pub(super) fn of(name: &str, columns: &[StoredColumn]) -> Self {
        let column = |column: &StoredColumn| {
            let kind = match column.kind {
                ValueKind::Bytes => "bytes",
                ValueKind::Text => "text",
                ValueKind::Number => "number",
            };
            (column.name.clone(), kind.to_owned())
        };
        Self {
            name: name.to_owned(),
            columns: columns.iter().map(column).collect(),
        }
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and numbers always make JSON")
}

fn of_json<T: DeserializeOwned>(content: &[u8]) -> Option<T> {
    serde_json::from_slice(content).ok()
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length)
        .expect("a page of rows is far below 4 GiB")
        .to_be_bytes()
}

fn row_bytes(row: &StoredRow) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    for value in row {
        match value {
            None => bytes.push(0),
            Some(Value::Number(number)) => {
                bytes.push(1);
                bytes.extend(number.to_be_bytes());
            }
            Some(Value::Text(text)) => push(&mut bytes, 2, text.as_bytes()),
            Some(Value::Bytes(content)) => push(&mut bytes, 3, content),
        }
    }
    let content = length(bytes.len() - 4);
    bytes[..4].copy_from_slice(&content);
    bytes
}

fn push(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    bytes.push(kind);
    bytes.extend(length(content.len()));
    bytes.extend(content);
}

fn rows_of(mut content: &[u8]) -> Option<Vec<StoredRow>> {
    let mut rows = Vec::new();
    while !content.is_empty() {
        if rows.len() == MOST_ROWS {
            return None;
        }
        rows.push(row_of(take_long(&mut content)?)?);
    }
    Some(rows)
}

fn row_of(mut content: &[u8]) -> Option<StoredRow> {
    let mut row = Vec::new();
    while let Some((kind, rest)) = content.split_first() {
        content = rest;
        if row.len() == MOST_COLUMNS {
            return None;
        }
        row.push(match kind {
            0 => None,
            1 => {
                let (number, rest) = content.split_first_chunk()?;
                content = rest;
                Some(Value::Number(i64::from_be_bytes(*number)))
            }
            2 => {
                let text = std::str::from_utf8(take_long(&mut content)?).ok()?;
                Some(Value::Text(text.to_owned()))
            }
            3 => Some(Value::Bytes(take_long(&mut content)?.to_vec())),
            _ => return None,
        });
    }
    Some(row)
}

/// So many bytes as the length in front says.
fn take_long<'a>(content: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = content.split_first_chunk()?;
    let (taken, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    *content = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> StoredRow {
        vec![
            None,
            Some(Value::Number(-7)),
            Some(Value::Text("見本".to_owned())),
            Some(Value::Bytes(vec![0, 255])),
        ]
    }

    fn file(parts: &[Part]) -> Vec<u8> {
        let mut file = MAGIC.to_vec();
        file.extend(parts.iter().flat_map(Part::to_bytes));
        file
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        let file = file(&[Part::Rows(vec![row(), vec![], row()]), Part::End(0)]);
        let mut parts = Parts::of(&file[..]).unwrap();
        let Part::Rows(rows) = parts.next().unwrap() else {
            panic!("rows")
        };
        assert_eq!(rows, [row(), vec![], row()]);
        assert!(matches!(parts.next(), Ok(Part::End(0))));
        assert!(parts.next().is_err());
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_damaged() {
        let whole = file(&[Part::Rows(vec![row()]), Part::End(1)]);
        let read_all = |file: &[u8]| {
            let mut parts = Parts::of(file)?;
            parts.next()?;
            parts.next().map(|_| ())
        };
        assert!(read_all(&whole).is_ok());
        for length in MAGIC.len()..whole.len() {
            let refused = read_all(&whole[..length]);
            assert!(matches!(refused, Err(BackupError::Damaged(_))), "{length}");
        }
        assert!(matches!(
            read_all(&whole[..5]),
            Err(BackupError::NotABackup)
        ));
        let longer = [&whole[..], b"x"].concat();
        assert!(matches!(read_all(&longer), Err(BackupError::Damaged(_))));
    }

    #[test]
    fn a_part_is_not_believed_to_be_as_long_as_it_says() {
        let file = [&MAGIC[..], b"R\xff\xff\xff\xff"].concat();
        let refused = Parts::of(&file[..]).unwrap().next();
        assert!(matches!(refused, Err(BackupError::Damaged(16))));
        let file = [&MAGIC[..], b"R\x00\x00\x00\x05\xff\xff\xff\xffx"].concat();
        let refused = Parts::of(&file[..]).unwrap().next();
        assert!(matches!(refused, Err(BackupError::Damaged(16))));
    }

    #[test]
    fn no_more_is_read_than_a_part_may_have() {
        struct Endless(u64);
        impl Read for Endless {
            fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
                // A length just beyond the longest.
                bytes.fill(0x01);
                self.0 += bytes.len() as u64;
                Ok(bytes.len())
            }
        }
        let mut endless = Endless(0);
        let input = (&MAGIC[..]).chain(&mut endless);
        let refused = Parts::of(input).unwrap().next();
        assert!(matches!(refused, Err(BackupError::Damaged(16))));
        assert_eq!(endless.0, 5);
    }

    #[test]
    fn no_two_rows_have_the_same_bytes() {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let mut rows = vec![
            vec![text("a"), text("bc")],
            vec![text("ab"), text("c")],
            vec![text("abc"), None],
            vec![None, text("abc")],
            vec![Some(Value::Bytes(b"a".to_vec())), text("bc")],
        ];
        rows.sort_by_key(row_bytes);
        rows.dedup_by_key(|row| row_bytes(row));
        assert_eq!(rows.len(), 5);
    }
}
