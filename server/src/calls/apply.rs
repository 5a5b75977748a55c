//! `apply`: what the card gave and its holder agreed to, for a holder ticket.
//!
//! The order of the checks is the order in which trust grows: bounds (the seal's), terms,
//! parsing, the card's four signatures, the challenge, which is spent here, and only then whether
//! the card is suspended. Nothing touches a municipality's register (C03).

use application::messages::{ApplyRequest, HolderTicket, SignedBasicInformationFiles};
use crypto::{Sha256, sha256};
use my_number_card::{
    CardFiles, MalformedFile, Presence, SignedBasicInformation, VerificationError, VerifiedHolder,
};
use registry::{ChallengeRefused, RegistryError, SpentChallenge, SystemRegister};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::Caller;
use crate::service::Service;
use crate::ticket::{Standing, Ticket};

/// Why an application is refused.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The consent names other terms than those in force (C04).
    #[error("the terms agreed to are not those in force")]
    TermsNotCurrent,
    /// The challenge is stale, or was never given to this channel.
    #[error("the challenge is not one of this channel, or stale")]
    ChallengeUnknown,
    /// The challenge was spent on another application.
    #[error("the challenge was spent on another application")]
    ChallengeSpent,
    /// A file of the card does not parse.
    #[error(transparent)]
    Malformed(#[from] MalformedFile),
    /// The card does not verify.
    #[error(transparent)]
    Verification(#[from] VerificationError),
    /// The card did not sign the challenge.
    #[error("the card's signature over the challenge is missing")]
    PresenceMissing,
    /// The challenge or the holder's standing could not be asked.
    #[error(transparent)]
    Register(#[from] RegistryError),
    /// The ticket could not be sealed.
    #[error(transparent)]
    Sealing(#[from] crypto::SealingFailed),
}

impl ApplyError {
    /// The word for the system's audit chain: which check refused, nothing about a person.
    const fn code(&self) -> &'static str {
        match self {
            Self::TermsNotCurrent => "terms-not-current",
            Self::ChallengeUnknown => "challenge-unknown",
            Self::ChallengeSpent => "challenge-spent",
            Self::Malformed(_) => "card-malformed",
            Self::PresenceMissing => "card-presence-missing",
            Self::Verification(error) => match error {
                VerificationError::UnknownCaKey(_) => "card: unknown CA",
                VerificationError::IssuerCertificateSignature => "card: issuer certificate",
                VerificationError::IntegritySignature => "card: integrity signature",
                VerificationError::IndividualNumberDigest => "card: individual number digest",
                VerificationError::AttributesDigest => "card: attributes digest",
                VerificationError::CardKeySignature => "card: card key",
                VerificationError::PresenceSignature => "card: presence signature",
                VerificationError::BirthDateInFuture => "card: birth date in future",
            },
            Self::Register(_) => "lookup-unavailable",
            Self::Sealing(_) => "internal",
        }
    }
}

pub(super) async fn answer(
    service: &Service,
    caller: &Caller,
    request: &ApplyRequest,
) -> Result<HolderTicket, ApplyError> {
    let system = service.registry.system(caller.actor());
    let result = apply(service, caller, request, &system).await;
    if let Err(error) = &result {
        system.record_refusal(error.code()).await?;
    }
    result
}

async fn apply(
    service: &Service,
    caller: &Caller,
    request: &ApplyRequest,
    system: &SystemRegister,
) -> Result<HolderTicket, ApplyError> {
    let now = service.clock.now();
    if request.consent.terms_version != service.terms.version {
        return Err(ApplyError::TermsNotCurrent);
    }
    let holder = verified(service, caller, request, now)?;
    let digest = digest(request);
    let spent = system
        .spend_challenge(&request.challenge, caller.id, &digest)
        .await?
        .map_err(|refused| match refused {
            ChallengeRefused::Unknown => ApplyError::ChallengeUnknown,
            ChallengeRefused::SpentByAnother => ApplyError::ChallengeSpent,
        })?;
    let (application, applied_at) = match spent {
        SpentChallenge::Fresh { application } => (application, now),
        SpentChallenge::Again {
            application,
            spent_at,
        } => (application, spent_at),
    };
    let standing = if system.is_suspended_card(holder.my_number()).await? {
        Standing::Suspended
    } else {
        Standing::Good
    };
    let ticket = Ticket {
        application,
        applied_at,
        issued_at: applied_at,
        standing,
        terms: request.consent.terms_version.clone(),
        holder,
    };
    Ok(service.handed_out(caller, &ticket, now)?)
}

fn verified(
    service: &Service,
    caller: &Caller,
    request: &ApplyRequest,
    now: OffsetDateTime,
) -> Result<VerifiedHolder, ApplyError> {
    let information = SignedBasicInformation::from_files(files(&request.signed_basic_information))?;
    let presence = match &request.presence_signature {
        Some(signature) => Presence::Signed {
            challenge: &request.challenge,
            channel: caller.id,
            terms: &request.consent.terms_version,
            signature,
        },
        None if service.settings.accept_without_presence => Presence::NotRequired,
        None => return Err(ApplyError::PresenceMissing),
    };
    let today = domain::japan_date(now);
    Ok(my_number_card::verify(
        &information,
        &service.card_cas,
        presence,
        today,
    )?)
}

fn files(sent: &SignedBasicInformationFiles) -> CardFiles {
    let file = |bytes: &application::Bytes| Zeroizing::new(bytes.0.clone());
    CardFiles {
        ef0001: file(sent.ef0001.expose()),
        ef0002: file(sent.ef0002.expose()),
        ef0003: file(sent.ef0003.expose()),
        ef0004: file(sent.ef0004.expose()),
        ef0007: file(sent.ef0007.expose()),
    }
}

/// Tells one application from another: the same application sent again has the same digest.
fn digest(request: &ApplyRequest) -> [u8; 32] {
    let mut sum = Sha256::new();
    sum.update(&files(&request.signed_basic_information).digest());
    sum.update(&request.challenge[..]);
    match &request.presence_signature {
        Some(signature) => {
            sum.update(&[1]);
            sum.update(&signature[..]);
        }
        None => sum.update(&[0]),
    }
    sum.update(&sha256(request.consent.terms_version.as_str().as_bytes()));
    sum.update(&sha256(request.consent.language.tag().as_bytes()));
    sum.update(&request.consent.agreed_at.to_be_bytes());
    sum.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use application::Bytes;
    use application::messages::Consent;
    use domain::{Language, Redacted, TermsVersion};

    fn request() -> ApplyRequest {
        let file = |byte| Redacted::new(Bytes(vec![byte; 20]));
        ApplyRequest {
            signed_basic_information: SignedBasicInformationFiles {
                ef0001: file(1),
                ef0002: file(2),
                ef0003: file(3),
                ef0004: file(4),
                ef0007: file(7),
            },
            challenge: [8; 32].into(),
            presence_signature: Some([9; 256].into()),
            consent: Consent {
                terms_version: TermsVersion::parse("2026-01").unwrap(),
                language: Language::Japanese,
                agreed_at: 1,
            },
        }
    }

    #[test]
    fn an_application_is_told_from_every_other_by_all_that_it_says() {
        type Change = fn(&mut ApplyRequest);
        let changes: [Change; 8] = [
            |r| r.signed_basic_information.ef0001 = Redacted::new(Bytes(vec![0; 20])),
            |r| r.signed_basic_information.ef0007 = Redacted::new(Bytes(vec![0; 20])),
            |r| r.challenge = [0; 32].into(),
            |r| r.presence_signature = Some([0; 256].into()),
            |r| r.presence_signature = None,
            |r| r.consent.terms_version = TermsVersion::parse("2026-02").unwrap(),
            |r| r.consent.language = Language::English,
            |r| r.consent.agreed_at = 2,
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut other = request();
            change(&mut other);
            assert_ne!(digest(&other), digest(&request()), "change {at}");
        }
        assert_eq!(digest(&request()), digest(&request()));
    }
}
