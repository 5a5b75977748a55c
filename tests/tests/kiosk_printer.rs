//! The kiosk's printing on a real IPP printer, and every way in which it fails.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fixtures::stage::printer::{Behaviour, Printer};
use kiosk_agent::printer::{
    IppPrinter, Job, PrintFailure, PrintLimits, Printer as _, PrinterFault,
};
use kiosk_agent::stop::{StopSignal, StopSwitch, stop_switch};
use system_tests::cutting_proxy::{Cable, through};

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
async fn a_printer_that_dies_mid_job_may_still_print() {
    let mut stand = stand(Behaviour::StopsMidJob);
    let (_switch, go_on) = going_on();
    let kiosk = stand.kiosk.clone();
    let printing = tokio::spawn(async move { kiosk.print(job(1, 1), &go_on).await });
    let printer = tokio::task::spawn_blocking(move || {
        stand.printer.wait_for_jobs(1).unwrap();
        stand.printer.cut_power();
        stand
    });
    assert_eq!(printing.await.unwrap(), Err(PrintFailure::MayStillPrint));
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

/// A kiosk whose cable to the printer can be cut.
fn behind_a_cable(printer: &Printer) -> (IppPrinter, Cable) {
    let uri = printer.uri();
    let (address, path) = address(&uri);
    let cable = Cable::default();
    let port = through(&cable, address).port();
    let kiosk = kiosk(&format!("ipp://localhost:{port}/{path}"));
    (kiosk, cable)
}

/// A job whose cable is cut while it prints.
async fn cut_off_mid_job(stand: Stand) -> (Stand, IppPrinter, Cable) {
    let (kiosk, cable) = behind_a_cable(&stand.printer);
    let (_switch, go_on) = going_on();
    let printing = {
        let kiosk = kiosk.clone();
        tokio::spawn(async move { kiosk.print(job(1, 1), &go_on).await })
    };
    let cut = cable.clone();
    let stand = tokio::task::spawn_blocking(move || {
        stand.printer.wait_for_jobs(1).unwrap();
        cut.cut();
        stand
    });
    assert_eq!(printing.await.unwrap(), Err(PrintFailure::MayStillPrint));
    (stand.await.unwrap(), kiosk, cable)
}

#[tokio::test]
async fn a_job_that_was_cut_off_comes_out_for_nobody_else() {
    let (stand, kiosk, cable) = cut_off_mid_job(stand(Behaviour::Waits)).await;
    let (_switch, go_on) = going_on();
    assert_eq!(kiosk.ready().await, Err(PrinterFault::Offline));
    stand.printer.go_on().unwrap();
    while stand.printer.printed().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    cable.mend();
    // The printer is as ready as any other, but for what lies in its tray.
    assert_eq!(stand.kiosk.ready().await, Ok(()));
    for _ in 0..2 {
        let left = PrinterFault::PaperLeft;
        assert_eq!(kiosk.ready().await, Err(left));
        assert_eq!(kiosk.print(job(1, 1), &go_on).await, Err(left.into()));
    }
    kiosk.tray_is_empty();
    assert_eq!(kiosk.ready().await, Ok(()));
    kiosk.print(job(1, 1), &go_on).await.unwrap();
    assert_eq!(stand.printer.printed().unwrap().len(), 2);
}

#[tokio::test]
async fn a_job_that_was_cut_off_is_cancelled_before_anything_else() {
    let (mut stand, kiosk, cable) = cut_off_mid_job(stand(Behaviour::StopsMidJob)).await;
    let (_switch, go_on) = going_on();
    cable.mend();
    while kiosk.ready().await == Err(PrinterFault::JobNotEnded) {
        // Staff cannot know that nothing comes any more.
        kiosk.tray_is_empty();
        let refused = kiosk.print(job(1, 1), &go_on).await;
        assert!(refused.is_err());
        stand.printer.repair(Behaviour::Prints).unwrap();
    }
    // It does not say that no page came out.
    assert_eq!(kiosk.ready().await, Err(PrinterFault::PaperLeft));
    assert!(stand.printer.printed().unwrap().is_empty());
    kiosk.tray_is_empty();
    assert_eq!(kiosk.ready().await, Ok(()));
}

/// Where the printer listens, and the path of its address.
fn address(printer: &str) -> (SocketAddr, &str) {
    let (address, path) = printer["ipp://".len()..].split_once('/').unwrap();
    let address = address.to_socket_addrs().unwrap().next().unwrap();
    (address, path)
}

/// Passes requests on to a printer, and loses the answer to the one with the document.
fn losing_proxy(printer: &str) -> String {
    let (address, path) = address(printer);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for kiosk in listener.incoming().map_while(Result::ok) {
            let printer = TcpStream::connect(address).unwrap();
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
