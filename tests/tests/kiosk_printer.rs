//! The kiosk's printing on a real IPP printer, and every way in which it fails.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fixtures::stage::printer::{Behaviour, Printer};
use kiosk_agent::printer::{
    IppPrinter, Job, PrintFailure, PrintLimits, Printer as _, PrinterFault,
};
use kiosk_agent::stop::{StopSignal, StopSwitch, stop_switch};

const PAGE: &[u8] = b"%PDF-1.7\nonly the printer's reference implementation reads this\n";

struct Stand {
    printer: Printer,
    kiosk: IppPrinter,
    _folder: tempfile::TempDir,
}

fn stand(behaviour: Behaviour) -> Stand {
    let folder = tempfile::tempdir().unwrap();
    let printer = Printer::start(folder.path(), behaviour).unwrap();
    let kiosk = kiosk(&printer.uri());
    Stand {
        printer,
        kiosk,
        _folder: folder,
    }
}

fn kiosk(uri: &str) -> IppPrinter {
    let limits = PrintLimits {
        answer: Duration::from_secs(5),
        job: Duration::from_secs(2),
        counts_pages: true,
    };
    IppPrinter::new(uri, Vec::new(), limits).unwrap()
}

const fn job(pages: u8, copies: u8) -> Job<'static> {
    Job {
        document: PAGE,
        pages,
        copies,
    }
}

/// A signal that nobody switches on while the switch is held.
fn going_on() -> (StopSwitch, StopSignal) {
    stop_switch()
}

#[tokio::test]
async fn what_is_printed_is_what_was_sent_and_nothing_stays_in_the_queue() {
    let stand = stand(Behaviour::Prints);
    let (_switch, go_on) = going_on();
    stand.kiosk.ready().await.unwrap();
    stand.kiosk.print(job(1, 2), &go_on).await.unwrap();
    let printed = stand.printer.printed().unwrap();
    assert_eq!(printed.len(), 1);
    assert_eq!(std::fs::read(&printed[0]).unwrap(), PAGE);
    assert_eq!(std::fs::read_dir(stand.printer.spool()).unwrap().count(), 0);
}

#[tokio::test]
async fn faults_of_the_printer_have_their_names() {
    for (behaviour, fault) in [
        (Behaviour::Jams, PrinterFault::PaperJam),
        (Behaviour::RunsOutOfPaper, PrinterFault::PaperOut),
        (Behaviour::HasItsDoorOpen, PrinterFault::DoorOpen),
    ] {
        let mut stand = stand(behaviour);
        let (_switch, go_on) = going_on();
        let printed = stand.kiosk.print(job(1, 1), &go_on).await;
        assert_eq!(printed, Err(PrintFailure::Fault(fault)));
        assert_eq!(stand.kiosk.ready().await, Err(fault));
        stand.printer.repair(Behaviour::Prints).unwrap();
        assert_eq!(stand.kiosk.ready().await, Ok(()));
    }
}

#[tokio::test]
async fn a_printer_that_is_not_there_is_offline() {
    let kiosk = kiosk(&Printer::absent_uri().unwrap());
    let (_switch, go_on) = going_on();
    assert_eq!(kiosk.ready().await, Err(PrinterFault::Offline));
    assert_eq!(
        kiosk.print(job(1, 1), &go_on).await,
        Err(PrintFailure::Fault(PrinterFault::Offline))
    );
}

#[tokio::test]
async fn a_job_that_hangs_is_cancelled() {
    let stand = stand(Behaviour::StopsMidJob);
    let (_switch, go_on) = going_on();
    assert_eq!(
        stand.kiosk.print(job(1, 1), &go_on).await,
        Err(PrintFailure::TookTooLong)
    );
    assert_eq!(stand.printer.jobs_started(), 1);
}

#[tokio::test]
async fn a_printer_that_dies_mid_job_is_offline() {
    let mut stand = stand(Behaviour::StopsMidJob);
    let (_switch, go_on) = going_on();
    let kiosk = stand.kiosk.clone();
    let printing = tokio::spawn(async move { kiosk.print(job(1, 1), &go_on).await });
    let printer = tokio::task::spawn_blocking(move || {
        stand.printer.wait_for_jobs(1).unwrap();
        stand.printer.cut_power();
        stand
    });
    assert_eq!(
        printing.await.unwrap(),
        Err(PrintFailure::Fault(PrinterFault::Offline))
    );
    assert!(printer.await.unwrap().printer.printed().unwrap().is_empty());
}

#[tokio::test]
async fn a_job_is_cancelled_when_the_session_stops() {
    let stand = stand(Behaviour::StopsMidJob);
    let (switch, signal) = stop_switch();
    let kiosk = stand.kiosk.clone();
    let printing = tokio::spawn(async move { kiosk.print(job(1, 1), &signal).await });
    let stand = tokio::task::spawn_blocking(move || {
        stand.printer.wait_for_jobs(1).unwrap();
        stand
    })
    .await
    .unwrap();
    switch.stop();
    assert_eq!(printing.await.unwrap(), Err(PrintFailure::Stopped));
    assert!(stand.printer.printed().unwrap().is_empty());
}

#[tokio::test]
async fn a_job_without_its_pages_is_a_failure() {
    let stand = stand(Behaviour::PrintsNothing);
    let (_switch, go_on) = going_on();
    assert_eq!(
        stand.kiosk.print(job(1, 1), &go_on).await,
        Err(PrintFailure::PagesMissing {
            printed: 0,
            expected: 1
        })
    );
}

#[tokio::test]
async fn a_document_of_two_pages_of_which_one_came_out_is_a_failure() {
    // The printer of the stage counts one page for each copy.
    let stand = stand(Behaviour::Prints);
    let (_switch, go_on) = going_on();
    assert_eq!(
        stand.kiosk.print(job(2, 3), &go_on).await,
        Err(PrintFailure::PagesMissing {
            printed: 3,
            expected: 6
        })
    );
}

/// Passes requests on to a printer, and loses the answer to the one with the document.
fn losing_proxy(printer: &str) -> String {
    let (address, path) = printer["ipp://".len()..].split_once('/').unwrap();
    let address = address.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for kiosk in listener.incoming().map_while(Result::ok) {
            let printer = TcpStream::connect(&address).unwrap();
            let document_sent = Arc::new(AtomicBool::new(false));
            let sent = document_sent.clone();
            let (from_kiosk, to_printer) =
                (kiosk.try_clone().unwrap(), printer.try_clone().unwrap());
            std::thread::spawn(move || {
                pass_on(from_kiosk, to_printer, |bytes| {
                    sent.fetch_or(bytes.ends_with(PAGE), Ordering::SeqCst);
                    true
                });
            });
            std::thread::spawn(move || {
                pass_on(printer, kiosk, |_| !document_sent.load(Ordering::SeqCst));
            });
        }
    });
    format!("ipp://localhost:{port}/{path}")
}

/// Passes bytes on for as long as it may.
fn pass_on(mut from: TcpStream, mut to: TcpStream, mut may: impl FnMut(&[u8]) -> bool) {
    let mut buffer = [0; 8192];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if !may(&buffer[..length]) || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

#[tokio::test]
async fn a_job_whose_acceptance_was_lost_is_still_the_kiosk_s() {
    let stand = stand(Behaviour::Prints);
    let (_switch, go_on) = going_on();
    let kiosk = kiosk(&losing_proxy(&stand.printer.uri()));
    // Its number is known, so it is waited for as any other.
    assert_eq!(kiosk.print(job(1, 1), &go_on).await, Ok(()));
    assert_eq!(stand.printer.printed().unwrap().len(), 1);
}
