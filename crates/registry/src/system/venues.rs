//! Registered venues (接種会場), and their quotas: how much a venue enters in a minute and a day,
//! and how often it is refused before it is held.

use declaration::Venues;
use domain::{ChannelId, JAPAN, MunicipalityCode};
use time::{Duration, OffsetDateTime, Time};

use super::SystemRegister;
use super::channels::ChannelName;
use crate::access::StaffId;
use crate::audit::AuditEvent;
use crate::dossier_reading::moment_of;
use crate::error::{RegistryError, not_this_schema};
use crate::model::dose_rules::longest;
use crate::storage::{self, CountedSince, VenueRow};

/// How long a refused entry counts against its venue.
const WINDOW: Duration = Duration::hours(1);
/// How long an entry may be in work before it counts as refused: its server died over it.
const MINUTE: Duration = Duration::minutes(1);
/// How long entries are remembered: the longest of a day.
const REMEMBERED: Duration = Duration::days(2);
/// After how many seconds to try again where too many entries are in work at once.
const SOON: u32 = 2;

/// The name of a venue as the register writes it beside its doses: 1 to 30 characters, none a
/// control character.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VenueName(ChannelName);

/// Not 1 to 30 characters without control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a venue's name is 1 to 30 characters without control characters: it stands beside doses")]
pub struct InvalidVenueName;

impl VenueName {
    /// Takes 1 to 30 characters without control characters.
    ///
    /// # Errors
    /// [`InvalidVenueName`].
    pub fn parse(text: &str) -> Result<Self, InvalidVenueName> {
        let name = ChannelName::parse(text).map_err(|_| InvalidVenueName)?;
        let fits = text.chars().count() <= longest::VENUE;
        fits.then_some(Self(name)).ok_or(InvalidVenueName)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A venue that may register doses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredVenue {
    /// Its name.
    pub name: VenueName,
    /// The municipalities whose vouchers it takes; at least one.
    pub municipalities: Vec<MunicipalityCode>,
    /// When it was registered.
    pub registered_at: OffsetDateTime,
    /// Who registered it.
    pub registered_by: StaffId,
}

/// An entry that was let in, to be ended with what became of it. One that never is counts as
/// refused.
#[derive(Debug, PartialEq, Eq)]
pub struct VenueAttempt {
    id: [u8; 16],
    venue: ChannelId,
    at: i64,
    most_refused: i64,
}

/// Why an entry is not let in. Seconds until it makes sense to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VenueHeld {
    /// Too many at once, or within a minute.
    TooFast(u32),
    /// As many doses today as were declared.
    QuotaReached(u32),
    /// Too many were refused of late.
    Blocked(u32),
}

/// What became of an entry, as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// A dose was registered: it counts against the day's quota.
    Registered,
    /// It was refused: it counts as a guess.
    Refused,
    /// Anything else: the same entry again, a change, or a fault of ours.
    Other,
}

impl AttemptOutcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Refused => "refused",
            Self::Other => "other",
        }
    }
}

