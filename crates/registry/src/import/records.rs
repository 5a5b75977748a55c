//! A sealed row as it lies in the spill: its key, and behind it what checks beside others need.

use time::Date;

use super::rows::{OwnCoursePlace, Row};
use super::sorting::{Key, Record};
use crate::error::{RegistryError, StorageFault};
use crate::keys::{BlindIndex, RowId};
use crate::storage::{ChildRow, ResidentRow};

/// A row that belongs to a resident, read back.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) row: ChildRow,
    /// Where it is a dose: its place among the person's others.
    pub(super) place: Option<OwnCoursePlace>,
}

impl Row {
    /// The resident's id and the row's own; a resident has no second.
    pub(super) fn key(&self) -> Key {
        match self {
            Self::Resident(row, _) => key_of(row.id, RowId([0; 16])),
            Self::Voucher(row) | Self::Dose(row, _) | Self::Passport(row) => {
                key_of(row.resident, row.id)
            }
        }
    }

    /// What only one resident can have, and who says to have it.
    pub(super) fn claim(&self) -> Option<(RowId, RowId)> {
        match self {
            Self::Resident(row, _) => row.number.map(|number| (RowId(number.0), row.id)),
            Self::Voucher(row) => Some((row.id, row.resident)),
            Self::Dose(..) | Self::Passport(_) => None,
        }
    }

    /// Writes what follows the key.
    pub(super) fn write(&self, output: &mut Vec<u8>) {
        match self {
            Self::Resident(row, birth) => {
                output.push(u8::from(row.number.is_some()));
                output.extend_from_slice(&row.number.map_or([0; 16], |number| number.0));
                output.extend_from_slice(&birth.to_julian_day().to_be_bytes());
                write_text(output, &row.subject);
                output.extend_from_slice(&row.sealed);
            }
            Self::Dose(row, place) => {
                output.push(place.number);
                output.extend_from_slice(&place.date.to_julian_day().to_be_bytes());
                write_text(output, place.disease.as_bytes());
                output.extend_from_slice(&row.sealed);
            }
            Self::Voucher(row) | Self::Passport(row) => {
                // No dose has number 0.
                output.push(0);
                output.extend_from_slice(&row.sealed);
            }
        }
    }
}

impl Record {
    /// Whose row it is.
    pub(super) fn resident(&self) -> RowId {
        halves(&self.key).0
    }

    /// A resident's row, and the birth date.
    pub(super) fn to_resident(&self) -> Result<(ResidentRow, Date), RegistryError> {
        self.read_resident().ok_or(damaged())
    }

    /// A row that belongs to a resident.
    pub(super) fn to_child(&self) -> Result<Child, RegistryError> {
        self.read_child().ok_or(damaged())
    }

    /// Who has what is claimed, where it is a claim.
    pub(super) fn to_claim(&self) -> Result<(RowId, RowId), RegistryError> {
        let owner = self.content.first_chunk().ok_or(damaged())?;
        Ok((halves(&self.key).0, RowId(*owner)))
    }

    fn read_resident(&self) -> Option<(ResidentRow, Date)> {
        let (has_number, rest) = self.content.split_first()?;
        let (number, rest) = rest.split_first_chunk()?;
        let (birth, rest) = read_date(rest)?;
        let (subject, sealed) = read_text(rest)?;
        let row = ResidentRow {
            id: self.resident(),
            number: (*has_number == 1).then_some(BlindIndex(*number)),
            subject: subject.to_vec(),
            sealed: sealed.to_vec(),
        };
        Some((row, birth))
    }

    fn read_child(&self) -> Option<Child> {
        let (resident, id) = halves(&self.key);
        let (number, mut rest) = self.content.split_first()?;
        let mut place = None;
        if *number > 0 {
            let (date, after) = read_date(rest)?;
            let (disease, sealed) = read_text(after)?;
            rest = sealed;
            place = Some(OwnCoursePlace {
                disease: String::from_utf8(disease.to_vec()).ok()?,
                number: *number,
                date,
            });
        }
        let sealed = rest.to_vec();
        Some(Child {
            row: ChildRow {
                id,
                resident,
                sealed,
            },
            place,
        })
    }
}

/// The key of a record: two ids, or one and nothing.
pub(super) fn key_of(first: RowId, second: RowId) -> Key {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&first.0);
    key[16..].copy_from_slice(&second.0);
    key
}

fn halves(key: &Key) -> (RowId, RowId) {
    let half = |at: usize| {
        let mut half = [0; 16];
        half.copy_from_slice(&key[at..at + 16]);
        RowId(half)
    };
    (half(0), half(16))
}

fn write_text(output: &mut Vec<u8>, text: &[u8]) {
    let length = u16::try_from(text.len()).expect("texts of a row are parts of a 16 KiB line");
    output.extend_from_slice(&length.to_be_bytes());
    output.extend_from_slice(text);
}

fn read_text(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = input.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

fn read_date(input: &[u8]) -> Option<(Date, &[u8])> {
    let (day, rest) = input.split_first_chunk()?;
    let date = Date::from_julian_day(i32::from_be_bytes(*day)).ok()?;
    Some((date, rest))
}

const fn damaged() -> RegistryError {
    RegistryError::SpillUnavailable(StorageFault::InputOutput)
}
