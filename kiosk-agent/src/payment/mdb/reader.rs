//! A cashless device at address 10h.

use std::path::Path;
use std::time::Duration;

use domain::Yen;
use tokio::time::sleep;

use super::adaptor::{Adaptor, MdbError};

// Commands (7.3): the address and the command in one byte.
const RESET: u8 = 0x10;
const SETUP: u8 = 0x11;
const POLL: u8 = 0x12;
const VEND: u8 = 0x13;
const READER: u8 = 0x14;

// What VEND is about.
const REQUEST: u8 = 0x00;
const CANCEL: u8 = 0x01;
const SUCCESS: u8 = 0x02;
const FAILURE: u8 = 0x03;
const COMPLETE: u8 = 0x04;

/// Item numbers are the machine's own; FFFF is none.
const NO_ITEM: [u8; 2] = [0xff, 0xff];

/// Yen in a reader's setup: 1 and the number of ISO 4217, in decimal digits.
const YEN: [u8; 2] = [0x13, 0x92];

/// Miscellaneous option bit 0: it can give money back.
const GIVES_BACK: u8 = 0b0000_0001;

/// So many polls a reader may take to say that it was reset, or that it ended a session: 5 s in a
/// store, as long as a reader may be silent by default.
const MOST_POLLS: u8 = 50;

/// What a reader says when it is polled (7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment) enum Heard {
    /// Nothing new.
    Nothing,
    /// It was reset by itself: it lost power.
    JustReset,
    /// A card or a telephone is there.
    SessionBegins,
    /// The resident gave up at the reader.
    SessionCancelled,
    /// Approved for this many units.
    Approved(u16),
    /// Denied.
    Denied,
    /// The session is over.
    SessionEnded,
    /// The reader is off, as it was told.
    Cancelled,
    /// It fails.
    Malfunction,
    /// It could not give money back (error 1100).
    NotGivenBack,
    /// It did not expect what it was told.
    OutOfSequence,
    /// Something that does not matter here.
    Other,
}

/// What a reader makes of being told how a vend went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment) enum Told {
    /// It took it.
    Taken,
    /// It knows of no such vend: it was told before, or it was reset, which gives back (7.4.1).
    NotKnown,
    /// It could not give the money back.
    NotGivenBack,
}

/// What a reader said before a session was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment) enum Completed {
    /// Nothing against what it was told.
    AsTold,
    /// It could not give the money back.
    NotGivenBack,
}

/// A reader that has answered and counts in yen.
pub(in crate::payment) struct CashlessReader {
    adaptor: Adaptor,
    /// Between two polls, where something is waited for.
    pace: Duration,
    scale: u32,
}

impl CashlessReader {
    /// Opens the adaptor without touching what the reader is about: a vend may still be open.
    ///
    /// # Errors
    /// [`MdbError`].
    pub(in crate::payment) async fn open(
        path: &Path,
        answer: Duration,
        pace: Duration,
    ) -> Result<Self, MdbError> {
        Ok(Self {
            adaptor: Adaptor::open(path, answer).await?,
            pace,
            scale: 1,
        })
    }

    /// Resets the reader, and learns what it counts in. Whatever it was about is given back (7.4.1).
    ///
    /// # Errors
    /// [`MdbError::Unintelligible`] where it does not count in yen or cannot give back: with such
    /// a reader the kiosk could not keep its word.
    pub(in crate::payment) async fn reset(&mut self) -> Result<(), MdbError> {
        self.adaptor.send(RESET, &[]).await?;
        for _ in 0..MOST_POLLS {
            match self.poll().await? {
                Heard::JustReset | Heard::Nothing => break,
                Heard::SessionBegins
                | Heard::SessionCancelled
                | Heard::Approved(_)
                | Heard::Denied
                | Heard::SessionEnded
                | Heard::Cancelled
                | Heard::Malfunction
                | Heard::NotGivenBack
                | Heard::OutOfSequence
                | Heard::Other => {}
            }
        }
        // Level 1, no display.
        let mut setup = self.adaptor.send(SETUP, &[0, 1, 0, 0, 0]).await?;
        for _ in 0..MOST_POLLS {
            if !setup.is_empty() {
                break;
            }
            sleep(self.pace).await;
            setup = self.adaptor.send(POLL, &[]).await?;
        }
        self.scale = scale(&setup).ok_or(MdbError::Unintelligible)?;
        // Highest and lowest price: not known, 0.
        self.adaptor
            .send(SETUP, &[1, 0xff, 0xff, 0, 0])
            .await
            .map(drop)
    }

