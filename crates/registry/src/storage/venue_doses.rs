//! What venues registered, and how it was changed.

use sqlx::{FromRow, QueryBuilder};

use super::Transaction;
use crate::error::RegistryError;
use crate::keys::RowId;

/// A dose with a receipt: a venue registered it, or staff gave it one to change it by.
#[derive(Debug, FromRow)]
pub(crate) struct VenueDoseRow {
    pub(crate) receipt: Vec<u8>,
    /// The venue; with it entry key, digest and voucher.
    pub(crate) venue: Option<Vec<u8>>,
    pub(crate) entry_key: Option<Vec<u8>>,
    pub(crate) request_digest: Option<Vec<u8>>,
    pub(crate) resident: Vec<u8>,
    pub(crate) voucher: Option<Vec<u8>>,
    pub(crate) dose: Vec<u8>,
    pub(crate) registered_at: i64,
    pub(crate) state: String,
}

/// A change of it.
#[derive(Debug, FromRow)]
pub(crate) struct DoseChangeRow {
    pub(crate) receipt: Vec<u8>,
    pub(crate) number: i64,
    pub(crate) resident: Vec<u8>,
    pub(crate) change_key: Option<Vec<u8>>,
    pub(crate) changed_at: i64,
    pub(crate) actor_kind: String,
    pub(crate) actor: Vec<u8>,
    pub(crate) change: String,
    pub(crate) id: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

macro_rules! venue_dose_where {
    ($condition:literal) => {
        concat!(
            "SELECT receipt, venue, entry_key, request_digest, resident, voucher, dose, \
             registered_at, state FROM venue_dose WHERE ",
            $condition
        )
    };
}

macro_rules! dose_change_where {
    ($condition:literal) => {
        concat!(
            "SELECT receipt, number, resident, change_key, changed_at, actor_kind, actor, change, \
             id, sealed FROM dose_change WHERE ",
            $condition
        )
    };
}

/// The resident of each of these vouchers that is there, with the voucher's id.
pub(crate) async fn voucher_owners(
    transaction: &mut Transaction,
    vouchers: &[RowId],
) -> Result<Vec<(Vec<u8>, Vec<u8>)>, RegistryError> {
    on_either!(transaction, |connection| {
        let mut query = QueryBuilder::new("SELECT id, resident FROM voucher WHERE id IN (");
        let mut list = query.separated(", ");
        for voucher in vouchers {
            list.push_bind(voucher.0.to_vec());
        }
        query.push(")");
        query.build_query_as().fetch_all(connection).await
    })
}

/// What this venue registered under this key.
pub(crate) async fn venue_dose_of_key(
    transaction: &mut Transaction,
    venue: &[u8],
    entry_key: &[u8],
) -> Result<Option<VenueDoseRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(venue_dose_where!("venue = $1 AND entry_key = $2"))
            .bind(venue)
            .bind(entry_key)
    )
}

/// What was registered under this receipt.
pub(crate) async fn venue_dose(
    transaction: &mut Transaction,
    receipt: &[u8],
) -> Result<Option<VenueDoseRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(venue_dose_where!("receipt = $1")).bind(receipt)
    )
}

/// Dose and receipt of those of a resident's doses that have one and were not cancelled.
pub(crate) async fn receipts_of_resident(
    transaction: &mut Transaction,
    resident: &[u8],
) -> Result<Vec<(Vec<u8>, Vec<u8>)>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT dose, receipt FROM venue_dose WHERE resident = $1 AND state <> 'cancelled'"
        )
        .bind(resident)
    )
}

/// Whether a dose that stands was registered with this voucher.
pub(crate) async fn is_voucher_used(
    transaction: &mut Transaction,
    voucher: &[u8],
) -> Result<bool, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM venue_dose WHERE voucher = $1 AND state <> 'cancelled')"
        )
        .bind(voucher)
    )
}

