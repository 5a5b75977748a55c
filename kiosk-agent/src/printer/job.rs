//! One print job, from Create-Job to the last page. Its number is known before the document leaves:
//! whatever reply is lost, no job prints that could not be cancelled.

use std::time::Duration;

use ipp::attribute::{IppAttribute, IppAttributeName};
use ipp::model::DelimiterTag;
use ipp::operation::IppOperation;
use ipp::operation::builder::IppOperationBuilder;
use ipp::parser::IppParseError;
use ipp::payload::IppPayload;
use ipp::request::IppRequestResponse;
use ipp::value::IppValue;
use tokio::time::{Instant, sleep};

use super::wire::{Answer, WireError};
use super::{IppPrinter, Job, PrinterFault, When};
use crate::stop::StopSignal;

/// Whose jobs these are, to the printer.
const OWNER: &str = "kiosk";

/// Between two looks at a job.
const LOOK_AGAIN: Duration = Duration::from_millis(150);

/// How long a cancelled job may take to end before it counts as lost.
const CANCEL_LIMIT: Duration = Duration::from_secs(5);

/// So many looks at a job may fail one after the other before the printer counts as gone.
const SILENT_LOOKS: u8 = 3;

/// `client-error-not-found` and `client-error-gone` (RFC 8011, appendix B.1.4).
const NOT_FOUND: u16 = 0x0406;
const GONE: u16 = 0x0407;

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
    /// The job was to be cancelled, and the printer did not confirm it: paper may still come out.
    #[error("the printer did not confirm that the job was cancelled")]
    MayStillPrint,
}

/// `job-state` (RFC 8011, section 5.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JobState {
    /// 3 pending, 4 pending-held, 5 processing.
    UnderWay,
    /// 6 processing-stopped.
    Stopped,
    /// It will print nothing more.
    Ended(JobEnd),
}

/// How a job ended, with the pages that the printer counted, if it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JobEnd {
    /// 7 canceled, 8 aborted; or the printer knows nothing of it.
    Dead(Option<u32>),
    /// 9 completed.
    Completed(Option<u32>),
}

impl JobEnd {
    const fn printed(self) -> Option<u32> {
        match self {
            Self::Dead(counted) | Self::Completed(counted) => counted,
        }
    }
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
    end_the_last(printer).await?;
    let id = create(printer, job.copies).await?;
    printer.last_job.may_print(id);
    let ended = match send(printer, id, job.document).await {
        Ok(()) => watch(printer, id, stop).await,
        Err(failure) => Err(failure),
    };
    let ended = match ended {
        Ok(counted) => all_out(printer, counted, job.sheets()),
        Err(failure) => match give_up(printer, id).await {
            // It was done before it could be stopped: the paper is there.
            Some(JobEnd::Completed(counted)) => all_out(printer, counted, job.sheets()),
            Some(JobEnd::Dead(_)) => Err(failure),
            None => return Err(PrintFailure::MayStillPrint),
        },
    };
    printer.last_job.ended();
    ended
}

/// Sees that the job before has ended, whose cancel was not confirmed: until then nothing else is
/// printed, and afterwards nothing before staff has looked into the tray. It is about a number:
/// whose paper it was nobody knows any more.
pub(super) async fn end_the_last(printer: &IppPrinter) -> Result<(), PrinterFault> {
    if let Some(id) = printer.last_job.may_still_print() {
        cancel(printer, id).await;
        match end(printer, id).await {
            Ok(Some(ended)) => printer.last_job.ended_unseen(ended.printed()),
            Ok(None) => return Err(PrinterFault::JobNotEnded),
            Err(WireError::Silent) => return Err(PrinterFault::Offline),
            Err(WireError::Unintelligible | WireError::Status(_)) => {
                return Err(PrinterFault::JobNotEnded);
            }
        }
    }
    match printer.last_job.is_paper_left() {
        true => Err(PrinterFault::PaperLeft),
        false => Ok(()),
    }
}

/// Makes a job without a document; one that never gets its document prints nothing.
async fn create(printer: &IppPrinter, copies: u8) -> Result<i32, PrintFailure> {
    let operation = create_operation(printer, copies).map_err(|_| PrinterFault::Other)?;
    match printer.wire.exchange(Owned(operation), &[]).await {
        Ok(answer) => answer
            .number(DelimiterTag::JobAttributes, "job-id")
            .ok_or(PrintFailure::Fault(PrinterFault::Other)),
        Err(error) => Err(not_taken(printer, error).await),
    }
}

