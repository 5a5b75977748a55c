//! The order, and the way of its page to paper. Once a certificate is issued, what becomes of it
//! is reported, whatever that is.

use application::FixedBytes;
use std::time::Duration;

use application::messages::{OrderRequest, Outcome, OutcomeReport};
use domain::{CertificateId, CertificateKind, MunicipalityCode};
use zeroize::Zeroizing;

use super::applying::Applied;
use super::asking::blocking_within;
use super::choosing::Confirmed;
use super::page_check::PageRefused;
use super::{CardReader, Ending, Kiosk, NotDelivered, Record, Resident};
use crate::printer::{Job, PrintFailure, Printer};
use crate::screens::Screen;
use crate::server_link::{LinkError, Server};
use crate::settings::seconds;

/// How long reading a document back may take: a hundred times what one of ours takes
/// (`docs/adr/0004-read-back.md`).
const PAGE_CHECK_LIMIT: Duration = Duration::from_secs(10);

/// A certificate is on record, and its page is here.
pub(super) struct Ordered {
    applied: Applied,
    issued: Issued,
    page: Option<Zeroizing<Vec<u8>>>,
    copies: u8,
}

/// Every page is out, and lies in the printer's tray.
pub(super) struct Printed {
    applied: Applied,
    copies: u8,
}

#[derive(Clone, Copy)]
struct Issued {
    certificate_id: CertificateId,
    kind: CertificateKind,
    municipality: MunicipalityCode,
}

impl Confirmed {
    /// Orders, under a key that makes a repeated order the same order. Told to stop meanwhile,
    /// it still waits for the answer: a certificate may be on record.
    pub(super) async fn order<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
        record: &mut Record<C::ToTake>,
    ) -> Result<Ordered, Ending> {
        let Self {
            mut applied,
            municipality,
            kind,
            copies,
            fee,
        } = self;
        kiosk
            .printer
            .ready()
            .await
            .map_err(Ending::PrinterNotReady)?;
        if kiosk.stop.is_on() {
            return Err(Ending::Stopped);
        }
        kiosk.resident.show(&Screen::Issuing);
        let mut key = [0; 16];
        kiosk.random.fill(&mut key);
        let request = OrderRequest {
            ticket: applied.ticket.fresh(&mut kiosk.server).await?,
            municipality: municipality.code,
            kind,
            copies,
            fee,
            idempotency_key: FixedBytes(key),
        };
        let reply = kiosk.server.call(&request).await.map_err(unanswered)?;
        record.not_delivered = Some(reply.certificate_id);
        Ok(Ordered {
            applied,
            issued: Issued {
                certificate_id: reply.certificate_id,
                kind,
                municipality: municipality.code,
            },
            page: reply
                .document
                .map(|document| Zeroizing::new(std::mem::take(&mut document.into_exposed().0))),
            copies: copies.get(),
        })
    }
}

/// An order that was refused was not carried out; one without an answer may have been.
const fn unanswered(error: LinkError) -> Ending {
    if error.may_be_carried_out() {
        Ending::OrderUncertain(error)
    } else {
        Ending::Server(error)
    }
}

impl Ordered {
    /// Checks the page, prints it, reports what became of it.
    pub(super) async fn deliver<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
        record: &mut Record<C::ToTake>,
    ) -> Result<Printed, Ending> {
        let Self {
            mut applied,
            issued,
            page,
            copies,
        } = self;
        let printed = match page {
            Some(page) => print(kiosk, &applied, issued, page, copies).await,
            None => Err(NotDelivered::Page(PageRefused::NoPage)),
        };
        let outcome = match printed {
            Ok(_) => Outcome::Delivered,
            Err(_) => Outcome::NotDelivered,
        };
        let reported = report(kiosk, &mut applied, issued, outcome).await.is_ok();
        match printed {
            Ok(pages) => {
                // The pages are out. Where the report is lost the server keeps it open, and the
                // resident has what was paid for.
                record.not_delivered = None;
                record.delivered.push(issued.certificate_id);
                record.pages += pages;
                Ok(Printed { applied, copies })
            }
            Err(cause) => Err(Ending::NotDelivered { cause, reported }),
        }
    }
}

impl Printed {
    /// Asks for the paper to be taken, and reminds until it is said to be (control C10). Where
    /// nobody says so the session is over all the same: nobody is there. Whoever cancelled too
    /// late for the printer to stop has paper to take like everybody else.
    pub(super) async fn until_taken<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<Applied, Ending> {
        let Self {
            mut applied,
            copies,
        } = self;
        let remind = seconds(kiosk.times.remind_seconds);
        let turn = kiosk.patience.turn(seconds(kiosk.times.take_paper_seconds));
        kiosk.resident.show(&Screen::TakePaper { copies });
        let asking = kiosk.resident.paper_taken(copies, remind);
        let (_switch, go_on) = crate::stop::stop_switch();
        let stop = if kiosk.stop.is_on() {
            &go_on
        } else {
            &kiosk.stop
        };
        let answered = applied.answer(&mut kiosk.server, stop, turn, asking);
        match answered.await {
            Ok(()) => Ok(applied),
            Err(_) => Err(Ending::Delivered),
        }
    }
}

/// Prints the page if it is this card's holder's, and wipes it. Gives how many pages came out.
async fn print<S: Server, C: CardReader, P: Printer, R: Resident>(
    kiosk: &mut Kiosk<S, C, P, R>,
    applied: &Applied,
    issued: Issued,
    page: Zeroizing<Vec<u8>>,
    copies: u8,
) -> Result<u32, NotDelivered> {
    if kiosk.stop.is_on() {
        return Err(NotDelivered::Print(PrintFailure::Stopped));
    }
    let (verifier, seal) = (kiosk.verifier.clone(), applied.seal.clone());
    let checking = blocking_within(PAGE_CHECK_LIMIT, move || {
        let checked = verifier.check(&page, issued.certificate_id, issued.kind, &seal);
        (page, checked)
    });
    let (page, checked) = checking
        .await
        .ok_or(NotDelivered::Page(PageRefused::TookTooLong))?;
    let job = Job {
        document: &page,
        pages: checked.map_err(NotDelivered::Page)?,
        copies,
    };
    kiosk.resident.show(&Screen::Printing { copies });
    kiosk
        .printer
        .print(job, &kiosk.stop)
        .await
        .map_err(NotDelivered::Print)?;
    Ok(job.sheets())
}

async fn report<S: Server, C: CardReader, P: Printer, R: Resident>(
    kiosk: &mut Kiosk<S, C, P, R>,
    applied: &mut Applied,
    issued: Issued,
    outcome: Outcome,
) -> Result<(), LinkError> {
    let request = OutcomeReport {
        ticket: applied.ticket.fresh(&mut kiosk.server).await?,
        municipality: issued.municipality,
        certificate_id: issued.certificate_id,
        outcome,
    };
    kiosk.server.call(&request).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use application::{Problem, ProblemType, ReportedProblem};

    #[test]
    fn nothing_was_issued_is_said_only_where_the_server_said_so() {
        let sealed = |kind| LinkError::Refused(ReportedProblem::Known(Problem::new(kind)));
        for open in [
            LinkError::Unreachable,
            sealed(ProblemType::Internal),
            sealed(ProblemType::LookupUnavailable),
        ] {
            let ending = unanswered(open);
            assert_eq!(ending, Ending::OrderUncertain(open));
            assert_eq!(ending.class() as u8, 32);
        }
        let refused = sealed(ProblemType::OrderNotAvailable);
        assert_eq!(unanswered(refused), Ending::Server(refused));
    }
}
