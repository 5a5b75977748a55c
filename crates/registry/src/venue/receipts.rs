//! A resident's doses with their receipts, for staff: by them every dose is corrected or cancelled,
//! whoever brought it here (C34).

use domain::JAPAN;

use super::registering::receipt_of;
use super::{DoseReceipt, ReceiptState};
use crate::access::Act;
use crate::audit::AuditEvent;
use crate::dossier_reading::{open_dossier, open_row};
use crate::error::RegistryError;
use crate::keys::RowId;
use crate::model::Dose;
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::Whom;
use crate::storage::{self, Transaction, VenueDoseRow};
use crate::table::Table;

/// A dose that stands, with the receipt by which it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptedDose {
    /// Its receipt: the venue's, or one that staff's looking gave it.
    pub receipt: DoseReceipt,
    /// What it says.
    pub dose: Dose,
}

impl MunicipalityRegister {
    /// A resident's doses in the order of their days, each with its receipt; one that came with an
    /// import gets one now. That staff read them is recorded. `None`: nobody of that number is
    /// registered here.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn doses_with_receipts(
        &self,
        whom: &Whom,
    ) -> Result<Option<Vec<ReceiptedDose>>, RegistryError> {
        self.permit(Act::ChangeDose)?;
        self.permit_staff_only()?;
        let key = self.key_of_whom(whom).await?;
        let mut transaction = self.begin().await?;
        let rows = storage::dossier(&mut transaction, key).await?;
        let standing = rows.doses.clone();
        let found = open_dossier(&self.municipality, rows)?;
        let mut entry = self.entry(AuditEvent::DoseHistoryRead);
        entry.subject = found.as_ref().map(|(holder, _)| holder.subject);
        self.append(&mut transaction, entry).await?;
        let Some((holder, _)) = found else {
            transaction.commit().await?;
            return Ok(None);
        };
        let resident = holder.resident;
        let receipts = storage::receipts_of_resident(&mut transaction, &resident.0).await?;
        let mut doses = Vec::with_capacity(standing.len());
        for row in &standing {
            let dose: Dose = open_row(&self.municipality.keys, Table::Dose, row)?;
            let given = receipts.iter().find(|(of, _)| *of == row.id.0);
            let receipt = match given {
                Some((_, receipt)) => receipt_of(receipt)?,
                None => {
                    self.give_receipt(&mut transaction, resident, row.id, &dose)
                        .await?
                }
            };
            doses.push(ReceiptedDose { receipt, dose });
        }
        transaction.commit().await?;
        doses.sort_by_key(|one| (one.dose.date, one.dose.number));
        Ok(Some(doses))
    }

    async fn give_receipt(
        &self,
        transaction: &mut Transaction,
        resident: RowId,
        id: RowId,
        dose: &Dose,
    ) -> Result<DoseReceipt, RegistryError> {
        let mut receipt = DoseReceipt([0; 16]);
        self.shared.random.fill(&mut receipt.0);
        let registered_at = dose.registered_at.assume_offset(JAPAN);
        let row = VenueDoseRow {
            receipt: receipt.0.to_vec(),
            venue: None,
            entry_key: None,
            request_digest: None,
            resident: resident.0.to_vec(),
            voucher: None,
            dose: id.0.to_vec(),
            registered_at: registered_at.unix_timestamp(),
            state: ReceiptState::Registered.as_str().to_owned(),
        };
        storage::insert_venue_dose(transaction, &row).await?;
        Ok(receipt)
    }
}
