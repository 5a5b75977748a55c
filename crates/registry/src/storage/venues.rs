//! Registered venues, and the count of what each tried of late.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// A venue as stored.
#[derive(Debug)]
pub(crate) struct VenueRow {
    pub(crate) name: String,
    pub(crate) registered_at: i64,
    pub(crate) registered_by: String,
    pub(crate) municipalities: Vec<String>,
}

/// From when on a venue's entries count, seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CountedSince {
    /// Since when refused ones count.
    pub(crate) window: i64,
    /// Since when all count.
    pub(crate) minute: i64,
    /// Since when registered ones count.
    pub(crate) day: i64,
}

/// What a venue tried of late.
#[derive(Debug, Clone, Copy, FromRow)]
pub(crate) struct AttemptCounts {
    /// Refused in the window, those left open a minute ago among them.
    pub(crate) refused: i64,
    /// Begun within a minute, and not ended.
    pub(crate) open: i64,
    /// Begun within a minute.
    pub(crate) in_minute: i64,
    /// Registered today.
    pub(crate) registered: i64,
}

/// The venue of this channel.
pub(crate) async fn venue(
    transaction: &mut Transaction,
    channel_id: &[u8],
) -> Result<Option<VenueRow>, RegistryError> {
    let rows: Vec<(String, i64, String, String)> = run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT name, registered_at, registered_by, municipality FROM venue \
             JOIN venue_municipality USING (channel_id) WHERE channel_id = $1 \
             ORDER BY municipality",
        )
        .bind(channel_id)
    )?;
    let mut venue: Option<VenueRow> = None;
    for (name, registered_at, registered_by, municipality) in rows {
        let venue = venue.get_or_insert(VenueRow {
            name,
            registered_at,
            registered_by,
            municipalities: Vec::new(),
        });
        venue.municipalities.push(municipality);
    }
    Ok(venue)
}

/// Registers a venue, or registers it anew with another name and other municipalities.
pub(crate) async fn insert_venue(
    transaction: &mut Transaction,
    channel_id: &[u8],
    venue: &VenueRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query("DELETE FROM venue WHERE channel_id = $1").bind(channel_id)
    )?;
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO venue (channel_id, name, registered_at, registered_by) \
             VALUES ($1, $2, $3, $4)",
        )
        .bind(channel_id)
        .bind(&venue.name)
        .bind(venue.registered_at)
        .bind(&venue.registered_by)
    )?;
    for municipality in &venue.municipalities {
        run!(
            transaction,
            execute,
            sqlx::query(
                "INSERT INTO venue_municipality (channel_id, municipality) VALUES ($1, $2)"
            )
            .bind(channel_id)
            .bind(municipality)
        )?;
    }
    Ok(())
}

/// Counts what a venue tried.
pub(crate) async fn count_attempts(
    transaction: &mut Transaction,
    channel_id: &[u8],
    since: CountedSince,
) -> Result<AttemptCounts, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_as(
            "SELECT \
               COUNT(CASE WHEN at > $2 AND (outcome = 'refused' \
                 OR (outcome = 'open' AND at <= $3)) THEN 1 END) AS refused, \
               COUNT(CASE WHEN at > $3 AND outcome = 'open' THEN 1 END) AS open, \
               COUNT(CASE WHEN at > $3 THEN 1 END) AS in_minute, \
               COUNT(CASE WHEN at >= $4 AND outcome = 'registered' THEN 1 END) AS registered \
             FROM venue_attempt WHERE channel_id = $1",
        )
        .bind(channel_id)
        .bind(since.window)
        .bind(since.minute)
        .bind(since.day)
    )
}

/// When the so-manieth newest refused entry was made, 1 for the newest.
pub(crate) async fn refused_at(
    transaction: &mut Transaction,
    channel_id: &[u8],
    newest: i64,
) -> Result<Option<i64>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_scalar(
            "SELECT at FROM venue_attempt WHERE channel_id = $1 \
             AND outcome IN ('refused', 'open') ORDER BY at DESC LIMIT 1 OFFSET $2",
        )
        .bind(channel_id)
        .bind(newest - 1)
    )
}

/// Writes down that an entry was begun.
pub(crate) async fn insert_attempt(
    transaction: &mut Transaction,
    id: &[u8],
    channel_id: &[u8],
    at: i64,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO venue_attempt (id, channel_id, at, outcome) VALUES ($1, $2, $3, 'open')"
        )
        .bind(id)
        .bind(channel_id)
        .bind(at)
    )?;
    Ok(())
}

/// Writes down how an entry ended.
pub(crate) async fn end_attempt(
    transaction: &mut Transaction,
    id: &[u8],
    outcome: &str,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query("UPDATE venue_attempt SET outcome = $2 WHERE id = $1")
            .bind(id)
            .bind(outcome)
    )?;
    Ok(())
}

/// Forgets what was tried before a moment.
pub(crate) async fn sweep_attempts(
    transaction: &mut Transaction,
    channel_id: &[u8],
    before: i64,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query("DELETE FROM venue_attempt WHERE channel_id = $1 AND at < $2")
            .bind(channel_id)
            .bind(before)
    )?;
    Ok(())
}
