//! Correcting and cancelling what has a receipt. Nothing is lost: the dose as it stood before
//! lies sealed beside the change, with who, when and why (C30).

use declaration::{Declared, Venues};
use domain::{CertificateId, ChannelId, Redacted};
use time::{Duration, OffsetDateTime};

use super::registering::receipt_of;
use super::{CheckedDose, DoseBefore, DoseReceipt, ReceiptState};
use crate::audit::AuditEvent;
use crate::dossier_reading::{Holder, moment_of, open_dossier, open_row};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RowId;
use crate::model::dose_rules::{self, DoseFault};
use crate::model::{Dose, Dossier, SealedForm as _};
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::ResidentKey;
use crate::storage::{self, DoseChangeRow, Transaction, VenueDoseRow};
use crate::table::Table;

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoseChanged {
    /// It is done.
    Changed {
        /// Certificates that were issued since the dose was registered and still hold: they may
        /// list it as it was. Revoking is the staff's to decide.
        certificates: Vec<CertificateId>,
    },
    /// It was done before, by the same request.
    Again,
    /// It is not done. A venue is not told why.
    Refused(ChangeRefused),
}

/// Why an entry is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefused {
    /// There is no entry of this receipt.
    #[error("no dose was registered here under this receipt")]
    Unknown,
    /// Another venue made it.
    #[error("another venue registered it")]
    AnotherVenue,
    /// The venue's time for changing it is over.
    #[error("the venue's time for changing it is over: staff change it")]
    TooLate,
    /// It was cancelled.
    #[error("it was cancelled")]
    Cancelled,
    /// The dose is no longer there as it was registered: an import replaced or retention erased it.
    #[error("the dose is not there any more as it was registered")]
    Gone,
    /// What it is to say does not fit this person.
    #[error("{0}")]
    Dose(#[from] DoseFault),
}

impl ChangeRefused {
    /// The stable name in the audit record.
    const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "receipt-unknown",
            Self::AnotherVenue => "receipt-of-another-venue",
            Self::TooLate => "receipt-too-old",
            Self::Cancelled => "receipt-cancelled",
            Self::Gone => "dose-gone",
            Self::Dose(_) => "correction-does-not-fit",
        }
    }
}

/// What is to become of an entry.
pub(super) enum Change<'a> {
    /// It says something else.
    Correct(&'a CheckedDose),
    /// It stands no longer.
    Cancel,
}

/// An entry, and whose it is.
struct Entry {
    row: VenueDoseRow,
    holder: Holder,
    dossier: Dossier,
    /// The dose as it stands.
    dose: Dose,
}

/// Who asks for a change, and how it is told from another.
pub(super) struct Asked<'a> {
    pub(super) receipt: DoseReceipt,
    pub(super) change: Change<'a>,
    pub(super) reason: &'a str,
    pub(super) key: Option<[u8; 16]>,
}

