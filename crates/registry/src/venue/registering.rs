//! Registering a dose by voucher. Whatever speaks against it is one refusal to the venue; the
//! audit record says which (C15, C19).

use declaration::{Declared, Venues};
use domain::{ChannelId, japan_date};
use time::Date;

use super::{DoseReceipt, VenueEntry};
use crate::access::{Act, Actor};
use crate::audit::AuditEvent;
use crate::dossier_reading::{Holder, open_dossier};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RowId;
use crate::model::dose_rules::{self, DoseFault};
use crate::model::{Dose, Dossier, SealedForm as _};
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::ResidentKey;
use crate::storage::{self, ChildRow, ChildTable, Transaction, VenueDoseRow};
use crate::table::Table;

/// As many vouchers are asked for, whether their kind was read or not.
const KINDS: u8 = 10;
/// Asked for where no voucher is: nobody has this id.
const NOBODY: RowId = RowId([0; 16]);

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoseRegistered {
    /// It is registered.
    Registered(DoseReceipt),
    /// It was registered before, by the same entry.
    Again(DoseReceipt),
    /// It is not. The venue is not told why.
    Refused,
}

/// Why an entry is refused. For the audit record, never for the venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum VoucherRefused {
    /// Nobody has such a voucher.
    Unknown,
    /// Several vouchers of several kinds have the number.
    Ambiguous,
    /// Another birth date is registered.
    BirthDate,
    /// The venue is not registered for the municipality, or venues are not declared there.
    NotForThisVenue,
    /// A dose that stands was registered with it.
    Used,
    /// The person had moved out by that day.
    MovedOut,
    /// The person had died by that day.
    Deceased,
    /// It does not fit among the person's doses.
    Course(DoseFault),
}

impl VoucherRefused {
    /// The stable name in the audit record.
    const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "voucher-unknown",
            Self::Ambiguous => "voucher-ambiguous",
            Self::BirthDate => "birth-date",
            Self::NotForThisVenue => "not-for-this-venue",
            Self::Used => "voucher-used",
            Self::MovedOut => "moved-out",
            Self::Deceased => "deceased",
            Self::Course(DoseFault::NumberTaken) => "dose-number-taken",
            Self::Course(DoseFault::DayTaken) => "dose-day-taken",
            Self::Course(DoseFault::OutOfOrder) => "dose-out-of-order",
            Self::Course(DoseFault::BeforeBirth) => "before-birth",
            Self::Course(
                DoseFault::Text(_)
                | DoseFault::Amount
                | DoseFault::UnknownProduct
                | DoseFault::Disease
                | DoseFault::DiseaseOfAnotherProduct
                | DoseFault::InFuture,
            ) => "no-dose",
        }
    }
}

/// Whose voucher it is, as far as somebody was found.
struct Owner {
    voucher: RowId,
    holder: Holder,
    dossier: Dossier,
}

