//! The application goes to the server while the resident takes the card back: the challenge's
//! time runs. Nothing is shown of the answer before the card is off the reader (control C10).

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::pin::pin;
use std::time::Duration;

use application::Bytes;
use application::messages::{
    ApplyRequest, ExtendRequest, HolderTicket, LONGEST_TICKET_SECONDS, OpenReply,
};
use domain::MunicipalityCode;
use tokio::time::Instant;

use super::asking::{answer, unless_stopped};
use super::card_place::overdue;
use super::patience::Turn;
use super::reading::CardRead;
use super::{CardReader, Ending, HolderSeal, Kiosk, NoAnswer, Patience, Record, Resident};
use crate::card::ReaderError;
use crate::printer::Printer;
use crate::screens::Screen;
use crate::server_link::{LinkError, Server};
use crate::settings::{TimeSettings, seconds};
use crate::stop::StopSignal;

/// A ticket with less time left than this is extended before it is used.
const TOO_SHORT: Duration = Duration::from_secs(30);

/// Between two extensions, at least.
const KEPT_AGAIN: Duration = Duration::from_secs(10);

/// The server knows the holder, and the card is off the reader.
pub(super) struct Applied {
    pub(super) open: OpenReply,
    pub(super) ticket: Ticket,
    /// The resident is not waited for any longer, as far as the ticket is needed.
    pub(super) last: Instant,
    pub(super) seal: HolderSeal,
    pub(super) suggested: Option<MunicipalityCode>,
    /// Time from the PIN until the server knew the holder, for the first offer's time.
    pub(super) since_pin: Option<Duration>,
}

/// The holder ticket, and until when it is good.
pub(super) struct Ticket {
    ticket: Bytes,
    good_until: Instant,
}

/// A card that is waited for no longer, and why; none where its reader does not answer.
struct NotTaken<T> {
    card: Option<T>,
    error: ReaderError,
}

impl<T: Send + 'static> CardRead<T> {
    /// Where taking the card is stopped or fails, it is in the record, to be taken back.
    pub(super) async fn apply<S, C, P, R>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
        record: &mut Record<T>,
    ) -> Result<Applied, Ending>
    where
        S: Server,
        C: CardReader<ToTake = T>,
        P: Printer,
        R: Resident,
    {
        let Self {
            open,
            application,
            seal,
            card,
            pin_at,
        } = self;
        let applied_at = Instant::now();
        let applying = apply(&mut kiosk.server, application, pin_at);
        let applying = unless_stopped(&kiosk.stop, applying);
        let taking = async {
            let taken = take_back::<C, R>(
                &mut kiosk.resident,
                &Screen::TakeCard,
                card,
                &kiosk.times,
                &kiosk.patience,
                &kiosk.stop,
            )
            .await;
            if taken.is_ok() {
                // Nobody is asked for a card that they hold in their hand.
                kiosk.resident.show(&Screen::LookingUp);
            }
            taken
        };
        let (applied, taken) = tokio::join!(applying, taking);
        taken.map_err(|NotTaken { card, error }| {
            // Whose time is over is asked for by the idle kiosk, until it is gone.
            record.card = card.filter(|_| error != ReaderError::NotTaken);
            match error {
                ReaderError::NotTaken => Ending::CardForgotten,
                ReaderError::Stopped => Ending::Stopped,
                error @ (ReaderError::NoService
                | ReaderError::NoReader
                | ReaderError::NoCard
                | ReaderError::MuteCard
                | ReaderError::InUse
                | ReaderError::CardLeft
                | ReaderError::Silent
                | ReaderError::Pcsc(_)) => Ending::Reader(error),
            }
        })?;
        let (reply, since_pin) = applied??;
        let last = last_moment(applied_at, &kiosk.times);
        kiosk.patience.end_at(Some(last));
        Ok(Applied {
            open,
            last,
            suggested: reply.suggested_municipality,
            ticket: Ticket::new(reply),
            seal,
            since_pin: Some(since_pin),
        })
    }
}

/// Sends the application and forgets it.
async fn apply<S: Server>(
    server: &mut S,
    application: ApplyRequest,
    pin_at: Instant,
) -> Result<(HolderTicket, Duration), LinkError> {
    let reply = server.call(&application).await?;
    Ok((reply, pin_at.elapsed()))
}

