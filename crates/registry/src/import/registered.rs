//! What the register has, beside which a batch is checked.

use std::collections::HashMap;

use domain::BirthDate;

use super::ImportFile;
use super::report::News;
use super::streaming::Group;
use crate::error::RegistryError;
use crate::keys::{BlindIndex, KeyVersion, RegisterKeys, RowId};
use crate::model::NumberedResident;
use crate::storage::{self, ChildTable, Stored, Transaction};
use crate::table::Table;

/// What is registered of some residents.
#[derive(Default)]
pub(super) struct Registered {
    /// Those who are there and not brought in by the batch, sealed.
    residents: HashMap<Vec<u8>, Vec<u8>>,
    /// Rows of a kind, by resident: id and sealed text.
    rows: HashMap<Vec<u8>, Stored>,
}

impl Registered {
    /// Of the residents of these groups.
    pub(super) async fn of(
        transaction: &mut Transaction,
        table: ChildTable,
        groups: &[Group],
    ) -> Result<Self, RegistryError> {
        let ids: Vec<RowId> = groups.iter().map(|group| group.resident).collect();
        let others = groups.iter().filter(|group| group.brought_in.is_none());
        let others: Vec<RowId> = others.map(|group| group.resident).collect();
        let mut registered = Self::default();
        for (resident, id, sealed) in storage::children_of(transaction, table, &ids).await? {
            let of_resident = registered.rows.entry(resident).or_default();
            of_resident.push((id, sealed));
        }
        if !others.is_empty() {
            let residents = storage::existing_residents(transaction, &others).await?;
            registered.residents = residents.into_iter().collect();
        }
        Ok(registered)
    }

    /// A resident's row, where it is there and not in the batch.
    pub(super) fn resident(&self, id: RowId) -> Option<&[u8]> {
        self.residents.get(&id.0[..]).map(Vec::as_slice)
    }

    /// A resident's rows of the kind: id and sealed text.
    pub(super) fn rows(&self, resident: RowId) -> &[(Vec<u8>, Vec<u8>)] {
        self.rows.get(&resident.0[..]).map_or(&[], Vec::as_slice)
    }
}

/// Who has what is claimed, where somebody has.
pub(super) async fn owners(
    transaction: &mut Transaction,
    file: ImportFile,
    claimed: &[RowId],
) -> Result<HashMap<Vec<u8>, Vec<u8>>, RegistryError> {
    let owners = match file {
        ImportFile::Residents => {
            let numbers: Vec<_> = claimed.iter().map(|what| BlindIndex(what.0)).collect();
            storage::numbers_taken(transaction, &numbers).await?
        }
        ImportFile::Vouchers => storage::voucher_owners(transaction, claimed).await?,
        // Nothing of these is one resident's alone.
        ImportFile::Doses | ImportFile::Passports => Vec::new(),
    };
    Ok(owners.into_iter().collect())
}

/// How a sealed row stands to the one that is there: the same text is the same bytes, under the
/// same key.
pub(super) fn compare(
    keys: &RegisterKeys,
    table: Table,
    id: RowId,
    before: Option<&[u8]>,
    sealed: &[u8],
) -> Result<News, RegistryError> {
    let Some(before) = before else {
        return Ok(News::Added);
    };
    let same_key = KeyVersion::of_sealed(before) == KeyVersion::of_sealed(sealed);
    let same = before == sealed
        || (!same_key && *keys.open(table, &id.0, before)? == *keys.open(table, &id.0, sealed)?);
    Ok(if same { News::Unchanged } else { News::Changed })
}

/// The birth date in a resident's row.
pub(super) fn birth_date(
    keys: &RegisterKeys,
    id: RowId,
    sealed: &[u8],
) -> Result<BirthDate, RegistryError> {
    let text = keys.open(Table::Resident, &id.0, sealed)?;
    NumberedResident::birth_date_in(&text).ok_or(Table::Resident.damaged())
}
