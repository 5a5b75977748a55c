//! What belongs to no municipality: registered channels, challenges, suspended cards, and the
//! record of what was refused before a municipality was known.

mod challenges;
mod channels;
mod kiosk_renewal;
mod suspension;
mod venues;

use std::fmt;
use std::sync::Arc;

use crate::access::{Actor, Purpose};
use crate::audit::{
    self, AuditArea, AuditEntry, AuditEvent, AuditHead, AuditVerdict, ChainName, NewEntry,
};
use crate::error::RegistryError;
use crate::registry::Shared;
use crate::storage::Transaction;

pub use challenges::{ChallengeLimits, ChallengeRefused, SpentChallenge};
pub use channels::{ChannelName, InvalidChannelName, RegisteredKiosk};
pub use kiosk_renewal::{NewKioskKey, OverlapDays, RenewalRefused, RenewedKiosk};
pub use venues::{
    AttemptOutcome, InvalidVenueName, RegisteredVenue, VenueAttempt, VenueHeld, VenueName,
};

/// A handle on what belongs to no municipality, for one actor.
#[derive(Clone)]
pub struct SystemRegister {
    pub(crate) shared: Arc<Shared>,
    pub(crate) actor: Actor,
}

impl SystemRegister {
    pub(crate) const fn new(shared: Arc<Shared>, actor: Actor) -> Self {
        Self { shared, actor }
    }

    /// Records a request that was refused before a municipality was known (C19). `code` says
    /// why, for auditors: a problem type or a step of verification, at most 64 bytes, nothing
    /// about a person.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn record_refusal(&self, code: &'static str) -> Result<(), RegistryError> {
        let mut transaction = self.begin().await?;
        let code = code.chars().take(64).collect();
        self.append(&mut transaction, AuditEvent::RequestRefused, Some(code))
            .await?;
        transaction.commit().await
    }

    /// The end of this installation's chain.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn audit_head(&self) -> Result<AuditHead, RegistryError> {
        audit::head(&mut self.read().await?, self.shared.writer()).await
    }

    /// Goes through this installation's chain; a known head must lie on it.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn verify_audit(
        &self,
        known: Option<&AuditHead>,
    ) -> Result<AuditVerdict, RegistryError> {
        let keys = &self.shared.system.keys;
        let chain = ChainName {
            area: AuditArea::System,
            writer: self.shared.writer().clone(),
        };
        audit::verify(&mut self.read().await?, keys, &chain, known).await
    }

    /// Audit entries after a sequence number, in order, at most `limit` (and 1000).
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn audit_entries(
        &self,
        after: u64,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, RegistryError> {
        let writer = self.shared.writer();
        audit::page(&mut self.read().await?, writer, after, limit.min(1000)).await
    }

    pub(crate) async fn begin(&self) -> Result<Transaction, RegistryError> {
        self.shared.system.area.begin().await
    }

    async fn read(&self) -> Result<Transaction, RegistryError> {
        self.shared.system.area.read().await
    }

    pub(crate) async fn append(
        &self,
        transaction: &mut Transaction,
        event: AuditEvent,
        detail: Option<String>,
    ) -> Result<(), RegistryError> {
        let now = self.shared.clock.now();
        let mut entry = NewEntry::new(now, &self.actor, Purpose::System, event);
        entry.detail = detail;
        let keys = &self.shared.system.keys;
        let (random, writer) = (&*self.shared.random, self.shared.writer());
        audit::append(transaction, keys, random, writer, entry).await
    }
}

impl fmt::Debug for SystemRegister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SystemRegister")
    }
}
