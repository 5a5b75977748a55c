//! Certificates and their revocations.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// A certificate to be stored.
#[derive(Debug)]
pub(crate) struct NewCertificateRow<'a> {
    pub(crate) id: &'a str,
    pub(crate) resident: &'a [u8],
    pub(crate) kind: &'a str,
    pub(crate) issued_at: i64,
    pub(crate) channel: &'a str,
    pub(crate) channel_id: &'a [u8],
    pub(crate) order_key: &'a [u8],
    pub(crate) request_digest: &'a [u8],
    pub(crate) application: &'a [u8],
    pub(crate) terms: &'a str,
    pub(crate) doses: i64,
    pub(crate) fee: i64,
    pub(crate) copies: i64,
    pub(crate) revocation_id: &'a str,
    pub(crate) signing_key: &'a str,
    pub(crate) sealed: &'a [u8],
}

/// A certificate as stored, with the day of its revocation.
#[derive(Debug, FromRow)]
pub(crate) struct CertificateRow {
    pub(crate) id: String,
    pub(crate) resident: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) kind: String,
    pub(crate) issued_at: i64,
    pub(crate) channel: String,
    pub(crate) channel_id: Vec<u8>,
    pub(crate) request_digest: Vec<u8>,
    pub(crate) application: Vec<u8>,
    pub(crate) terms: String,
    pub(crate) doses: i64,
    pub(crate) fee: i64,
    pub(crate) copies: i64,
    pub(crate) revocation_id: String,
    pub(crate) signing_key: String,
    pub(crate) delivery: Option<String>,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) sealed: Vec<u8>,
}

macro_rules! select_certificate {
    ($condition:literal) => {
        concat!(
            "SELECT certificate.id, certificate.resident, resident.subject, certificate.kind, \
             issued_at, channel, channel_id, request_digest, application, terms, doses, fee, \
             copies, certificate.revocation_id, certificate.signing_key, delivery, revocation.revoked_at, \
             certificate.sealed FROM certificate \
             JOIN resident ON resident.id = certificate.resident \
             LEFT JOIN revocation ON revocation.certificate = certificate.id WHERE ",
            $condition
        )
    };
}

/// The certificate of this id.
pub(crate) async fn certificate(
    transaction: &mut Transaction,
    id: &str,
) -> Result<Option<CertificateRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(select_certificate!("certificate.id = $1")).bind(id)
    )
}

/// The certificate issued for this channel's order of this key.
pub(crate) async fn find_order(
    transaction: &mut Transaction,
    channel_id: &[u8],
    order_key: &[u8],
) -> Result<Option<CertificateRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(select_certificate!("channel_id = $1 AND order_key = $2"))
            .bind(channel_id)
            .bind(order_key)
    )
}

/// Stores a certificate.
pub(crate) async fn insert_certificate(
    transaction: &mut Transaction,
    row: &NewCertificateRow<'_>,
) -> Result<(), RegistryError> {
    run!(transaction, execute, sqlx::query(
        "INSERT INTO certificate (id, resident, kind, issued_at, channel, channel_id, order_key, \
         request_digest, application, terms, doses, fee, copies, revocation_id, signing_key, \
         sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(row.id)
    .bind(row.resident)
    .bind(row.kind)
    .bind(row.issued_at)
    .bind(row.channel)
    .bind(row.channel_id)
    .bind(row.order_key)
    .bind(row.request_digest)
    .bind(row.application)
    .bind(row.terms)
    .bind(row.doses)
    .bind(row.fee)
    .bind(row.copies)
    .bind(row.revocation_id)
    .bind(row.signing_key)
    .bind(row.sealed))?;
    Ok(())
}

/// Records what became of a certificate, once.
pub(crate) async fn set_delivery(
    transaction: &mut Transaction,
    id: &str,
    delivery: &str,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query("UPDATE certificate SET delivery = $1 WHERE id = $2 AND delivery IS NULL")
            .bind(delivery)
            .bind(id)
    )?;
    Ok(())
}

/// Revokes a certificate.
pub(crate) async fn insert_revocation(
    transaction: &mut Transaction,
    certificate: &CertificateRow,
    revoked_at: i64,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO revocation (sequence, certificate, revocation_id, signing_key, revoked_at) \
         SELECT COALESCE(MAX(sequence), 0) + 1, $1, $2, $3, $4 FROM revocation",
        )
        .bind(&certificate.id)
        .bind(&certificate.revocation_id)
        .bind(&certificate.signing_key)
        .bind(revoked_at)
    )?;
    Ok(())
}

/// Every revocation in order: sequence, revocation id, key id, when.
pub(crate) async fn revocations(
    transaction: &mut Transaction,
) -> Result<Vec<(i64, String, String, i64)>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT sequence, revocation_id, signing_key, revoked_at FROM revocation ORDER BY sequence",
        )
    )
}
