//! Holder tickets: the server's own state, sealed to itself and handed to the channel.
//!
//! Whoever answers the next call needs nothing but the ticket key, so the server keeps no
//! session. A ticket is bound to the channel that applied: from another it does not open.
//! Sealing is deterministic, so that the same application gets the same bytes again.

use crypto::AeadKey;
use domain::{Channel, ChannelId, TermsVersion};
use my_number_card::VerifiedHolder;
use registry::ApplicationId;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// How long a ticket is good, in seconds.
pub const VALID_SECONDS: u16 = 300;
/// How long after the application the last extension ends, in seconds.
pub const LONGEST_SECONDS: i64 = application::messages::LONGEST_TICKET_SECONDS as i64;

const PURPOSE: &str = "akashi holder ticket v1";
const VERSION: u8 = 1;
/// Version, application, applied at, issued at, standing, length of the terms' version.
const HEADER: usize = 1 + 16 + 8 + 8 + 1 + 1;
/// Longest ticket opened, in bytes: the header, the longest holder's state, and what sealing
/// adds. The calls' own limits are above it.
const LONGEST: usize = 6 * 1024;

/// Whether the holder's card may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Good,
    /// It is suspended: whatever is asked, the answer is the neutral one (domain rule 7).
    Suspended,
}

/// What a ticket says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Which application it is of.
    pub application: ApplicationId,
    /// When that was, to the second.
    pub applied_at: OffsetDateTime,
    /// When this ticket was made, to the second.
    pub issued_at: OffsetDateTime,
    /// Whether the card may be used.
    pub standing: Standing,
    /// The terms that the holder agreed to.
    pub terms: TermsVersion,
    /// Who holds the card.
    pub holder: VerifiedHolder,
}

/// Why a ticket is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// Not made by this server, or for another channel, or changed.
    #[error("the ticket does not open")]
    Invalid,
    /// Its time is over, or has not begun.
    #[error("the ticket's time is over")]
    Expired,
}

/// Makes and opens tickets.
#[derive(Debug)]
pub struct Tickets(AeadKey);

impl Tickets {
    /// Takes the secret that every instance shares.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(AeadKey::derive(secret, PURPOSE))
    }

    /// Seals a ticket for the channel that applied. The same ticket gives the same bytes.
    ///
    /// # Errors
    /// Where the library cannot seal.
    pub fn seal(
        &self,
        channel: Channel,
        id: &ChannelId,
        ticket: &Ticket,
    ) -> Result<Vec<u8>, crypto::SealingFailed> {
        let holder = ticket.holder.to_state();
        let terms = ticket.terms.as_str();
        let mut text = Zeroizing::new(Vec::with_capacity(HEADER + terms.len() + holder.len()));
        text.push(VERSION);
        text.extend_from_slice(&ticket.application.0);
        text.extend_from_slice(&ticket.applied_at.unix_timestamp().to_be_bytes());
        text.extend_from_slice(&ticket.issued_at.unix_timestamp().to_be_bytes());
        text.push(match ticket.standing {
            Standing::Good => 0,
            Standing::Suspended => 1,
        });
        // A terms version has at most 32 characters.
        text.push(terms.len() as u8);
        text.extend_from_slice(terms.as_bytes());
        text.extend_from_slice(&holder);
        self.0.seal_deterministic(&binding(channel, id), &text)
    }

    /// Opens a ticket that this channel was given, if its time is not over.
    ///
    /// # Errors
    /// [`TicketError`].
    pub fn open(
        &self,
        channel: Channel,
        id: &ChannelId,
        sealed: &[u8],
        now: OffsetDateTime,
    ) -> Result<Ticket, TicketError> {
        let ticket = self.open_whenever(channel, id, sealed)?;
        ticket.check_time(now)?;
        Ok(ticket)
    }

    /// Opens a ticket that this channel was given, however long ago: for telling what became of
    /// a print, and for fetching again what was issued in its time. For anything new there is
    /// [`Ticket::check_time`].
    ///
    /// # Errors
    /// [`TicketError::Invalid`].
    pub fn open_whenever(
        &self,
        channel: Channel,
        id: &ChannelId,
        sealed: &[u8],
    ) -> Result<Ticket, TicketError> {
        if sealed.len() > LONGEST {
            return Err(TicketError::Invalid);
        }
        let text = self
            .0
            .open(&binding(channel, id), sealed)
            .map_err(|_| TicketError::Invalid)?;
        read(&text).ok_or(TicketError::Invalid)
    }
}

impl Ticket {
    /// Refuses a ticket whose time is over, or has not begun.
    ///
    /// # Errors
    /// [`TicketError::Expired`].
    pub fn check_time(&self, now: OffsetDateTime) -> Result<(), TicketError> {
        if self.remaining_seconds(now) == 0 {
            return Err(TicketError::Expired);
        }
        Ok(())
    }

    /// How many seconds it is still good; 0 when its time is over, or has not begun.
    #[must_use]
    pub fn remaining_seconds(&self, now: OffsetDateTime) -> u16 {
        let now = now.unix_timestamp();
        let begins = self.issued_at.unix_timestamp();
        let ends = (begins + i64::from(VALID_SECONDS))
            .min(self.applied_at.unix_timestamp() + LONGEST_SECONDS);
        if now < begins {
            return 0;
        }
        u16::try_from((ends - now).max(0)).unwrap_or(0)
    }
}

