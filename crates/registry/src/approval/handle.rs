//! Asking, deciding and using, on the handle of one municipality.

use domain::Redacted;
use time::{Duration, OffsetDateTime};

use super::{
    APPROVAL_VALID_DAYS, Approval, ApprovalId, ApprovalRefused, ApprovalScope, ApprovalState,
    ApprovalSubject, ApprovalTexts, SpentApproval,
};
use crate::access::{Act, Actor, StaffId};
use crate::audit::AuditEvent;
use crate::dossier_reading::{moment_of, open_subject};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RowId;
use crate::model::SealedForm as _;
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, ApprovalRow, Transaction};
use crate::table::Table;

/// Most approvals shown at once.
const MOST_SHOWN: i64 = 1000;
/// Longest words of a scope, in bytes.
const LONGEST_WORDS: usize = 2000;
/// Longest reason, in bytes.
const LONGEST_REASON: usize = 500;

/// How a request is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Approved,
    Declined,
    Withdrawn,
}

impl Decision {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    const fn event(self) -> AuditEvent {
        match self {
            Self::Approved => AuditEvent::ApprovalGiven,
            Self::Declined => AuditEvent::ApprovalDeclined,
            Self::Withdrawn => AuditEvent::ApprovalWithdrawn,
        }
    }

    /// Whether this person may decide so about what another asked for.
    fn refused_to(self, who: &StaffId, requested_by: &StaffId) -> Option<ApprovalRefused> {
        let same = who.is_same_person(requested_by);
        match self {
            Self::Approved | Self::Declined => same.then_some(ApprovalRefused::SamePerson),
            Self::Withdrawn => (!same).then_some(ApprovalRefused::NotTheRequester),
        }
    }
}

impl MunicipalityRegister {
    /// Asks for an approval, and gives its id for the second person. `reason` is 1 to 500 bytes,
    /// stored sealed.
    ///
    /// # Errors
    /// [`RegistryError::Approval`], [`RegistryError::NotForThisPurpose`] (also where the actor is
    /// not staff), [`RegistryError::LookupUnavailable`].
    pub async fn request_approval(
        &self,
        scope: &ApprovalScope,
        reason: &str,
    ) -> Result<ApprovalId, RegistryError> {
        let staff = self.approving_staff()?;
        let words = scope.words().expose();
        let reason = reason.trim();
        if !(1..=LONGEST_REASON).contains(&reason.len()) || words.len() > LONGEST_WORDS {
            return Err(ApprovalRefused::ReasonMissing.into());
        }
        let mut random = [0; 8];
        self.shared.random.fill(&mut random);
        let id = ApprovalId::from_random(random);
        let text = id.to_string();
        let texts = ApprovalTexts {
            words: scope.words().clone(),
            reason: Redacted::new(reason.to_owned()),
        };
        let keys = &self.municipality.keys;
        let now = self.shared.clock.now();
        let row = ApprovalRow {
            subject: scope.subject().as_str().to_owned(),
            digest: scope.digest().to_vec(),
            resident: scope.resident().map(|resident| resident.0.to_vec()),
            requested_by: staff.as_str().to_owned(),
            requested_at: now.unix_timestamp(),
            expires_at: (now + Duration::days(APPROVAL_VALID_DAYS)).unix_timestamp(),
            decision: None,
            decided_by: None,
            decided_at: None,
            used_at: None,
            sealed: Some(keys.seal_row(Table::Approval, text.as_bytes(), texts.to_text())),
            id: text,
        };
        let mut transaction = self.begin().await?;
        storage::insert_approval(&mut transaction, &row).await?;
        let event = AuditEvent::ApprovalRequested;
        let about = (scope.subject(), scope.resident());
        self.record_approval(&mut transaction, event, id, about, None)
            .await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Agrees to what another one asked for.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::decline`].
    pub async fn approve(&self, id: ApprovalId) -> Result<(), RegistryError> {
        self.decide(id, Decision::Approved, None).await
    }

    /// Does not agree to what another one asked for; `reason`, where given, is recorded sealed.
    ///
    /// # Errors
    /// [`RegistryError::Approval`]: also where whoever decides is who asked, which is recorded;
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`].
    pub async fn decline(&self, id: ApprovalId, reason: Option<&str>) -> Result<(), RegistryError> {
        self.decide(id, Decision::Declined, reason).await
    }

    /// Withdraws what this handle's actor asked for.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::decline`].
    pub async fn withdraw(&self, id: ApprovalId) -> Result<(), RegistryError> {
        self.decide(id, Decision::Withdrawn, None).await
    }