/// The job says nothing about whose page it is: neither its name nor its owner.
fn create_operation(printer: &IppPrinter, copies: u8) -> Result<impl IppOperation, IppParseError> {
    IppOperationBuilder::create_job(printer.wire.uri.clone())
        .job_name("certificate")
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

/// Gives the job its document.
async fn send(printer: &IppPrinter, id: i32, document: &[u8]) -> Result<(), PrintFailure> {
    let operation =
        IppOperationBuilder::send_document(printer.wire.uri.clone(), id, IppPayload::empty())
            .user_name(OWNER)
            .document_format("application/pdf")
            .build()
            .map_err(|_| PrinterFault::Other)?;
    match printer.wire.exchange(operation, document).await {
        // Where only the answer was lost the job goes on: its state tells.
        Ok(_) | Err(WireError::Silent) => Ok(()),
        Err(error) => Err(not_taken(printer, error).await),
    }
}

async fn not_taken(printer: &IppPrinter, error: WireError) -> PrintFailure {
    match error {
        WireError::Status(status) => reason(printer, PrintFailure::Refused(status)).await,
        WireError::Silent | WireError::Unintelligible => PrinterFault::from(error).into(),
    }
}

/// An operation with an owner: the builder of Create-Job gives it none, and print servers let
/// only the owner cancel.
struct Owned<O>(O);

impl<O: IppOperation> IppOperation for Owned<O> {
    fn into_ipp_request(self) -> IppRequestResponse {
        let mut request = self.0.into_ipp_request();
        let group = DelimiterTag::OperationAttributes;
        // Five letters are a name, whose limit is 255 bytes.
        if let Ok(name) = OWNER.to_owned().try_into() {
            request.attributes_mut().add(
                group,
                IppAttribute::new(
                    IppAttributeName::REQUESTING_USER_NAME,
                    IppValue::NameWithoutLanguage(name),
                ),
            );
        }
        request
    }
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
            Ok(JobState::Ended(JobEnd::Completed(counted))) => return Ok(counted),
            Ok(JobState::Ended(JobEnd::Dead(_))) => {
                return Err(reason(printer, PrintFailure::GaveUp).await);
            }
            Ok(JobState::Stopped) => {
                return Err(reason(printer, PrinterFault::Other.into()).await);
            }
            Ok(JobState::UnderWay) => {
                silent = 0;
                // Paper that comes out when staff has cleared a fault would come out for nobody.
                if let Ok(Some(fault)) = printer.blocking_fault(When::InAJob).await {
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

/// Cancels the job and sees that it ended; `None` where the printer does not say so in time. One
/// that is silent meanwhile is asked again: the job may go on.
async fn give_up(printer: &IppPrinter, id: i32) -> Option<JobEnd> {
    let limit = Instant::now() + CANCEL_LIMIT;
    let mut told = false;
    loop {
        told = told || cancel(printer, id).await;
        if let Ok(Some(ended)) = end(printer, id).await {
            return Some(ended);
        }
        if Instant::now() > limit {
            return None;
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// How the job ended; `None` while it has not. A printer that knows no such job prints none.
async fn end(printer: &IppPrinter, id: i32) -> Result<Option<JobEnd>, WireError> {
    match state(printer, id).await {
        Ok(JobState::Ended(ended)) => Ok(Some(ended)),
        Ok(JobState::UnderWay | JobState::Stopped) => Ok(None),
        Err(WireError::Status(NOT_FOUND | GONE)) => Ok(Some(JobEnd::Dead(None))),
        Err(error) => Err(error),
    }
}

/// Whether the printer was told. A job that ended already cannot be cancelled; its state tells.
async fn cancel(printer: &IppPrinter, id: i32) -> bool {
    let operation = IppOperationBuilder::cancel_job(printer.wire.uri.clone(), id)
        .user_name(OWNER)
        .build();
    match operation {
        Ok(operation) => !matches!(
            printer.wire.exchange(operation, &[]).await,
            Err(WireError::Silent)
        ),
        Err(_) => true,
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
        Some(7 | 8) => Ok(JobState::Ended(JobEnd::Dead(counted(&answer)))),
        Some(9) => Ok(JobState::Ended(JobEnd::Completed(counted(&answer)))),
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
