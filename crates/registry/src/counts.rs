//! Counts of doses for bodies that have no access to the register (C14): by month, disease, product
//! and age, and nothing about few people.

use std::collections::BTreeMap;

use declaration::{Counts, Declared};
use domain::{BirthDate, japan_date};
use time::{Date, Month};

use crate::access::Act;
use crate::audit::AuditEvent;
use crate::dossier_reading::open_row;
use crate::error::{RegistryError, not_this_schema};
use crate::keys::{RegisterKeys, RowId};
use crate::model::{Dose, NumberedResident};
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, ChildTable, OwnedRow, SealedRow};
use crate::table::Table;

/// A cell is counted only where at least so many people are in it.
pub const FEWEST_PEOPLE: u64 = 10;
/// Residents gone through at once.
const PAGE: i64 = 1000;
/// Most cells; a register with more different products than this is not counted but wrong.
const MOST_CELLS: usize = 1_000_000;

/// Which doses are one count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountedDoses {
    /// The year in which they were given.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: u8,
    /// Against what (疾病).
    pub disease: String,
    /// Manufacturer (メーカー).
    pub manufacturer: String,
    /// Product (製品名).
    pub product: String,
    /// The age on that day.
    pub age: AgeBand,
}

/// Ages that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AgeBand {
    /// The youngest, in years.
    pub from: u8,
    /// The oldest; `None`: no end.
    pub until: Option<u8>,
}

impl AgeBand {
    /// Where each band begins: those of the national publications for children, ten years after.
    const BEGIN: [u8; 11] = [0, 5, 12, 18, 30, 40, 50, 60, 70, 80, 90];

    /// The band of somebody on a day; the youngest for a day before the birth.
    fn on(day: Date, birth: BirthDate) -> Self {
        let born = birth.date();
        let had_birthday = (day.month() as u8, day.day()) >= (born.month() as u8, born.day());
        let years = day.year() - born.year() - i32::from(!had_birthday);
        let at = Self::BEGIN
            .iter()
            .rposition(|from| i32::from(*from) <= years);
        let at = at.unwrap_or(0);
        Self {
            from: Self::BEGIN[at],
            until: Self::BEGIN.get(at + 1).map(|next| next - 1),
        }
    }
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseCounts {
    /// The counts of at least [`FEWEST_PEOPLE`] people each, in order.
    pub counts: Vec<(CountedDoses, u64)>,
    /// How many counts were of fewer people and left out.
    pub left_out: u64,
}

/// Why nothing is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CountsRefused {
    /// The municipality does not declare it for today.
    #[error(transparent)]
    NotDeclared(#[from] declaration::NotDeclared),
    /// The declaration is another municipality's.
    #[error("this declaration is another municipality's")]
    OtherMunicipality,
    /// The declaration does not name that body.
    #[error("[counts] does not name this body: see `server declarations`")]
    UnknownBody,
}

#[derive(Default)]
struct Cell {
    doses: u64,
    people: u64,
    last: Option<RowId>,
}

impl MunicipalityRegister {
    /// Counts the doses given in the months from the first day's to the last day's, for a body
    /// that the municipality declared. Recorded before anything is given out. `progress` hears how
    /// many residents of how many were gone through.
    ///
    /// # Errors
    /// [`RegistryError::Counts`], [`RegistryError::NotForThisPurpose`] (also where the actor is not
    /// staff), [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn dose_counts(
        &self,
        declared: &Declared<Counts>,
        body: &str,
        (first, last): ((i32, Month), (i32, Month)),
        mut progress: impl FnMut(u64, u64),
    ) -> Result<DoseCounts, RegistryError> {
        self.permit(Act::Count)?;
        self.permit_staff_only()?;
        self.permit_counts(declared, body)?;
        let months = |date: Date| {
            let month = (date.year(), date.month() as u8);
            (first.0, first.1 as u8) <= month && month <= (last.0, last.1 as u8)
        };
        let mut transaction = self.read().await?;
        let residents = storage::count_residents(&mut transaction).await?;
        let mut cells = BTreeMap::new();
        let (mut after, mut done) = (Vec::new(), 0);
        loop {
            let page = storage::residents_after(&mut transaction, &after, PAGE).await?;
            let Some(end) = page.last().map(|resident| resident.id.0.to_vec()) else {
                break;
            };
            let table = ChildTable::Dose;
            let doses = storage::rows_between(&mut transaction, table, &after, &end).await?;
            count_page(&self.municipality.keys, &page, doses, &months, &mut cells)?;
            if cells.len() > MOST_CELLS {
                return Err(not_this_schema());
            }
            done += page.len() as u64;
            progress(done, residents.unsigned_abs());
            after = end;
        }
        drop(transaction);
        let counts = without_few_people(cells);
        self.record_counts(body, &counts).await?;
        Ok(counts)
    }