impl MunicipalityRegister {
    /// Corrects what this handle's venue registered, within the declared days. The same correction
    /// again, by its key, changes nothing.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is no venue, or the declaration is
    /// not this municipality's or not of today), [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn correct_dose(
        &self,
        declared: &Declared<Venues>,
        receipt: DoseReceipt,
        dose: &CheckedDose,
        reason: &'static str,
        key: [u8; 16],
    ) -> Result<DoseChanged, RegistryError> {
        let asked = Asked {
            receipt,
            change: Change::Correct(dose),
            reason,
            key: Some(key),
        };
        self.change_as_venue(declared, &asked).await
    }

    /// Cancels what this handle's venue registered, within the declared days. Its voucher can be
    /// used again.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::correct_dose`].
    pub async fn cancel_dose(
        &self,
        declared: &Declared<Venues>,
        receipt: DoseReceipt,
        reason: &'static str,
    ) -> Result<DoseChanged, RegistryError> {
        let asked = Asked {
            receipt,
            change: Change::Cancel,
            reason,
            key: None,
        };
        self.change_as_venue(declared, &asked).await
    }

    async fn change_as_venue(
        &self,
        declared: &Declared<Venues>,
        asked: &Asked<'_>,
    ) -> Result<DoseChanged, RegistryError> {
        let venue = self.entering_venue(declared)?;
        let days = Duration::days(declared.function().correction_days.into());
        let mut transaction = self.begin().await?;
        let changed = self
            .change(&mut transaction, asked, Some((venue, days)))
            .await?;
        transaction.commit().await?;
        Ok(changed)
    }

    /// Does a change, or records why not. `venue`: only its own entries, within so long.
    pub(super) async fn change(
        &self,
        transaction: &mut Transaction,
        asked: &Asked<'_>,
        venue: Option<(ChannelId, Duration)>,
    ) -> Result<DoseChanged, RegistryError> {
        let found = storage::venue_dose(transaction, &asked.receipt.0).await?;
        let changes = storage::dose_changes(transaction, &asked.receipt.0).await?;
        let own = |row: &VenueDoseRow| {
            venue.is_none_or(|(id, _)| row.venue.as_deref() == Some(&id.0[..]))
        };
        if found.as_ref().is_some_and(own) && was_done(asked, found.as_ref(), &changes) {
            return Ok(DoseChanged::Again);
        }
        let entry = match self.entry_to_change(transaction, found, venue).await? {
            Ok(entry) => entry,
            Err(refused) => {
                self.record_change_refused(transaction, refused, None)
                    .await?;
                return Ok(DoseChanged::Refused(refused));
            }
        };
        let dose = match corrected(&entry, &asked.change) {
            Ok(dose) => dose,
            Err(fault) => {
                let (refused, holder) = (fault.into(), Some(entry.holder));
                self.record_change_refused(transaction, refused, holder)
                    .await?;
                return Ok(DoseChanged::Refused(refused));
            }
        };
        let number = i64::try_from(changes.len() + 1).map_err(|_| not_this_schema())?;
        self.record_change(transaction, asked, &entry, number, dose.as_ref())
            .await?;
        let since = entry.row.registered_at;
        let resident = &entry.holder.resident.0;
        Ok(DoseChanged::Changed {
            certificates: self
                .certificates_since(transaction, resident, since)
                .await?,
        })
    }

    /// The entry, if it is there to be changed by who asks.
    async fn entry_to_change(
        &self,
        transaction: &mut Transaction,
        found: Option<VenueDoseRow>,
        venue: Option<(ChannelId, Duration)>,
    ) -> Result<Result<Entry, ChangeRefused>, RegistryError> {
        let Some(row) = found else {
            return Ok(Err(ChangeRefused::Unknown));
        };
        let now = self.shared.clock.now();
        if let Err(refused) = may_change(&row, venue, now)? {
            return Ok(Err(refused));
        }
        let resident = RowId(row.resident[..].try_into().map_err(|_| not_this_schema())?);
        let rows = storage::dossier(transaction, ResidentKey::Row(resident)).await?;
        let standing = rows.doses.iter().find(|dose| dose.id.0[..] == row.dose);
        let Some(standing) = standing.cloned() else {
            return Ok(Err(ChangeRefused::Gone));
        };
        let keys = &self.municipality.keys;
        let dose: Dose = open_row(keys, Table::Dose, &standing)?;
        let (holder, dossier) =
            open_dossier(&self.municipality, rows)?.ok_or_else(not_this_schema)?;
        Ok(Ok(Entry {
            row,
            holder,
            dossier,
            dose,
        }))
    }

    async fn record_change(
        &self,
        transaction: &mut Transaction,
        asked: &Asked<'_>,
        entry: &Entry,
        number: i64,
        dose: Option<&Dose>,
    ) -> Result<(), RegistryError> {
        let resident = entry.holder.resident;
        storage::remove_dose(transaction, &resident.0, &entry.row.dose).await?;
        let (id, state, event) = match dose {
            Some(dose) => {
                let id = self.store_dose(transaction, resident, dose).await?;
                (
                    id.0.to_vec(),
                    ReceiptState::Corrected,
                    AuditEvent::DoseCorrected,
                )
            }
            None => {
                let id = entry.row.dose.clone();
                (id, ReceiptState::Cancelled, AuditEvent::DoseCancelled)
            }
        };
        let receipt = &asked.receipt.0;
        storage::set_venue_dose(transaction, receipt, &id, state.as_str()).await?;
        self.insert_change(transaction, asked, entry, number, state)
            .await?;
        let mut record = self.entry(event);
        record.subject = Some(entry.holder.subject);
        record.detail = Some(asked.receipt.to_string());
        record.note = Some(asked.reason);
        self.append(transaction, record).await
    }

    async fn insert_change(
        &self,
        transaction: &mut Transaction,
        asked: &Asked<'_>,
        entry: &Entry,
        number: i64,
        state: ReceiptState,
    ) -> Result<(), RegistryError> {
        let mut id = [0; 16];
        self.shared.random.fill(&mut id);
        let text = DoseBefore {
            before: entry.dose.clone(),
            reason: Redacted::new(asked.reason.to_owned()),
        };
        let keys = &self.municipality.keys;
        let row = DoseChangeRow {
            receipt: asked.receipt.0.to_vec(),
            number,
            resident: entry.holder.resident.0.to_vec(),
            change_key: asked.key.map(Vec::from),
            changed_at: self.shared.clock.now().unix_timestamp(),
            actor_kind: self.actor.kind().to_owned(),
            actor: self.actor.id().to_vec(),
            change: state.as_str().to_owned(),
            id: id.to_vec(),
            sealed: keys.seal_row(Table::DoseChange, &id, text.to_text()),
        };
        storage::insert_dose_change(transaction, &row).await
    }

    /// Records that a change was refused, and why.
    pub(super) async fn record_change_refused(
        &self,
        transaction: &mut Transaction,
        refused: ChangeRefused,
        holder: Option<Holder>,
    ) -> Result<(), RegistryError> {
        let mut entry = self.entry(AuditEvent::DoseRefused);
        entry.subject = holder.map(|holder| holder.subject);
        entry.detail = Some(refused.code().to_owned());
        self.append(transaction, entry).await
    }

    pub(super) async fn certificates_since(
        &self,
        transaction: &mut Transaction,
        resident: &[u8],
        since: i64,
    ) -> Result<Vec<CertificateId>, RegistryError> {
        let ids = storage::certificates_since(transaction, resident, since).await?;
        ids.iter()
            .map(|id| CertificateId::parse(id).map_err(|_| not_this_schema()))
            .collect()
    }

    /// The receipts of what this handle's venue registered since a moment, after one of them, at
    /// most `limit`; nothing of what they say.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`].
    pub async fn receipts_since(
        &self,
        declared: &Declared<Venues>,
        since: OffsetDateTime,
        after: Option<DoseReceipt>,
        limit: u32,
    ) -> Result<Vec<(DoseReceipt, ReceiptState)>, RegistryError> {
        let venue = self.entering_venue(declared)?;
        let after = after.map_or_else(Vec::new, |receipt| receipt.0.to_vec());
        let since = since.unix_timestamp();
        let mut transaction = self.read().await?;
        let limit = limit.into();
        let rows =
            storage::venue_receipts(&mut transaction, &venue.0, since, &after, limit).await?;
        rows.into_iter()
            .map(|(receipt, state)| Ok((receipt_of(&receipt)?, ReceiptState::of_name(&state)?)))
            .collect()
    }
}

