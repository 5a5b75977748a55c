//! Staff's setting, lifting and reading of a resident's flags.
//!
//! Setting withholds at once, on a superior's order that is recorded: a person in danger does not
//! wait for a second signature. Lifting gives something away again, and needs a second person's
//! approval. A flag that came with an import is not lifted here: the import says it again.

use domain::{MyNumber, Redacted};

use crate::access::{Act, StaffId};
use crate::approval::{ApprovalId, ApprovalScope, ApprovalSubject};
use crate::audit::{AuditEvent, SubjectId};
use crate::dossier_reading::{open_row, open_subject};
use crate::error::RegistryError;
use crate::keys::{RegisterKeys, RowId};
use crate::model::{FlagEvent, FlagHistory, FlagKind, NumberedResident, Resident, SealedForm as _};
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::{Whom, check_named};
use crate::storage::{self, FlaggedRow, Transaction};
use crate::table::Table;

/// Longest ground, in bytes.
const LONGEST_GROUND: usize = 500;
/// Most events in one resident's history.
const MOST_EVENTS: usize = 200;

/// On whose order a flag is set, and why.
#[derive(Debug, Clone)]
pub struct FlagOrder {
    /// The superior who ordered it: another person than who sets it.
    pub ordered_by: StaffId,
    /// What staff wrote, 1 to 500 bytes; stored sealed.
    pub ground: Redacted<String>,
}

/// What became of setting or lifting a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FlagRefused {
    /// Nobody of that number is registered here.
    #[error("nobody of that number is registered here")]
    UnknownResident,
    /// Staff set it before.
    #[error("the flag is set already")]
    AlreadySet,
    /// Staff did not set it, or lifted it before. Where an import says it, it stays.
    #[error(
        "staff have not set this flag; one that came with an import is lifted in the \
         municipality's own system and goes with the next import"
    )]
    NotSet,
    /// The resident's card is not suspended.
    #[error("the card is not suspended")]
    CardNotSuspended,
    /// No ground of 1 to 500 bytes was given.
    #[error("a ground of 1 to 500 bytes is recorded")]
    GroundMissing,
    /// Nobody orders what they do themselves.
    #[error("whoever orders it is another person than whoever does it")]
    SamePerson,
    /// The history is full.
    #[error("the history of flags is full")]
    TooMany,
}

/// A resident's flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentFlags {
    /// The resident with every flag, imported or set by staff.
    pub resident: Resident,
    /// What staff did.
    pub history: FlagHistory,
}

/// A resident found for a change of flags.
pub(crate) struct Flagged {
    pub(crate) id: RowId,
    pub(crate) subject: SubjectId,
    pub(crate) individual_number: Option<MyNumber>,
    /// The resident with every flag.
    pub(crate) resident: Resident,
    pub(crate) history: FlagHistory,
}

/// Opens a resident with every flag.
pub(crate) fn open_flagged(
    keys: &RegisterKeys,
    row: &FlaggedRow,
) -> Result<Flagged, RegistryError> {
    let id = row.resident.id;
    let history = open_flags(keys, id, row.flags.as_deref())?;
    let NumberedResident {
        individual_number,
        resident,
    } = open_row(keys, Table::Resident, &row.resident)?;
    check_named(keys, row.asked, individual_number.as_ref())?;
    Ok(Flagged {
        id,
        individual_number,
        subject: open_subject(keys, id, &row.subject)?,
        resident: resident.flagged(&history),
        history,
    })
}

/// Opens a history of flags; one that is not there is empty.
pub(crate) fn open_flags(
    keys: &RegisterKeys,
    resident: RowId,
    sealed: Option<&[u8]>,
) -> Result<FlagHistory, RegistryError> {
    let Some(sealed) = sealed else {
        return Ok(FlagHistory::default());
    };
    let text = keys.open(Table::ResidentFlags, &resident.0, sealed)?;
    FlagHistory::from_text(&text).ok_or(Table::ResidentFlags.damaged())
}

