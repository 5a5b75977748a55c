//! Bringing in a municipality's files: CSV, UTF-8 or CP932, streaming in bounded memory; each row
//! checked; bad rows reported without what is in them; the file in one transaction.
//!
//! A row is a line: no field of these files can hold a line end, so a quote left open spoils its
//! own line and no other.

mod columns;
mod encoding;
mod landing;
mod lines;
mod parsing;
mod records;
mod report;
mod rows;

use std::io::Read;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::audit::AuditEvent;
use crate::error::{FileFault, RegistryError};
use crate::municipality_register::MunicipalityRegister;
use landing::Landing;
use records::{Chunk, read_chunks};

pub use encoding::CsvEncoding;
pub use parsing::check_rows;
pub use report::{ImportReport, RejectedRow, RowFault};

/// A kind of file that is brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFile {
    /// `residents.csv`
    Residents,
    /// `vouchers.csv`
    Vouchers,
    /// `doses.csv`
    Doses,
    /// `passports.csv`
    Passports,
}

impl ImportFile {
    /// Every kind, in the order in which they are brought in: residents first.
    pub const ALL: [Self; 4] = [
        Self::Residents,
        Self::Vouchers,
        Self::Doses,
        Self::Passports,
    ];

    /// The file's name in a municipality's folder.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Residents => "residents.csv",
            Self::Vouchers => "vouchers.csv",
            Self::Doses => "doses.csv",
            Self::Passports => "passports.csv",
        }
    }
}

/// Chunks that are read ahead of the database.
const READ_AHEAD: usize = 4;

pub(crate) async fn import(
    register: &MunicipalityRegister,
    file: ImportFile,
    encoding: CsvEncoding,
    reader: impl Read + Send + 'static,
) -> Result<ImportReport, RegistryError> {
    let (sender, mut chunks) = mpsc::channel::<Chunk>(READ_AHEAD);
    let municipality = Arc::clone(&register.municipality);
    let random = Arc::clone(&register.shared.random);
    let today = domain::japan_date(register.shared.clock.now());
    let reading = tokio::task::spawn_blocking(move || {
        let prepare = rows::Preparation::new(&municipality.keys, &*random, today);
        read_chunks(reader, file, encoding, &prepare, |chunk| {
            sender.blocking_send(chunk).is_ok()
        })
    });
    let mut transaction = register.begin().await?;
    let mut landing = Landing::default();
    while let Some(chunk) = chunks.recv().await {
        landing.land(&mut transaction, chunk).await?;
    }
    // Where reading panicked, nothing lands.
    let read = reading
        .await
        .map_err(|_| RegistryError::UnreadableFile(FileFault::InputOutput))?;
    read.map_err(RegistryError::UnreadableFile)?;
    let report = landing.into_report();
    let mut entry = register.entry(AuditEvent::Imported);
    entry.detail = Some(report.summary(file));
    register.append(&mut transaction, entry).await?;
    transaction.commit().await?;
    Ok(report)
}
