//! The printer, over IPP (RFC 8010, 8011): from memory to paper, and nothing in between on disk
//! of ours.

mod fault;
mod job;
mod last_job;
mod wire;

use std::time::Duration;

pub use fault::{PrinterFault, When, blocking, explaining};
pub use job::PrintFailure;

use ipp::model::DelimiterTag;
use ipp::operation::builder::IppOperationBuilder;
use rustls_pki_types::CertificateDer;

use crate::stop::StopSignal;
use last_job::LastJob;
use wire::Wire;

/// Why a printer's address is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrinterRefused {
    /// Not an `ipp` or `ipps` URI with a host.
    #[error("the printer's address is no ipp:// or ipps:// URI")]
    NoUri,
    /// A page would cross a network in the clear.
    #[error("ipp:// is taken for this machine only: use ipps:// for a printer across a network")]
    NotEncrypted,
    /// No TLS can be set up with the CA given.
    #[error("no TLS to the printer with the CA given")]
    NoTls,
}

/// How long things may take at the printer, and whether its count of pages is to be believed.
#[derive(Debug, Clone, Copy)]
pub struct PrintLimits {
    /// One request and its answer.
    pub answer: Duration,
    /// A job, from its acceptance to its last page.
    pub job: Duration,
    /// Whether a job counts as failed when the printer counted fewer pages than asked for.
    /// Some printers report 0 for every job.
    pub counts_pages: bool,
}

/// What is to be printed.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// A PDF.
    pub document: &'a [u8],
    /// Its pages.
    pub pages: u8,
    /// How many copies of all of them.
    pub copies: u8,
}

impl std::fmt::Debug for Job<'_> {
    /// Without the document: it is somebody's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job")
            .field("pages", &self.pages)
            .field("copies", &self.copies)
            .finish_non_exhaustive()
    }
}

impl Job<'_> {
    /// The sheets that come out, printed on one side.
    pub(crate) fn sheets(&self) -> u32 {
        u32::from(self.pages) * u32::from(self.copies)
    }
}

/// How a printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrinterState {
    /// What keeps it from printing.
    pub fault: Option<PrinterFault>,
    /// Little toner is left.
    pub toner_low: bool,
    /// Little paper is left.
    pub paper_low: bool,
}

/// What takes a document from memory to paper.
pub trait Printer {
    /// Whether it could print now. A job that may still print is cancelled first, and until its
    /// end nothing else is printed.
    ///
    /// # Errors
    /// The fault that keeps it from printing.
    fn ready(&self) -> impl Future<Output = Result<(), PrinterFault>> + Send;

    /// How it is, what is low included.
    fn state(&self) -> impl Future<Output = PrinterState> + Send
    where
        Self: Sync,
    {
        async {
            PrinterState {
                fault: self.ready().await.err(),
                ..PrinterState::default()
            }
        }
    }

    /// Staff saw that no paper of an earlier job lies in the tray ([`PrinterFault::PaperLeft`]).
    fn tray_is_empty(&self) {}

    /// Prints and waits until every page of every copy is out. When in
    /// doubt the job is cancelled, so that no page comes out for the next person.
    ///
    /// # Errors
    /// [`PrintFailure`]: then the print counts as not delivered, except where it
    /// [may still come out](PrintFailure::MayStillPrint).
    fn print(
        &self,
        job: Job<'_>,
        stop: &StopSignal,
    ) -> impl Future<Output = Result<(), PrintFailure>> + Send;
}

/// What tells how the printer is.
const STATE: [&str; 3] = [
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
];

/// Whether Create-Job (5) and Send-Document (6) are among these operations.
fn takes_two_steps(operations: &[i32]) -> bool {
    [5, 6].iter().all(|needed| operations.contains(needed))
}

/// A printer that speaks IPP.
#[derive(Debug, Clone)]
pub struct IppPrinter {
    wire: Wire,
    limits: PrintLimits,
    last_job: LastJob,
}

