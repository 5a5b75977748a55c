//! One line as the fields of its columns.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::ImportFile;
use super::report::RowFault;
use crate::error::FileFault;

/// More columns than any file has.
const MOST_COLUMNS: usize = 32;

/// A column that any file may have besides its own: whose rows these are.
pub(super) const MUNICIPALITY: &str = "municipality";

/// The columns of a file, in the order of its header.
#[derive(Clone)]
pub(super) struct Columns {
    names: Vec<&'static str>,
    /// For each name, its place in the file.
    places: Vec<usize>,
    splitter: Splitter,
}

/// One row's fields by column.
pub(super) struct Fields<'a> {
    names: &'a [&'static str],
    places: &'a [usize],
    text: &'a str,
    ends: &'a [usize],
}

impl ImportFile {
    /// The file's first line, without its end.
    #[must_use]
    pub fn header(self) -> String {
        self.columns().join(",")
    }

    const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Residents => &[
                "resident_number",
                "individual_number",
                "name",
                "kana",
                "birth_date",
                "sex",
                "address",
                "alternative_names",
                "moved_out_on",
                "deceased_on",
                "protected_since",
            ],
            Self::Vouchers => &["resident_number", "voucher_number", "kind", "dose"],
            Self::Doses => &[
                "resident_number",
                "registered_at",
                "date",
                "voucher_number",
                "venue",
                "physician",
                "manufacturer",
                "product",
                "vaccine_type",
                "disease",
                "lot",
                "dose_number",
                "amount_ml",
            ],
            Self::Passports => &[
                "resident_number",
                "roman_name",
                "alternative_roman_name",
                "nationality",
                "number",
                "expires_on",
                "read_by",
                "registered_at",
            ],
        }
    }
}

impl Columns {
    /// Reads the header: every column of the file once, in any order, `municipality` perhaps, and
    /// no other.
    pub(super) fn of_header(file: ImportFile, header: &str) -> Result<Self, FileFault> {
        let mut names = file.columns().to_vec();
        names.push(MUNICIPALITY);
        let mut splitter = Splitter::default();
        let (text, ends) = splitter.split(header).map_err(|_| FileFault::Header)?;
        let found: Vec<&str> = (0..ends.len()).map(|at| field(text, ends, at)).collect();
        if !found.iter().any(|column| names.contains(column)) {
            return Err(FileFault::Header);
        }
        if let Some(at) = found.iter().position(|column| !names.contains(column)) {
            return Err(FileFault::UnknownColumn(at + 1));
        }
        let mut places = Vec::with_capacity(names.len());
        for name in &names {
            let mut there = (0..found.len()).filter(|at| found[*at] == *name);
            match (there.next(), there.next()) {
                (Some(place), None) => places.push(place),
                (Some(_), Some(_)) => return Err(FileFault::ColumnTwice(name)),
                (None, _) if *name == MUNICIPALITY => {}
                (None, _) => return Err(FileFault::ColumnMissing(name)),
            }
        }
        names.truncate(places.len());
        Ok(Self {
            names,
            places,
            splitter,
        })
    }

    /// Splits a line into its fields.
    pub(super) fn fields(&mut self, line: &str) -> Result<Fields<'_>, RowFault> {
        let (text, ends) = self.splitter.split(line)?;
        if ends.len() != self.names.len() {
            return Err(RowFault::FieldCount(ends.len()));
        }
        Ok(Fields {
            names: &self.names,
            places: &self.places,
            text,
            ends,
        })
    }
}

impl Fields<'_> {
    /// The column's field, without spaces around it; empty where the file has no such column.
    pub(super) fn get(&self, column: &'static str) -> &str {
        let place = self.names.iter().position(|name| *name == column);
        debug_assert!(place.is_some() || column == MUNICIPALITY, "no {column}");
        place.map_or("", |at| field(self.text, self.ends, self.places[at]).trim())
    }
}

fn field<'a>(text: &'a str, ends: &[usize], at: usize) -> &'a str {
    let begin = if at == 0 { 0 } else { ends[at - 1] };
    text.get(begin..ends[at]).unwrap_or_default()
}

/// Splits one line (RFC 4180), with buffers that are used again.
struct Splitter {
    reader: Reader,
    output: Vec<u8>,
    ends: [usize; MOST_COLUMNS],
}

impl Clone for Splitter {
    /// Another of its own: a copy of the library's reader has lost its character classes.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Default for Splitter {
    fn default() -> Self {
        Self {
            reader: ReaderBuilder::new().build(),
            output: Vec::new(),
            ends: [0; MOST_COLUMNS],
        }
    }
}