/// Receipt and state of what a venue registered since a moment, after a receipt, in order.
pub(crate) async fn venue_receipts(
    transaction: &mut Transaction,
    venue: &[u8],
    since: i64,
    after: &[u8],
    limit: i64,
) -> Result<Vec<(Vec<u8>, String)>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT receipt, state FROM venue_dose WHERE venue = $1 AND registered_at >= $2 \
             AND sequence > COALESCE((SELECT sequence FROM venue_dose AS last \
               WHERE last.venue = $1 AND last.receipt = $3), 0) \
             ORDER BY sequence LIMIT $4",
        )
        .bind(venue)
        .bind(since)
        .bind(after)
        .bind(limit)
    )
}

/// Stores what a venue registered, or staff gave a receipt.
pub(crate) async fn insert_venue_dose(
    transaction: &mut Transaction,
    row: &VenueDoseRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO venue_dose (receipt, sequence, venue, entry_key, request_digest, \
             resident, voucher, dose, registered_at, state) \
             VALUES ($1, 1 + COALESCE((SELECT MAX(sequence) FROM venue_dose), 0), \
             $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&row.receipt)
        .bind(&row.venue)
        .bind(&row.entry_key)
        .bind(&row.request_digest)
        .bind(&row.resident)
        .bind(&row.voucher)
        .bind(&row.dose)
        .bind(row.registered_at)
        .bind(&row.state)
    )?;
    Ok(())
}

/// Writes down as what a venue's entry stands now.
pub(crate) async fn set_venue_dose(
    transaction: &mut Transaction,
    receipt: &[u8],
    dose: &[u8],
    state: &str,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query("UPDATE venue_dose SET dose = $2, state = $3 WHERE receipt = $1")
            .bind(receipt)
            .bind(dose)
            .bind(state)
    )?;
    Ok(())
}

/// Takes a dose out of those that stand; `false` where it is not among them.
pub(crate) async fn remove_dose(
    transaction: &mut Transaction,
    resident: &[u8],
    dose: &[u8],
) -> Result<bool, RegistryError> {
    let removed = run!(
        transaction,
        execute,
        sqlx::query("DELETE FROM dose WHERE resident = $1 AND id = $2")
            .bind(resident)
            .bind(dose)
    )?;
    Ok(removed == 1)
}

/// Stores a change.
pub(crate) async fn insert_dose_change(
    transaction: &mut Transaction,
    row: &DoseChangeRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO dose_change (receipt, number, resident, change_key, changed_at, \
             actor_kind, actor, change, id, sealed) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&row.receipt)
        .bind(row.number)
        .bind(&row.resident)
        .bind(&row.change_key)
        .bind(row.changed_at)
        .bind(&row.actor_kind)
        .bind(&row.actor)
        .bind(&row.change)
        .bind(&row.id)
        .bind(&row.sealed)
    )?;
    Ok(())
}

/// The changes of what was registered under this receipt, oldest first.
pub(crate) async fn dose_changes(
    transaction: &mut Transaction,
    receipt: &[u8],
) -> Result<Vec<DoseChangeRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(dose_change_where!("receipt = $1 ORDER BY number")).bind(receipt)
    )
}

/// The newest changes since a moment, newest first.
pub(crate) async fn dose_changes_since(
    transaction: &mut Transaction,
    since: i64,
    limit: i64,
) -> Result<Vec<DoseChangeRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(dose_change_where!(
            "changed_at >= $1 ORDER BY changed_at DESC, receipt, number DESC LIMIT $2"
        ))
        .bind(since)
        .bind(limit)
    )
}

/// Ids of a resident's certificates that were issued since a moment and still hold.
pub(crate) async fn certificates_since(
    transaction: &mut Transaction,
    resident: &[u8],
    since: i64,
) -> Result<Vec<String>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_scalar(
            "SELECT id FROM certificate WHERE resident = $1 AND issued_at >= $2 AND NOT EXISTS \
             (SELECT 1 FROM revocation WHERE revocation.certificate = certificate.id) \
             ORDER BY issued_at, id",
        )
        .bind(resident)
        .bind(since)
    )
}