    fn permit_counts(&self, declared: &Declared<Counts>, body: &str) -> Result<(), CountsRefused> {
        if declared.municipality() != self.code() {
            return Err(CountsRefused::OtherMunicipality);
        }
        declared.holds_on(japan_date(self.shared.clock.now()))?;
        if declared.function().bodies.iter().any(|one| one == body) {
            Ok(())
        } else {
            Err(CountsRefused::UnknownBody)
        }
    }

    async fn record_counts(&self, body: &str, counts: &DoseCounts) -> Result<(), RegistryError> {
        let mut transaction = self.begin().await?;
        let mut entry = self.entry(AuditEvent::CountsProvided);
        entry.detail = Some(format!("{} {}", counts.counts.len(), counts.left_out));
        entry.note = Some(body);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await
    }
}

fn count_page(
    keys: &RegisterKeys,
    residents: &[SealedRow],
    doses: Vec<OwnedRow>,
    months: &impl Fn(Date) -> bool,
    cells: &mut BTreeMap<CountedDoses, Cell>,
) -> Result<(), RegistryError> {
    let mut doses = doses.into_iter().peekable();
    for row in residents {
        let mut birth = None;
        while let Some(dose) = doses.next_if(|dose| dose.resident == row.id.0) {
            let sealed = SealedRow {
                id: RowId(dose.id[..].try_into().map_err(|_| not_this_schema())?),
                sealed: dose.sealed,
            };
            let dose: Dose = open_row(keys, Table::Dose, &sealed)?;
            if !months(dose.date) {
                continue;
            }
            let birth = match birth {
                Some(birth) => birth,
                None => {
                    let opened: NumberedResident = open_row(keys, Table::Resident, row)?;
                    *birth.insert(opened.resident.birth_date)
                }
            };
            let cell = cells.entry(counted(dose, birth)).or_default();
            cell.doses += 1;
            if cell.last.replace(row.id) != Some(row.id) {
                cell.people += 1;
            }
        }
    }
    Ok(())
}

fn counted(dose: Dose, birth: BirthDate) -> CountedDoses {
    CountedDoses {
        year: dose.date.year(),
        month: dose.date.month() as u8,
        age: AgeBand::on(dose.date, birth),
        disease: dose.disease,
        manufacturer: dose.manufacturer,
        product: dose.product,
    }
}

/// Neither what few people got nor that somebody got it.
fn without_few_people(cells: BTreeMap<CountedDoses, Cell>) -> DoseCounts {
    let all = cells.len() as u64;
    let counts: Vec<_> = cells
        .into_iter()
        .filter(|(_, cell)| cell.people >= FEWEST_PEOPLE)
        .map(|(doses, cell)| (doses, cell.doses))
        .collect();
    DoseCounts {
        left_out: all - counts.len() as u64,
        counts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn the_age_is_that_of_the_day() {
        let birth = BirthDate::from_date(date!(2012 - 02 - 29));
        for (day, from, until) in [
            (date!(2017 - 02 - 28), 0, Some(4)),
            (date!(2017 - 03 - 01), 5, Some(11)),
            (date!(2024 - 02 - 28), 5, Some(11)),
            (date!(2024 - 02 - 29), 12, Some(17)),
            (date!(2102 - 02 - 28), 80, Some(89)),
            (date!(2102 - 03 - 01), 90, None),
            (date!(2000 - 01 - 01), 0, Some(4)),
        ] {
            assert_eq!(AgeBand::on(day, birth), AgeBand { from, until }, "{day}");
        }
    }
}
