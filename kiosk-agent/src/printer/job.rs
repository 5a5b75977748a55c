//! One print job, from Print-Job to the last page.

use std::time::Duration;

use ipp::attribute::IppAttribute;
use ipp::model::DelimiterTag;
use ipp::operation::builder::IppOperationBuilder;
use ipp::parser::IppParseError;
use ipp::payload::IppPayload;
use ipp::value::IppValue;
use tokio::time::{Instant, sleep};

use super::wire::{Answer, WireError};
use super::{IppPrinter, Job, PrinterFault};
use crate::stop::StopSignal;

/// Between two looks at a job.
const LOOK_AGAIN: Duration = Duration::from_millis(150);

/// How long a cancelled job may take to end before it counts as lost.
const CANCEL_LIMIT: Duration = Duration::from_secs(5);

/// So many looks at a job may fail one after the other before the printer counts as gone.
const SILENT_LOOKS: u8 = 3;

/// Why a document did not come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrintFailure {
    /// The printer has a fault.
    #[error(transparent)]
    Fault(#[from] PrinterFault),
    /// It did not take the job.
    #[error("the printer refused the job with IPP status {0:#06x}")]
    Refused(u16),
    /// It gave the job up without saying why.
    #[error("the printer gave the job up")]
    GaveUp,
    /// It took too long; the job was cancelled.
    #[error("the printer took too long")]
    TookTooLong,
    /// It says that it is done, with fewer pages out than asked for.
    #[error("{printed} of {expected} pages came out")]
    PagesMissing {
        /// Pages out, as the printer counts.
        printed: u32,
        /// Pages asked for.
        expected: u32,
    },
    /// The session was stopped; the job was cancelled.
    #[error("stopped")]
    Stopped,
}

/// `job-state` (RFC 8011, section 5.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JobState {
    /// 3 pending, 4 pending-held, 5 processing.
    UnderWay,
    /// 6 processing-stopped.
    Stopped,
    /// 7 canceled, 8 aborted.
    Dead,
    /// 9 completed, with the pages that the printer counted, if it counts.
    Completed(Option<u32>),
}

/// Prints and waits; see [`super::Printer::print`].
pub(super) async fn print(
    printer: &IppPrinter,
    job: Job<'_>,
    stop: &StopSignal,
) -> Result<(), PrintFailure> {
    if stop.is_on() {
        return Err(PrintFailure::Stopped);
    }
    let id = begin(printer, job).await?;
    match watch(printer, id, stop).await {
        Ok(counted) => all_out(printer, counted, job.sheets()),
        Err(failure) => match give_up(printer, id).await {
            // It was done before it could be stopped: the paper is there.
            Some(counted) => all_out(printer, counted, job.sheets()),
            None => Err(failure),
        },
    }
}

async fn begin(printer: &IppPrinter, job: Job<'_>) -> Result<i32, PrintFailure> {
    let operation = print_operation(printer, job.copies).map_err(|_| PrinterFault::Other)?;
    match printer.wire.exchange(operation, job.document).await {
        Ok(answer) => answer
            .number(DelimiterTag::JobAttributes, "job-id")
            .ok_or(PrintFailure::Fault(PrinterFault::Other)),
        Err(WireError::Status(status)) => Err(reason(printer, PrintFailure::Refused(status)).await),
        Err(error) => Err(PrinterFault::from(error).into()),
    }
}

/// The job says nothing about whose page it is: neither its name nor its owner.
fn print_operation(
    printer: &IppPrinter,
    copies: u8,
) -> Result<impl ipp::operation::IppOperation, IppParseError> {
    IppOperationBuilder::print_job(printer.wire.uri.clone(), IppPayload::empty())
        .user_name("kiosk")
        .job_title("certificate")
        .document_format("application/pdf")
        .attribute(IppAttribute::with_name(
            "copies",
            IppValue::new_integer(i32::from(copies)),
        )?)
        .attribute(IppAttribute::with_name(
            "media",
            IppValue::new_keyword("iso_a4_210x297mm")?,
        )?)
        .attribute(IppAttribute::with_name(
            "sides",
            IppValue::new_keyword("one-sided")?,
        )?)
        .build()
}

