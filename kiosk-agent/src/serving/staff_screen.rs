//! The staff screen, from the idle screen only, until it is closed or left alone.

use super::Serving;
use crate::browser::BrowserError;
use crate::printer::Printer;
use crate::server_link::Server;
use crate::session::{CardReader, Ending, NotDelivered};
use crate::settings::seconds;
use crate::staff::{Act, StaffSheet, TestPage, TestPrint};
use crate::stop::StopSignal;
use crate::touch_screen::StaffCode;

impl<S: Server, C: CardReader, P: Printer + Sync> Serving<S, C, P> {
    /// Opens for the right code, and does what staff chooses. A wrong code looks like nothing.
    ///
    /// # Errors
    /// Where the browser may still live.
    pub(super) async fn staff_screen(
        &mut self,
        code: StaffCode,
        stop: &StopSignal,
    ) -> Result<(), BrowserError> {
        let Some(gate) = &mut self.staff.gate else {
            return Ok(());
        };
        if !gate.opens(code).await {
            tracing::warn!("a wrong staff code");
            return Ok(());
        }
        tracing::info!("staff screen opened");
        let mut test_print = TestPrint::None;
        while let Some(act) = self.chosen(test_print, stop).await {
            match act {
                Act::TestPrint => test_print = self.print_test_page(stop).await,
                Act::TrayIsEmpty => {
                    self.kiosk.printer.tray_is_empty();
                    tracing::info!("staff saw that the tray is empty");
                }
                Act::PaidByHand(id) => {
                    let paid = self.kiosk.payment.paid_by_hand(id).await;
                    tracing::info!(paid, "paid out by hand");
                }
                Act::ReplaceBrowser => {
                    self.replace_browser().await?;
                    break;
                }
                Act::Leave => break,
            }
        }
        self.display.wipe();
        Ok(())
    }

    /// Shows the sheet and waits for a choice; `None` where nobody makes one.
    async fn chosen(&mut self, test_print: TestPrint, stop: &StopSignal) -> Option<Act> {
        self.staff.counters.turn(self.kiosk.clock.as_ref());
        let devices = self.devices().await;
        let sheet = StaffSheet::new(devices, self.staff.counters.clone(), test_print);
        let acts = sheet.acts();
        let turn = self.kiosk.patience.turn(seconds(self.staff.leave_seconds));
        let chosen = tokio::select! {
            biased;
            () = stop.on() => None,
            chosen = self.display.staff(sheet) => chosen,
            _ = turn.over() => None,
        }?;
        let mut acts = acts.into_iter();
        acts.find(|(id, _, _)| id == chosen.as_str())
            .map(|(_, _, act)| act)
    }

    async fn print_test_page(&self, stop: &StopSignal) -> TestPrint {
        let page = TestPage::at(self.kiosk.clock.now());
        match self.kiosk.printer.print(page.job(), stop).await {
            Ok(()) => TestPrint::Printed,
            Err(failure) => {
                let ending = Ending::NotDelivered {
                    cause: NotDelivered::Print(failure),
                    reported: true,
                };
                TestPrint::Failed(ending.staff_code())
            }
        }
    }
}
