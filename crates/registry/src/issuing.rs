//! The transaction in which a certificate is issued: a certificate exists exactly if its record
//! and its audit entry do.

use std::fmt;

use domain::{CertificateId, Channel, ChannelId, MyNumber, Yen};
use time::Duration;

use crate::access::Actor;
use crate::audit::AuditEvent;
use crate::certificate_reading::issued_certificate;
use crate::certificate_record::{Delivery, IssuedCertificate, NewCertificate, Order};
use crate::dossier_reading::{Holder, moment_of, open_dossier, open_subject};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RowId;
use crate::model::Dossier;
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, CertificateRow, NewCertificateRow, Transaction};
use crate::table::Table;

/// How long what was issued is handed out again to whoever ordered it: a reply that was lost is
/// asked for within minutes, or after a night's outage. Later nobody has a lost reply, and what is
/// asked for is a certificate that somebody kept the key of.
pub const REPEATED_FOR: Duration = Duration::days(1);

/// What was found for an order that came before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundOrder {
    /// What was issued, to be handed out again.
    Issued(Box<IssuedCertificate>),
    /// It is handed out no longer: revoked, its holder withheld, or a day old.
    Over,
}

/// An issuing transaction. It holds the municipality's write lock from the beginning, so that
/// what it read is what it issues on. Dropped before [`RecordedCertificate::commit`], it leaves
/// nothing.
pub struct IssuingTransaction {
    register: MunicipalityRegister,
    channel: (Channel, ChannelId),
    /// `None` after an order was found: its record was committed, and the lock is free.
    transaction: Option<Transaction>,
    /// Whose dossier was read in this transaction, if anybody's.
    holder: Option<Holder>,
}

impl IssuingTransaction {
    pub(crate) async fn begin(register: MunicipalityRegister) -> Result<Self, RegistryError> {
        let channel = match register.actor {
            Actor::Channel { kind, id } => (kind, id),
            Actor::Venue(_) | Actor::Staff(_) | Actor::Municipality(_) | Actor::Server => {
                return Err(RegistryError::NotForThisPurpose(register.purpose));
            }
        };
        let transaction = register.begin().await?;
        Ok(Self {
            register,
            channel,
            transaction: Some(transaction),
            holder: None,
        })
    }

    /// What was issued for this order before; `None`: nothing yet. The order is known by channel
    /// and key, and it is the same one only with the same request digest and application. That
    /// it was read again is recorded, and the write lock is given back at once.
    ///
    /// It is handed out for a day ([`REPEATED_FOR`]), and neither when it was revoked nor while its
    /// holder is withheld from the channels: then the transaction goes on, for
    /// [`Self::refuse`].
    ///
    /// # Errors
    /// [`RegistryError::OrderKeyReused`] for another order under this key;
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn find_order(&mut self, order: &Order) -> Result<Option<FoundOrder>, RegistryError> {
        let mut transaction = self.take().await?;
        let channel_id = &self.channel.1.0;
        let Some(row) = storage::find_order(&mut transaction, channel_id, &order.key).await? else {
            self.transaction = Some(transaction);
            return Ok(None);
        };
        if row.request_digest != order.request_digest || row.application != order.application.0 {
            return Err(RegistryError::OrderKeyReused);
        }
        if self.is_over(&mut transaction, &row).await? {
            let resident = RowId(row.resident[..].try_into().map_err(|_| not_this_schema())?);
            let keys = &self.register.municipality.keys;
            let subject = open_subject(keys, resident, &row.subject)?;
            self.holder = Some(Holder { resident, subject });
            self.transaction = Some(transaction);
            return Ok(Some(FoundOrder::Over));
        }
        let id = CertificateId::parse(&row.id).map_err(|_| not_this_schema())?;
        let entry = self
            .register
            .entry_about(AuditEvent::CertificateRead, id, &row)?;
        self.register.append(&mut transaction, entry).await?;
        let certificate = issued_certificate(&self.register.municipality.keys, row)?;
        transaction.commit().await?;
        Ok(Some(FoundOrder::Issued(Box::new(certificate))))
    }

    /// Whether what was issued is not handed out a second time.
    async fn is_over(
        &self,
        transaction: &mut Transaction,
        row: &CertificateRow,
    ) -> Result<bool, RegistryError> {
        let age = self.register.shared.clock.now() - moment_of(row.issued_at)?;
        Ok(age > REPEATED_FOR
            || row.revoked_at.is_some()
            || self.register.is_withheld(transaction, row).await?)
    }