/// Waits until the job is done; gives the pages counted.
async fn watch(
    printer: &IppPrinter,
    id: i32,
    stop: &StopSignal,
) -> Result<Option<u32>, PrintFailure> {
    let limit = Instant::now() + printer.limits.job;
    let mut silent = 0;
    loop {
        match state(printer, id).await {
            Ok(JobState::Completed(counted)) => return Ok(counted),
            Ok(JobState::Dead) => return Err(reason(printer, PrintFailure::GaveUp).await),
            Ok(JobState::Stopped) => {
                return Err(reason(printer, PrinterFault::Other.into()).await);
            }
            Ok(JobState::UnderWay) => {
                silent = 0;
                // Paper that comes out when staff has cleared a fault would come out for nobody.
                if let Ok(Some(fault)) = printer.blocking_fault().await {
                    return Err(fault.into());
                }
            }
            Err(WireError::Silent) => {
                silent += 1;
                if silent >= SILENT_LOOKS {
                    return Err(PrinterFault::Offline.into());
                }
            }
            Err(error) => return Err(PrinterFault::from(error).into()),
        }
        if Instant::now() > limit {
            return Err(reason(printer, PrintFailure::TookTooLong).await);
        }
        tokio::select! {
            () = stop.on() => return Err(PrintFailure::Stopped),
            () = sleep(LOOK_AGAIN) => {}
        }
    }
}

/// Cancels the job and sees that it ended; gives the pages counted where it had been done.
async fn give_up(printer: &IppPrinter, id: i32) -> Option<Option<u32>> {
    let limit = Instant::now() + CANCEL_LIMIT;
    if let Ok(operation) = IppOperationBuilder::cancel_job(printer.wire.uri.clone(), id)
        .user_name("kiosk")
        .build()
    {
        // A job that ended already cannot be cancelled; its state tells.
        let _ = printer.wire.exchange(operation, &[]).await;
    }
    loop {
        match state(printer, id).await {
            Ok(JobState::Completed(counted)) => return Some(counted),
            Ok(JobState::Dead) | Err(_) => return None,
            Ok(JobState::UnderWay | JobState::Stopped) if Instant::now() > limit => return None,
            Ok(JobState::UnderWay | JobState::Stopped) => sleep(LOOK_AGAIN).await,
        }
    }
}

async fn state(printer: &IppPrinter, id: i32) -> Result<JobState, WireError> {
    let operation = IppOperationBuilder::get_job_attributes(printer.wire.uri.clone(), id)
        .build()
        .map_err(|_| WireError::Unintelligible)?;
    let answer = printer.wire.exchange(operation, &[]).await?;
    match answer.number(DelimiterTag::JobAttributes, "job-state") {
        Some(3..=5) => Ok(JobState::UnderWay),
        Some(6) => Ok(JobState::Stopped),
        Some(7 | 8) => Ok(JobState::Dead),
        Some(9) => Ok(JobState::Completed(counted(&answer))),
        _ => Err(WireError::Unintelligible),
    }
}

fn counted(answer: &Answer) -> Option<u32> {
    ["job-impressions-completed", "job-media-sheets-completed"]
        .into_iter()
        .find_map(|name| answer.number(DelimiterTag::JobAttributes, name))
        .and_then(|pages| u32::try_from(pages).ok())
}

/// A printer that does not count is believed when it says that the job is completed.
fn all_out(printer: &IppPrinter, counted: Option<u32>, expected: u32) -> Result<(), PrintFailure> {
    match counted.filter(|_| printer.limits.counts_pages) {
        Some(printed) if printed < expected => {
            Err(PrintFailure::PagesMissing { printed, expected })
        }
        Some(_) | None => Ok(()),
    }
}

/// What the printer itself says is wrong, or else what was seen.
async fn reason(printer: &IppPrinter, seen: PrintFailure) -> PrintFailure {
    printer
        .explaining_fault()
        .await
        .map_or(seen, PrintFailure::Fault)
}
