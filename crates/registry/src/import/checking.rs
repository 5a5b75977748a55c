//! The second step: each row beside the others of its batch and beside what is registered. It
//! only reads; what it finds is which rows are news.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::BirthDate;

use super::ImportFile;
use super::bits::Bits;
use super::gathering::Gathered;
use super::progress::{ImportProgress, ImportStep};
use super::records::Child;
use super::registered::{Registered, birth_date, compare, owners};
use super::report::{ImportReport, News, RowFault};
use super::sorting::Place;
use super::streaming::{self, Group, MOST_ROWS_OF_ONE};
use crate::error::RegistryError;
use crate::keys::{RegisterKeys, RowId};
use crate::model::dose_rules::{not_before_birth, place_in_course};
use crate::model::{Dose, SealedForm as _};
use crate::storage::{self, ChildTable, Transaction};
use crate::table::Table;

/// What is to land, and how it stands to what is registered.
pub(super) struct Checked {
    /// The rows of each kind that are new or changed.
    pub(super) news: [Arc<Bits>; ImportFile::ALL.len()],
    pub(super) report: ImportReport,
}

/// A check under way, on one snapshot of the register.
pub(super) struct Check<'a> {
    pub(super) keys: &'a RegisterKeys,
    pub(super) transaction: &'a mut Transaction,
    pub(super) gathered: &'a Arc<Gathered>,
    pub(super) progress: &'a dyn ImportProgress,
    pub(super) report: ImportReport,
}

