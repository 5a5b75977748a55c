//! From a stored certificate to its record.

use domain::{CertificateId, Channel, ChannelId, Redacted, TermsVersion, Yen};

use crate::certificate_record::{Delivery, IssuedCertificate};
use crate::dossier_reading::{kind_of, moment_of};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RegisterKeys;
use crate::storage::CertificateRow;
use crate::table::Table;

/// Opens a stored certificate.
pub(crate) fn issued_certificate(
    keys: &RegisterKeys,
    row: CertificateRow,
) -> Result<IssuedCertificate, RegistryError> {
    let signed = keys.open(Table::Certificate, row.id.as_bytes(), &row.sealed)?;
    Ok(IssuedCertificate {
        id: CertificateId::parse(&row.id).map_err(|_| not_this_schema())?,
        kind: kind_of(&row.kind)?,
        issued_at: moment_of(row.issued_at)?,
        channel: channel_of(&row.channel)?,
        channel_id: ChannelId(
            row.channel_id[..]
                .try_into()
                .map_err(|_| not_this_schema())?,
        ),
        terms: TermsVersion::parse(&row.terms).ok_or(not_this_schema())?,
        doses: row.doses.try_into().map_err(|_| not_this_schema())?,
        fee: Yen(row.fee.try_into().map_err(|_| not_this_schema())?),
        copies: row.copies.try_into().map_err(|_| not_this_schema())?,
        delivery: row.delivery.as_deref().map(delivery_of).transpose()?,
        revoked_at: row.revoked_at.map(moment_of).transpose()?,
        signed: Redacted::new(signed),
    })
}

fn channel_of(name: &str) -> Result<Channel, RegistryError> {
    [Channel::Kiosk, Channel::Phone, Channel::Counter]
        .into_iter()
        .find(|channel| channel.as_str() == name)
        .ok_or(not_this_schema())
}

fn delivery_of(name: &str) -> Result<Delivery, RegistryError> {
    [Delivery::Delivered, Delivery::NotDelivered]
        .into_iter()
        .find(|delivery| delivery.as_str() == name)
        .ok_or(not_this_schema())
}
