//! The application goes to the server while the resident takes the card back: the challenge's
//! time runs. Nothing is shown of the answer before the card is off the reader (control C10).

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use application::Bytes;
use application::messages::{ApplyRequest, ExtendRequest, HolderTicket, OpenReply};
use domain::MunicipalityCode;

use super::reading::CardRead;
use super::{CardReader, Ending, HolderSeal, Kiosk, Resident};
use crate::card::ReaderError;
use crate::printer::Printer;
use crate::screens::Screen;
use crate::server_link::{LinkError, Server};
use crate::settings::{TimeSettings, seconds};
use crate::stop::StopSignal;

/// A ticket with less time left than this is extended before it is used.
const TOO_SHORT: Duration = Duration::from_secs(30);

/// The server knows the holder, and the card is off the reader.
pub(super) struct Applied {
    pub(super) open: OpenReply,
    pub(super) ticket: Ticket,
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

impl<T: Send + 'static> CardRead<T> {
    pub(super) async fn apply<S, C, P, R>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
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
        let applying = apply(&mut kiosk.server, application, pin_at);
        let taking = take_back::<C, R>(&mut kiosk.resident, card, &kiosk.times, &kiosk.stop);
        let (applied, taken) = tokio::join!(applying, taking);
        taken.map_err(|error| match error {
            ReaderError::NotTaken => Ending::CardForgotten,
            ReaderError::Stopped => Ending::Stopped,
            error @ (ReaderError::NoService
            | ReaderError::NoReader
            | ReaderError::NoCard
            | ReaderError::MuteCard
            | ReaderError::InUse
            | ReaderError::Pcsc(_)) => Ending::Reader(error),
        })?;
        let (reply, since_pin) = applied?;
        Ok(Applied {
            open,
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
    pub(super) async fn take_back(&mut self, card: C::ToTake) -> Result<(), ReaderError> {
        // After something went wrong nobody can ask to stop waiting for the card.
        let (_switch, go_on) = crate::stop::stop_switch();
        take_back::<C, R>(&mut self.resident, card, &self.times, &go_on).await
    }
}

/// Asks for the card to be taken, and reminds until it is.
async fn take_back<C: CardReader, R: Resident>(
    resident: &mut R,
    card: C::ToTake,
    times: &TimeSettings,
    stop: &StopSignal,
) -> Result<(), ReaderError> {
    resident.show(&Screen::TakeCard);
    let limit = seconds(times.take_card_seconds);
    let stop = stop.clone();
    let mut taken = tokio::task::spawn_blocking(move || {
        C::wait_until_taken(&card, limit, &mut || {
            if stop.is_on() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
    });
    loop {
        tokio::select! {
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

impl Ticket {
    fn new(reply: HolderTicket) -> Self {
        Self {
            ticket: reply.ticket,
            good_until: Instant::now() + Duration::from_secs(reply.valid_seconds.into()),
        }
    }

    /// The ticket, extended where its time is nearly over.
    pub(super) async fn fresh<S: Server>(&mut self, server: &mut S) -> Result<Bytes, LinkError> {
        if self.good_until.saturating_duration_since(Instant::now()) < TOO_SHORT {
            let request = ExtendRequest {
                ticket: self.ticket.clone(),
            };
            *self = Self::new(server.call(&request).await?);
        }
        Ok(self.ticket.clone())
    }
}