/// Whether this very request was carried out before: a correction is known by its key, whatever
/// came after it; what is cancelled is cancelled.
fn was_done(asked: &Asked<'_>, found: Option<&VenueDoseRow>, changes: &[DoseChangeRow]) -> bool {
    match (&asked.change, asked.key) {
        (Change::Correct(_), Some(key)) => changes
            .iter()
            .any(|change| change.change_key.as_deref() == Some(&key[..])),
        (Change::Correct(_), None) => false,
        (Change::Cancel, _) => {
            found.is_some_and(|row| row.state == ReceiptState::Cancelled.as_str())
        }
    }
}

fn may_change(
    row: &VenueDoseRow,
    venue: Option<(ChannelId, Duration)>,
    now: OffsetDateTime,
) -> Result<Result<(), ChangeRefused>, RegistryError> {
    if let Some((venue, within)) = venue {
        if row.venue.as_deref() != Some(&venue.0[..]) {
            return Ok(Err(ChangeRefused::AnotherVenue));
        }
        if now > moment_of(row.registered_at)? + within {
            return Ok(Err(ChangeRefused::TooLate));
        }
    }
    Ok(match ReceiptState::of_name(&row.state)? {
        ReceiptState::Registered | ReceiptState::Corrected => Ok(()),
        ReceiptState::Cancelled => Err(ChangeRefused::Cancelled),
    })
}

/// The dose as it is to stand; `None`: not at all.
fn corrected(entry: &Entry, change: &Change<'_>) -> Result<Option<Dose>, DoseFault> {
    let Change::Correct(checked) = change else {
        return Ok(None);
    };
    let before = &entry.dose;
    let dose = checked.to_dose(
        before.number,
        before.voucher.clone(),
        before.venue.clone(),
        before.registered_at,
    );
    dose_rules::not_before_birth(dose.date, entry.dossier.resident.birth_date)?;
    let others = entry.dossier.doses.iter().filter(|other| *other != before);
    dose_rules::in_course(&dose, others)?;
    Ok(Some(dose))
}
