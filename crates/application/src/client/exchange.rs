//! One request and its reply.

use std::marker::PhantomData;

use zeroize::Zeroizing;

use super::{ChannelKey, SealingConfiguration};
use crate::binary_http::{self, MalformedBinaryHttp};
use crate::call::Call;
use crate::channel_signature::{self, CONTENT_TYPE_JSON};
use crate::messages::{ReplyMessage, RequestMessage};
use crate::outer::{PROBLEM_TYPE, REPLY_OVERHEAD, SEALED_REPLY_TYPE};
use crate::problem::ReportedProblem;

/// A sealed request, and what opens its reply.
pub struct Exchange<R> {
    /// What to post to [`crate::outer::GATEWAY_PATH`] as
    /// [`crate::outer::SEALED_REQUEST_TYPE`]; always
    /// [`crate::outer::SEALED_REQUEST_LENGTH`] bytes.
    pub sealed_request: Vec<u8>,
    /// What opens the reply, once.
    pub pending: PendingReply<R>,
}

/// Opens the one reply to a request. Without it nobody can, the relay included.
pub struct PendingReply<R> {
    response: ohttp::ClientResponse,
    request: PhantomData<fn() -> R>,
}

/// What HTTP gave as answer to a sealed request.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// The `Content-Type`, if any.
    pub content_type: Option<&'a str>,
    /// The body; reading it may stop at [`crate::outer::LONGEST_SEALED_REPLY`].
    pub body: &'a [u8],
}

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// The server's own word, out of the seal.
    #[error("the server refused: {0}")]
    Refused(ReportedProblem),
    /// Somebody's word from outside the seal: relay, or server before it could open anything.
    /// Nobody vouches for it; nothing about a person can depend on it.
    #[error("refused outside the seal: {0}")]
    RefusedOutside(ReportedProblem),
    /// The answer is not one of the protocol.
    #[error("the peer misbehaved: {0}")]
    PeerMisbehaved(#[from] PeerMisbehaved),
}

