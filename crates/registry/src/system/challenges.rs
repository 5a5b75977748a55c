//! Challenges: given to a channel, good once and for a short time.

use domain::ChannelId;
use time::OffsetDateTime;

use super::SystemRegister;
use crate::certificate_record::ApplicationId;
use crate::dossier_reading::moment_of;
use crate::error::{RegistryError, not_this_schema};
use crate::storage::{self, ChallengeRow};

/// How many challenges may be stored at a time, spent ones included, until they expire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChallengeLimits {
    /// For one channel.
    pub per_channel: u32,
    /// For all channels of one kind together: phones, of which there may be any number, leave
    /// kiosks their room.
    pub per_kind: u32,
}

impl Default for ChallengeLimits {
    /// 30 for one channel, 10,000 for each kind: with a life of 30 s one a second for a kiosk, and
    /// 333 a second for every phone together.
    fn default() -> Self {
        Self {
            per_channel: 30,
            per_kind: 10_000,
        }
    }
}

/// A challenge that was spent by the application that now asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpentChallenge {
    /// Spent now.
    Fresh {
        /// The application's id, drawn now.
        application: ApplicationId,
    },
    /// Spent before by this very application, whose answer was lost: it gets the same again.
    Again {
        /// The application's id, as drawn then.
        application: ApplicationId,
        /// When it was spent.
        spent_at: OffsetDateTime,
    },
}

/// Why a challenge is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeRefused {
    /// Never given, given to another channel, or expired.
    #[error("no such challenge for this channel now")]
    Unknown,
    /// Spent by another application.
    #[error("the challenge was spent by another application")]
    SpentByAnother,
}

impl SystemRegister {
    /// Stores a challenge for a channel until it expires, and removes what expired before. It is
    /// counted among those of this handle's kind of actor.
    ///
    /// # Errors
    /// [`RegistryError::TooManyChallenges`], [`RegistryError::LookupUnavailable`].
    pub async fn store_challenge(
        &self,
        challenge: &[u8; 32],
        channel: ChannelId,
        expires_at: OffsetDateTime,
        limits: ChallengeLimits,
    ) -> Result<(), RegistryError> {
        let now = self.shared.clock.now().unix_timestamp();
        let digest = crypto::sha256(challenge);
        let mut transaction = self.begin().await?;
        storage::sweep_challenges(&mut transaction, now).await?;
        let kind = self.actor.kind();
        let (own, of_kind) = storage::open_challenges(&mut transaction, &channel.0, kind).await?;
        if own >= limits.per_channel.into() || of_kind >= limits.per_kind.into() {
            // What was swept stays swept.
            transaction.commit().await?;
            return Err(RegistryError::TooManyChallenges);
        }
        let expires_at = expires_at.unix_timestamp();
        storage::insert_challenge(&mut transaction, &digest, &channel.0, kind, expires_at).await?;
        transaction.commit().await
    }

    /// Spends a challenge for an application (SHA-256 over what was applied with). The same
    /// application again, while the challenge is good, is told so; another one is refused.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn spend_challenge(
        &self,
        challenge: &[u8; 32],
        channel: ChannelId,
        application_digest: &[u8; 32],
    ) -> Result<Result<SpentChallenge, ChallengeRefused>, RegistryError> {
        let now = self.shared.clock.now().unix_timestamp();
        let digest = crypto::sha256(challenge);
        let mut transaction = self.begin().await?;
        let row = match storage::challenge(&mut transaction, &digest).await? {
            Some(row) if row.channel_id == channel.0 && row.expires_at >= now => row,
            Some(_) | None => return Ok(Err(ChallengeRefused::Unknown)),
        };
        if let Some(before) = spent_before(&row)? {
            return Ok(
                if row.application_digest.as_deref() == Some(&application_digest[..]) {
                    Ok(before)
                } else {
                    Err(ChallengeRefused::SpentByAnother)
                },
            );
        }
        let mut application = [0; 16];
        self.shared.random.fill(&mut application);
        storage::mark_challenge_spent(
            &mut transaction,
            &digest,
            now,
            application_digest,
            &application,
        )
        .await?;
        transaction.commit().await?;
        let application = ApplicationId(application);
        Ok(Ok(SpentChallenge::Fresh { application }))
    }
}

fn spent_before(row: &ChallengeRow) -> Result<Option<SpentChallenge>, RegistryError> {
    let (Some(spent_at), Some(application)) = (row.spent_at, &row.application) else {
        return Ok(None);
    };
    Ok(Some(SpentChallenge::Again {
        application: ApplicationId(application[..].try_into().map_err(|_| not_this_schema())?),
        spent_at: moment_of(spent_at)?,
    }))
}
