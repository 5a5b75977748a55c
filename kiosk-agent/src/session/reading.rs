//! The card: waited for, opened by one PIN for each entry, read, and made to sign that it is
//! here now (controls C01 and C02).

use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use application::messages::{
    ApplyRequest, ChallengeRequest, Consent, OpenReply, SignedBasicInformationFiles,
};
use application::{Bytes, FixedBytes};
use domain::Redacted;
use my_number_card::{
    CardError, CardInfoInputAp, CardTransport, CommandName, PinError, PinPresented, PinTries,
    SignedBasicInformation, TransportError, presence_digest,
};
use tokio::sync::watch;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::asking::{answer, blocking, unless_stopped};
use super::card_place::overdue;
use super::opening::Agreed;
use super::patience::Turn;
use super::{CardReader, Ending, GoOn, HolderSeal, Kiosk, Record, Resident};
use crate::card::{ReaderError, Waiting};
use crate::printer::Printer;
use crate::screens::Screen;
use crate::server_link::Server;
use crate::settings::seconds;

/// Between two looks at a reader from which a card is to be taken first.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// The card was read and has signed; it still lies on the reader, its power cut.
pub(super) struct CardRead<T> {
    pub(super) open: OpenReply,
    pub(super) application: ApplyRequest,
    pub(super) seal: HolderSeal,
    pub(super) card: T,
    /// When the PIN was there.
    pub(super) pin_at: Instant,
}

impl Agreed {
    /// Waits for the card and reads it. Where that fails, the card is in the record, to be taken
    /// back.
    pub(super) async fn read_card<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
        record: &mut Record<C::ToTake>,
    ) -> Result<CardRead<C::ToTake>, Ending> {
        let held = HeldCard::new(wait_for_card(kiosk).await?);
        let stop = kiosk.stop.clone();
        // Stopped meanwhile, the card is taken out of its holder: whoever reads it finds none.
        let read = unless_stopped(&stop, read(kiosk, &held, self.consent)).await;
        let read = read.unwrap_or_else(Err);
        let card = blocking(move || held.take().map(C::give_back)).await;
        match (read, card) {
            (Ok(read), Some(card)) => Ok(CardRead {
                open: self.open,
                application: read.application,
                seal: read.seal,
                card,
                pin_at: read.pin_at,
            }),
            // Nobody else takes a card out of its holder.
            (Ok(_), None) => Err(Ending::Reader(ReaderError::NoCard)),
            (Err(ending), card) => {
                record.card = card;
                Err(ending)
            }
        }
    }
}

/// What reading gave.
struct Read {
    application: ApplyRequest,
    seal: HolderSeal,
    pin_at: Instant,
}

async fn read<S: Server, C: CardReader, P: Printer, R: Resident>(
    kiosk: &mut Kiosk<S, C, P, R>,
    held: &HeldCard<C::Card>,
    consent: Consent,
) -> Result<Read, Ending> {
    let (card, pin_at) = present_pin(kiosk, held).await?;
    let (mut card, information) = read_files(&mut kiosk.resident, card).await;
    let information = information?;
    // After the PIN and the reading, so that its time runs for the signature alone.
    let challenge = kiosk.server.call(&ChallengeRequest {}).await?.challenge;
    let digest = presence_digest(
        &challenge,
        &kiosk.server.channel(),
        &information.files_digest(),
        &consent.terms_version,
    );
    let signature = blocking(move || card.sign_presence(&digest)).await;
    Ok(Read {
        seal: HolderSeal::of(information.attributes(), kiosk.random.as_ref()),
        application: ApplyRequest {
            signed_basic_information: files(&information),
            challenge,
            presence_signature: presence(signature)?,
            consent,
        },
        pin_at,
    })
}

/// Reads the files, and shows how far it is.
async fn read_files<T: CardTransport + Send + 'static, R: Resident>(
    resident: &mut R,
    mut card: PinPresented<T>,
) -> (PinPresented<T>, Result<SignedBasicInformation, CardError>) {
    resident.show(&Screen::Reading { done: 0, of: 1 });
    let (sender, mut progress) = watch::channel((0, 1));
    let reading = blocking(move || {
        let information = card.read_signed_basic_information(|now| {
            // A handful of files.
            let count = |files| u8::try_from(files).unwrap_or(u8::MAX);
            sender.send_replace((count(now.files_read), count(now.files)));
        });
        (card, information)
    });
    tokio::pin!(reading);
    loop {
        tokio::select! {
            read = &mut reading => return read,
            Ok(()) = progress.changed() => {
                let (done, of) = *progress.borrow_and_update();
                resident.show(&Screen::Reading { done, of });
            }
        }
    }
}

