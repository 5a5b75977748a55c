//! The handle on one municipality's register.

use std::fmt;
use std::sync::Arc;

use declaration::{Declared, Function, NotDeclared};
use domain::{CertificateId, MunicipalityCode, MyNumber, RevocationId, TermsVersion, japan_date};

use crate::access::{Act, Actor, Purpose, StaffId};
use crate::audit::{
    self, AuditArea, AuditEntry, AuditEvent, AuditFault, AuditHead, AuditVerdict, ChainName,
    NewEntry, RefusalNote,
};
use crate::certificate_reading::issued_certificate;
use crate::certificate_record::{
    Delivery, IssuedCertificate, OutcomeRecorded, Reissue, ReissueRecorded, RevocationRecorded,
    Revocations, RevokedCertificate,
};
use crate::dossier_reading::{moment_of, open_dossier, open_subject};
use crate::error::{RegistryError, not_this_schema};
use crate::issuing::IssuingTransaction;
use crate::keys::RowId;
use crate::model::Dossier;
use crate::registry::{OpenMunicipality, Shared};
use crate::resident_directory::{ResidentKey, Whom, key_of};
use crate::resident_flags::open_flagged;
use crate::storage::{self, CertificateRow, Transaction};

/// A handle on one municipality's register, for one purpose of one actor. No method takes a
/// municipality: another one's data is out of reach (C11).
#[derive(Clone)]
pub struct MunicipalityRegister {
    pub(crate) shared: Arc<Shared>,
    pub(crate) municipality: Arc<OpenMunicipality>,
    pub(crate) purpose: Purpose,
    pub(crate) actor: Actor,
    /// The terms under which a holder is looked up.
    terms: Option<TermsVersion>,
}

impl MunicipalityRegister {
    pub(crate) const fn new(
        shared: Arc<Shared>,
        municipality: Arc<OpenMunicipality>,
        purpose: Purpose,
        actor: Actor,
    ) -> Self {
        Self {
            shared,
            municipality,
            purpose,
            actor,
            terms: None,
        }
    }

    /// The same handle for a holder who agreed to these terms: the record of each look-up names
    /// them (C04).
    #[must_use]
    pub fn under_terms(self, terms: &TermsVersion) -> Self {
        let terms = Some(terms.clone());
        Self { terms, ..self }
    }

    /// Whose register it is.
    #[must_use]
    pub fn code(&self) -> MunicipalityCode {
        self.municipality.code
    }

    /// Looks up a resident by individual number, for an offer; recorded whether found or not.
    /// `None`: not in this register. For an order use [`IssuingTransaction::dossier`].
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn dossier(&self, number: &MyNumber) -> Result<Option<Dossier>, RegistryError> {
        self.look_up(number, AuditEvent::LookedUp).await
    }

    /// The same for a preview, which the record tells from an offer.
    ///
    /// # Errors
    /// As [`Self::dossier`].
    pub async fn dossier_for_preview(
        &self,
        number: &MyNumber,
    ) -> Result<Option<Dossier>, RegistryError> {
        self.look_up(number, AuditEvent::Previewed).await
    }

    async fn look_up(
        &self,
        number: &MyNumber,
        event: AuditEvent,
    ) -> Result<Option<Dossier>, RegistryError> {
        self.permit(Act::LookUp)?;
        let key = self.resident_key(number).await?;
        let rows = storage::dossier(&mut self.read().await?, key).await?;
        let opened = open_dossier(&self.municipality, rows)?;
        let (subject, dossier) = match opened {
            Some((holder, dossier)) => (Some(holder.subject), Some(dossier)),
            None => (None, None),
        };
        let mut transaction = self.begin().await?;
        let mut entry = self.entry(event);
        entry.subject = subject;
        let terms = self.terms.as_ref();
        entry.detail = terms.map(|terms| format!("terms {}", terms.as_str()));
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(dossier)
    }

