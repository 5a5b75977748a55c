//! Printers: one whose pages go to the checker, and a real one whose pages go there too.

use std::time::Duration;

use domain::CertificateKind;
use fixtures::stage::printer;
use kiosk_agent::printer::{IppPrinter, Job, PrintFailure, PrintLimits, Printer, PrinterFault};
use kiosk_agent::stop::StopSignal;
use std::sync::Arc;

use super::dice;
use super::swap::Swaps;
use super::world::World;

/// One print in so many jams before anything came out.
const ONE_JAMMED_IN: u64 = 60;
/// The longest pause before a page comes out, and after it, in milliseconds: to be killed in.
const LONGEST_PAUSE: u64 = 30;

/// A page that came out, and who stood there.
#[derive(Debug)]
pub(super) struct Printed {
    /// Whose session it was.
    pub(super) resident: usize,
    /// What was ordered.
    pub(super) kind: CertificateKind,
    /// The very bytes.
    pub(super) document: Vec<u8>,
}

/// The printer of one session.
pub(super) struct Paper {
    pub(super) world: Arc<World>,
    pub(super) resident: usize,
    pub(super) kind: CertificateKind,
    pub(super) real: Option<Arc<RealPrinter>>,
}

/// A real printer, with one agent in front of it.
pub(super) struct RealPrinter {
    pub(super) printer: IppPrinter,
    pub(super) stage: printer::Printer,
}

impl RealPrinter {
    /// Starts one.
    pub(super) fn start(folder: &std::path::Path) -> Self {
        let stage = printer::Printer::start(folder, printer::Behaviour::Prints).unwrap();
        let limits = PrintLimits {
            answer: Duration::from_secs(30),
            job: Duration::from_secs(60),
            counts_pages: true,
        };
        let printer = IppPrinter::new(&stage.uri(), Vec::new(), limits).unwrap();
        Self { printer, stage }
    }

    /// Prints, and gives what came out.
    async fn print(&self, job: Job<'_>, stop: &StopSignal) -> Result<Vec<u8>, PrintFailure> {
        self.printer.print(job, stop).await?;
        let printed = self.stage.printed().unwrap();
        Ok(std::fs::read(printed.last().unwrap()).unwrap())
    }
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(dice::below(LONGEST_PAUSE))).await;
}

impl Printer for Paper {
    async fn ready(&self) -> Result<(), PrinterFault> {
        Ok(())
    }

    async fn print(&self, job: Job<'_>, stop: &StopSignal) -> Result<(), PrintFailure> {
        pause().await;
        if dice::one_in(ONE_JAMMED_IN) {
            return Err(PrinterFault::PaperJam.into());
        }
        let document = match &self.real {
            Some(printer) => printer.print(job, stop).await?,
            None => job.document.to_vec(),
        };
        let document = match self.world.load.swaps {
            Swaps::OnPaper(one_in) => self.world.swapper.pass(self.resident, document, one_in),
            Swaps::None | Swaps::InReplies(_) => document,
        };
        let printed = Printed {
            resident: self.resident,
            kind: self.kind,
            document,
        };
        self.world.came_out(printed).await;
        pause().await;
        Ok(())
    }
}