impl MunicipalityRegister {
    /// Registers a dose for whoever has this voucher and this birth date.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is no venue, or the declaration is
    /// not this municipality's or not of today), [`RegistryError::OrderKeyReused`] for another entry
    /// under this key, [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn register_dose(
        &self,
        declared: &Declared<Venues>,
        entry: &VenueEntry,
    ) -> Result<DoseRegistered, RegistryError> {
        let venue = self.entering_venue(declared)?;
        let mut transaction = self.begin().await?;
        let before = storage::venue_dose_of_key(&mut transaction, &venue.0, &entry.key).await?;
        if let Some(before) = before {
            if before.request_digest.as_deref() != Some(&entry.request_digest[..]) {
                return Err(RegistryError::OrderKeyReused);
            }
            return Ok(DoseRegistered::Again(receipt_of(&before.receipt)?));
        }
        let owner = self.owner(&mut transaction, entry).await?;
        let dose = entry.to_dose(self.shared.clock.now());
        let used = owner.as_ref().map_or(NOBODY, |owner| owner.voucher);
        let used = storage::is_voucher_used(&mut transaction, &used.0).await?;
        match accepted(owner, entry, &dose, used) {
            Ok(owner) => {
                let receipt = self
                    .insert_dose(&mut transaction, venue, entry, &owner, &dose)
                    .await?;
                transaction.commit().await?;
                Ok(DoseRegistered::Registered(receipt))
            }
            Err((refused, holder)) => {
                self.record_refused(transaction, refused, holder).await?;
                Ok(DoseRegistered::Refused)
            }
        }
    }

    /// Refuses an entry that is not for this municipality: with the same work as any other that
    /// is refused, and nobody looked at.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::register_dose`].
    pub async fn refuse_dose(
        &self,
        declared: &Declared<Venues>,
        entry: &VenueEntry,
    ) -> Result<(), RegistryError> {
        let venue = self.entering_venue(declared)?;
        let mut transaction = self.begin().await?;
        storage::venue_dose_of_key(&mut transaction, &venue.0, &entry.key).await?;
        storage::voucher_owners(&mut transaction, &[NOBODY; KINDS as usize]).await?;
        let rows = storage::dossier(&mut transaction, ResidentKey::Row(NOBODY)).await?;
        open_dossier(&self.municipality, rows)?;
        storage::is_voucher_used(&mut transaction, &NOBODY.0).await?;
        self.record_refused(transaction, VoucherRefused::NotForThisVenue, None)
            .await
    }

    /// Records that this handle's venue is held from now on: too many of its entries were refused.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`].
    pub async fn record_venue_blocked(&self) -> Result<(), RegistryError> {
        self.record_of_venue(AuditEvent::VenueBlocked).await
    }

    /// Records that an entry of this handle's venue was refused: it has registered as many doses
    /// today as were declared.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`].
    pub async fn record_venue_over_quota(&self) -> Result<(), RegistryError> {
        self.record_of_venue(AuditEvent::VenueQuotaRefused).await
    }

    async fn record_of_venue(&self, event: AuditEvent) -> Result<(), RegistryError> {
        self.permit(Act::EnterDose)?;
        let mut transaction = self.begin().await?;
        let mut entry = self.entry(event);
        // Named in the detail too: the officer's report counts by kind of actor.
        if let Actor::Venue(venue) = self.actor {
            entry.detail = Some(venue.to_string());
        }
        self.append(&mut transaction, entry).await?;
        transaction.commit().await
    }

    /// The venue that acts through this handle, where the declaration lets it.
    pub(super) fn entering_venue(
        &self,
        declared: &Declared<Venues>,
    ) -> Result<ChannelId, RegistryError> {
        self.permit(Act::EnterDose)?;
        let today = japan_date(self.shared.clock.now());
        let declared_here =
            declared.municipality() == self.code() && declared.holds_on(today).is_ok();
        match self.actor {
            Actor::Venue(venue) if declared_here => Ok(venue),
            Actor::Venue(_)
            | Actor::Channel { .. }
            | Actor::Staff(_)
            | Actor::Municipality(_)
            | Actor::Server => Err(RegistryError::NotForThisPurpose(self.purpose)),
        }
    }

    /// Whose voucher it is; `Err`: nobody's, or it is not clear whose.
    async fn owner(
        &self,
        transaction: &mut Transaction,
        entry: &VenueEntry,
    ) -> Result<Result<Owner, VoucherRefused>, RegistryError> {
        let owners = storage::voucher_owners(transaction, &self.candidates(entry)).await?;
        let found = match &owners[..] {
            [] => Err(VoucherRefused::Unknown),
            [(voucher, resident)] => Ok((row_id(voucher)?, row_id(resident)?)),
            _ => Err(VoucherRefused::Ambiguous),
        };
        let resident = found.map_or(NOBODY, |(_, resident)| resident);
        let rows = storage::dossier(transaction, ResidentKey::Row(resident)).await?;
        let opened = open_dossier(&self.municipality, rows)?;
        Ok(match (found, opened) {
            (Ok((voucher, _)), Some((holder, dossier))) => Ok(Owner {
                voucher,
                holder,
                dossier,
            }),
            (Err(refused), _) => Err(refused),
            (Ok(_), None) => return Err(not_this_schema()),
        })
    }

    /// The ids that the voucher may have: as many for a kind that was read as for one that was not.
    fn candidates(&self, entry: &VenueEntry) -> [RowId; KINDS as usize] {
        let (voucher, keys) = (&entry.voucher, &self.municipality.keys);
        std::array::from_fn(|at| {
            // There are ten kinds, and so ten places.
            let kind = voucher.kind.unwrap_or(u8::try_from(at).unwrap_or(0));
            keys.voucher_id(&voucher.number, kind, voucher.dose)
        })
    }

    async fn insert_dose(
        &self,
        transaction: &mut Transaction,
        venue: ChannelId,
        entry: &VenueEntry,
        owner: &Owner,
        dose: &Dose,
    ) -> Result<DoseReceipt, RegistryError> {
        let mut receipt = DoseReceipt([0; 16]);
        self.shared.random.fill(&mut receipt.0);
        let resident = owner.holder.resident;
        let id = self.store_dose(transaction, resident, dose).await?;
        let row = VenueDoseRow {
            receipt: receipt.0.to_vec(),
            venue: Some(venue.0.to_vec()),
            entry_key: Some(entry.key.to_vec()),
            request_digest: Some(entry.request_digest.to_vec()),
            resident: resident.0.to_vec(),
            voucher: Some(owner.voucher.0.to_vec()),
            dose: id.0.to_vec(),
            registered_at: self.shared.clock.now().unix_timestamp(),
            state: super::ReceiptState::Registered.as_str().to_owned(),
        };
        storage::insert_venue_dose(transaction, &row).await?;
        let mut record = self.entry(AuditEvent::DoseRegistered);
        record.subject = Some(owner.holder.subject);
        record.detail = Some(receipt.to_string());
        self.append(transaction, record).await?;
        Ok(receipt)
    }

    /// Stores a dose among those that stand, and gives its row's id.
    pub(super) async fn store_dose(
        &self,
        transaction: &mut Transaction,
        resident: RowId,
        dose: &Dose,
    ) -> Result<RowId, RegistryError> {
        let keys = &self.municipality.keys;
        let id = keys.dose_id(resident, dose);
        let row = ChildRow {
            id,
            resident,
            sealed: keys.seal_row(Table::Dose, &id.0, dose.to_text()),
        };
        storage::upsert_children(transaction, ChildTable::Dose, &[row]).await?;
        Ok(id)
    }

    async fn record_refused(
        &self,
        mut transaction: Transaction,
        refused: VoucherRefused,
        holder: Option<Holder>,
    ) -> Result<(), RegistryError> {
        let mut entry = self.entry(AuditEvent::DoseRefused);
        entry.subject = holder.map(|holder| holder.subject);
        entry.detail = Some(refused.code().to_owned());
        self.append(&mut transaction, entry).await?;
        transaction.commit().await
    }
}

