//! Writing a ledger out, streamed, and recording that it was.

use std::io::Write;

use certificate::diseases;
use declaration::{Declared, Export};
use encrypted_file::{EncryptingWriter, Recipients};
use zeroize::Zeroizing;

use super::digest::DigestingWriter;
use super::layout::LedgerRow;
use super::{LedgerScope, LedgerSummary, RefusedRow};
use crate::access::Act;
use crate::approval::{ApprovalId, ApprovalScope};
use crate::audit::AuditEvent;
use crate::dossier_reading::open_row;
use crate::error::{RegistryError, not_this_schema, unwritable};
use crate::keys::RowId;
use crate::model::{Dose, NumberedResident};
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, ChildTable, OwnedRow, SealedRow, Transaction};
use crate::table::Table;

/// Residents read at once.
const PAGE: i64 = 500;
/// Refused rows kept for the report; all of them are counted.
const MOST_REFUSED: usize = 10_000;

impl MunicipalityRegister {
    /// How many residents a ledger export goes through, for telling how far it is.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`].
    pub async fn ledger_length(&self) -> Result<u64, RegistryError> {
        self.permit(Act::ExportLedger)?;
        let count = storage::count_residents(&mut self.read().await?).await?;
        Ok(count.unsigned_abs())
    }

    /// Writes the ledger to `output`, encrypted to the declared recipients, out of one snapshot
    /// and in constant memory. The approval is looked at before anything is written, and spent by
    /// [`WrittenLedger::record`]. `progress` is told how many residents were gone through.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::NotDeclared`], [`RegistryError::Approval`],
    /// [`RegistryError::UnwritableFile`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn write_ledger<W: Write>(
        &self,
        declared: &Declared<Export>,
        scope: &LedgerScope,
        approval: ApprovalId,
        output: W,
        mut progress: impl FnMut(u64),
    ) -> Result<WrittenLedger<W>, RegistryError> {
        self.permit(Act::ExportLedger)?;
        self.permit_staff_only()?;
        self.permit_declared(declared)?;
        let approval_scope = scope.approval_scope(declared);
        let mut transaction = self.read().await?;
        self.check_approval(&mut transaction, approval, &approval_scope)
            .await?;
        let recipients = &declared.function().recipients;
        let mut ledger = Ledger {
            register: self,
            scope,
            output: EncryptingWriter::new(DigestingWriter::new(output), recipients)
                .map_err(unwritable)?,
            residents: 0,
            doses: 0,
            refused: 0,
            refused_rows: Vec::new(),
        };
        ledger
            .output
            .write_all(scope.encoding.mark())
            .map_err(unwritable)?;
        let mut gone_through = 0;
        let mut after = Vec::new();
        loop {
            let residents = storage::residents_after(&mut transaction, &after, PAGE).await?;
            let Some(last) = residents.last() else {
                break;
            };
            let last = last.id.0.to_vec();
            gone_through += residents.len() as u64;
            ledger
                .page(&mut transaction, &after, &last, residents)
                .await?;
            progress(gone_through);
            after = last;
        }
        ledger.finish(approval, approval_scope, recipients)
    }
}

/// A ledger that is being written.
struct Ledger<'a, W: Write> {
    register: &'a MunicipalityRegister,
    scope: &'a LedgerScope,
    output: EncryptingWriter<DigestingWriter<W>>,
    residents: u64,
    doses: u64,
    refused: u64,
    refused_rows: Vec<RefusedRow>,
}

