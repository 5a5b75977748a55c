//! Going through the register for what is kept no longer: the days lie sealed in the rows.

use std::collections::HashMap;

use declaration::Retained;
use time::Date;

use super::RetentionPlan;
use crate::dossier_reading::open_row;
use crate::error::{RegistryError, not_this_schema};
use crate::keys::{RegisterKeys, RowId};
use crate::model::{
    Dose, NumberedResident, RegisteredPassport, SealedForm, Voucher, VoucherNumber,
};
use crate::resident_flags::open_flags;
use crate::storage::{self, ChildTable, OwnedRow, SealedRow, Transaction};
use crate::table::Table;

/// Residents read at once.
const PAGE: i64 = 500;

/// Rows that are kept no longer: resident and id. 32 bytes each, and nothing of what they hold.
#[derive(Debug, Default)]
pub(super) struct Over {
    pub(super) doses: Vec<(RowId, RowId)>,
    pub(super) vouchers: Vec<(RowId, RowId)>,
    pub(super) passports: Vec<(RowId, RowId)>,
    /// Residents who moved out or died long enough ago; they go where nothing else is kept.
    pub(super) residents: Vec<RowId>,
}

/// Goes through every resident, out of one snapshot; `progress` is told how many.
pub(super) async fn over(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    plan: &RetentionPlan,
    mut progress: impl FnMut(u64),
) -> Result<Over, RegistryError> {
    let mut scan = Scan {
        keys,
        doses_until: plan.until(Retained::Doses),
        vouchers_until: plan.until(Retained::Vouchers),
        passports_until: plan.until(Retained::Passports),
        residents_until: plan.until(Retained::Residents),
        over: Over::default(),
    };
    let mut gone_through = 0;
    let mut after = Vec::new();
    loop {
        let residents = storage::residents_after(transaction, &after, PAGE).await?;
        let Some(last) = residents.last() else {
            break;
        };
        let last = last.id.0.to_vec();
        scan.page(transaction, &after, &last).await?;
        scan.residents(transaction, &after, &last, &residents)
            .await?;
        gone_through += residents.len() as u64;
        progress(gone_through);
        after = last;
    }
    Ok(scan.over)
}

struct Scan<'a> {
    keys: &'a RegisterKeys,
    doses_until: Option<Date>,
    vouchers_until: Option<Date>,
    passports_until: Option<Date>,
    residents_until: Option<Date>,
    over: Over,
}

impl Scan<'_> {
    async fn page(
        &mut self,
        transaction: &mut Transaction,
        after: &[u8],
        last: &[u8],
    ) -> Result<(), RegistryError> {
        // The last dose given with each voucher of this page's residents.
        let mut last_use: HashMap<(Vec<u8>, VoucherNumber), Date> = HashMap::new();
        if self.doses_until.is_some() || self.vouchers_until.is_some() {
            for row in storage::rows_between(transaction, ChildTable::Dose, after, last).await? {
                let (ids, dose) = self.opened::<Dose>(Table::Dose, &row)?;
                if self.doses_until.is_some_and(|until| dose.date <= until) {
                    self.over.doses.push(ids);
                }
                if let Some(number) = dose.voucher {
                    let used = last_use.entry((row.resident, number)).or_insert(dose.date);
                    *used = dose.date.max(*used);
                }
            }
        }
        if let Some(until) = self.vouchers_until {
            for row in storage::rows_between(transaction, ChildTable::Voucher, after, last).await? {
                let (ids, voucher) = self.opened::<Voucher>(Table::Voucher, &row)?;
                let used = last_use.get(&(row.resident, voucher.number));
                if used.is_some_and(|used| *used <= until) {
                    self.over.vouchers.push(ids);
                }
            }
        }
        if let Some(until) = self.passports_until {
            for row in storage::rows_between(transaction, ChildTable::Passport, after, last).await?
            {
                let (ids, passport) = self.opened::<RegisteredPassport>(Table::Passport, &row)?;
                if passport.registered_at.date() <= until {
                    self.over.passports.push(ids);
                }
            }
        }
        Ok(())
    }

    /// The residents of a page, with the flags that staff set.
    async fn residents(
        &mut self,
        transaction: &mut Transaction,
        after: &[u8],
        last: &[u8],
        rows: &[SealedRow],
    ) -> Result<(), RegistryError> {
        let Some(until) = self.residents_until else {
            return Ok(());
        };
        let flags = storage::flags_between(transaction, after, last).await?;
        let flags: HashMap<Vec<u8>, Vec<u8>> = flags.into_iter().collect();
        for row in rows {
            let history = flags.get(&row.id.0[..]).map(Vec::as_slice);
            let history = open_flags(self.keys, row.id, history)?;
            let opened: NumberedResident = open_row(self.keys, Table::Resident, row)?;
            let resident = opened.resident.flagged(&history);
            let gone = [resident.moved_out_on, resident.deceased_on];
            let gone = gone.into_iter().flatten().max();
            if gone.is_some_and(|day| day <= until) {
                self.over.residents.push(row.id);
            }
        }
        Ok(())
    }

    fn opened<T: SealedForm>(
        &self,
        table: Table,
        row: &OwnedRow,
    ) -> Result<((RowId, RowId), T), RegistryError> {
        let id = |bytes: &[u8]| bytes.try_into().map(RowId).map_err(|_| not_this_schema());
        let (resident, id) = (id(&row.resident)?, id(&row.id)?);
        let sealed = row.sealed.clone();
        let record = open_row(self.keys, table, &SealedRow { id, sealed })?;
        Ok(((resident, id), record))
    }
}
