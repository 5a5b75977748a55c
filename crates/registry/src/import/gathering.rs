//! The first step: files are read, each row is checked by itself and sealed on every core, and all
//! of them lie sorted in the spill. Nothing of the register is touched.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use crypto::SecureRandom;
use domain::MunicipalityCode;
use time::Date;

use super::ImportFile;
use super::blocks::{Block, Blocks};
use super::columns::Columns;
use super::encoding::Decoder;
use super::lines::{Line, Lines};
use super::records::key_of;
use super::report::{Faults, FileReport, ImportReport, RowFault};
use super::rows::{Preparation, Prepared};
use super::sorting::{Place, Runs, Sorter};
use super::source::ImportSource;
use super::spill::Spill;
use crate::error::{FileFault, RegistryError};
use crate::keys::{RegisterKeys, RowId, Secrets};

/// Most threads that check and seal.
const MOST_THREADS: usize = 8;

/// Everything that was read, sorted.
pub(super) struct Gathered {
    pub(super) spill: Spill,
    kinds: [KindRuns; ImportFile::ALL.len()],
    pub(super) report: ImportReport,
}

/// The rows of every file of one kind.
#[derive(Default)]
pub(super) struct KindRuns {
    pub(super) rows: Runs,
    /// What only one resident can have: numbers, vouchers.
    pub(super) claims: Runs,
}

/// What rows are checked and sealed with.
pub(super) struct Sealing<'a> {
    pub(super) keys: &'a RegisterKeys,
    pub(super) random: &'a dyn SecureRandom,
    pub(super) municipality: MunicipalityCode,
    pub(super) today: Date,
}

/// What one thread has of a file.
struct Share<'a> {
    rows: Sorter<'a>,
    claims: Sorter<'a>,
    faults: Faults,
}

impl Gathered {
    /// Reads every file.
    pub(super) fn of(
        sources: Vec<ImportSource>,
        spill: Spill,
        sealing: &Sealing<'_>,
    ) -> Result<Self, RegistryError> {
        let mut gathered = Self {
            spill,
            kinds: Default::default(),
            report: ImportReport::default(),
        };
        for (number, source) in (1..).zip(sources) {
            gathered.file(number, source, sealing)?;
        }
        Ok(gathered)
    }

    pub(super) const fn kind(&self, file: ImportFile) -> &KindRuns {
        &self.kinds[file as usize]
    }

    fn file(
        &mut self,
        number: u16,
        source: ImportSource,
        sealing: &Sealing<'_>,
    ) -> Result<(), RegistryError> {
        let (file, medium) = (source.file, source.medium.clone());
        self.report.files.push(FileReport::of(file));
        let shares = read_file(number, source, sealing, &self.spill)?;
        let kind = &mut self.kinds[file as usize];
        for (rows, claims, faults) in shares {
            kind.rows.append(rows);
            kind.claims.append(claims);
            self.report.absorb(number, faults);
        }
        let report = &mut self.report.files[usize::from(number) - 1];
        (report.digest, report.bytes) = medium.digest();
        Ok(())
    }
}

type Done = (Runs, Runs, Faults);

fn read_file(
    number: u16,
    source: ImportSource,
    sealing: &Sealing<'_>,
    spill: &Spill,
) -> Result<Vec<Done>, RegistryError> {
    let unreadable = |fault| RegistryError::UnreadableFile {
        file: number,
        fault,
    };
    let input = |error: std::io::Error| unreadable(FileFault::of(&error));
    let (decoder, reader) = source.encoding.decide(source.reader).map_err(unreadable)?;
    let mut blocks = Blocks::new(reader);
    let first = blocks.next().map_err(input)?;
    let first = first.ok_or(unreadable(FileFault::Empty))?;
    let columns = header(&first, source.file, decoder).map_err(unreadable)?;
    let failed = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let threads = threads.min(MOST_THREADS);
        let (sender, receiver) = mpsc::sync_channel::<Block>(threads);
        let receiver = Arc::new(Mutex::new(receiver));
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let worker = Worker {
                    file: (source.file, number),
                    decoder,
                    columns: columns.clone(),
                    prepare: Preparation::new(
                        sealing.keys,
                        sealing.random,
                        sealing.municipality,
                        sealing.today,
                    ),
                };
                let (receiver, failed) = (Arc::clone(&receiver), &failed);
                scope.spawn(move || worker.work(&receiver, failed, spill))
            })
            .collect();
        // Whoever works holds it; where nobody does any more, sending fails.
        drop(receiver);
        let mut next = Ok(Some(first));
        while let Ok(Some(block)) = next {
            if failed.load(Ordering::Relaxed) || sender.send(block).is_err() {
                next = Ok(None);
                break;
            }
            next = blocks.next();
        }
        drop(sender);
        let done = workers.into_iter().map(|worker| {
            // A panic goes on here: nothing lands.
            worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        let done = done.collect::<Result<Vec<Done>, RegistryError>>()?;
        next.map_err(input)?;
        Ok(done)
    })
}

