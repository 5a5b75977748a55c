//! Which calls are made again when no reply came, and how often.

use std::time::Duration;

use application::{Call, ProblemType, ReportedProblem};

use super::LinkError;

/// The pauses before each further attempt at a call.
pub(super) fn pauses(call: Call) -> impl Iterator<Item = Duration> {
    let pauses: &[u64] = match call {
        // Reading, or a further challenge instead of one that was lost: nothing is used up.
        Call::Open | Call::Challenge | Call::Offer => &[200, 800],
        // The same application within its challenge's life gets the same answer, and an
        // extended ticket can be extended again.
        Call::Apply | Call::Extend => &[200, 800, 2_000],
        // The idempotency key makes it the same order; the outcome is the same fact. These are
        // worth waiting for: a certificate may be on record already.
        Call::Order | Call::Outcome => &[200, 800, 2_000, 4_000],
    };
    pauses.iter().copied().map(Duration::from_millis)
}

/// Whether another attempt can go better.
pub(super) fn is_worth_it(error: &LinkError) -> bool {
    match error {
        LinkError::Unreachable => true,
        LinkError::Refused(problem) | LinkError::RefusedOutside(problem) => passes(problem),
        LinkError::ServerNotTrusted
        | LinkError::CertificateRefused(_)
        | LinkError::Configuration(_)
        | LinkError::PeerMisbehaved(_)
        | LinkError::Misuse(_) => false,
    }
}

/// Whether a problem is one that passes.
fn passes(problem: &ReportedProblem) -> bool {
    match problem.kind() {
        Some(
            ProblemType::SealingKeyUnknown
            | ProblemType::TooManyRequests
            | ProblemType::ServerUnavailable,
        ) => true,
        Some(_) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use application::Problem;

    #[test]
    fn a_lost_reply_is_worth_another_attempt_and_a_refusal_is_not() {
        assert!(is_worth_it(&LinkError::Unreachable));
        assert!(!is_worth_it(&LinkError::ServerNotTrusted));
        for (kind, expected) in [
            (ProblemType::SealingKeyUnknown, true),
            (ProblemType::TooManyRequests, true),
            (ProblemType::LookupUnavailable, false),
            (ProblemType::CardNotAuthentic, false),
        ] {
            let problem = ReportedProblem::Known(Problem::new(kind));
            assert_eq!(
                is_worth_it(&LinkError::Refused(problem)),
                expected,
                "{kind}"
            );
        }
    }

    #[test]
    fn attempts_come_to_an_end() {
        for call in Call::ALL {
            assert!((1..=4).contains(&pauses(call).count()), "{call:?}");
        }
    }
}
