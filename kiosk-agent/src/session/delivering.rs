//! The order, and the way of its page to paper. Once a certificate is issued, what becomes of it
//! is reported, whatever that is.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use application::FixedBytes;
use application::messages::{OrderRequest, Outcome, OutcomeReport};
use domain::{CertificateId, CertificateKind, MunicipalityCode};
use zeroize::Zeroizing;

use super::applying::Applied;
use super::asking::{answer, blocking_within};
use super::choosing::Confirmed;
use super::page_check::PageRefused;
use super::{CardReader, Ending, Kiosk, NotDelivered, Record, Resident};
use crate::payment::Settled;
use crate::printer::{Job, PrintFailure, Printer};
use crate::screens::Screen;
use crate::server_link::{LinkError, Server};
use crate::settings::seconds;
use crate::stop::stop_switch;

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

/// Every page is out, and lies in the printer's tray; the server does not know it yet.
pub(super) struct Printed {
    applied: Applied,
    issued: Issued,
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
        kiosk.resident.show(&Screen::Issuing);
        kiosk.printer_ready().await?;
        if kiosk.stop.is_on() {
            return Err(Ending::Stopped);
        }
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
    /// Checks the page and prints it. Where it does not come out, that is reported.
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
        match printed {
            Ok(pages) => {
                record.not_delivered = None;
                record.delivered.push(issued.certificate_id);
                record.pages += pages;
                Ok(Printed {
                    applied,
                    issued,
                    copies,
                })
            }
            // Nobody knows whether it comes out: the server, too, keeps it open.
            Err(cause @ NotDelivered::Print(PrintFailure::MayStillPrint)) => {
                let reported = false;
                Err(Ending::NotDelivered { cause, reported })
            }
            Err(cause) => {
                let outcome = Outcome::NotDelivered;
                let reporting = report(&mut kiosk.server, &mut applied, issued, outcome);
                let reported = reporting.await.is_ok();
                Err(Ending::NotDelivered { cause, reported })
            }
        }
    }
}

impl Printed {
    /// Asks for the paper to be taken, and reminds until it is said to be (control C10). Where
    /// nobody says so the session is over all the same: nobody is there. Whoever cancelled too
    /// late for the printer to stop has paper to take like everybody else.
    ///
    /// Meanwhile the server is told and the fee settled: paper waits for neither. Both are over
    /// afterwards.
    pub(super) async fn until_taken<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
        settling: impl Future<Output = Settled>,
    ) -> (Result<Applied, Ending>, Settled) {
        let Self {
            mut applied,
            issued,
            copies,
        } = self;
        // Whoever needed long has paper to take like everybody else.
        kiosk.patience.end_at(None);
        let turn = kiosk.patience.turn(seconds(kiosk.times.take_paper_seconds));
        let remind = seconds(kiosk.times.remind_seconds);
        let (resident, server) = (&mut kiosk.resident, &mut kiosk.server);
        let (_switch, go_on) = stop_switch();
        let stop = if kiosk.stop.is_on() {
            &go_on
        } else {
            &kiosk.stop
        };
        let is_settled = AtomicBool::new(false);
        let taking = async {
            resident.show(&Screen::TakePaper { copies });
            let taken = answer(stop, turn, resident.paper_taken(copies, remind)).await;
            if !is_settled.load(Ordering::Relaxed) {
                resident.show(&Screen::Connecting);
            }
            taken
        };
        let mut taking = pin!(taking);
        let (early, settled) = {
            let reporting = report(server, &mut applied, issued, Outcome::Delivered);
            let mut both = pin!(async {
                // Where the report is lost the server keeps it open, and the resident has what was
                // paid for.
                let (_, settled) = tokio::join!(reporting, settling);
                is_settled.store(true, Ordering::Relaxed);
                settled
            });
            tokio::select! {
                settled = &mut both => (None, settled),
                taken = &mut taking => (Some(taken), both.await),
            }
        };
        let taken = match early {
            Some(taken) => taken,
            None => tokio::select! {
                taken = taking => taken,
                never = applied.keep_ticket(server) => match never {},
            },
        };
        (
            taken.map(|()| applied).map_err(|_| Ending::Delivered),
            settled,
        )
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

async fn report<S: Server>(
    server: &mut S,
    applied: &mut Applied,
    issued: Issued,
    outcome: Outcome,
) -> Result<(), LinkError> {
    let request = OutcomeReport {
        ticket: applied.ticket.fresh(server).await?,
        municipality: issued.municipality,
        certificate_id: issued.certificate_id,
        outcome,
    };
    server.call(&request).await.map(drop)
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