impl IppPrinter {
    /// Takes a printer's URI, and the CAs to trust where it is reached by `ipps`.
    ///
    /// # Errors
    /// [`PrinterRefused`].
    pub fn new(
        uri: &str,
        trusted: Vec<CertificateDer<'static>>,
        limits: PrintLimits,
    ) -> Result<Self, PrinterRefused> {
        Ok(Self {
            wire: Wire::new(uri, trusted, limits.answer)?,
            limits,
            last_job: LastJob::default(),
        })
    }

    /// Whether the printer takes a job first and its document afterwards (Create-Job and
    /// Send-Document, RFC 8011, section 5.4.15): the kiosk prints in no other way.
    ///
    /// # Errors
    /// The fault that keeps it from saying so.
    pub async fn takes_jobs_in_two_steps(&self) -> Result<bool, PrinterFault> {
        let answer = self.attributes(["operations-supported"]).await?;
        let operations = answer.numbers(DelimiterTag::PrinterAttributes, "operations-supported");
        Ok(takes_two_steps(&operations))
    }

    /// The fault that keeps the printer from printing now, if any.
    async fn blocking_fault(&self, when: When) -> Result<Option<PrinterFault>, wire::WireError> {
        let answer = self.attributes(STATE).await?;
        let group = DelimiterTag::PrinterAttributes;
        let reasons = answer.keywords(group, "printer-state-reasons");
        if let Some(fault) = blocking(reasons.into_iter(), when) {
            return Ok(Some(fault));
        }
        let accepting = answer.truth(group, "printer-is-accepting-jobs");
        // printer-state 5 is stopped (RFC 8011, section 5.4.11).
        let stopped = answer.number(group, "printer-state") == Some(5);
        Ok((accepting == Some(false) || stopped).then_some(PrinterFault::Paused))
    }

    /// The fault that explains a failed print, if the printer names one.
    async fn explaining_fault(&self) -> Option<PrinterFault> {
        let answer = self.attributes(STATE).await.ok()?;
        let group = DelimiterTag::PrinterAttributes;
        explaining(answer.keywords(group, "printer-state-reasons").into_iter())
    }

    async fn attributes<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<wire::Answer, wire::WireError> {
        let operation = IppOperationBuilder::get_printer_attributes(self.wire.uri.clone())
            .attributes(names)
            .build()
            .map_err(|_| wire::WireError::Unintelligible)?;
        self.wire.exchange(operation, &[]).await
    }
}

impl Printer for IppPrinter {
    async fn ready(&self) -> Result<(), PrinterFault> {
        job::end_the_last(self).await?;
        match self.blocking_fault(When::BeforeAJob).await {
            Ok(None) => Ok(()),
            Ok(Some(fault)) => Err(fault),
            Err(error) => Err(error.into()),
        }
    }

    async fn state(&self) -> PrinterState {
        let fault = self.ready().await.err();
        let Ok(answer) = self.attributes(STATE).await else {
            return PrinterState {
                fault,
                ..PrinterState::default()
            };
        };
        let reasons = answer.keywords(DelimiterTag::PrinterAttributes, "printer-state-reasons");
        let (toner_low, paper_low) = fault::low(reasons.into_iter());
        PrinterState {
            fault,
            toner_low,
            paper_low,
        }
    }

    fn tray_is_empty(&self) {
        self.last_job.tray_is_empty();
    }

    async fn print(&self, job: Job<'_>, stop: &StopSignal) -> Result<(), PrintFailure> {
        job::print(self, job, stop).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_that_takes_documents_at_once_only_is_told_apart() {
        // Print-Job, Create-Job, Send-Document, Cancel-Job.
        assert!(takes_two_steps(&[2, 5, 6, 8]));
        for one_missing in [&[2, 8][..], &[5], &[6], &[]] {
            assert!(!takes_two_steps(one_missing), "{one_missing:?}");
        }
    }
}