/// Decides, and tells whose record was looked at where it refuses.
fn accepted(
    owner: Result<Owner, VoucherRefused>,
    entry: &VenueEntry,
    dose: &Dose,
    used: bool,
) -> Result<Owner, (VoucherRefused, Option<Holder>)> {
    let owner = owner.map_err(|refused| (refused, None))?;
    match refusal(&owner.dossier, entry, dose, used) {
        Some(refused) => Err((refused, Some(owner.holder))),
        None => Ok(owner),
    }
}

/// What speaks against it. People under protection are vaccinated like others: the venue learns no
/// more of them than of anybody, so nothing here asks for the flag.
fn refusal(
    dossier: &Dossier,
    entry: &VenueEntry,
    dose: &Dose,
    used: bool,
) -> Option<VoucherRefused> {
    let resident = &dossier.resident;
    let by = |day: Option<Date>| day.is_some_and(|day| day <= dose.date);
    if resident.birth_date != entry.birth_date {
        return Some(VoucherRefused::BirthDate);
    }
    if used || dossier.doses.iter().any(|other| same_voucher(other, dose)) {
        return Some(VoucherRefused::Used);
    }
    if by(resident.moved_out_on) {
        return Some(VoucherRefused::MovedOut);
    }
    // Somebody may die on the day.
    if resident.deceased_on.is_some_and(|day| day < dose.date) {
        return Some(VoucherRefused::Deceased);
    }
    dose_rules::in_course(dose, &dossier.doses)
        .err()
        .map(VoucherRefused::Course)
}

/// Whether a dose that stands was given with the same voucher for the same dose, whoever brought
/// it here.
fn same_voucher(one: &Dose, other: &Dose) -> bool {
    one.voucher.is_some() && one.voucher == other.voucher && one.number == other.number
}

pub(super) fn row_id(bytes: &[u8]) -> Result<RowId, RegistryError> {
    Ok(RowId(bytes.try_into().map_err(|_| not_this_schema())?))
}

pub(super) fn receipt_of(bytes: &[u8]) -> Result<DoseReceipt, RegistryError> {
    Ok(DoseReceipt(
        bytes.try_into().map_err(|_| not_this_schema())?,
    ))
}
