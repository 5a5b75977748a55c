//! Challenges given to channels.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// A challenge as stored.
#[derive(Debug, FromRow)]
pub(crate) struct ChallengeRow {
    pub(crate) channel_id: Vec<u8>,
    pub(crate) expires_at: i64,
    pub(crate) spent_at: Option<i64>,
    pub(crate) application_digest: Option<Vec<u8>>,
    pub(crate) application: Option<Vec<u8>>,
}

/// Removes what expired before `now`.
pub(crate) async fn sweep_challenges(
    transaction: &mut Transaction,
    now: i64,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query("DELETE FROM challenge WHERE expires_at < $1").bind(now)
    )?;
    Ok(())
}

/// How many challenges are stored: for this channel, and for its kind.
pub(crate) async fn open_challenges(
    transaction: &mut Transaction,
    channel_id: &[u8],
    channel_kind: &str,
) -> Result<(i64, i64), RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM challenge WHERE channel_id = $1), \
         (SELECT COUNT(*) FROM challenge WHERE channel_kind = $2)",
        )
        .bind(channel_id)
        .bind(channel_kind)
    )
}

/// Stores a challenge.
pub(crate) async fn insert_challenge(
    transaction: &mut Transaction,
    digest: &[u8],
    channel_id: &[u8],
    channel_kind: &str,
    expires_at: i64,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO challenge (digest, channel_id, channel_kind, expires_at) \
         VALUES ($1, $2, $3, $4)",
        )
        .bind(digest)
        .bind(channel_id)
        .bind(channel_kind)
        .bind(expires_at)
    )?;
    Ok(())
}

/// The challenge of this digest.
pub(crate) async fn challenge(
    transaction: &mut Transaction,
    digest: &[u8],
) -> Result<Option<ChallengeRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(
            "SELECT channel_id, expires_at, spent_at, application_digest, application \
         FROM challenge WHERE digest = $1",
        )
        .bind(digest)
    )
}

/// Marks a challenge as spent by an application.
pub(crate) async fn mark_challenge_spent(
    transaction: &mut Transaction,
    digest: &[u8],
    spent_at: i64,
    application_digest: &[u8],
    application: &[u8],
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "UPDATE challenge SET spent_at = $1, application_digest = $2, application = $3 \
         WHERE digest = $4 AND spent_at IS NULL",
        )
        .bind(spent_at)
        .bind(application_digest)
        .bind(application)
        .bind(digest)
    )?;
    Ok(())
}