impl Splitter {
    /// The unquoted text of all fields, and where each ends.
    fn split(&mut self, line: &str) -> Result<(&str, &[usize]), RowFault> {
        if line.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(RowFault::ControlCharacter);
        }
        self.reader.reset();
        // Unquoting never makes a line longer.
        self.output.resize(line.len() + 1, 0);
        let (mut written, mut fields) = (0, 0);
        // The line's end, given apart, ends the record, unless an open quote swallows it.
        for input in [line.as_bytes(), b"\n"] {
            let (result, _, more, ends) = self.reader.read_record(
                input,
                &mut self.output[written..],
                &mut self.ends[fields..],
            );
            written += more;
            fields += ends;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputEndsFull => return Err(RowFault::FieldCount(fields)),
                // An empty line is no record; neither of the others can come of such a line.
                ReadRecordResult::OutputFull | ReadRecordResult::End => break,
                ReadRecordResult::Record => {
                    let text = std::str::from_utf8(&self.output[..written]);
                    // Text was cut at ASCII characters alone.
                    let text = text.map_err(|_| RowFault::Encoding(1))?;
                    return Ok((text, &self.ends[..fields]));
                }
            }
        }
        Err(if line.is_empty() {
            RowFault::FieldCount(0)
        } else {
            RowFault::QuoteNotClosed
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "dose,kind,resident_number,voucher_number";

    fn split(line: &str) -> Result<[String; 4], RowFault> {
        let mut columns = Columns::of_header(ImportFile::Vouchers, HEADER).unwrap();
        let fields = columns.fields(line)?;
        let get = |column| fields.get(column).to_owned();
        Ok([
            get("resident_number"),
            get("voucher_number"),
            get("kind"),
            get("dose"),
        ])
    }

    #[test]
    fn columns_are_found_by_name() {
        let expected = ["100", "0000000001", "1", "2"].map(str::to_owned);
        assert_eq!(split("2,1,100,0000000001"), Ok(expected.clone()));
        assert_eq!(split("\"2\", 1 ,\"100\",0000000001"), Ok(expected));
        let quoted = split("\"a,\"\"b\"\"\",,,").unwrap();
        assert_eq!(quoted[3], "a,\"b\"");
    }

    #[test]
    fn other_headers_are_refused() {
        let many = vec!["dose"; MOST_COLUMNS + 1].join(",");
        for (header, fault) in [
            ("", FileFault::Header),
            ("1,1,100,0000000001", FileFault::Header),
            ("\"dose,kind", FileFault::Header),
            (&many, FileFault::Header),
            (
                "dose,kind,resident_number",
                FileFault::ColumnMissing("voucher_number"),
            ),
            (
                "dose,kind,voucher_number,resident_number,resident_number",
                FileFault::ColumnTwice("resident_number"),
            ),
            (
                "dose,kind,resident_number,voucher_number,extra",
                FileFault::UnknownColumn(5),
            ),
            (
                "dose,kind,resident_number,Voucher_number",
                FileFault::UnknownColumn(4),
            ),
        ] {
            let refused = Columns::of_header(ImportFile::Vouchers, header).err();
            assert_eq!(refused, Some(fault));
        }
    }

    #[test]
    fn the_municipality_may_stand_there() {
        let header = format!("municipality,{HEADER}");
        let mut columns = Columns::of_header(ImportFile::Vouchers, &header).unwrap();
        let fields = columns.fields("131121,2,1,100,0000000001").unwrap();
        assert_eq!(fields.get(MUNICIPALITY), "131121");
        assert_eq!(fields.get("dose"), "2");
        let mut without = Columns::of_header(ImportFile::Vouchers, HEADER).unwrap();
        let fields = without.fields("2,1,100,0000000001").unwrap();
        assert_eq!(fields.get(MUNICIPALITY), "");
    }

    #[test]
    fn a_spoilt_line_says_how() {
        let many = ",".repeat(MOST_COLUMNS + 1);
        for (line, fault) in [
            ("", RowFault::FieldCount(0)),
            ("1,2,3", RowFault::FieldCount(3)),
            ("1,2,3,4,5", RowFault::FieldCount(5)),
            (&many, RowFault::FieldCount(MOST_COLUMNS)),
            ("1,2,3,\"4", RowFault::QuoteNotClosed),
            ("1,2,3,\u{0}", RowFault::ControlCharacter),
            ("1,2\r3,4,5", RowFault::ControlCharacter),
        ] {
            assert_eq!(split(line), Err(fault));
        }
    }
}