/// How an answer was not one of the protocol: relay or server is broken or hostile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeerMisbehaved {
    /// Neither a sealed reply nor a problem.
    #[error("neither a sealed reply nor a problem, status {0}")]
    UnexpectedAnswer(u16),
    /// Not a whole number of the call's buckets, or more than its longest reply.
    #[error("a sealed reply of {0} bytes")]
    ReplyLength(usize),
    /// Not sealed for this request.
    #[error("the reply does not open")]
    ReplyDoesNotOpen,
    /// Inside the seal, not the binary HTTP of the protocol.
    #[error("inside the seal: {0}")]
    BinaryHttp(#[from] MalformedBinaryHttp),
    /// Inside the seal, a status that is neither success nor a problem.
    #[error("status {0} inside the seal")]
    UnexpectedStatus(u16),
    /// Inside the seal, not the message that answers the request.
    #[error("not the reply to the request: {0}")]
    Reply(#[from] crate::MalformedMessage),
    /// A problem that is none.
    #[error("not a problem: {0}")]
    Problem(#[from] crate::MalformedProblem),
}

/// What the channel itself did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocalMisuse {
    /// The message takes more than [`crate::REQUEST_LENGTH`] bytes.
    #[error("the request does not fit its length")]
    RequestTooLong,
    /// The configuration's time is over: get it again.
    #[error("the sealing configuration has expired")]
    ConfigurationExpired,
    /// The library could not sign.
    #[error("the channel's key could not sign")]
    Signing,
    /// The library could not seal.
    #[error("sealing failed")]
    Sealing,
}

impl<R: RequestMessage> Exchange<R> {
    /// Signs and seals a request. `now` in seconds since 1970, by the channel's clock.
    ///
    /// # Errors
    /// [`LocalMisuse`].
    pub fn new(
        configuration: &SealingConfiguration,
        channel: &ChannelKey,
        request: &R,
        now: i64,
    ) -> Result<Self, LocalMisuse> {
        if now > configuration.not_after() {
            return Err(LocalMisuse::ConfigurationExpired);
        }
        let plain = signed_request(channel, request, now)?;
        let (sealed_request, response) =
            ohttp::ClientRequest::from_encoded_config(configuration.encoded())
                .and_then(|client| client.encapsulate(&plain))
                .map_err(|_| LocalMisuse::Sealing)?;
        Ok(Self {
            sealed_request,
            pending: PendingReply {
                response,
                request: PhantomData,
            },
        })
    }
}

fn signed_request<R: RequestMessage>(
    channel: &ChannelKey,
    request: &R,
    now: i64,
) -> Result<Zeroizing<Vec<u8>>, LocalMisuse> {
    let length = R::CALL.request_length();
    let content = crate::json::write(request, length).map_err(|_| LocalMisuse::RequestTooLong)?;
    let mut message = binary_http::request(R::CALL);
    channel_signature::sign(&mut message, R::CALL, &content, channel.signing_key(), now)
        .map_err(|_| LocalMisuse::Signing)?;
    binary_http::write_padded(&message, length, length).map_err(|_| LocalMisuse::RequestTooLong)
}

impl<R: RequestMessage> PendingReply<R> {
    /// Opens the answer.
    ///
    /// # Errors
    /// [`ExchangeError`].
    pub fn open(self, answer: &Answer<'_>) -> Result<R::Reply, ExchangeError> {
        if answer.content_type == Some(PROBLEM_TYPE) {
            let problem = ReportedProblem::parse(answer.body).map_err(PeerMisbehaved::from)?;
            return Err(ExchangeError::RefusedOutside(problem));
        }
        if answer.status != 200 || answer.content_type != Some(SEALED_REPLY_TYPE) {
            return Err(PeerMisbehaved::UnexpectedAnswer(answer.status).into());
        }
        check_length(R::CALL, answer.body.len())?;
        let plain = self
            .response
            .decapsulate(answer.body)
            .map(Zeroizing::new)
            .map_err(|_| PeerMisbehaved::ReplyDoesNotOpen)?;
        read_reply::<R::Reply>(&plain)
    }
}

fn check_length(call: Call, sealed: usize) -> Result<(), PeerMisbehaved> {
    sealed
        .checked_sub(REPLY_OVERHEAD)
        .filter(|length| (1..=call.longest_reply()).contains(length))
        .filter(|length| length.is_multiple_of(call.reply_bucket()))
        .map(drop)
        .ok_or(PeerMisbehaved::ReplyLength(sealed))
}

fn read_reply<T: ReplyMessage>(plain: &[u8]) -> Result<T, ExchangeError> {
    let message = binary_http::read_response(plain).map_err(PeerMisbehaved::from)?;
    let status = message.control().status().map_or(0, |status| status.code());
    let [content_type] =
        binary_http::exact_fields(&message, ["content-type"]).map_err(PeerMisbehaved::from)?;
    if content_type == PROBLEM_TYPE.as_bytes() {
        let problem = ReportedProblem::parse(message.content()).map_err(PeerMisbehaved::from)?;
        return Err(ExchangeError::Refused(problem));
    }
    if status != 200 || content_type != CONTENT_TYPE_JSON {
        return Err(PeerMisbehaved::UnexpectedStatus(status).into());
    }
    Ok(crate::json::read(message.content()).map_err(PeerMisbehaved::from)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{
        ChallengeReply, ChallengeRequest, ExtendRequest, OfferReply, OfferRequest, OutcomeRecorded,
    };
    use crate::outer::{LONGEST_SEALED_REPLY, SEALED_REQUEST_LENGTH};
    use crate::problem::{Problem, ProblemType};
    use crate::server::ReplySealer;
    use crate::test_parties::{NOW, Parties};
    use bhttp::StatusCode;

    fn asked(parties: &Parties) -> (PendingReply<ChallengeRequest>, ReplySealer) {
        let exchange = Exchange::new(
            &parties.configuration,
            &parties.channel,
            &ChallengeRequest {},
            NOW,
        )
        .unwrap();
        assert_eq!(exchange.sealed_request.len(), SEALED_REQUEST_LENGTH);
        let opened = parties.keys.open(&exchange.sealed_request, NOW).unwrap();
        assert!(opened.request.is_ok());
        (exchange.pending, opened.reply)
    }

    fn sealed_answer(body: &[u8]) -> Answer<'_> {
        Answer {
            status: 200,
            content_type: Some(SEALED_REPLY_TYPE),
            body,
        }
    }

    const REPLY: ChallengeReply = ChallengeReply {
        challenge: crate::FixedBytes([5; 32]),
        valid_seconds: 30,
    };

    #[test]
    fn a_reply_reaches_its_sender() {
        let (pending, sealer) = asked(&Parties::new(1, 1));
        let body = sealer.seal(&REPLY).unwrap();
        assert_eq!(body.len(), Call::Challenge.reply_bucket() + REPLY_OVERHEAD);
        assert_eq!(pending.open(&sealed_answer(&body)), Ok(REPLY));
    }

    #[test]
    fn a_reply_to_another_request_does_not_open() {
        let parties = Parties::new(1, 1);
        let (first, _) = asked(&parties);
        let (_, second) = asked(&parties);
        let body = second.seal(&REPLY).unwrap();
        assert_eq!(
            first.open(&sealed_answer(&body)),
            Err(PeerMisbehaved::ReplyDoesNotOpen.into())
        );
    }

    #[test]
    fn a_problem_under_the_seal_is_the_servers_word() {
        let (pending, sealer) = asked(&Parties::new(1, 1));
        let problem = Problem::new(ProblemType::KioskNotRegistered);
        let body = sealer.seal_problem(&problem).unwrap();
        // Of one length with success.
        assert_eq!(body.len(), Call::Challenge.reply_bucket() + REPLY_OVERHEAD);
        assert_eq!(
            pending.open(&sealed_answer(&body)),
            Err(ExchangeError::Refused(ReportedProblem::Known(problem)))
        );
    }

    #[test]
    fn a_problem_outside_the_seal_is_nobodys_word() {
        let (pending, _) = asked(&Parties::new(1, 1));
        let problem = Problem::new(ProblemType::SealingKeyUnknown);
        let answer = Answer {
            status: 422,
            content_type: Some(PROBLEM_TYPE),
            body: &problem.to_json(),
        };
        assert_eq!(
            pending.open(&answer),
            Err(ExchangeError::RefusedOutside(ReportedProblem::Known(
                problem
            )))
        );
    }

    #[test]
    fn answers_of_something_else_are_refused() {
        for (status, content_type) in [
            (200, None),
            (200, Some("text/html")),
            (204, Some(SEALED_REPLY_TYPE)),
            (502, Some("text/html")),
        ] {
            let (pending, sealer) = asked(&Parties::new(1, 1));
            let body = sealer.seal(&REPLY).unwrap();
            let answer = Answer {
                status,
                content_type,
                body: &body,
            };
            assert_eq!(
                pending.open(&answer),
                Err(PeerMisbehaved::UnexpectedAnswer(status).into())
            );
        }
    }

    #[test]
    fn a_reply_out_of_its_bucket_is_refused() {
        let parties = Parties::new(1, 1);
        for length in [0, 31, 32, 33, 1024, 1057, 2048 + 32, LONGEST_SEALED_REPLY] {
            let (pending, _) = asked(&parties);
            assert_eq!(
                pending.open(&sealed_answer(&vec![0; length])),
                Err(PeerMisbehaved::ReplyLength(length).into()),
                "{length}"
            );
        }
    }

    /// Seals any response, as a broken server could.
    fn broken(parties: &Parties, plain: &[u8]) -> Result<ChallengeReply, ExchangeError> {
        let exchange = Exchange::new(
            &parties.configuration,
            &parties.channel,
            &ChallengeRequest {},
            NOW,
        )
        .unwrap();
        let opened = parties.keys.open(&exchange.sealed_request, NOW).unwrap();
        let body = opened.reply.seal_bytes(plain);
        exchange.pending.open(&sealed_answer(&body))
    }

    fn response(status: StatusCode, content_type: &str, content: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut message = binary_http::response(status);
        message.put_header("content-type", content_type);
        message.write_content(content);
        binary_http::write_padded(&message, 1024, 1024).unwrap()
    }

    #[test]
    fn broken_replies_inside_the_seal_are_refused() {
        let parties = Parties::new(1, 1);
        let json = serde_json::to_vec(&REPLY).unwrap();
        let good = response(StatusCode::OK, "application/json", &json);
        assert_eq!(broken(&parties, &good), Ok(REPLY));
        let mut padding = good.clone();
        padding[1023] = 1;
        assert_eq!(
            broken(&parties, &padding),
            Err(PeerMisbehaved::BinaryHttp(MalformedBinaryHttp::PaddingNotZero(1023)).into())
        );
        let teapot = StatusCode::try_from(418_u16).unwrap();
        assert_eq!(
            broken(&parties, &response(teapot, "application/json", &json)),
            Err(PeerMisbehaved::UnexpectedStatus(418).into())
        );
        assert_eq!(
            broken(&parties, &response(StatusCode::OK, "text/html", &json)),
            Err(PeerMisbehaved::UnexpectedStatus(200).into())
        );
        let other = response(StatusCode::OK, "application/json", b"{}");
        assert!(matches!(
            broken(&parties, &other),
            Err(ExchangeError::PeerMisbehaved(PeerMisbehaved::Reply(_)))
        ));
        let no_problem = response(teapot, PROBLEM_TYPE, b"{}");
        assert!(matches!(
            broken(&parties, &no_problem),
            Err(ExchangeError::PeerMisbehaved(PeerMisbehaved::Problem(_)))
        ));
    }

    #[test]
    fn not_here_and_an_offer_are_of_one_length() {
        let parties = Parties::new(1, 1);
        let request = OfferRequest {
            ticket: vec![1; 1000].into(),
            municipality: domain::MunicipalityCode::parse("131121").unwrap(),
        };
        let mut lengths = Vec::new();
        let kinds = vec![
            crate::messages::OfferedKind {
                kind: domain::CertificateKind::Abroad,
                availability: crate::messages::Availability::PassportNotRegistered,
            };
            2
        ];
        for reply in [OfferReply::NotHere, OfferReply::Available { kinds }] {
            let exchange =
                Exchange::new(&parties.configuration, &parties.channel, &request, NOW).unwrap();
            let opened = parties.keys.open(&exchange.sealed_request, NOW).unwrap();
            let body = opened.reply.seal(&reply).unwrap();
            lengths.push(body.len());
            assert_eq!(exchange.pending.open(&sealed_answer(&body)), Ok(reply));
        }
        assert_eq!(lengths[0], lengths[1]);
    }

    #[test]
    fn what_does_not_fit_and_what_expired_is_not_sent() {
        let parties = Parties::new(1, 1);
        let long = ExtendRequest {
            ticket: vec![0; 8000].into(),
        };
        assert_eq!(
            Exchange::new(&parties.configuration, &parties.channel, &long, NOW)
                .map(drop)
                .unwrap_err(),
            LocalMisuse::RequestTooLong
        );
        assert_eq!(
            Exchange::new(
                &parties.configuration,
                &parties.channel,
                &ChallengeRequest {},
                NOW + 61
            )
            .map(drop)
            .unwrap_err(),
            LocalMisuse::ConfigurationExpired
        );
    }

    #[test]
    fn a_reply_too_long_for_its_call_is_not_sealed() {
        let parties = Parties::new(1, 1);
        let (_, sealer) = asked(&parties);
        let long = crate::messages::HolderTicket {
            ticket: vec![0; 2000].into(),
            valid_seconds: 1,
            suggested_municipality: None,
        };
        assert!(sealer.seal(&long).is_err());
        let (_, sealer) = asked(&parties);
        assert!(sealer.seal(&OutcomeRecorded {}).is_ok());
    }
}