    /// The amount in the reader's units, where it can be said in them.
    pub(in crate::payment) fn units(&self, amount: Yen) -> Option<u16> {
        units(amount, self.scale)
    }

    pub(in crate::payment) async fn enable(&mut self) -> Result<(), MdbError> {
        self.adaptor.send(READER, &[1]).await.map(drop)
    }

    pub(in crate::payment) async fn disable(&mut self) -> Result<(), MdbError> {
        self.adaptor.send(READER, &[0]).await.map(drop)
    }

    pub(in crate::payment) async fn poll(&mut self) -> Result<Heard, MdbError> {
        let answer = self.adaptor.send(POLL, &[]).await?;
        heard(&answer)
    }

    /// What it says after a while.
    async fn next(&mut self) -> Result<Heard, MdbError> {
        sleep(self.pace).await;
        self.poll().await
    }

    pub(in crate::payment) async fn request(&mut self, units: u16) -> Result<Heard, MdbError> {
        let [high, low] = units.to_be_bytes();
        let [item_high, item_low] = NO_ITEM;
        let data = [REQUEST, high, low, item_high, item_low];
        heard(&self.adaptor.send(VEND, &data).await?)
    }

    /// Takes the request back; the reader says denied, or approved where it was too late.
    pub(in crate::payment) async fn cancel(&mut self) -> Result<Heard, MdbError> {
        heard(&self.adaptor.send(VEND, &[CANCEL]).await?)
    }

    /// What was approved is charged for good. Telling it twice charges once.
    pub(in crate::payment) async fn succeed(&mut self) -> Result<Told, MdbError> {
        let [high, low] = NO_ITEM;
        let told = self.tell(&[SUCCESS, high, low]).await?;
        // What the reader could not give back is nothing that was kept.
        self.complete().await.map(|_| told)
    }

    /// What was approved goes back. Telling it twice gives back once.
    pub(in crate::payment) async fn fail(&mut self) -> Result<Told, MdbError> {
        let told = self.tell(&[FAILURE]).await?;
        Ok(match self.complete().await? {
            Completed::NotGivenBack => Told::NotGivenBack,
            Completed::AsTold => told,
        })
    }

    /// Undoes a charge of which it is not known whether it was approved: takes the request back,
    /// and gives back what was approved nevertheless.
    pub(in crate::payment) async fn undo(&mut self) -> Result<Told, MdbError> {
        let mut said = self.cancel().await?;
        for _ in 0..MOST_POLLS {
            match said {
                Heard::Denied => {
                    return Ok(match self.complete().await? {
                        Completed::NotGivenBack => Told::NotGivenBack,
                        Completed::AsTold => Told::Taken,
                    });
                }
                Heard::NotGivenBack => {
                    self.complete().await?;
                    return Ok(Told::NotGivenBack);
                }
                Heard::Approved(_)
                | Heard::OutOfSequence
                | Heard::JustReset
                | Heard::SessionEnded
                | Heard::Malfunction => break,
                Heard::Nothing
                | Heard::SessionBegins
                | Heard::SessionCancelled
                | Heard::Cancelled
                | Heard::Other => said = self.next().await?,
            }
        }
        self.fail().await
    }

    async fn tell(&mut self, data: &[u8]) -> Result<Told, MdbError> {
        let answer = self.adaptor.send(VEND, data).await?;
        let mut said = heard(&answer)?;
        // A reader that gives back says at a poll that it could not.
        if said == Heard::Nothing {
            said = self.next().await?;
        }
        Ok(match said {
            Heard::NotGivenBack => Told::NotGivenBack,
            Heard::OutOfSequence | Heard::JustReset => Told::NotKnown,
            Heard::Nothing
            | Heard::SessionBegins
            | Heard::SessionCancelled
            | Heard::Approved(_)
            | Heard::Denied
            | Heard::SessionEnded
            | Heard::Cancelled
            | Heard::Malfunction
            | Heard::Other => Told::Taken,
        })
    }

