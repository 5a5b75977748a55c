//! `challenge`: 32 random bytes for the card to sign, good once, for this channel, for 30 s.

use application::messages::ChallengeReply;
use registry::{ChallengeLimits, RegistryError};
use time::Duration;

use super::Caller;
use crate::service::Service;

/// How long a challenge is good, in seconds.
const VALID_SECONDS: u16 = 30;

/// Why there is no challenge.
#[derive(Debug, thiserror::Error)]
pub enum ChallengeError {
    /// It could not be written down.
    #[error(transparent)]
    Register(#[from] RegistryError),
}

pub(super) async fn answer(
    service: &Service,
    caller: &Caller,
) -> Result<ChallengeReply, ChallengeError> {
    let mut challenge = [0; 32];
    service.random.fill(&mut challenge);
    let expires_at = service.clock.now() + Duration::seconds(VALID_SECONDS.into());
    service
        .registry
        .system(caller.actor())
        .store_challenge(
            &challenge,
            caller.id,
            expires_at,
            ChallengeLimits::default(),
        )
        .await?;
    Ok(ChallengeReply {
        challenge: challenge.into(),
        valid_seconds: VALID_SECONDS,
    })
}
