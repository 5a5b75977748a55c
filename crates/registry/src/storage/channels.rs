//! Registered kiosks, relays and devices, and suspended cards.

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
    transaction: &mut Transaction,
    channel_id: &[u8],
) -> Result<Option<KioskRow>, RegistryError> {
    let rows: Vec<(String, i64, String, Option<String>)> = run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT name, registered_at, registered_by, municipality FROM kiosk \
         LEFT JOIN kiosk_municipality USING (channel_id) WHERE channel_id = $1 \
         ORDER BY municipality",
        )
        .bind(channel_id)
    )?;
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
    run!(
        transaction,
        execute,
        sqlx::query("DELETE FROM kiosk WHERE channel_id = $1").bind(channel_id)
    )?;
    run!(transaction, execute, sqlx::query(
        "INSERT INTO kiosk (channel_id, name, registered_at, registered_by) VALUES ($1, $2, $3, $4)",
    )
    .bind(channel_id)
    .bind(&kiosk.name)
    .bind(kiosk.registered_at)
    .bind(&kiosk.registered_by))?;
    for municipality in &kiosk.municipalities {
        run!(
            transaction,
            execute,
            sqlx::query(
                "INSERT INTO kiosk_municipality (channel_id, municipality) VALUES ($1, $2)"
            )
            .bind(channel_id)
            .bind(municipality)
        )?;
    }
    Ok(())
}

/// Whether this channel is a registered relay.
pub(crate) async fn is_relay(
    transaction: &mut Transaction,
    channel_id: &[u8],
) -> Result<bool, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM relay WHERE channel_id = $1)")
            .bind(channel_id)
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
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO relay (channel_id, name, registered_at, registered_by) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (channel_id) DO UPDATE SET name = excluded.name, \
         registered_at = excluded.registered_at, registered_by = excluded.registered_by",
        )
        .bind(channel_id)
        .bind(name)
        .bind(registered_at)
        .bind(registered_by)
    )?;
    Ok(())
}

/// Removes kiosk, relay and venue of this channel; `false` where there was none of them.
pub(crate) async fn remove_channel(
    transaction: &mut Transaction,
    channel_id: &[u8],
) -> Result<bool, RegistryError> {
    let mut removed = 0;
    for statement in [
        "DELETE FROM kiosk WHERE channel_id = $1",
        "DELETE FROM relay WHERE channel_id = $1",
        "DELETE FROM venue WHERE channel_id = $1",
    ] {
        let done = run!(
            transaction,
            execute,
            sqlx::query(statement).bind(channel_id)
        )?;
        removed += done;
    }
    Ok(removed > 0)
}

/// Whether this channel is a registered device.
pub(crate) async fn is_device(
    transaction: &mut Transaction,
    channel_id: &[u8],
) -> Result<bool, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM device WHERE channel_id = $1)")
            .bind(channel_id)
    )
}

/// How many devices are registered.
pub(crate) async fn count_devices(transaction: &mut Transaction) -> Result<i64, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_scalar("SELECT count(*) FROM device")
    )
}

/// Registers a device; `false` where it was registered before.
pub(crate) async fn insert_device(
    transaction: &mut Transaction,
    channel_id: &[u8],
    registered_at: i64,
) -> Result<bool, RegistryError> {
    let done =
        run!(transaction, execute, sqlx::query(
        "INSERT INTO device (channel_id, registered_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    )
    .bind(channel_id)
    .bind(registered_at))?;
    Ok(done == 1)
}

/// One look into one index, whoever is asked for and however many are suspended.
const IS_SUSPENDED: &str =
    "SELECT EXISTS (SELECT 1 FROM suspended_card WHERE individual_number_index = $1)";

/// Whether the card of this number is suspended.
pub(crate) async fn is_suspended_card(
    transaction: &mut Transaction,
    index: &[u8],
) -> Result<bool, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_scalar(IS_SUSPENDED).bind(index)
    )
}

/// When a card was suspended, in seconds since 1970; `None` where it is not.
pub(crate) async fn suspended_since(
    transaction: &mut Transaction,
    index: &[u8],
) -> Result<Option<i64>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_scalar(
            "SELECT suspended_at FROM suspended_card WHERE individual_number_index = $1"
        )
        .bind(index)
    )
}

/// Suspends a card; `false` where it was suspended before.
pub(crate) async fn insert_suspended_card(
    transaction: &mut Transaction,
    index: &[u8],
    suspended_at: i64,
) -> Result<bool, RegistryError> {
    let done =
        run!(transaction, execute, sqlx::query(
        "INSERT INTO suspended_card (individual_number_index, suspended_at) VALUES ($1, $2) \
         ON CONFLICT DO NOTHING",
    )
    .bind(index)
    .bind(suspended_at))?;
    Ok(done == 1)
}

/// Ends a suspension; `false` where there was none.
pub(crate) async fn remove_suspended_card(
    transaction: &mut Transaction,
    index: &[u8],
) -> Result<bool, RegistryError> {
    let done = run!(
        transaction,
        execute,
        sqlx::query("DELETE FROM suspended_card WHERE individual_number_index = $1").bind(index)
    )?;
    Ok(done == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Connection, Row, SqliteConnection};

    #[tokio::test]
    async fn looking_for_a_suspended_card_is_one_search_of_one_index() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let schema = &crate::storage::SYSTEM_SCHEMA;
        schema.run(&mut connection).await.unwrap();
        let statement = format!("EXPLAIN QUERY PLAN {IS_SUSPENDED}");
        let steps = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(&[0_u8; 32][..])
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let reads: Vec<String> = steps.iter().map(|step| step.get("detail")).collect();
        let of_table = reads.iter().filter(|step| step.contains("suspended_card"));
        let of_table: Vec<_> = of_table.collect();
        assert_eq!(of_table.len(), 1, "{reads:?}");
        assert!(of_table[0].starts_with("SEARCH"), "{reads:?}");
    }
}