    /// Looks up the resident to issue to. `None`: not in this register.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn dossier(&mut self, number: &MyNumber) -> Result<Option<Dossier>, RegistryError> {
        let mut transaction = self.take().await?;
        let municipality = &self.register.municipality;
        let key = self.register.resident_key(number).await?;
        let rows = storage::dossier(&mut transaction, key).await?;
        let opened = open_dossier(municipality, rows)?;
        self.transaction = Some(transaction);
        self.holder = opened.as_ref().map(|(holder, _)| *holder);
        Ok(opened.map(|(_, dossier)| dossier))
    }

    /// Records a certificate for the resident whose dossier was read last in this transaction,
    /// with the audit entry of its issue, and revokes the one it replaces. An error ends the
    /// transaction and leaves nothing.
    ///
    /// # Errors
    /// [`RegistryError::NoDossierRead`], [`RegistryError::NotReplaceable`],
    /// [`RegistryError::LookupUnavailable`] (also for an id or an order key that is taken).
    pub async fn record_certificate(
        mut self,
        order: &Order,
        certificate: &NewCertificate,
    ) -> Result<RecordedCertificate, RegistryError> {
        let mut transaction = self.take().await?;
        let holder = self.holder.ok_or(RegistryError::NoDossierRead)?;
        self.revoke_replaced(&mut transaction, holder, certificate)
            .await?;
        self.insert(&mut transaction, holder, order, certificate)
            .await?;
        let mut entry = self.register.entry(AuditEvent::CertificateIssued);
        entry.subject = Some(holder.subject);
        entry.certificate = Some(certificate.id);
        entry.detail = Some(certificate.kind.as_str().to_owned());
        self.register.append(&mut transaction, entry).await?;
        Ok(RecordedCertificate(transaction))
    }

    /// Gives up the order and records that a dossier was read for it; `code` says why, for
    /// auditors: at most 64 bytes, nothing about a person. `note` is what staff are to know,
    /// stored sealed.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn refuse(
        mut self,
        code: &'static str,
        note: Option<&str>,
    ) -> Result<(), RegistryError> {
        let mut transaction = self.take().await?;
        let mut entry = self.register.entry(AuditEvent::OrderRefused);
        entry.subject = self.holder.map(|holder| holder.subject);
        entry.detail = Some(code.chars().take(64).collect());
        entry.note = note;
        self.register.append(&mut transaction, entry).await?;
        transaction.commit().await
    }

    /// The transaction, out of its place: what fails with it in hand ends it. Begun anew, without
    /// anybody's dossier, where it has ended.
    async fn take(&mut self) -> Result<Transaction, RegistryError> {
        if let Some(transaction) = self.transaction.take() {
            return Ok(transaction);
        }
        self.holder = None;
        self.register.begin().await
    }

    async fn insert(
        &self,
        transaction: &mut Transaction,
        holder: Holder,
        order: &Order,
        certificate: &NewCertificate,
    ) -> Result<(), RegistryError> {
        let (keys, random) = (
            &self.register.municipality.keys,
            &*self.register.shared.random,
        );
        let id = certificate.id.as_str();
        let text = certificate.signed.expose();
        let sealed = keys.seal_once(random, Table::Certificate, id.as_bytes(), text);
        let row = NewCertificateRow {
            id,
            resident: &holder.resident.0,
            kind: certificate.kind.as_str(),
            issued_at: certificate.issued_at.unix_timestamp(),
            channel: self.channel.0.as_str(),
            channel_id: &self.channel.1.0,
            order_key: &order.key,
            request_digest: &order.request_digest,
            application: &order.application.0,
            terms: certificate.terms.as_str(),
            doses: certificate.doses.into(),
            fee: certificate.fee.0.into(),
            copies: certificate.copies.into(),
            revocation_id: certificate.revocation_id.as_str(),
            signing_key: &certificate.signing_key,
            sealed: &sealed,
        };
        storage::insert_certificate(transaction, &row).await
    }

    async fn revoke_replaced(
        &self,
        transaction: &mut Transaction,
        holder: Holder,
        certificate: &NewCertificate,
    ) -> Result<(), RegistryError> {
        let Some(replaced) = certificate.replaces else {
            return Ok(());
        };
        let row = storage::certificate(transaction, replaced.as_str())
            .await?
            .filter(|row| {
                self.channel.0 == Channel::Kiosk
                    && row.channel == Channel::Kiosk.as_str()
                    && row.resident == holder.resident.0
                    && row.kind == certificate.kind.as_str()
                    && row.delivery.as_deref() == Some(Delivery::NotDelivered.as_str())
                    && row.revoked_at.is_none()
                    && certificate.fee == Yen(0)
            })
            .ok_or(RegistryError::NotReplaceable)?;
        let now = certificate.issued_at.unix_timestamp();
        storage::insert_revocation(transaction, &row, now).await?;
        let mut entry = self.register.entry(AuditEvent::CertificateRevoked);
        entry.subject = Some(holder.subject);
        entry.certificate = Some(replaced);
        self.register.append(transaction, entry).await
    }
}

/// A certificate recorded together with its audit entry, not yet for good. Dropped without
/// [`RecordedCertificate::commit`], it leaves nothing.
pub struct RecordedCertificate(Transaction);

impl RecordedCertificate {
    /// Makes it last.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`]; whether it lasted is then known by ordering again
    /// ([`IssuingTransaction::find_order`]).
    pub async fn commit(self) -> Result<(), RegistryError> {
        self.0.commit().await
    }
}

impl fmt::Debug for RecordedCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordedCertificate")
    }
}

impl fmt::Debug for IssuingTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuingTransaction({})", self.register.code())
    }
}
