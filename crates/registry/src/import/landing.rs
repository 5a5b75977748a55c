//! Chunks of rows into the database, in the file's one transaction.

use std::collections::{HashMap, HashSet};

use super::records::{Chunk, ChunkRows};
use super::report::{ImportReport, RejectedRow, RowFault};
use crate::error::RegistryError;
use crate::keys::{BlindIndex, RowId};
use crate::storage::{
    self, ChildRow, ChildTable, ResidentRow, Transaction, existing_children, existing_residents,
    known_residents, numbers_taken,
};

/// What has landed of a file so far.
#[derive(Default)]
pub(super) struct Landing {
    report: ImportReport,
    /// Every row of the file so far: 16 bytes each.
    seen: HashSet<RowId>,
}

impl Landing {
    pub(super) async fn land(
        &mut self,
        transaction: &mut Transaction,
        chunk: Chunk,
    ) -> Result<(), RegistryError> {
        for row in chunk.rejected {
            self.report.reject(row);
        }
        match chunk.rows {
            ChunkRows::Residents(rows) => self.land_residents(transaction, rows).await,
            ChunkRows::Children(table, rows) => self.land_children(transaction, table, rows).await,
        }
    }

    /// What became of the file.
    pub(super) fn into_report(mut self) -> ImportReport {
        self.report.rejected_rows.sort_unstable();
        self.report
    }

    async fn land_residents(
        &mut self,
        transaction: &mut Transaction,
        rows: Vec<(u64, ResidentRow)>,
    ) -> Result<(), RegistryError> {
        if rows.is_empty() {
            return Ok(());
        }
        let ids: Vec<RowId> = rows.iter().map(|(_, row)| row.id).collect();
        let there: HashMap<_, _> = existing_residents(transaction, &ids)
            .await?
            .into_iter()
            .collect();
        let mut owners = self.number_owners(transaction, &rows).await?;
        let mut landing = Vec::with_capacity(rows.len());
        for (line, row) in rows {
            if !self.seen.insert(row.id) {
                self.reject(line, "resident_number", RowFault::Duplicate);
                continue;
            }
            if let Some(number) = row.number
                && *owners.entry(number).or_insert(row.id) != row.id
            {
                self.reject(line, "individual_number", RowFault::IndividualNumberTaken);
                continue;
            }
            if self.counts_as_news(there.get(&row.id.0[..]), &row.sealed) {
                landing.push(row);
            }
        }
        storage::upsert_residents(transaction, &landing).await
    }

    /// Who has these individual numbers.
    async fn number_owners(
        &self,
        transaction: &mut Transaction,
        rows: &[(u64, ResidentRow)],
    ) -> Result<HashMap<BlindIndex, RowId>, RegistryError> {
        let numbers: Vec<BlindIndex> = rows.iter().filter_map(|(_, row)| row.number).collect();
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        let taken = numbers_taken(transaction, &numbers).await?;
        let pairs = taken.iter().filter_map(|(number, id)| {
            Some((
                BlindIndex(number[..].try_into().ok()?),
                RowId(id[..].try_into().ok()?),
            ))
        });
        Ok(pairs.collect())
    }

    async fn land_children(
        &mut self,
        transaction: &mut Transaction,
        table: ChildTable,
        rows: Vec<(u64, ChildRow)>,
    ) -> Result<(), RegistryError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (lines, rows): (Vec<u64>, Vec<ChildRow>) = rows.into_iter().unzip();
        let residents: Vec<RowId> = rows.iter().map(|row| row.resident).collect();
        let residents: HashSet<_> = known_residents(transaction, &residents)
            .await?
            .into_iter()
            .collect();
        let there: HashMap<_, _> = existing_children(transaction, table, &rows)
            .await?
            .into_iter()
            .map(|(resident, id, sealed)| (id, (resident, sealed)))
            .collect();
        let mut landing = Vec::with_capacity(rows.len());
        for (line, row) in lines.into_iter().zip(rows) {
            let before = there.get(&row.id.0[..]);
            if !residents.contains(&row.resident.0[..]) {
                self.reject(line, "resident_number", RowFault::ResidentUnknown);
            } else if !self.seen.insert(row.id) {
                self.reject(line, key_column(table), RowFault::Duplicate);
            } else if before.is_some_and(|(resident, _)| *resident != row.resident.0) {
                self.reject(line, key_column(table), RowFault::VoucherTaken);
            } else if self.counts_as_news(before.map(|(_, sealed)| sealed), &row.sealed) {
                landing.push(row);
            }
        }
        storage::upsert_children(transaction, table, &landing).await
    }

    /// Counts a row, and says whether it has to be stored.
    fn counts_as_news(&mut self, before: Option<&Vec<u8>>, sealed: &[u8]) -> bool {
        match before {
            Some(before) if before == sealed => {
                self.report.unchanged += 1;
                false
            }
            Some(_) => {
                self.report.changed += 1;
                true
            }
            None => {
                self.report.added += 1;
                true
            }
        }
    }

    fn reject(&mut self, line: u64, column: &'static str, fault: RowFault) {
        self.report.reject(RejectedRow {
            line,
            column: Some(column),
            fault,
        });
    }
}

/// The column that names a duplicate.
const fn key_column(table: ChildTable) -> &'static str {
    match table {
        ChildTable::Voucher => "voucher_number",
        ChildTable::Dose => "date",
        ChildTable::Passport => "number",
    }
}