fn binding(channel: Channel, id: &ChannelId) -> Vec<u8> {
    [channel.as_str().as_bytes(), &[0], &id.0].concat()
}

/// What is read here opened under our own key: a form of ours, or a bug.
fn read(text: &[u8]) -> Option<Ticket> {
    let (header, rest) = text.split_first_chunk::<HEADER>()?;
    let (version, header) = header.split_first()?;
    if *version != VERSION {
        return None;
    }
    let (application, header) = header.split_first_chunk::<16>()?;
    let (applied_at, header) = header.split_first_chunk::<8>()?;
    let (issued_at, header) = header.split_first_chunk::<8>()?;
    let [standing, terms_length] = header else {
        return None;
    };
    let (terms, holder) = rest.split_at_checked(usize::from(*terms_length))?;
    Some(Ticket {
        application: ApplicationId(*application),
        applied_at: moment(applied_at)?,
        issued_at: moment(issued_at)?,
        standing: match standing {
            0 => Standing::Good,
            1 => Standing::Suspended,
            _ => return None,
        },
        terms: TermsVersion::parse(std::str::from_utf8(terms).ok()?)?,
        holder: VerifiedHolder::from_sealed_state(holder).ok()?,
    })
}

fn moment(seconds: &[u8; 8]) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(i64::from_be_bytes(*seconds)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    const APPLIED_AT: OffsetDateTime = datetime!(2026-01-10 12:00 +9);
    const KIOSK: ChannelId = ChannelId([1; 32]);

    fn ticket(issued_at: OffsetDateTime) -> Ticket {
        // The form of `VerifiedHolder::to_state`, version 1.
        let state = [
            &[1][..],
            b"123456789018",
            &[9; 32],
            &[0x07, 0xcf, 12, 31],
            b"2",
            &[0, 2],
            b"AB",
            b"C",
        ]
        .concat();
        Ticket {
            application: ApplicationId([7; 16]),
            applied_at: APPLIED_AT,
            issued_at,
            standing: Standing::Good,
            terms: TermsVersion::parse("2026-01").unwrap(),
            holder: VerifiedHolder::from_sealed_state(&state).unwrap(),
        }
    }

    fn sealed(tickets: &Tickets) -> Vec<u8> {
        tickets
            .seal(Channel::Kiosk, &KIOSK, &ticket(APPLIED_AT))
            .unwrap()
    }

    fn open(tickets: &Tickets, sealed: &[u8], after: i64) -> Result<Ticket, TicketError> {
        let now = APPLIED_AT + Duration::seconds(after);
        tickets.open(Channel::Kiosk, &KIOSK, sealed, now)
    }

    #[test]
    fn what_was_sealed_opens_and_seals_the_same_again() {
        let tickets = Tickets::new(&[1; 32]);
        let sealed_once = sealed(&tickets);
        assert_eq!(sealed(&tickets), sealed_once);
        for standing in [Standing::Good, Standing::Suspended] {
            let mut ticket = ticket(APPLIED_AT);
            ticket.standing = standing;
            let sealed = tickets.seal(Channel::Kiosk, &KIOSK, &ticket).unwrap();
            assert_eq!(sealed.len(), sealed_once.len());
            assert_eq!(open(&tickets, &sealed, 0), Ok(ticket));
        }
    }

    #[test]
    fn good_for_five_minutes_and_extended_for_fifteen() {
        let tickets = Tickets::new(&[1; 32]);
        let first = sealed(&tickets);
        assert!(open(&tickets, &first, 299).is_ok());
        assert_eq!(open(&tickets, &first, 300), Err(TicketError::Expired));
        assert_eq!(open(&tickets, &first, -1), Err(TicketError::Expired));
        let late = ticket(APPLIED_AT + Duration::seconds(890));
        let extended = tickets.seal(Channel::Kiosk, &KIOSK, &late).unwrap();
        assert!(open(&tickets, &extended, 899).is_ok());
        assert_eq!(open(&tickets, &extended, 900), Err(TicketError::Expired));
    }

    #[test]
    fn another_channel_another_key_or_any_change_opens_nothing() {
        let tickets = Tickets::new(&[1; 32]);
        let sealed = sealed(&tickets);
        let other = ChannelId([2; 32]);
        for (channel, id) in [(Channel::Kiosk, other), (Channel::Phone, KIOSK)] {
            let refused = tickets.open(channel, &id, &sealed, APPLIED_AT);
            assert_eq!(refused, Err(TicketError::Invalid));
        }
        let foreign = Tickets::new(&[2; 32]);
        assert_eq!(open(&foreign, &sealed, 0), Err(TicketError::Invalid));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(
                open(&tickets, &changed, 0),
                Err(TicketError::Invalid),
                "{at}"
            );
        }
        assert_eq!(open(&tickets, &[], 0), Err(TicketError::Invalid));
        assert_eq!(open(&tickets, &[0; 7000], 0), Err(TicketError::Invalid));
    }
}
