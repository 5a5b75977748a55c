//! Which calls are made again when no reply came, how often, and what they come to.

use std::time::Duration;

use application::{Call, ProblemType, ReportedProblem};

use super::LinkError;

/// Makes a call until it has its reply, or another attempt cannot go better, or there were enough.
///
/// # Errors
/// The last attempt's; of an order the first that leaves open whether it was carried out: a
/// later refusal, of too many requests say, does not undo it.
pub(super) async fn repeated<T>(
    call: Call,
    mut attempt: impl AsyncFnMut() -> Result<T, LinkError>,
) -> Result<T, LinkError> {
    let mut pauses = pauses(call);
    let mut left_open = None;
    loop {
        let error = match attempt().await {
            Ok(reply) => return Ok(reply),
            Err(error) => error,
        };
        if call == Call::Order && error.may_be_carried_out() {
            left_open.get_or_insert(error);
        }
        match pauses.next().filter(|_| is_worth_it(call, &error)) {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return Err(left_open.unwrap_or(error)),
        }
    }
}

/// The pauses before each further attempt at a call.
fn pauses(call: Call) -> impl Iterator<Item = Duration> {
    let pauses: &[u64] = match call {
        // Reading, or a further challenge instead of one that was lost: nothing is used up.
        Call::Open | Call::Challenge | Call::Offer | Call::Preview => &[200, 800],
        // The same application within its challenge's life gets the same answer, and an
        // extended ticket can be extended again.
        Call::Apply | Call::Extend => &[200, 800, 2_000],
        // The idempotency key makes it the same order; the outcome is the same fact. These are
        // worth waiting for: a certificate may be on record already.
        Call::Order | Call::Outcome => &[200, 800, 2_000, 4_000],
        // No kiosk makes these.
        Call::RegisterDose | Call::CorrectDose | Call::CancelDose | Call::Receipts => &[],
    };
    pauses.iter().copied().map(Duration::from_millis)
}

/// Whether another attempt can go better.
fn is_worth_it(call: Call, error: &LinkError) -> bool {
    match error {
        LinkError::Unreachable => true,
        LinkError::Refused(problem) => passes(problem) || broke_off(call, problem),
        LinkError::RefusedOutside(problem) => passes(problem),
        LinkError::ServerNotTrusted
        | LinkError::ServerCertificateTime
        | LinkError::ClockOff(_)
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

/// Whether the server broke off where it may have committed already: only for these two calls is
/// it worth the resident's time to learn what is on record.
fn broke_off(call: Call, problem: &ReportedProblem) -> bool {
    match call {
        Call::Order | Call::Outcome => match problem.kind() {
            Some(ProblemType::Internal | ProblemType::LookupUnavailable) => true,
            Some(_) | None => false,
        },
        Call::Open
        | Call::Challenge
        | Call::Apply
        | Call::Extend
        | Call::Offer
        | Call::Preview
        | Call::RegisterDose
        | Call::CorrectDose
        | Call::CancelDose
        | Call::Receipts => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use application::Problem;

    fn problem(kind: ProblemType) -> ReportedProblem {
        ReportedProblem::Known(Problem::new(kind))
    }

    /// What a call comes to whose attempts end so, and how many were made.
    async fn attempts(
        call: Call,
        answers: &[Result<u8, LinkError>],
    ) -> (Result<u8, LinkError>, usize) {
        let mut made = 0;
        let result = repeated(call, async || {
            made += 1;
            answers[(made - 1).min(answers.len() - 1)]
        })
        .await;
        (result, made)
    }

    #[test]
    fn a_lost_reply_is_worth_another_attempt_and_a_refusal_is_not() {
        assert!(is_worth_it(Call::Offer, &LinkError::Unreachable));
        assert!(!is_worth_it(Call::Order, &LinkError::ServerNotTrusted));
        for (call, kind, expected) in [
            (Call::Offer, ProblemType::SealingKeyUnknown, true),
            (Call::Offer, ProblemType::TooManyRequests, true),
            (Call::Offer, ProblemType::LookupUnavailable, false),
            (Call::Offer, ProblemType::Internal, false),
            (Call::Order, ProblemType::LookupUnavailable, true),
            (Call::Order, ProblemType::Internal, true),
            (Call::Outcome, ProblemType::Internal, true),
            (Call::Order, ProblemType::FeeChanged, false),
            (Call::Apply, ProblemType::CardNotAuthentic, false),
        ] {
            let error = LinkError::Refused(problem(kind));
            assert_eq!(is_worth_it(call, &error), expected, "{call:?} {kind}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_whose_reply_was_lost_stays_open_whatever_is_said_later() {
        let lost = LinkError::Unreachable;
        let busy = LinkError::Refused(problem(ProblemType::TooManyRequests));
        let ended = attempts(Call::Order, &[Err(lost), Err(busy)]).await;
        assert_eq!(ended, (Err(lost), 5));
        // Of a call that changes nothing the last word is the one to tell.
        let ended = attempts(Call::Offer, &[Err(lost), Err(busy)]).await;
        assert_eq!(ended, (Err(busy), 3));
        let refused = LinkError::Refused(problem(ProblemType::FeeChanged));
        assert_eq!(
            attempts(Call::Order, &[Err(refused)]).await,
            (Err(refused), 1)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_at_which_the_server_broke_off_is_made_again() {
        let broke_off = LinkError::Refused(problem(ProblemType::Internal));
        let ended = attempts(Call::Order, &[Err(broke_off), Ok(7)]).await;
        assert_eq!(ended, (Ok(7), 2));
        let ended = attempts(Call::Order, &[Err(broke_off)]).await;
        assert_eq!(ended, (Err(broke_off), 5));
    }

    #[test]
    fn attempts_come_to_an_end() {
        for call in Call::ALL {
            assert!(pauses(call).count() <= 4, "{call:?}");
        }
    }
}