impl<S: Server, C: CardReader, P: Printer, R: Resident> Kiosk<S, C, P, R> {
    /// Asks for a card back after something went wrong. One that nobody takes is seen on the
    /// reader before anybody else is served.
    pub(super) async fn take_back(&mut self, card: C::ToTake) {
        // Nobody can ask to stop waiting for the card.
        let (_switch, go_on) = crate::stop::stop_switch();
        let _ = take_back::<C, R>(
            &mut self.resident,
            &Screen::CardStillThere,
            card,
            &self.times,
            &self.patience,
            &go_on,
        )
        .await;
    }
}

/// Asks for the card to be taken, and reminds until it is.
async fn take_back<C: CardReader, R: Resident>(
    resident: &mut R,
    at_first: &Screen,
    card: C::ToTake,
    times: &TimeSettings,
    patience: &Patience,
    stop: &StopSignal,
) -> Result<(), NotTaken<C::ToTake>> {
    let turn = patience.turn(seconds(times.take_card_seconds));
    resident.show(at_first);
    let (time, told) = (turn.time(), stop.clone());
    let mut taken = tokio::task::spawn_blocking(move || {
        let taken = C::wait_until_taken(&card, &time, &mut || {
            if told.is_on() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        let card = Some(card);
        taken.map_err(|error| NotTaken { card, error })
    });
    let mut overdue = pin!(overdue(&turn, stop));
    loop {
        tokio::select! {
            () = &mut overdue => {
                let (card, error) = (None, ReaderError::Silent);
                return Err(NotTaken { card, error });
            }
            taken = &mut taken => return match taken {
                Ok(taken) => taken,
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            },
            () = tokio::time::sleep(seconds(times.remind_seconds)) => {
                resident.show(&Screen::CardStillThere);
            }
        }
    }
}

/// The moment after which the resident is not waited for any more: what was begun until then can
/// still be ordered, printed and reported under the ticket.
fn last_moment(applied_at: Instant, times: &TimeSettings) -> Instant {
    let life = seconds(LONGEST_TICKET_SECONDS);
    let needed = seconds(times.print_seconds) + seconds(times.server_seconds) * 2;
    applied_at + life.saturating_sub(needed)
}

impl Applied {
    /// Waits for an answer, and keeps the ticket good meanwhile.
    pub(super) async fn answer<S: Server, T>(
        &mut self,
        server: &mut S,
        stop: &StopSignal,
        turn: Turn,
        asking: impl Future<Output = Result<T, NoAnswer>>,
    ) -> Result<T, Ending> {
        tokio::select! {
            biased;
            answered = answer(stop, turn, asking) => answered,
            never = self.keep_ticket(server) => match never {},
        }
    }

    /// Whether there is time for another certificate.
    pub(super) fn goes_on(&self) -> bool {
        Instant::now() < self.last && !self.ticket.left().is_zero()
    }

    /// Keeps the ticket good for as long as this is waited for.
    pub(super) async fn keep_ticket<S: Server>(&mut self, server: &mut S) -> Infallible {
        self.ticket.keep(server).await
    }
}

impl Ticket {
    fn new(reply: HolderTicket) -> Self {
        Self {
            ticket: reply.ticket,
            good_until: Instant::now() + Duration::from_secs(reply.valid_seconds.into()),
        }
    }

    /// Extends the ticket whenever its time is nearly over. Where that fails, whoever uses it next
    /// is told why.
    async fn keep<S: Server>(&mut self, server: &mut S) -> Infallible {
        loop {
            tokio::time::sleep(self.left().saturating_sub(TOO_SHORT)).await;
            let _ = self.fresh(server).await;
            tokio::time::sleep(KEPT_AGAIN).await;
        }
    }

    fn left(&self) -> Duration {
        self.good_until.saturating_duration_since(Instant::now())
    }

    /// The ticket, extended where its time is nearly over.
    pub(super) async fn fresh<S: Server>(&mut self, server: &mut S) -> Result<Bytes, LinkError> {
        if self.left() <= TOO_SHORT {
            let request = ExtendRequest {
                ticket: self.ticket.clone(),
            };
            *self = Self::new(server.call(&request).await?);
        }
        Ok(self.ticket.clone())
    }
}