    /// One approval, with its words and its reason; that it was read is recorded.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn approval(&self, id: ApprovalId) -> Result<Option<Approval>, RegistryError> {
        self.approving_staff()?;
        let mut transaction = self.begin().await?;
        let Some(row) = storage::approval(&mut transaction, &id.to_string()).await? else {
            return Ok(None);
        };
        let resident = resident_of(&row)?;
        let approval = self.opened(row)?;
        let event = AuditEvent::ApprovalsRead;
        let about = (approval.subject, resident);
        self.record_approval(&mut transaction, event, id, about, None)
            .await?;
        transaction.commit().await?;
        Ok(Some(approval))
    }

    /// The newest approvals, at most 1000, newest first: those that wait, or all. That they were
    /// read is recorded.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn approvals(&self, waiting_only: bool) -> Result<Vec<Approval>, RegistryError> {
        self.approving_staff()?;
        let mut transaction = self.begin().await?;
        let now = self.shared.clock.now().unix_timestamp();
        let open_at = waiting_only.then_some(now);
        let rows = storage::approvals(&mut transaction, open_at, MOST_SHOWN).await?;
        let mut entry = self.entry(AuditEvent::ApprovalsRead);
        entry.detail = Some(rows.len().to_string());
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        rows.into_iter().map(|row| self.opened(row)).collect()
    }

    /// Spends an approval in the transaction of the act: once, within its time, and for exactly
    /// this scope. An error ends the act; dropped with the transaction, the approval stays good.
    ///
    /// # Errors
    /// [`RegistryError::Approval`], [`RegistryError::LookupUnavailable`].
    pub(crate) async fn use_approval(
        &self,
        transaction: &mut Transaction,
        id: ApprovalId,
        scope: &ApprovalScope,
    ) -> Result<SpentApproval, RegistryError> {
        let spent = self.check_approval(transaction, id, scope).await?;
        let now = self.shared.clock.now().unix_timestamp();
        if !storage::spend_approval(transaction, &id.to_string(), now).await? {
            return Err(ApprovalRefused::Spent.into());
        }
        let event = AuditEvent::ApprovalUsed;
        let about = (scope.subject(), scope.resident());
        self.record_approval(transaction, event, id, about, None)
            .await?;
        Ok(spent)
    }

    /// Whether an approval would be good for this scope now, without spending it: before long
    /// work whose end spends it.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::use_approval`].
    pub(crate) async fn check_approval(
        &self,
        transaction: &mut Transaction,
        id: ApprovalId,
        scope: &ApprovalScope,
    ) -> Result<SpentApproval, RegistryError> {
        let row = storage::approval(transaction, &id.to_string())
            .await?
            .ok_or(ApprovalRefused::Unknown)?;
        let same_subject = row.subject == scope.subject().as_str();
        if !same_subject || !crypto::constant_time_eq(&row.digest, scope.digest()) {
            return Err(ApprovalRefused::AnotherAct.into());
        }
        let requested_by = staff_of(&row.requested_by)?;
        let approved_by = match self.state(&row)? {
            ApprovalState::Approved { by, .. } => by,
            ApprovalState::Pending => return Err(ApprovalRefused::Pending.into()),
            ApprovalState::Declined { .. } => return Err(ApprovalRefused::Declined.into()),
            ApprovalState::Withdrawn { .. } => return Err(ApprovalRefused::Withdrawn.into()),
            ApprovalState::Expired => return Err(ApprovalRefused::Expired.into()),
            ApprovalState::Used { .. } => return Err(ApprovalRefused::Spent.into()),
        };
        Ok(SpentApproval {
            id,
            requested_by,
            approved_by,
        })
    }

    async fn decide(
        &self,
        id: ApprovalId,
        decision: Decision,
        reason: Option<&str>,
    ) -> Result<(), RegistryError> {
        let staff = self.approving_staff()?;
        if reason.is_some_and(|reason| reason.len() > LONGEST_REASON) {
            return Err(ApprovalRefused::ReasonMissing.into());
        }
        let mut transaction = self.begin().await?;
        let text = id.to_string();
        let row = storage::approval(&mut transaction, &text)
            .await?
            .ok_or(ApprovalRefused::Unknown)?;
        let subject = ApprovalSubject::of_name(&row.subject).ok_or(not_this_schema())?;
        let about = (subject, resident_of(&row)?);
        if let Some(refused) = decision.refused_to(staff, &staff_of(&row.requested_by)?) {
            // One person trying to be two is what the second person is there for: recorded.
            let event = AuditEvent::ApprovalRefused;
            self.record_approval(&mut transaction, event, id, about, None)
                .await?;
            transaction.commit().await?;
            return Err(refused.into());
        }
        match self.state(&row)? {
            ApprovalState::Pending => {}
            ApprovalState::Expired => return Err(ApprovalRefused::Expired.into()),
            ApprovalState::Approved { .. }
            | ApprovalState::Declined { .. }
            | ApprovalState::Withdrawn { .. }
            | ApprovalState::Used { .. } => return Err(ApprovalRefused::AlreadyDecided.into()),
        }
        let now = self.shared.clock.now().unix_timestamp();
        let (decided, by) = (decision.as_str(), staff.as_str());
        if !storage::decide_approval(&mut transaction, &text, decided, by, now).await? {
            return Err(ApprovalRefused::AlreadyDecided.into());
        }
        self.record_approval(&mut transaction, decision.event(), id, about, reason)
            .await?;
        transaction.commit().await
    }

    /// Appends an entry that names the approval, and whom it is about as long as they are here.
    async fn record_approval(
        &self,
        transaction: &mut Transaction,
        event: AuditEvent,
        id: ApprovalId,
        (subject, resident): (ApprovalSubject, Option<RowId>),
        note: Option<&str>,
    ) -> Result<(), RegistryError> {
        let mut entry = self.entry(event);
        if let Some(resident) = resident {
            let keys = &self.municipality.keys;
            let row = storage::resident_row(transaction, resident).await?;
            let subject = row.map(|(subject, _)| open_subject(keys, resident, &subject));
            entry.subject = subject.transpose()?;
        }
        entry.detail = Some(format!("{} {id}", subject.as_str()));
        entry.note = note;
        self.append(transaction, entry).await
    }

    /// This handle's actor, where it is staff and the handle is for approvals.
    fn approving_staff(&self) -> Result<&StaffId, RegistryError> {
        self.permit(Act::Approve)?;
        match &self.actor {
            Actor::Staff(staff) => Ok(staff),
            Actor::Channel { .. } | Actor::Venue(_) | Actor::Municipality(_) | Actor::Server => {
                Err(RegistryError::NotForThisPurpose(self.purpose))
            }
        }
    }

    fn opened(&self, row: ApprovalRow) -> Result<Approval, RegistryError> {
        let id = row.id.parse().map_err(|_| not_this_schema())?;
        let keys = &self.municipality.keys;
        let texts = match &row.sealed {
            None => None,
            Some(sealed) => {
                let text = keys.open(Table::Approval, row.id.as_bytes(), sealed)?;
                Some(ApprovalTexts::from_text(&text).ok_or(Table::Approval.damaged())?)
            }
        };
        let (words, reason) = texts.map(|texts| (texts.words, texts.reason)).unzip();
        Ok(Approval {
            id,
            subject: ApprovalSubject::of_name(&row.subject).ok_or(not_this_schema())?,
            digest: row.digest[..].try_into().map_err(|_| not_this_schema())?,
            words,
            reason,
            requested_by: staff_of(&row.requested_by)?,
            requested_at: moment_of(row.requested_at)?,
            expires_at: moment_of(row.expires_at)?,
            state: self.state(&row)?,
        })
    }

    fn state(&self, row: &ApprovalRow) -> Result<ApprovalState, RegistryError> {
        let decided = decided(row)?;
        if let Some(used_at) = row.used_at {
            let (by, _) = decided.ok_or(not_this_schema())?;
            let at = moment_of(used_at)?;
            return Ok(ApprovalState::Used { by, at });
        }
        let expired = row.expires_at <= self.shared.clock.now().unix_timestamp();
        Ok(match (row.decision.as_deref(), decided) {
            (Some("declined"), Some((by, at))) => ApprovalState::Declined { by, at },
            (Some("withdrawn"), Some((_, at))) => ApprovalState::Withdrawn { at },
            _ if expired => ApprovalState::Expired,
            (Some("approved"), Some((by, at))) => ApprovalState::Approved { by, at },
            (None, None) => ApprovalState::Pending,
            _ => return Err(not_this_schema()),
        })
    }
}

fn decided(row: &ApprovalRow) -> Result<Option<(StaffId, OffsetDateTime)>, RegistryError> {
    match (&row.decided_by, row.decided_at) {
        (Some(by), Some(at)) => Ok(Some((staff_of(by)?, moment_of(at)?))),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(not_this_schema()),
    }
}

fn resident_of(row: &ApprovalRow) -> Result<Option<RowId>, RegistryError> {
    let id = row.resident.as_deref().map(<[u8; 16]>::try_from);
    let id = id.transpose().map_err(|_| not_this_schema())?;
    Ok(id.map(RowId))
}

fn staff_of(name: &str) -> Result<StaffId, RegistryError> {
    StaffId::parse(name).map_err(|_| not_this_schema())
}
