//! A file as chunks of checked and sealed rows, read ahead of the database.

use std::io::Read;

use super::ImportFile;
use super::columns::Columns;
use super::encoding::{CsvEncoding, Decoder};
use super::lines::{Line, Lines};
use super::report::{RejectedRow, RowFault};
use super::rows::{Preparation, Prepared};
use crate::error::FileFault;
use crate::storage::{ChildRow, ChildTable, ResidentRow};

/// Rows that go to the database at once.
const CHUNK: usize = 256;

/// Some rows of a file, each with its line.
pub(super) struct Chunk {
    pub(super) rows: ChunkRows,
    pub(super) rejected: Vec<RejectedRow>,
}

/// The rows of a chunk, by where they go.
pub(super) enum ChunkRows {
    Residents(Vec<(u64, ResidentRow)>),
    Children(ChildTable, Vec<(u64, ChildRow)>),
}

/// Reads a whole file and gives it away in chunks, until `give` says that nobody takes them.
pub(super) fn read_chunks(
    reader: impl Read,
    file: ImportFile,
    encoding: CsvEncoding,
    prepare: &Preparation<'_>,
    mut give: impl FnMut(Chunk) -> bool,
) -> Result<(), FileFault> {
    let (decoder, reader) = encoding
        .decide(reader)
        .map_err(|_| FileFault::InputOutput)?;
    let mut lines = Lines::new(reader);
    let mut columns = read_header(&mut lines, file, decoder)?;
    let mut chunk = Chunk::empty(file);
    while let Some((number, line)) = lines.next().map_err(|_| FileFault::InputOutput)? {
        match prepare_line(line, decoder, &mut columns, file, prepare) {
            Ok(prepared) => chunk.push(number, prepared),
            Err((column, fault)) => chunk.rejected.push(RejectedRow {
                line: number,
                column,
                fault,
            }),
        }
        if chunk.len() == CHUNK && !give(std::mem::replace(&mut chunk, Chunk::empty(file))) {
            return Ok(());
        }
    }
    give(chunk);
    Ok(())
}

fn read_header<R: Read>(
    lines: &mut Lines<R>,
    file: ImportFile,
    decoder: Decoder,
) -> Result<Columns, FileFault> {
    match lines.next().map_err(|_| FileFault::InputOutput)? {
        Some((_, Line::Whole(header))) => decoder
            .decode(header)
            .and_then(|header| Columns::of_header(file, &header))
            .ok_or(FileFault::Header),
        Some((_, Line::TooLong)) | None => Err(FileFault::Header),
    }
}

fn prepare_line(
    line: Line<'_>,
    decoder: Decoder,
    columns: &mut Columns,
    file: ImportFile,
    prepare: &Preparation<'_>,
) -> Result<Prepared, (Option<&'static str>, RowFault)> {
    let whole = |fault| (None, fault);
    let line = match line {
        Line::Whole(line) => line,
        Line::TooLong => return Err(whole(RowFault::LineTooLong)),
    };
    let line = decoder.decode(line).ok_or(whole(RowFault::Encoding))?;
    let fields = columns.fields(&line).map_err(whole)?;
    prepare
        .row(file, &fields)
        .map_err(|(column, fault)| (Some(column), fault))
}

impl Chunk {
    fn empty(file: ImportFile) -> Self {
        let rows = match file {
            ImportFile::Residents => ChunkRows::Residents(Vec::with_capacity(CHUNK)),
            ImportFile::Vouchers => ChunkRows::children(ChildTable::Voucher),
            ImportFile::Doses => ChunkRows::children(ChildTable::Dose),
            ImportFile::Passports => ChunkRows::children(ChildTable::Passport),
        };
        Self {
            rows,
            rejected: Vec::new(),
        }
    }

    fn push(&mut self, line: u64, row: Prepared) {
        match (&mut self.rows, row) {
            (ChunkRows::Residents(rows), Prepared::Resident(row)) => rows.push((line, row)),
            (ChunkRows::Children(_, rows), Prepared::Child(row)) => rows.push((line, row)),
            (ChunkRows::Residents(_), Prepared::Child(_))
            | (ChunkRows::Children(..), Prepared::Resident(_)) => {
                unreachable!("a file's rows are all of its own kind")
            }
        }
    }

    fn len(&self) -> usize {
        let rows = match &self.rows {
            ChunkRows::Residents(rows) => rows.len(),
            ChunkRows::Children(_, rows) => rows.len(),
        };
        rows + self.rejected.len()
    }
}

impl ChunkRows {
    fn children(table: ChildTable) -> Self {
        Self::Children(table, Vec::with_capacity(CHUNK))
    }
}