impl MunicipalityRegister {
    /// Sets a flag, at once, also for whoever has an offer open.
    ///
    /// # Errors
    /// [`RegistryError::Flag`], [`RegistryError::NotForThisPurpose`] (also where the actor is not
    /// staff), [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn set_flag(
        &self,
        whom: &Whom,
        kind: FlagKind,
        order: &FlagOrder,
    ) -> Result<(), RegistryError> {
        let by = self.flagging_staff()?;
        let ground = order.ground.expose().trim();
        if !(1..=LONGEST_GROUND).contains(&ground.len()) {
            return Err(FlagRefused::GroundMissing.into());
        }
        if by.is_same_person(&order.ordered_by) {
            return Err(FlagRefused::SamePerson.into());
        }
        let mut transaction = self.begin().await?;
        let found = self.flagged(&mut transaction, whom).await?;
        if found.history.since(kind).is_some() {
            return Err(FlagRefused::AlreadySet.into());
        }
        let event = FlagEvent {
            kind,
            set: true,
            at: self.shared.clock.now(),
            by: by.clone(),
            ordered_by: order.ordered_by.clone(),
            ground: Redacted::new(ground.to_owned()),
        };
        self.record_flag(&mut transaction, found, event).await?;
        transaction.commit().await
    }

    /// What has to be approved before a flag is lifted; that the resident was looked up for it is
    /// recorded.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::set_flag`].
    pub async fn lift_flag_scope(
        &self,
        whom: &Whom,
        kind: FlagKind,
    ) -> Result<ApprovalScope, RegistryError> {
        self.flagging_staff()?;
        let mut transaction = self.begin().await?;
        let found = self.flagged(&mut transaction, whom).await?;
        if found.history.since(kind).is_none() {
            return Err(FlagRefused::NotSet.into());
        }
        let mut entry = self.entry(AuditEvent::FlagsRead);
        entry.subject = Some(found.subject);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(lift_scope(&found, kind))
    }

    /// Lifts a flag that staff set, as a second person approved.
    ///
    /// # Errors
    /// [`RegistryError::Approval`]; as [`MunicipalityRegister::set_flag`].
    pub async fn lift_flag(
        &self,
        whom: &Whom,
        kind: FlagKind,
        approval: ApprovalId,
    ) -> Result<(), RegistryError> {
        let by = self.flagging_staff()?;
        let mut transaction = self.begin().await?;
        let found = self.flagged(&mut transaction, whom).await?;
        if found.history.since(kind).is_none() {
            return Err(FlagRefused::NotSet.into());
        }
        let scope = lift_scope(&found, kind);
        let spent = self
            .use_approval(&mut transaction, approval, &scope)
            .await?;
        let event = FlagEvent {
            kind,
            set: false,
            at: self.shared.clock.now(),
            by: by.clone(),
            ordered_by: spent.approved_by,
            ground: Redacted::new(format!("approval {approval}")),
        };
        self.record_flag(&mut transaction, found, event).await?;
        transaction.commit().await
    }

    /// A resident's flags and what staff did to them; that they were read is recorded. `None`:
    /// nobody of that number is registered here.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn flags(&self, whom: &Whom) -> Result<Option<ResidentFlags>, RegistryError> {
        self.flagging_staff()?;
        let key = self.key_of_whom(whom).await?;
        let mut transaction = self.begin().await?;
        let row = storage::resident(&mut transaction, key).await?;
        let found = row.map(|row| open_flagged(&self.municipality.keys, &row));
        let found = found.transpose()?;
        let mut entry = self.entry(AuditEvent::FlagsRead);
        entry.subject = found.as_ref().map(|found| found.subject);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(found.map(|found| ResidentFlags {
            resident: found.resident,
            history: found.history,
        }))
    }

    pub(crate) async fn flagged(
        &self,
        transaction: &mut Transaction,
        whom: &Whom,
    ) -> Result<Flagged, RegistryError> {
        let key = self.key_of_whom(whom).await?;
        let row = storage::resident(transaction, key)
            .await?
            .ok_or(FlagRefused::UnknownResident)?;
        open_flagged(&self.municipality.keys, &row)
    }

    /// Stores one event more, with its audit entry.
    async fn record_flag(
        &self,
        transaction: &mut Transaction,
        mut found: Flagged,
        event: FlagEvent,
    ) -> Result<(), RegistryError> {
        if found.history.0.len() == MOST_EVENTS {
            return Err(FlagRefused::TooMany.into());
        }
        let mut entry = self.entry(if event.set {
            AuditEvent::FlagSet
        } else {
            AuditEvent::FlagLifted
        });
        entry.subject = Some(found.subject);
        // Which flag is about the person: sealed.
        let note = format!(
            "{} (ordered by {}): {}",
            event.kind.as_str(),
            event.ordered_by.as_str(),
            event.ground.expose()
        );
        entry.note = Some(&note);
        self.append(transaction, entry).await?;
        found.history.0.push(event);
        let (keys, id) = (&self.municipality.keys, found.id);
        let sealed = keys.seal_row(Table::ResidentFlags, &id.0, found.history.to_text());
        storage::put_resident_flags(transaction, id, &sealed).await
    }

    pub(crate) fn flagging_staff(&self) -> Result<&StaffId, RegistryError> {
        self.permit(Act::Flag)?;
        self.permit_staff_only()
    }
}

fn lift_scope(found: &Flagged, kind: FlagKind) -> ApprovalScope {
    let words = format!(
        "lift the flag {} of the resident with resident number {}",
        kind.as_str(),
        found.resident.number.expose()
    );
    // Each setting is lifted by an approval of its own.
    let settings = (found.history.0.len() as u64).to_be_bytes();
    ApprovalScope::with_content(ApprovalSubject::FlagLift, words, &settings).about(found.id)
}