/// A card that cannot sign says so with a status word; whether it is taken without a signature
/// is for the server to say. Any other failure is one.
fn presence(signature: Result<[u8; 256], CardError>) -> Result<Option<FixedBytes<256>>, CardError> {
    match signature {
        Ok(signature) => Ok(Some(FixedBytes(signature))),
        Err(CardError::Refused {
            command: CommandName::Sign,
            ..
        }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn files(information: &SignedBasicInformation) -> SignedBasicInformationFiles {
    let copy = |file: &[u8]| Redacted::new(Bytes(file.to_vec()));
    let files = information.files();
    SignedBasicInformationFiles {
        ef0001: copy(&files.ef0001),
        ef0002: copy(&files.ef0002),
        ef0003: copy(&files.ef0003),
        ef0004: copy(&files.ef0004),
        ef0007: copy(&files.ef0007),
    }
}

async fn wait_for_card<S: Server, C: CardReader, P: Printer, R: Resident>(
    kiosk: &mut Kiosk<S, C, P, R>,
) -> Result<C::Card, Ending> {
    let turn = kiosk.patience.turn(seconds(kiosk.times.card_seconds));
    until_free(kiosk, &turn).await?;
    kiosk.resident.show(&Screen::PutCard(Waiting::ForCard));
    let (mut reader, stop, time) = (kiosk.cards.take(), kiosk.stop.clone(), turn.time());
    let (sender, mut waiting) = watch::channel(Waiting::ForCard);
    let mut found = tokio::task::spawn_blocking(move || {
        reader.wait_for_card(&time, &mut |now| {
            sender.send_if_modified(|was| std::mem::replace(was, now) != now);
            go_on_unless(stop.is_on())
        })
    });
    let mut overdue = pin!(overdue(&turn, &kiosk.stop));
    loop {
        tokio::select! {
            () = &mut overdue => return Err(ReaderError::Silent.into()),
            found = &mut found => return match found {
                Ok(found) => Ok(found?),
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            },
            Ok(()) = waiting.changed() => {
                let now = *waiting.borrow_and_update();
                kiosk.resident.show(&Screen::PutCard(now));
            }
        }
    }
}

/// Waits until the card that somebody left is off the reader.
async fn until_free<S: Server, C: CardReader, P: Printer, R: Resident>(
    kiosk: &mut Kiosk<S, C, P, R>,
    turn: &Turn,
) -> Result<(), Ending> {
    loop {
        let (waiting, lacking) = match kiosk.cards.is_free().await {
            Ok(()) => return Ok(()),
            Err(error @ ReaderError::CardLeft) => (Waiting::ForRemoval, error),
            Err(error @ (ReaderError::NoService | ReaderError::NoReader)) => {
                (Waiting::ForReader, error)
            }
            Err(error) => return Err(error.into()),
        };
        kiosk.resident.show(&Screen::PutCard(waiting));
        tokio::select! {
            biased;
            () = kiosk.stop.on() => return Err(Ending::Stopped),
            _ = turn.over() => return Err(lacking.into()),
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

/// Asks for the PIN, says how many tries are left, and presents what was entered, once. Another
/// attempt is another entry.
async fn present_pin<S: Server, C: CardReader, P: Printer, R: Resident>(
    kiosk: &mut Kiosk<S, C, P, R>,
    held: &HeldCard<C::Card>,
) -> Result<(PinPresented<HeldCard<C::Card>>, Instant), Ending> {
    let limit = seconds(kiosk.times.pin_seconds);
    loop {
        let transport = held.clone();
        let (application, tries) = blocking(move || {
            let mut application = CardInfoInputAp::select(transport)?;
            let tries = application.tries_left()?;
            Ok::<_, CardError>((application, tries))
        })
        .await?;
        let PinTries::Left(tries_left) = tries else {
            return Err(Ending::PinBlocked);
        };
        let turn = kiosk.patience.turn(limit);
        kiosk.resident.show(&Screen::EnterPin { tries_left });
        let pin = answer(&kiosk.stop, turn, kiosk.resident.pin(tries_left)).await?;
        let pin_at = Instant::now();
        match blocking(move || application.present_pin(pin)).await {
            Ok(card) => return Ok((card, pin_at)),
            Err(PinError::Incorrect { tries_left }) => {
                let turn = kiosk.patience.turn(limit);
                kiosk.resident.show(&Screen::WrongPin { tries_left });
                let another = kiosk.resident.go_on(GoOn::AnotherPin);
                if !matches!(answer(&kiosk.stop, turn, another).await, Ok(true)) {
                    return Err(Ending::PinIncorrect { tries_left });
                }
            }
            Err(PinError::Blocked) => return Err(Ending::PinBlocked),
            Err(PinError::Card(error)) => return Err(error.into()),
        }
    }
}

/// The card, held for its application's session and for giving it back afterwards.
struct HeldCard<T>(Arc<Mutex<Option<T>>>);

impl<T> HeldCard<T> {
    fn new(card: T) -> Self {
        Self(Arc::new(Mutex::new(Some(card))))
    }

    fn take(self) -> Option<T> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for HeldCard<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: CardTransport> CardTransport for HeldCard<T> {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        match self.lock().as_mut() {
            Some(card) => card.transmit(command),
            None => Err(TransportError::CardRemoved),
        }
    }
}

const fn go_on_unless(stop: bool) -> ControlFlow<()> {
    if stop {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use my_number_card::StatusWord;

    #[test]
    fn only_a_card_that_says_so_goes_without_a_signature() {
        assert!(matches!(presence(Ok([1; 256])), Ok(Some(_))));
        let refused = |command| CardError::Refused {
            command,
            status: StatusWord(0x6a82),
        };
        assert_eq!(presence(Err(refused(CommandName::Sign))), Ok(None));
        for error in [
            refused(CommandName::ReadBinary),
            CardError::Transport(TransportError::CardRemoved),
        ] {
            assert_eq!(presence(Err(error)), Err(error));
        }
    }
}