fn header(first: &Block, file: ImportFile, decoder: Decoder) -> Result<Columns, FileFault> {
    let mut lines = Lines::new(&first.lines[..], first.first_line);
    match lines.next().map_err(|error| FileFault::of(&error))? {
        Some((_, Line::Whole(header))) => decoder
            .decode(header)
            .ok_or(FileFault::Header)
            .and_then(|header| Columns::of_header(file, &header)),
        Some((_, Line::TooLong)) | None => Err(FileFault::Header),
    }
}

/// One of the threads that check and seal.
struct Worker<'a> {
    file: (ImportFile, u16),
    decoder: Decoder,
    columns: Columns,
    prepare: Preparation<'a>,
}

impl Worker<'_> {
    fn work(
        mut self,
        blocks: &Mutex<mpsc::Receiver<Block>>,
        failed: &AtomicBool,
        spill: &Spill,
    ) -> Result<Done, RegistryError> {
        let mut share = Share {
            rows: Sorter::new(spill),
            claims: Sorter::new(spill),
            faults: Faults::default(),
        };
        let next = || {
            let blocks = blocks.lock().unwrap_or_else(PoisonError::into_inner);
            blocks.recv().ok()
        };
        while let Some(block) = next() {
            if let Err(error) = self.block(&block, &mut share) {
                failed.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok((share.rows.finish()?, share.claims.finish()?, share.faults))
    }

    fn block(&mut self, block: &Block, share: &mut Share<'_>) -> Result<(), RegistryError> {
        let mut lines = Lines::new(&block.lines[..], block.first_line);
        // Reading what is in memory does not fail.
        while let Ok(Some((line, content))) = lines.next() {
            if line == 1 {
                continue;
            }
            let place = Place {
                file: self.file.1,
                line,
            };
            match self.line(content) {
                Ok(prepared) => share.take(place, &prepared)?,
                Err((column, fault)) => share.faults.add(place, column, fault),
            }
        }
        Ok(())
    }

    fn line(&mut self, line: Line<'_>) -> Result<Prepared, (Option<&'static str>, RowFault)> {
        let whole = |fault| (None, fault);
        let line = match line {
            Line::Whole(line) => line,
            Line::TooLong => return Err(whole(RowFault::LineTooLong)),
        };
        let text = self
            .decoder
            .decode(line)
            .ok_or_else(|| whole(RowFault::Encoding(self.decoder.first_fault(line) + 1)))?;
        let fields = self.columns.fields(&text).map_err(whole)?;
        self.prepare
            .row(self.file.0, &fields)
            .map_err(|(column, fault)| (Some(column), fault))
    }
}

impl Share<'_> {
    fn take(&mut self, place: Place, prepared: &Prepared) -> Result<(), RegistryError> {
        if let Some((column, fault)) = prepared.noted {
            self.faults.add(place, Some(column), fault);
        }
        let row = &prepared.row;
        self.rows
            .push(&row.key(), place, |output| row.write(output))?;
        if let Some((what, owner)) = row.claim() {
            let key = key_of(what, RowId([0; 16]));
            self.claims
                .push(&key, place, |output| output.extend_from_slice(&owner.0))?;
        }
        Ok(())
    }
}

/// Reads a file and checks its rows without a register, under keys of no value: for fuzzing.
/// Gives the number of rows that would go on, and of those that would not.
#[doc(hidden)]
pub fn check_rows(file: ImportFile, reader: impl std::io::Read + Send + 'static) -> (u64, u64) {
    let random: Arc<dyn SecureRandom> = Arc::new(crypto::SystemRandom);
    let (Ok(keys), Ok(spill)) = (
        Secrets::make(&*random).keys(),
        Spill::in_folder(&std::env::temp_dir(), Arc::clone(&random)),
    ) else {
        return (0, 0);
    };
    let sealing = Sealing {
        keys: &keys,
        random: &*random,
        municipality: MunicipalityCode::parse("131121").expect("the code of 世田谷区"),
        today: time::macros::date!(2030 - 01 - 01),
    };
    let source = ImportSource::plain(file, super::CsvEncoding::Detect, reader);
    match Gathered::of(vec![source], spill, &sealing) {
        Ok(gathered) => (gathered.kind(file).rows.records, gathered.report.rejected()),
        Err(_) => (0, 0),
    }
}