impl<W: Write> Ledger<'_, W> {
    /// Writes the residents of a page; their ids lie behind `after`, up to `last`.
    async fn page(
        &mut self,
        transaction: &mut Transaction,
        after: &[u8],
        last: &[u8],
        residents: Vec<SealedRow>,
    ) -> Result<(), RegistryError> {
        let rows = storage::rows_between(transaction, ChildTable::Dose, after, last).await?;
        let mut rows = rows.into_iter().peekable();
        for resident in residents {
            let mut own = Vec::new();
            while let Some(row) = rows.next_if(|row| row.resident == resident.id.0) {
                own.push(row);
            }
            self.resident(&resident, own)?;
        }
        Ok(())
    }

    fn resident(&mut self, resident: &SealedRow, rows: Vec<OwnedRow>) -> Result<(), RegistryError> {
        let doses = self.doses_in_scope(rows)?;
        if doses.is_empty() {
            return Ok(());
        }
        let keys = &self.register.municipality.keys;
        // The individual number is dropped here, and wiped: no row has a place for it.
        let NumberedResident { resident, .. } = open_row(keys, Table::Resident, resident)?;
        let row = LedgerRow {
            resident: &resident.number,
            municipality: self.register.code(),
            doses: &doses,
        };
        match row.to_bytes(self.scope.encoding) {
            Ok(bytes) => {
                self.output.write_all(&bytes).map_err(unwritable)?;
                self.residents += 1;
                self.doses += doses.len() as u64;
            }
            Err((dose, column, fault)) => {
                self.refused += 1;
                if self.refused_rows.len() < MOST_REFUSED {
                    self.refused_rows.push(RefusedRow {
                        resident: resident.number.clone(),
                        dose,
                        column,
                        fault,
                    });
                }
            }
        }
        Ok(())
    }

    fn doses_in_scope(&self, rows: Vec<OwnedRow>) -> Result<Vec<Dose>, RegistryError> {
        let keys = &self.register.municipality.keys;
        let mut doses = Vec::with_capacity(rows.len());
        for row in rows {
            let sealed = SealedRow {
                id: RowId(row.id[..].try_into().map_err(|_| not_this_schema())?),
                sealed: row.sealed,
            };
            let dose: Dose = open_row(keys, Table::Dose, &sealed)?;
            let given = self.scope.from <= dose.date && dose.date <= self.scope.until;
            if given && dose.disease == diseases::name_of(&self.scope.disease) {
                doses.push(dose);
            }
        }
        doses.sort_by_key(|dose| (dose.date, dose.number));
        Ok(doses)
    }

    fn finish(
        self,
        approval: ApprovalId,
        approval_scope: ApprovalScope,
        recipients: &Recipients,
    ) -> Result<WrittenLedger<W>, RegistryError> {
        let (mut output, digest) = self.output.finish().map_err(unwritable)?.finish();
        output.flush().map_err(unwritable)?;
        Ok(WrittenLedger {
            register: self.register.clone(),
            output,
            approval,
            approval_scope,
            recipients: recipients.clone(),
            summary: LedgerSummary {
                residents: self.residents,
                doses: self.doses,
                refused: self.refused,
                digest,
            },
            refused_rows: self.refused_rows,
        })
    }
}

/// A ledger that is written and not yet recorded. Dropped without [`WrittenLedger::record`], the
/// approval stays good and the file must not stay.
#[derive(Debug)]
#[must_use]
pub struct WrittenLedger<W> {
    register: MunicipalityRegister,
    output: W,
    approval: ApprovalId,
    approval_scope: ApprovalScope,
    recipients: Recipients,
    summary: LedgerSummary,
    refused_rows: Vec<RefusedRow>,
}

impl<W> WrittenLedger<W> {
    /// What it was written to, for syncing.
    pub const fn output(&self) -> &W {
        &self.output
    }

    /// What was written.
    pub const fn summary(&self) -> &LedgerSummary {
        &self.summary
    }

    /// Rows that were not written, the first 10,000 of them.
    pub fn refused_rows(&self) -> &[RefusedRow] {
        &self.refused_rows
    }

    /// Writes the report of rows that were not written, encrypted to the same recipients: it
    /// names residents by their number, so that staff can correct what is at fault. UTF-8 CSV.
    ///
    /// # Errors
    /// [`RegistryError::UnwritableFile`].
    pub fn write_refused<R: Write>(&self, output: R) -> Result<R, RegistryError> {
        let mut report = EncryptingWriter::new(output, &self.recipients).map_err(unwritable)?;
        report
            .write_all("\u{feff}resident_number,dose_date,column,fault\r\n".as_bytes())
            .map_err(unwritable)?;
        for row in &self.refused_rows {
            let dose = row.dose.map(|day| day.to_string()).unwrap_or_default();
            let (number, column) = (row.resident.expose(), row.column.as_str());
            let line = format!("{number},{dose},{column},\"{}\"\r\n", row.fault);
            report
                .write_all(Zeroizing::new(line).as_bytes())
                .map_err(unwritable)?;
        }
        let mut output = report.finish().map_err(unwritable)?;
        output.flush().map_err(unwritable)?;
        Ok(output)
    }

    /// Records the export and spends its approval, in one transaction.
    ///
    /// # Errors
    /// [`RegistryError::Approval`] (also where somebody else used it meanwhile),
    /// [`RegistryError::LookupUnavailable`]; then the file must not stay.
    pub async fn record(self) -> Result<(W, LedgerSummary), RegistryError> {
        let register = &self.register;
        let mut transaction = register.begin().await?;
        let spent = register
            .use_approval(&mut transaction, self.approval, &self.approval_scope)
            .await?;
        let mut entry = register.entry(AuditEvent::LedgerExported);
        let summary = self.summary;
        let mut digest = String::with_capacity(64);
        for byte in summary.digest {
            digest.push_str(&format!("{byte:02x}"));
        }
        entry.detail = Some(format!(
            "approval={} rows={} doses={} refused={} sha256={digest}",
            spent.id, summary.residents, summary.doses, summary.refused
        ));
        entry.note = Some(self.approval_scope.words().expose());
        register.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok((self.output, summary))
    }
}