    /// Ends the session, and waits until the reader says so. A reader whose issuer took its time
    /// says only now that it could not give money back.
    pub(in crate::payment) async fn complete(&mut self) -> Result<Completed, MdbError> {
        let mut said = heard(&self.adaptor.send(VEND, &[COMPLETE]).await?)?;
        let mut completed = Completed::AsTold;
        for _ in 0..MOST_POLLS {
            match said {
                Heard::SessionEnded | Heard::OutOfSequence | Heard::JustReset => break,
                Heard::NotGivenBack => completed = Completed::NotGivenBack,
                Heard::Nothing
                | Heard::SessionBegins
                | Heard::SessionCancelled
                | Heard::Approved(_)
                | Heard::Denied
                | Heard::Cancelled
                | Heard::Malfunction
                | Heard::Other => {}
            }
            said = self.next().await?;
        }
        Ok(completed)
    }
}

/// An amount in units of so many yen.
fn units(amount: Yen, scale: u32) -> Option<u16> {
    let divides = amount.0.is_multiple_of(scale);
    divides
        .then(|| amount.0 / scale)
        .and_then(|units| u16::try_from(units).ok())
        // FFFF is "not known".
        .filter(|units| *units != u16::MAX)
}

/// What an answer to a poll, or to a command, says.
fn heard(answer: &[u8]) -> Result<Heard, MdbError> {
    Ok(match *answer {
        [] => Heard::Nothing,
        [0x00, ..] => Heard::JustReset,
        [0x03, ..] => Heard::SessionBegins,
        [0x04, ..] => Heard::SessionCancelled,
        [0x05, high, low, ..] => Heard::Approved(u16::from_be_bytes([high, low])),
        [0x05, ..] => return Err(MdbError::Unintelligible),
        [0x06, ..] => Heard::Denied,
        [0x07, ..] => Heard::SessionEnded,
        [0x08, ..] => Heard::Cancelled,
        [0x0a, code, ..] if code >> 4 == 0b1100 => Heard::NotGivenBack,
        [0x0a, ..] => Heard::Malfunction,
        [0x0b, ..] => Heard::OutOfSequence,
        [_, ..] => Heard::Other,
    })
}

/// Yen in a unit, out of a reader's configuration: `01`, level, currency (2), scale factor,
/// decimal places, longest answer, options (7.4.2).
fn scale(setup: &[u8]) -> Option<u32> {
    let [1, _level, high, low, factor, places, _answer, options] = *setup else {
        return None;
    };
    if [high, low] != YEN || options & GIVES_BACK == 0 || factor == 0 {
        return None;
    }
    // Yen has no decimal places: a reader that counts in parts of a yen counts in another money.
    (places == 0).then(|| u32::from(factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_counts_in_yen_and_can_give_back() {
        let good = [1, 1, 0x13, 0x92, 10, 0, 5, 0b1001];
        assert_eq!(scale(&good), Some(10));
        for (place, value) in [(0, 9), (2, 0x12), (3, 0x78), (4, 0), (5, 2), (7, 0b1000)] {
            let mut bad = good;
            bad[place] = value;
            assert_eq!(scale(&bad), None, "{place}");
        }
        assert_eq!(scale(&good[..7]), None);
    }

    #[test]
    fn an_amount_that_the_reader_cannot_say_is_not_asked_for() {
        assert_eq!(units(Yen(120), 10), Some(12));
        assert_eq!(units(Yen(65_534), 1), Some(65_534));
        for (amount, scale) in [(125, 10), (65_535, 1), (65_536, 1), (655_350, 10)] {
            assert_eq!(units(Yen(amount), scale), None, "{amount} {scale}");
        }
    }

    #[test]
    fn answers_are_understood_or_refused() {
        assert_eq!(heard(&[]).unwrap(), Heard::Nothing);
        assert_eq!(heard(&[5, 0, 120]).unwrap(), Heard::Approved(120));
        assert!(heard(&[5, 0]).is_err());
        assert_eq!(heard(&[0x0a, 0xc0]).unwrap(), Heard::NotGivenBack);
        assert_eq!(heard(&[0x0a, 0x00]).unwrap(), Heard::Malfunction);
        assert_eq!(heard(&[0x0b]).unwrap(), Heard::OutOfSequence);
        assert_eq!(heard(&[0x42]).unwrap(), Heard::Other);
    }
}
