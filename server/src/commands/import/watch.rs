//! How far an import is: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal as _, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use registry::{ImportFile, ImportProgress, ImportStep};

use super::files;

/// Seconds between two lines where standard error is no terminal.
const SECONDS: u64 = 10;

/// Shows how far an import is, on standard error.
pub(super) struct Watch {
    bar: ProgressBar,
    /// Bytes of all files.
    bytes: u64,
    on_terminal: bool,
    /// The last line's second.
    told: AtomicU64,
}

impl Watch {
    /// Looks how long the files are.
    pub(super) fn of(paths: &[(ImportFile, PathBuf)]) -> io::Result<Self> {
        let bar = ProgressBar::new(0);
        bar.enable_steady_tick(std::time::Duration::from_millis(200));
        Ok(Self {
            bar,
            bytes: files::bytes(paths)?,
            on_terminal: io::stderr().is_terminal(),
            told: AtomicU64::new(0),
        })
    }

    /// Takes the bar away for what is printed meanwhile.
    pub(super) fn pause(&self) {
        self.bar.finish_and_clear();
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn tell(&self) {
        if self.on_terminal {
            return;
        }
        let now = self.bar.elapsed().as_secs();
        let told = self.told.load(Ordering::Relaxed);
        let due = now >= told + SECONDS;
        let mine = due
            && self
                .told
                .compare_exchange(told, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if mine {
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
            let message = self.bar.message();
            eprintln!(
                "{message}: {} of {}, {} a second, {} s left",
                HumanCount(done),
                HumanCount(all),
                HumanCount(self.bar.per_sec() as u64),
                self.bar.eta().as_secs()
            );
        }
    }
}

impl ImportProgress for Watch {
    fn begin(&self, step: ImportStep, units: u64) {
        let (message, length, rate) = match step {
            ImportStep::Reading => ("reading", self.bytes, "{binary_bytes_per_sec}"),
            ImportStep::Checking => ("checking", units, "{per_sec}"),
            ImportStep::Landing => ("landing", units, "{per_sec}"),
        };
        let template = format!("{{msg:9}} {{wide_bar}} {{percent:>3}} % {rate} {{eta}} left");
        self.bar.reset();
        self.told.store(0, Ordering::Relaxed);
        self.bar.set_length(length);
        if let Ok(style) = ProgressStyle::with_template(&template) {
            self.bar.set_style(style);
        }
        self.bar.set_message(message);
        if !self.on_terminal {
            let all = match step {
                ImportStep::Reading => HumanBytes(length).to_string(),
                ImportStep::Checking | ImportStep::Landing => {
                    format!("{} rows", HumanCount(length))
                }
            };
            eprintln!("{message} {all}");
        }
    }

    fn advance(&self, units: u64) {
        self.bar.inc(units);
        self.tell();
    }
}

/// A file whose bytes are counted as they are read.
pub(super) struct Watched<R> {
    reader: R,
    watch: Arc<Watch>,
}

impl<R> Watched<R> {
    pub(super) fn new(reader: R, watch: &Arc<Watch>) -> Self {
        Self {
            reader,
            watch: Arc::clone(watch),
        }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.watch.advance(read as u64);
        Ok(read)
    }
}