    /// Records that nothing is offered to a resident because it may not be signed. `note` says
    /// why to staff, stored sealed: it may hold a character of the resident's name.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn record_offer_refused(
        &self,
        number: &MyNumber,
        note: &str,
    ) -> Result<(), RegistryError> {
        self.permit(Act::LookUp)?;
        let key = self.resident_key(number).await?;
        let rows = storage::dossier(&mut self.read().await?, key).await?;
        let opened = open_dossier(&self.municipality, rows)?;
        let mut entry = self.entry(AuditEvent::OfferRefused);
        entry.subject = opened.map(|(holder, _)| holder.subject);
        entry.note = Some(note);
        let mut transaction = self.begin().await?;
        self.append(&mut transaction, entry).await?;
        transaction.commit().await
    }

    /// Why residents got no offer or no certificate, for staff: the newest notes, at most `limit`
    /// (and 1000), newest first. That staff read them is recorded.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn refusal_notes(&self, limit: u32) -> Result<Vec<RefusalNote>, RegistryError> {
        self.permit(Act::ReadAudit)?;
        self.permit_staff_only()?;
        let mut transaction = self.begin().await?;
        let entry = self.entry(AuditEvent::RefusalNotesRead);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        let keys = &self.municipality.keys;
        audit::refusal_notes(&mut self.read().await?, keys, limit.min(1000)).await
    }

    /// Begins the transaction in which a certificate is issued. Only a channel can.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`].
    pub async fn begin_issue(&self) -> Result<IssuingTransaction, RegistryError> {
        self.permit(Act::Issue)?;
        IssuingTransaction::begin(self.clone()).await
    }

    /// A certificate's record; reading it is recorded.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn certificate(
        &self,
        id: CertificateId,
    ) -> Result<Option<IssuedCertificate>, RegistryError> {
        self.permit(Act::ReadCertificate)?;
        let mut transaction = self.begin().await?;
        let Some(row) = storage::certificate(&mut transaction, id.as_str()).await? else {
            return Ok(None);
        };
        let entry = self.entry_about(AuditEvent::CertificateRead, id, &row)?;
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        issued_certificate(&self.municipality.keys, row).map(Some)
    }

    /// Records what became of a certificate, once; only the channel that ordered it can.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn record_outcome(
        &self,
        id: CertificateId,
        delivery: Delivery,
    ) -> Result<OutcomeRecorded, RegistryError> {
        self.permit(Act::RecordOutcome)?;
        let mut transaction = self.begin().await?;
        let row = match storage::certificate(&mut transaction, id.as_str()).await? {
            Some(row) if self.is_actor(&row) => row,
            Some(_) | None => return Ok(OutcomeRecorded::UnknownCertificate),
        };
        match row.delivery.as_deref() {
            Some(before) if before == delivery.as_str() => {
                return Ok(OutcomeRecorded::AlreadyRecorded);
            }
            Some(_) => return Ok(OutcomeRecorded::Contradicts),
            None => {}
        }
        storage::set_delivery(&mut transaction, id.as_str(), delivery.as_str()).await?;
        let event = match delivery {
            Delivery::Delivered => AuditEvent::CertificateDelivered,
            Delivery::NotDelivered => AuditEvent::CertificateNotDelivered,
        };
        let entry = self.entry_about(event, id, &row)?;
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(OutcomeRecorded::Recorded)
    }

    /// Records that staff issue a certificate again, and gives what was issued so that it can be
    /// printed: nothing is printed again unrecorded. Where the holder is protected, deceased, or
    /// had the use of their data suspended, a ground is recorded too.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn record_reissue(
        &self,
        id: CertificateId,
        reissue: &Reissue<'_>,
    ) -> Result<ReissueRecorded, RegistryError> {
        self.permit(Act::Reissue)?;
        self.permit_staff_only()?;
        if !reissue.is_reasoned() {
            return Ok(ReissueRecorded::ReasonMissing);
        }
        let mut transaction = self.begin().await?;
        let Some(row) = storage::certificate(&mut transaction, id.as_str()).await? else {
            return Ok(ReissueRecorded::UnknownCertificate);
        };
        if row.revoked_at.is_some() {
            return Ok(ReissueRecorded::Revoked);
        }
        if self.is_withheld(&mut transaction, &row).await? && reissue.ground.is_none() {
            // Staff have learnt from the refusal that there is something: recorded.
            let entry = self.entry_about(AuditEvent::CertificateRead, id, &row)?;
            self.append(&mut transaction, entry).await?;
            transaction.commit().await?;
            return Ok(ReissueRecorded::GroundMissing);
        }
        let note = reissue.in_words();
        let mut entry = self.entry_about(AuditEvent::CertificateReissued, id, &row)?;
        entry.note = Some(&note);
        self.append(&mut transaction, entry).await?;
        // Only what opens is committed as reissued.
        let certificate = issued_certificate(&self.municipality.keys, row)?;
        transaction.commit().await?;
        Ok(ReissueRecorded::Recorded(Box::new(certificate)))
    }

    /// Whether the holder of a certificate gets nothing without a person who decides.
    pub(crate) async fn is_withheld(
        &self,
        transaction: &mut Transaction,
        row: &CertificateRow,
    ) -> Result<bool, RegistryError> {
        let id = RowId(row.resident[..].try_into().map_err(|_| not_this_schema())?);
        let row = storage::resident(transaction, ResidentKey::Row(id))
            .await?
            .ok_or(not_this_schema())?;
        let found = open_flagged(&self.municipality.keys, &row)?;
        Ok(found.resident.is_withheld_from_channels())
    }

    /// Revokes a certificate. `reason` is what staff wrote, 1 to 500 bytes, stored sealed.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn revoke(
        &self,
        id: CertificateId,
        reason: &str,
    ) -> Result<RevocationRecorded, RegistryError> {
        self.permit(Act::Reissue)?;
        self.permit_staff_only()?;
        if reason.trim().is_empty() || reason.len() > 500 {
            return Ok(RevocationRecorded::ReasonMissing);
        }
        let mut transaction = self.begin().await?;
        let Some(row) = storage::certificate(&mut transaction, id.as_str()).await? else {
            return Ok(RevocationRecorded::UnknownCertificate);
        };
        if row.revoked_at.is_some() {
            return Ok(RevocationRecorded::AlreadyRevoked);
        }
        let now = self.shared.clock.now().unix_timestamp();
        storage::insert_revocation(&mut transaction, &row, now).await?;
        let mut entry = self.entry_about(AuditEvent::CertificateRevoked, id, &row)?;
        entry.note = Some(reason);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(RevocationRecorded::Revoked)
    }

    /// Every revocation, for the CRL.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`].
    pub async fn revocations(&self) -> Result<Revocations, RegistryError> {
        self.permit(Act::ReadRevocations)?;
        let rows = storage::revocations(&mut self.read().await?).await?;
        let counter = rows.last().map_or(0, |row| row.0.unsigned_abs());
        let revoked = rows.into_iter().map(|(_, id, signing_key, at)| {
            Ok(RevokedCertificate {
                revocation_id: RevocationId::parse(&id).map_err(|_| not_this_schema())?,
                signing_key,
                revoked_at: moment_of(at)?,
            })
        });
        Ok(Revocations {
            counter,
            revoked: revoked.collect::<Result<_, RegistryError>>()?,
        })
    }

    /// The end of this installation's chain.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`].
    pub async fn audit_head(&self) -> Result<AuditHead, RegistryError> {
        self.permit(Act::ReadAudit)?;
        audit::head(&mut self.read().await?, self.shared.writer()).await
    }

    /// Goes through this installation's chain: nothing changed, removed or moved, a known head on it,
    /// and an entry of its issue for each certificate.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`].
    pub async fn verify_audit(
        &self,
        known: Option<&AuditHead>,
    ) -> Result<AuditVerdict, RegistryError> {
        self.permit(Act::ReadAudit)?;
        let mut transaction = self.read().await?;
        let (keys, chain) = (&self.municipality.keys, self.own_chain());
        let verdict = audit::verify(&mut transaction, keys, &chain, known).await?;
        if matches!(verdict, AuditVerdict::Broken(_)) {
            return Ok(verdict);
        }
        Ok(match audit::unmatched(&mut transaction).await? {
            Some(id) => AuditVerdict::Broken(AuditFault::Unmatched(id)),
            None => verdict,
        })
    }

    /// Audit entries after a sequence number, in order, at most `limit` (and 1000).
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`].
    pub async fn audit_entries(
        &self,
        after: u64,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, RegistryError> {
        self.permit(Act::ReadAudit)?;
        let writer = self.shared.writer();
        audit::page(&mut self.read().await?, writer, after, limit.min(1000)).await
    }

    /// The chain to which this installation appends.
    fn own_chain(&self) -> ChainName {
        ChainName {
            area: AuditArea::Municipality(self.code()),
            writer: self.shared.writer().clone(),
        }
    }

    /// Where the resident of an individual number is found, by the municipality's directory.
    pub(crate) async fn resident_key(
        &self,
        number: &MyNumber,
    ) -> Result<ResidentKey, RegistryError> {
        let directory = self.shared.directory(self.code());
        Ok(key_of(&*directory.0, &self.municipality.keys, number).await?)
    }

    /// Where the resident is found whom staff mean.
    pub(crate) async fn key_of_whom(&self, whom: &Whom) -> Result<ResidentKey, RegistryError> {
        match whom {
            Whom::Number(number) => self.resident_key(number).await,
            Whom::Resident(number) => {
                let keys = &self.municipality.keys;
                Ok(ResidentKey::of_resident(keys, number))
            }
        }
    }

    pub(crate) async fn begin(&self) -> Result<Transaction, RegistryError> {
        self.municipality.area.begin().await
    }

    pub(crate) async fn read(&self) -> Result<Transaction, RegistryError> {
        self.municipality.area.read().await
    }

    /// An entry by this handle's actor, for its purpose, now.
    pub(crate) fn entry(&self, event: AuditEvent) -> NewEntry<'_> {
        NewEntry::new(self.shared.clock.now(), &self.actor, self.purpose, event)
    }

    /// An entry about a certificate and whoever it was issued to.
    pub(crate) fn entry_about(
        &self,
        event: AuditEvent,
        id: CertificateId,
        row: &CertificateRow,
    ) -> Result<NewEntry<'_>, RegistryError> {
        let resident = RowId(row.resident[..].try_into().map_err(|_| not_this_schema())?);
        let mut entry = self.entry(event);
        entry.subject = Some(open_subject(
            &self.municipality.keys,
            resident,
            &row.subject,
        )?);
        entry.certificate = Some(id);
        Ok(entry)
    }

    pub(crate) async fn append(
        &self,
        transaction: &mut Transaction,
        entry: NewEntry<'_>,
    ) -> Result<(), RegistryError> {
        let keys = &self.municipality.keys;
        let (random, writer) = (&*self.shared.random, self.shared.writer());
        audit::append(transaction, keys, random, writer, entry).await
    }

    pub(crate) fn permit(&self, act: Act) -> Result<(), RegistryError> {
        if self.purpose.includes(act) {
            Ok(())
        } else {
            Err(RegistryError::NotForThisPurpose(self.purpose))
        }
    }

    /// Whether a declaration is this municipality's and holds today.
    pub(crate) fn permit_declared<F: Function>(
        &self,
        declared: &Declared<F>,
    ) -> Result<(), RegistryError> {
        if declared.municipality() != self.code() {
            let section = F::SECTION;
            return Err(NotDeclared::Absent { section }.into());
        }
        Ok(declared.holds_on(japan_date(self.shared.clock.now()))?)
    }

    /// This handle's actor, where it is staff.
    pub(crate) fn permit_staff_only(&self) -> Result<&StaffId, RegistryError> {
        match &self.actor {
            Actor::Staff(staff) => Ok(staff),
            Actor::Channel { .. } | Actor::Venue(_) | Actor::Municipality(_) | Actor::Server => {
                Err(RegistryError::NotForThisPurpose(self.purpose))
            }
        }
    }

    /// Whether this handle's actor is the channel that ordered the certificate.
    fn is_actor(&self, row: &CertificateRow) -> bool {
        match &self.actor {
            Actor::Channel { kind, id } => {
                kind.as_str() == row.channel && id.0[..] == row.channel_id
            }
            Actor::Venue(_) | Actor::Staff(_) | Actor::Municipality(_) | Actor::Server => false,
        }
    }
}

impl fmt::Debug for MunicipalityRegister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, purpose) = (self.code(), self.purpose);
        write!(f, "MunicipalityRegister({code}, {purpose:?})")
    }
}