impl SystemRegister {
    /// Registers a venue by its key; one registered before gets the new name and municipalities.
    /// Without any municipality it takes nobody's vouchers.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn register_venue(
        &self,
        id: ChannelId,
        name: &VenueName,
        municipalities: &[MunicipalityCode],
        registered_by: &StaffId,
    ) -> Result<(), RegistryError> {
        let mut codes: Vec<String> = municipalities.iter().map(ToString::to_string).collect();
        codes.sort_unstable();
        codes.dedup();
        let row = VenueRow {
            name: name.as_str().to_owned(),
            registered_at: self.shared.clock.now().unix_timestamp(),
            registered_by: registered_by.as_str().to_owned(),
            municipalities: codes,
        };
        let mut transaction = self.begin().await?;
        storage::insert_venue(&mut transaction, &id.0, &row).await?;
        let detail = Some(id.to_string());
        self.append(&mut transaction, AuditEvent::VenueRegistered, detail)
            .await?;
        transaction.commit().await
    }

    /// The venue of this key; `None`: not registered.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn venue(&self, id: ChannelId) -> Result<Option<RegisteredVenue>, RegistryError> {
        let Some(row) = storage::venue(&mut self.read().await?, &id.0).await? else {
            return Ok(None);
        };
        let municipalities = row
            .municipalities
            .iter()
            .map(|code| MunicipalityCode::parse(code).map_err(|_| not_this_schema()));
        Ok(Some(RegisteredVenue {
            municipalities: municipalities.collect::<Result<_, _>>()?,
            name: VenueName::parse(&row.name).map_err(|_| not_this_schema())?,
            registered_at: moment_of(row.registered_at)?,
            registered_by: StaffId::parse(&row.registered_by).map_err(|_| not_this_schema())?,
        }))
    }

    /// Lets an entry of a venue in, within what its municipality declared, or says when to come
    /// again. Counted in the database, so that several instances count together and a restart
    /// forgets nothing.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn begin_venue_attempt(
        &self,
        venue: ChannelId,
        declared: &Venues,
    ) -> Result<Result<VenueAttempt, VenueHeld>, RegistryError> {
        let now = self.shared.clock.now();
        let at = now.unix_timestamp();
        let midnight = now.to_offset(JAPAN).replace_time(Time::MIDNIGHT);
        let since = CountedSince {
            window: at - WINDOW.whole_seconds(),
            minute: at - MINUTE.whole_seconds(),
            day: midnight.unix_timestamp(),
        };
        let mut transaction = self.begin().await?;
        let forgotten = at - REMEMBERED.whole_seconds();
        storage::sweep_attempts(&mut transaction, &venue.0, forgotten).await?;
        let counts = storage::count_attempts(&mut transaction, &venue.0, since).await?;
        let most_refused = i64::from(declared.refusals_per_hour.max(1));
        if counts.refused >= most_refused {
            let oldest = storage::refused_at(&mut transaction, &venue.0, most_refused).await?;
            let until = oldest.unwrap_or(at) + WINDOW.whole_seconds();
            return Ok(Err(VenueHeld::Blocked(seconds(until - at))));
        }
        // What is in work may yet be refused: no burst gets more guesses than the window allows.
        if counts.refused + counts.open >= most_refused {
            return Ok(Err(VenueHeld::TooFast(SOON)));
        }
        if counts.in_minute >= i64::from(declared.doses_per_minute) {
            return Ok(Err(VenueHeld::TooFast(seconds(MINUTE.whole_seconds()))));
        }
        if counts.registered + counts.open >= i64::from(declared.doses_per_day) {
            let until = since.day + Duration::DAY.whole_seconds();
            // It is recorded, so it counts within the minute: nobody fills the record up by asking.
            let (id, other) = (self.attempt_id(), AttemptOutcome::Other.as_str());
            storage::insert_attempt(&mut transaction, &id, &venue.0, at).await?;
            storage::end_attempt(&mut transaction, &id, other).await?;
            transaction.commit().await?;
            return Ok(Err(VenueHeld::QuotaReached(seconds(until - at))));
        }
        let id = self.attempt_id();
        storage::insert_attempt(&mut transaction, &id, &venue.0, at).await?;
        transaction.commit().await?;
        Ok(Ok(VenueAttempt {
            id,
            venue,
            at,
            most_refused,
        }))
    }

    fn attempt_id(&self) -> [u8; 16] {
        let mut id = [0; 16];
        self.shared.random.fill(&mut id);
        id
    }

    /// Ends an entry with what became of it. `true` where this refusal was the one too many: the
    /// venue is held from now on.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`]; the entry then counts as refused in a minute.
    pub async fn end_venue_attempt(
        &self,
        attempt: VenueAttempt,
        outcome: AttemptOutcome,
    ) -> Result<bool, RegistryError> {
        let mut transaction = self.begin().await?;
        storage::end_attempt(&mut transaction, &attempt.id, outcome.as_str()).await?;
        let since = CountedSince {
            window: attempt.at - WINDOW.whole_seconds(),
            minute: attempt.at - MINUTE.whole_seconds(),
            day: attempt.at,
        };
        let counts = storage::count_attempts(&mut transaction, &attempt.venue.0, since).await?;
        transaction.commit().await?;
        Ok(outcome == AttemptOutcome::Refused && counts.refused == attempt.most_refused)
    }
}

/// At least one: trying again at once makes no sense.
fn seconds(seconds: i64) -> u32 {
    u32::try_from(seconds.max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_s_name_fits_beside_a_dose() {
        assert!(VenueName::parse(&"あ".repeat(30)).is_ok());
        for bad in ["", "a\nb", &"あ".repeat(31)] {
            assert_eq!(VenueName::parse(bad), Err(InvalidVenueName));
        }
    }
}
