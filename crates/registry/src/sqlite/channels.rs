//! Registered kiosks, relays and devices, and suspended cards.

use sqlx::SqlitePool;

use super::Transaction;
use crate::error::RegistryError;

/// A kiosk as stored.
#[derive(Debug)]
pub(crate) struct KioskRow {
    pub(crate) name: String,
    pub(crate) registered_at: i64,
    pub(crate) registered_by: String,
    pub(crate) municipalities: Vec<String>,
}

/// The kiosk of this channel.
pub(crate) async fn kiosk(
    readers: &SqlitePool,
    channel_id: &[u8],
) -> Result<Option<KioskRow>, RegistryError> {
    let rows: Vec<(String, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT name, registered_at, registered_by, municipality FROM kiosk \
         LEFT JOIN kiosk_municipality USING (channel_id) WHERE channel_id = ? \
         ORDER BY municipality",
    )
    .bind(channel_id)
    .fetch_all(readers)
    .await?;
    let mut rows = rows.into_iter();
    let Some((name, registered_at, registered_by, first)) = rows.next() else {
        return Ok(None);
    };
    Ok(Some(KioskRow {
        name,
        registered_at,
        registered_by,
        municipalities: first
            .into_iter()
            .chain(rows.filter_map(|row| row.3))
            .collect(),
    }))
}

/// Registers a kiosk, or registers it anew with another name and other municipalities.
pub(crate) async fn insert_kiosk(
    transaction: &mut Transaction,
    channel_id: &[u8],
    kiosk: &KioskRow,
) -> Result<(), RegistryError> {
    sqlx::query("DELETE FROM kiosk WHERE channel_id = ?")
        .bind(channel_id)
        .execute(&mut **transaction)
        .await?;
    sqlx::query(
        "INSERT INTO kiosk (channel_id, name, registered_at, registered_by) VALUES (?, ?, ?, ?)",
    )
    .bind(channel_id)
    .bind(&kiosk.name)
    .bind(kiosk.registered_at)
    .bind(&kiosk.registered_by)
    .execute(&mut **transaction)
    .await?;
    for municipality in &kiosk.municipalities {
        sqlx::query("INSERT INTO kiosk_municipality (channel_id, municipality) VALUES (?, ?)")
            .bind(channel_id)
            .bind(municipality)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}

/// Whether this channel is a registered relay.
pub(crate) async fn is_relay(
    readers: &SqlitePool,
    channel_id: &[u8],
) -> Result<bool, RegistryError> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM relay WHERE channel_id = ?)")
            .bind(channel_id)
            .fetch_one(readers)
            .await?,
    )
}

/// Registers a relay, or registers it anew.
pub(crate) async fn insert_relay(
    transaction: &mut Transaction,
    channel_id: &[u8],
    name: &str,
    registered_at: i64,
    registered_by: &str,
) -> Result<(), RegistryError> {
    sqlx::query(
        "INSERT OR REPLACE INTO relay (channel_id, name, registered_at, registered_by) \
         VALUES (?, ?, ?, ?)",
    )
    .bind(channel_id)
    .bind(name)
    .bind(registered_at)
    .bind(registered_by)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Removes kiosk and relay of this channel; `false` where there was neither.
pub(crate) async fn remove_kiosk_and_relay(
    transaction: &mut Transaction,
    channel_id: &[u8],
) -> Result<bool, RegistryError> {
    let mut removed = 0;
    for statement in [
        "DELETE FROM kiosk WHERE channel_id = ?",
        "DELETE FROM relay WHERE channel_id = ?",
    ] {
        let done = sqlx::query(statement)
            .bind(channel_id)
            .execute(&mut **transaction)
            .await?;
        removed += done.rows_affected();
    }
    Ok(removed > 0)
}

/// Whether this channel is a registered device.
pub(crate) async fn is_device(
    readers: &SqlitePool,
    channel_id: &[u8],
) -> Result<bool, RegistryError> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM device WHERE channel_id = ?)")
            .bind(channel_id)
            .fetch_one(readers)
            .await?,
    )
}

/// Registers a device; `false` where it was registered before.
pub(crate) async fn insert_device(
    transaction: &mut Transaction,
    channel_id: &[u8],
    registered_at: i64,
) -> Result<bool, RegistryError> {
    let done = sqlx::query(
        "INSERT INTO device (channel_id, registered_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(channel_id)
    .bind(registered_at)
    .execute(&mut **transaction)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the card of this number is suspended.
pub(crate) async fn is_suspended_card(
    readers: &SqlitePool,
    index: &[u8],
) -> Result<bool, RegistryError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM suspended_card WHERE individual_number_index = ?)",
    )
    .bind(index)
    .fetch_one(readers)
    .await?)
}

/// Suspends a card; `false` where it was suspended before.
pub(crate) async fn insert_suspended_card(
    transaction: &mut Transaction,
    index: &[u8],
    suspended_at: i64,
) -> Result<bool, RegistryError> {
    let done = sqlx::query(
        "INSERT INTO suspended_card (individual_number_index, suspended_at) VALUES (?, ?) \
         ON CONFLICT DO NOTHING",
    )
    .bind(index)
    .bind(suspended_at)
    .execute(&mut **transaction)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a suspension; `false` where there was none.
pub(crate) async fn remove_suspended_card(
    transaction: &mut Transaction,
    index: &[u8],
) -> Result<bool, RegistryError> {
    let done = sqlx::query("DELETE FROM suspended_card WHERE individual_number_index = ?")
        .bind(index)
        .execute(&mut **transaction)
        .await?;
    Ok(done.rows_affected() == 1)
}
