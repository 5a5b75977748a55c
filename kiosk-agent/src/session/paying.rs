//! The fee, between confirmation and order. What was taken is kept or refunded by
//! [`settlement`] once it is known how the certificate went, whatever happens in between.

use domain::Yen;

use super::applying::Applied;
use super::choosing::Confirmed;
use super::delivering::Printed;
use super::{CardReader, Ending, Kiosk, Record, Resident};
use crate::payment::{
    GivenBack, NotPaid, NotPaidReason, Paid, PaymentMethod, Settled, Settlement, settlement,
};
use crate::printer::Printer;
use crate::screens::Screen;
use crate::server_link::Server;
use crate::settings::seconds;
use crate::stop::stop_switch;

/// What was confirmed is paid for.
pub(super) struct PaidFor {
    confirmed: Confirmed,
    paid: Paid,
}

impl Confirmed {
    /// Takes the fee, of a printer that can print.
    pub(super) async fn pay<S: Server, C: CardReader, P: Printer, R: Resident>(
        mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<PaidFor, Ending> {
        kiosk.resident.show(&Screen::Connecting);
        kiosk.printer_ready().await?;
        let method = self.method(kiosk).await?;
        let paid = self.collect(kiosk, method).await?;
        Ok(PaidFor {
            confirmed: self,
            paid,
        })
    }

    /// Takes the fee. Cancelled, or where nobody pays on for a while, what was put in comes back
    /// before this ends. Each coin gives the whole time again.
    async fn collect<S: Server, C: CardReader, P: Printer, R: Resident>(
        &mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
        method: PaymentMethod,
    ) -> Result<Paid, Ending> {
        let (payment, resident) = (kiosk.payment.clone(), &mut kiosk.resident);
        let (give_up, told) = stop_switch();
        let turn = kiosk.patience.turn(seconds(kiosk.times.decide_seconds));
        let mut progress = |now| {
            kiosk.patience.more();
            resident.show(&Screen::Paying(now));
        };
        let mut collecting = payment.collect(self.fee, method, &told, &mut progress);
        let given_up = tokio::select! {
            biased;
            collected = &mut collecting => Err(collected),
            () = kiosk.stop.on() => Ok(Ending::Stopped),
            over = turn.over() => Ok(over.into()),
            never = self.applied.keep_ticket(&mut kiosk.server) => match never {},
        };
        let (collected, ending) = match given_up {
            Ok(ending) => {
                give_up.stop();
                (collecting.await, Some(ending))
            }
            Err(collected) => {
                drop(collecting);
                (collected, None)
            }
        };
        let not_paid = match collected {
            // It was there at the last moment. Where the session was stopped it goes back.
            Ok(paid) => return Ok(paid),
            Err(not_paid) => not_paid,
        };
        show_given_back(&mut kiosk.resident, not_paid.given_back);
        match (ending, not_paid) {
            (
                Some(ending),
                NotPaid {
                    reason: NotPaidReason::Stopped,
                    given_back: GivenBack { owed: Yen(0), .. },
                },
            ) => Err(ending),
            (_, not_paid) => Err(not_paid.into()),
        }
    }

    /// How the fee is paid; asked where there is a choice.
    async fn method<S: Server, C: CardReader, P: Printer, R: Resident>(
        &mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<PaymentMethod, Ending> {
        let methods = kiosk.payment.methods();
        let not_offered = Ending::NotPaid(NotPaid {
            reason: NotPaidReason::NotOffered,
            given_back: GivenBack::default(),
        });
        match methods[..] {
            _ if self.fee.0 == 0 => Ok(PaymentMethod::AtTheStore),
            [] => Err(not_offered),
            [only] => Ok(only),
            [..] => {
                let turn = kiosk.patience.turn(seconds(kiosk.times.decide_seconds));
                let asking = kiosk.resident.payment_method(self.fee, &methods);
                let answered = self
                    .applied
                    .answer(&mut kiosk.server, &kiosk.stop, turn, asking);
                let method = answered.await?;
                let offered = methods.contains(&method);
                offered.then_some(method).ok_or(not_offered)
            }
        }
    }
}

impl PaidFor {
    /// Orders and prints. The fee is settled while the paper is taken; where none came out, the
    /// fee is kept or given back before anything else.
    pub(super) async fn issue<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
        record: &mut Record<C::ToTake>,
    ) -> Result<Applied, Ending> {
        let Self { confirmed, paid } = self;
        let (ended, settled) = match issue(confirmed, kiosk, record).await {
            Ok(printed) => printed.until_taken(kiosk, settle(paid, Ok(()))).await,
            Err(ending) => (Err(ending), settle(paid, Err(&ending)).await),
        };
        record.settled = Some(settled);
        if let Settled::Refunded(back) = settled {
            show_given_back(&mut kiosk.resident, back);
        }
        ended
    }
}

async fn settle(paid: Paid, delivered: Result<(), &Ending>) -> Settled {
    match settlement(delivered) {
        Settlement::Keep => paid.keep().await,
        Settlement::Refund => paid.refund().await,
    }
}

/// Says what came back of the money, where any was put in; the ending says it again.
fn show_given_back<R: Resident>(resident: &mut R, back: GivenBack) {
    if back != GivenBack::default() {
        resident.show(&Screen::GivenBack(back));
    }
}

async fn issue<S: Server, C: CardReader, P: Printer, R: Resident>(
    confirmed: Confirmed,
    kiosk: &mut Kiosk<S, C, P, R>,
    record: &mut Record<C::ToTake>,
) -> Result<Printed, Ending> {
    let ordered = confirmed.order(kiosk, record).await?;
    ordered.deliver(kiosk, record).await
}