impl Check<'_> {
    /// Checks every kind, residents first.
    pub(super) async fn run(mut self) -> Result<Checked, RegistryError> {
        let records = ImportFile::ALL.map(|file| self.gathered.kind(file).rows.records);
        self.progress
            .begin(ImportStep::Checking, records.iter().sum());
        let (good, residents) = self.residents().await?;
        let good = (records[0] > 0).then(|| Arc::new(good));
        let mut news = [(); ImportFile::ALL.len()].map(|()| Arc::default());
        news[ImportFile::Residents as usize] = Arc::new(residents);
        for table in ChildTable::ALL {
            let found = self.children(table, good.clone()).await?;
            news[file_of(table) as usize] = Arc::new(found);
        }
        self.report.rows.sort_unstable();
        Ok(Checked {
            news,
            report: self.report,
        })
    }

    /// Which residents are good, and which of them are news.
    async fn residents(&mut self) -> Result<(Bits, Bits), RegistryError> {
        let file = ImportFile::Residents;
        let taken = self.claims(file).await?;
        let (mut good, mut news) = (Bits::default(), Bits::default());
        let mut groups = streaming::groups(self.gathered, file, None);
        while let Some(chunk) = groups.next().await? {
            let ids: Vec<RowId> = chunk.iter().map(|group| group.resident).collect();
            let there = storage::existing_residents(self.transaction, &ids).await?;
            let there: HashMap<_, _> = there.into_iter().collect();
            for group in chunk {
                self.done(&group);
                let mut rows = group.rows.into_iter();
                let Some((number, record)) = rows.next() else {
                    continue;
                };
                let again = rows.map(|(_, record)| record.place).chain(group.surplus);
                for place in again {
                    self.reject(place, "resident_number", RowFault::Duplicate);
                }
                if taken.contains(&record.place) {
                    let fault = RowFault::IndividualNumberTaken;
                    self.reject(record.place, "individual_number", fault);
                    continue;
                }
                good.set(number);
                let (row, _) = record.to_resident()?;
                let before = there.get(&row.id.0[..]).map(Vec::as_slice);
                let found = compare(self.keys, Table::Resident, row.id, before, &row.sealed)?;
                self.report.count(record.place, found);
                if found != News::Unchanged {
                    news.set(number);
                }
            }
        }
        Ok((good, news))
    }

    /// Which rows of residents are news.
    async fn children(
        &mut self,
        table: ChildTable,
        brought_in: Option<Arc<Bits>>,
    ) -> Result<Bits, RegistryError> {
        let taken = self.claims(file_of(table)).await?;
        let mut news = Bits::default();
        let mut groups = streaming::groups(self.gathered, file_of(table), brought_in);
        while let Some(chunk) = groups.next().await? {
            let register = Registered::of(self.transaction, table, &chunk).await?;
            for group in chunk {
                self.done(&group);
                self.child_group(table, group, &register, &taken, &mut news)?;
            }
        }
        Ok(news)
    }

    fn child_group(
        &mut self,
        table: ChildTable,
        group: Group,
        register: &Registered,
        taken: &HashSet<Place>,
        news: &mut Bits,
    ) -> Result<(), RegistryError> {
        for place in group.surplus {
            let fault = RowFault::TooMany(MOST_ROWS_OF_ONE);
            self.reject(place, "resident_number", fault);
        }
        let there = register.rows(group.resident);
        let resident = register.resident(group.resident);
        if group.brought_in.is_none() && resident.is_none() {
            for (_, record) in &group.rows {
                self.reject(record.place, "resident_number", RowFault::ResidentUnknown);
            }
            return Ok(());
        }
        let mut rows = Vec::with_capacity(group.rows.len());
        let mut before: Option<[u8; 32]> = None;
        for (number, record) in group.rows {
            if before == Some(record.key) {
                self.reject(record.place, key_column(table), RowFault::Duplicate);
            } else if taken.contains(&record.place) {
                self.reject(record.place, key_column(table), RowFault::VoucherTaken);
            } else {
                let child = record.to_child()?;
                let stored = there.iter().find(|(id, _)| *id == child.row.id.0);
                let stored = stored.map(|(_, sealed)| sealed.as_slice());
                let found = compare(
                    self.keys,
                    table.table(),
                    child.row.id,
                    stored,
                    &child.row.sealed,
                )?;
                rows.push((number, record.place, child, found));
            }
            before = Some(record.key);
        }
        if table == ChildTable::Dose && rows.iter().any(|row| row.3 != News::Unchanged) {
            let birth = match (group.brought_in, resident) {
                (Some(birth), _) => BirthDate::from_date(birth),
                (None, Some(sealed)) => birth_date(self.keys, group.resident, sealed)?,
                (None, None) => return Ok(()),
            };
            self.check_course(&mut rows, there, birth)?;
        }
        for (number, place, _, found) in rows {
            self.report.count(place, found);
            if found != News::Unchanged {
                news.set(number);
            }
        }
        Ok(())
    }

    /// Takes out the doses that cannot be: given before birth, or out of the order of their
    /// numbers among the person's others. What stands earlier in the files stands.
    fn check_course(
        &mut self,
        rows: &mut Vec<(usize, Place, Child, News)>,
        there: &[(Vec<u8>, Vec<u8>)],
        birth: BirthDate,
    ) -> Result<(), RegistryError> {
        let replaced: HashSet<_> = rows.iter().map(|row| row.2.row.id.0).collect();
        let mut course = Vec::new();
        for (id, sealed) in there.iter().filter(|(id, _)| !replaced.contains(&id[..])) {
            let text = self.keys.open(Table::Dose, id, sealed)?;
            course.push(Dose::from_text(&text).ok_or(Table::Dose.damaged())?);
        }
        rows.sort_unstable_by_key(|row| row.1);
        let mut kept: Vec<(usize, Place, Child, News)> = Vec::with_capacity(rows.len());
        for row in rows.drain(..) {
            let Some(own) = &row.2.place else {
                return Err(Table::Dose.damaged());
            };
            let earlier = kept.iter().filter_map(|row| row.2.place.as_ref());
            let others = course
                .iter()
                .map(Dose::place)
                .chain(earlier.map(super::rows::OwnCoursePlace::place));
            let fits = not_before_birth(own.date, birth)
                .map_err(|fault| ("date", fault))
                .and_then(|()| {
                    place_in_course(own.place(), others).map_err(|fault| ("dose_number", fault))
                });
            match fits {
                Ok(()) => kept.push(row),
                Err((column, fault)) => self.report.report(row.1, Some(column), fault.into()),
            }
        }
        *rows = kept;
        Ok(())
    }

    /// The rows that claim what is another resident's: registered, or earlier in the files.
    async fn claims(&mut self, file: ImportFile) -> Result<HashSet<Place>, RegistryError> {
        let mut taken = HashSet::new();
        let mut last: Option<(RowId, RowId)> = None;
        let mut claims = streaming::claims(self.gathered, file);
        while let Some(chunk) = claims.next().await? {
            let mut claimed: Vec<RowId> = chunk.iter().map(|(what, ..)| *what).collect();
            claimed.dedup();
            let owners = owners(self.transaction, file, &claimed).await?;
            for (what, who, place) in chunk {
                let owner = match (last, owners.get(&what.0[..])) {
                    (_, Some(owner)) => RowId(owner[..].try_into().unwrap_or_default()),
                    (Some((before, owner)), None) if before == what => owner,
                    (_, None) => who,
                };
                last = Some((what, owner));
                if owner != who {
                    taken.insert(place);
                }
            }
        }
        Ok(taken)
    }

    fn reject(&mut self, place: Place, column: &'static str, fault: RowFault) {
        self.report.report(place, Some(column), fault);
    }

    fn done(&self, group: &Group) {
        let rows = group.rows.len() + group.surplus.len();
        self.progress.advance(rows as u64);
    }
}

/// The kind of file with such rows.
pub(super) const fn file_of(table: ChildTable) -> ImportFile {
    match table {
        ChildTable::Voucher => ImportFile::Vouchers,
        ChildTable::Dose => ImportFile::Doses,
        ChildTable::Passport => ImportFile::Passports,
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
