//! What was under the seal.

use crypto::Es256PublicKey;
use domain::ChannelId;

use super::{Opened, ReplySealer};
use crate::binary_http::{self, MalformedBinaryHttp};
use crate::call::Call;
use crate::channel_signature::{self, ChannelSignatureRefused};
use crate::json::MalformedMessage;
use crate::messages::{
    ApplyRequest, CancelDoseRequest, ChallengeRequest, CorrectDoseRequest, ExtendRequest,
    OfferRequest, OpenRequest, OrderRequest, OutcomeReport, PreviewRequest, ReceiptsRequest,
    RegisterDoseRequest, Request, RequestMessage,
};
use crate::problem::ProblemType;

/// A request that its channel signed, fresh and whole.
#[derive(Debug)]
pub struct OpenedRequest {
    /// Who signed it. Not yet whether that channel is registered.
    pub channel: ChannelId,
    /// The channel's public key.
    pub channel_key: Es256PublicKey,
    /// SHA-256 of the request's content: the same for the same request sent again.
    pub content_digest: [u8; 32],
    /// What it asks.
    pub request: Request,
}

/// Why what was under the seal is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefused {
    /// Not the binary HTTP of the protocol.
    #[error(transparent)]
    BinaryHttp(#[from] MalformedBinaryHttp),
    /// No call: another method, scheme, authority or path.
    #[error("no such call")]
    NoSuchCall,
    /// The channel's signature was not taken.
    #[error(transparent)]
    ChannelSignature(#[from] ChannelSignatureRefused),
    /// Not the message of the call.
    #[error(transparent)]
    Message(#[from] MalformedMessage),
}

impl RequestRefused {
    /// What the channel is told.
    #[must_use]
    pub const fn problem(self) -> ProblemType {
        match self {
            Self::BinaryHttp(_) | Self::NoSuchCall | Self::Message(_) => {
                ProblemType::MalformedRequest
            }
            Self::ChannelSignature(ChannelSignatureRefused::Expired { .. }) => {
                ProblemType::RequestExpired
            }
            Self::ChannelSignature(
                ChannelSignatureRefused::Fields
                | ChannelSignatureRefused::ContentType
                | ChannelSignatureRefused::Spelling
                | ChannelSignatureRefused::Key
                | ChannelSignatureRefused::KeyId
                | ChannelSignatureRefused::ContentDigest
                | ChannelSignatureRefused::Signature,
            ) => ProblemType::ChannelSignatureInvalid,
        }
    }
}

/// Reads what was under the seal: who signs comes before what is said.
pub(super) fn read(plain: &[u8], response: ohttp::ServerResponse, now: i64) -> Opened {
    let called = called(plain);
    let reply = ReplySealer::new(response, called.as_ref().ok().map(|(call, _)| *call));
    let request = called.and_then(|(call, message)| verified(call, &message, now));
    Opened { request, reply }
}

fn called(plain: &[u8]) -> Result<(Call, bhttp::Message), RequestRefused> {
    let message = binary_http::read_request(plain)?;
    let control = message.control();
    let ours = control.method() == Some(b"POST")
        && control.scheme() == Some(b"https")
        && control.authority().is_none();
    let call = control
        .path()
        .filter(|_| ours)
        .and_then(Call::from_path)
        .ok_or(RequestRefused::NoSuchCall)?;
    Ok((call, message))
}

fn verified(
    call: Call,
    message: &bhttp::Message,
    now: i64,
) -> Result<OpenedRequest, RequestRefused> {
    let by = channel_signature::verify(message, call, now)?;
    Ok(OpenedRequest {
        channel: by.id,
        channel_key: by.key,
        content_digest: by.content_digest,
        request: parse(call, message.content())?,
    })
}

fn parse(call: Call, json: &[u8]) -> Result<Request, MalformedMessage> {
    match call {
        Call::Open => message::<OpenRequest>(json),
        Call::Challenge => message::<ChallengeRequest>(json),
        Call::Apply => message::<ApplyRequest>(json),
        Call::Extend => message::<ExtendRequest>(json),
        Call::Offer => message::<OfferRequest>(json),
        Call::Preview => message::<PreviewRequest>(json),
        Call::Order => message::<OrderRequest>(json),
        Call::Outcome => message::<OutcomeReport>(json),
        Call::RegisterDose => message::<RegisterDoseRequest>(json),
        Call::CorrectDose => message::<CorrectDoseRequest>(json),
        Call::CancelDose => message::<CancelDoseRequest>(json),
        Call::Receipts => message::<ReceiptsRequest>(json),
    }
}

fn message<R: RequestMessage>(json: &[u8]) -> Result<Request, MalformedMessage> {
    crate::json::read::<R>(json).map(R::into_request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::REQUEST_LENGTH;
    use crate::messages::Request;
    use crate::test_parties::{NOW, Parties};

    /// A request as a channel with any path, method and content would make it.
    fn plain(parties: &Parties, call: Call, content: &[u8]) -> Vec<u8> {
        let mut message = binary_http::request(call);
        channel_signature::sign(
            &mut message,
            call,
            content,
            parties.channel.signing_key(),
            NOW,
        )
        .unwrap();
        binary_http::write_padded(&message, REQUEST_LENGTH, REQUEST_LENGTH)
            .unwrap()
            .to_vec()
    }

    fn opened(parties: &Parties, plain: &[u8]) -> Opened {
        parties.keys.open(&parties.seal(plain).0, NOW).unwrap()
    }

    fn refusal(parties: &Parties, plain: &[u8]) -> RequestRefused {
        opened(parties, plain).request.unwrap_err()
    }

    #[test]
    fn a_request_tells_who_asks_what() {
        let parties = Parties::new(1, 1);
        let opened = opened(&parties, &plain(&parties, Call::Challenge, b"{}"));
        assert_eq!(opened.reply.call(), Some(Call::Challenge));
        let request = opened.request.unwrap();
        assert_eq!(request.channel, parties.channel.id());
        assert_eq!(&request.channel_key, parties.channel.public_key());
        assert_eq!(request.content_digest, crypto::sha256(b"{}"));
        assert_eq!(request.request, Request::Challenge);
    }

    #[test]
    fn what_is_signed_two_minutes_ago_is_refused() {
        let parties = Parties::new(1, 1);
        let (sealed, _) = parties.seal(&plain(&parties, Call::Open, b"{}"));
        let late = parties.keys.open(&sealed, NOW + 121).unwrap();
        let refused = late.request.unwrap_err();
        assert_eq!(refused.problem(), ProblemType::RequestExpired);
        assert_eq!(late.reply.call(), Some(Call::Open));
    }

    #[test]
    fn a_request_signed_for_another_call_is_refused() {
        let parties = Parties::new(1, 1);
        let mut bytes = plain(&parties, Call::Offer, b"{}");
        let at = bytes.windows(9).position(|w| w == b"/v1/offer").unwrap();
        bytes[at..at + 9].copy_from_slice(b"/v1/order");
        assert_eq!(
            refusal(&parties, &bytes),
            RequestRefused::ChannelSignature(ChannelSignatureRefused::Signature)
        );
    }

    #[test]
    fn who_signs_comes_before_what_is_said() {
        let parties = Parties::new(1, 1);
        let mut bytes = plain(&parties, Call::Offer, b"not even JSON");
        assert!(matches!(
            refusal(&parties, &bytes),
            RequestRefused::Message(_)
        ));
        let at = bytes.windows(5).position(|w| w == b"sig=:").unwrap();
        bytes[at + 5] ^= 1;
        assert!(matches!(
            refusal(&parties, &bytes),
            RequestRefused::ChannelSignature(_)
        ));
    }

    #[test]
    fn no_such_call_is_refused() {
        let parties = Parties::new(1, 1);
        for (from, to) in [
            (&b"/v1/offer"[..], &b"/v1/offen"[..]),
            (b"POST", b"PUSH"),
            (b"https", b"httpx"),
        ] {
            let mut bytes = plain(&parties, Call::Offer, b"{}");
            let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
            bytes[at..at + to.len()].copy_from_slice(to);
            let opened = opened(&parties, &bytes);
            assert_eq!(opened.request.unwrap_err(), RequestRefused::NoSuchCall);
            assert_eq!(opened.reply.call(), None);
        }
    }

    #[test]
    fn a_request_to_another_host_is_refused() {
        let parties = Parties::new(1, 1);
        let mut message = bhttp::Message::request(
            b"POST".to_vec(),
            b"https".to_vec(),
            b"other.example".to_vec(),
            Call::Open.path().as_bytes().to_vec(),
        );
        let key = parties.channel.signing_key();
        channel_signature::sign(&mut message, Call::Open, b"{}", key, NOW).unwrap();
        let plain = binary_http::write_padded(&message, REQUEST_LENGTH, REQUEST_LENGTH).unwrap();
        assert_eq!(refusal(&parties, &plain), RequestRefused::NoSuchCall);
    }

    #[test]
    fn what_is_no_binary_http_is_refused() {
        let parties = Parties::new(1, 1);
        let mut bytes = plain(&parties, Call::Open, b"{}");
        *bytes.last_mut().unwrap() = 1;
        assert_eq!(
            refusal(&parties, &bytes),
            RequestRefused::BinaryHttp(MalformedBinaryHttp::PaddingNotZero(REQUEST_LENGTH - 1))
        );
        assert!(matches!(
            refusal(&parties, &[0xff; REQUEST_LENGTH]),
            RequestRefused::BinaryHttp(_)
        ));
    }

    #[test]
    fn another_message_than_the_calls_is_refused() {
        let parties = Parties::new(1, 1);
        for (call, content) in [
            (Call::Open, &b"{\"x\":1}"[..]),
            (Call::Open, b""),
            (Call::Challenge, b"{} {}"),
            (Call::Extend, b"{}"),
            (Call::Extend, br#"{"ticket":"AA","ticket":"AA"}"#),
            (Call::Extend, br#"{"ticket":"AA","more":1}"#),
            (Call::Extend, br#"{"ticket":"A"}"#),
            (Call::Extend, br#"{"ticket":"AA=="}"#),
            (Call::Extend, br#"{"ticket":"+/+/"}"#),
        ] {
            assert!(
                matches!(
                    refusal(&parties, &plain(&parties, call, content)),
                    RequestRefused::Message(_)
                ),
                "{}",
                String::from_utf8_lossy(content)
            );
        }
        let good = plain(&parties, Call::Extend, br#"{"ticket":"AA"}"#);
        assert!(opened(&parties, &good).request.is_ok());
    }
}
