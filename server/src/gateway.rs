//! What stands around the seal: who may ask at all, opening, answering, one line of log.
//!
//! Each listener has its own [`Entrance`]. Behind those of kiosks and of the relay the calls are the
//! same; venues have calls of their own.

use std::sync::Arc;
use std::time::Duration;

use application::outer::{
    GATEWAY_PATH, PROBLEM_TYPE, SEALED_REPLY_TYPE, SEALED_REQUEST_LENGTH, SEALED_REQUEST_TYPE,
    SEALING_CONFIGURATION_PATH, SEALING_CONFIGURATION_TYPE,
};
use application::server::{OpenedRequest, ReplySealer, ReplyTooLong};
use application::{Call, Problem, ProblemType};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, DATE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use domain::{Channel, ChannelId, MunicipalityCode};
use http_body_util::{BodyExt as _, Limited};
use registry::Actor;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::calls::venue::{self, VenueCaller};
use crate::calls::{self, Caller, Reply};
use crate::listener::Peer;
use crate::problems::Refusal;
use crate::request_line::Line;
use crate::service::Service;

/// One of the ways in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The TLS peer is the channel.
    Kiosk,
    /// The TLS peer is mobile-api, the channel a phone behind it.
    Relay,
    /// The TLS peer is mobile-api, and a venue is behind it.
    Venue,
}

impl Way {
    const fn name(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Relay => "relay",
            Self::Venue => "venue",
        }
    }

    /// Who comes this way, as the register's records name it.
    const fn actor(self, id: ChannelId) -> Actor {
        match self {
            Self::Kiosk => Actor::Channel {
                kind: Channel::Kiosk,
                id,
            },
            Self::Relay => Actor::Channel {
                kind: Channel::Phone,
                id,
            },
            Self::Venue => Actor::Venue(id),
        }
    }
}

#[derive(Clone)]
struct Entrance {
    service: Arc<Service>,
    way: Way,
}

/// The routes of the kiosk listener.
pub fn kiosk_router(service: Arc<Service>) -> Router {
    router(Entrance {
        service,
        way: Way::Kiosk,
    })
}

/// The routes of the relay listener.
pub fn relay_router(service: Arc<Service>) -> Router {
    router(Entrance {
        service,
        way: Way::Relay,
    })
}

/// The routes of the venue listener.
pub fn venue_router(service: Arc<Service>) -> Router {
    router(Entrance {
        service,
        way: Way::Venue,
    })
}

fn router(entrance: Entrance) -> Router {
    Router::new()
        .route(GATEWAY_PATH, post(gateway))
        .route(SEALING_CONFIGURATION_PATH, get(sealing_configuration))
        .with_state(entrance)
}

async fn sealing_configuration(
    State(entrance): State<Entrance>,
    Extension(peer): Extension<Peer>,
) -> Response {
    let mut line = entrance.line("sealing-configuration");
    let answer = match entrance.admit(peer, &mut line).await {
        Ok(_) => entrance
            .service
            .sealing_configuration()
            .ok_or(Refusal::from(ProblemType::Internal)),
        Err(refusal) => Err(refusal),
    };
    match answer {
        Ok(json) => {
            line.end(200, None);
            let mut response = ok(SEALING_CONFIGURATION_TYPE, json);
            // The clock that judges requests: kiosks compare theirs with it.
            let date = http_date(entrance.service.clock.now());
            response.headers_mut().extend(date.map(|date| (DATE, date)));
            response
        }
        Err(refusal) => {
            line.end(refusal.problem.kind.status(), Some(&refusal));
            outer_problem(refusal.problem)
        }
    }
}

async fn gateway(
    State(entrance): State<Entrance>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let mut line = entrance.line("unknown");
    match entrance.answer(peer, &headers, body, &mut line).await {
        Ok(sealed) => ok(SEALED_REPLY_TYPE, sealed),
        Err(refusal) => {
            line.end(refusal.problem.kind.status(), Some(&refusal));
            outer_problem(refusal.problem)
        }
    }
}

impl Entrance {
    fn line(&self, call: &'static str) -> Line {
        Line::new(&*self.service.random, self.way.name(), call)
    }

    /// Lets registered peers in, whoever vouches for others; gives the municipalities that a
    /// kiosk was registered for.
    async fn admit(&self, peer: Peer, line: &mut Line) -> Result<Vec<MunicipalityCode>, Refusal> {
        match self.way {
            Way::Kiosk => {
                let Some(kiosk) = self.service.kiosk(peer.0).await? else {
                    return Err(self
                        .turned_away(peer, ProblemType::KioskNotRegistered)
                        .await?);
                };
                line.peer = kiosk.name.as_str().to_owned();
                Ok(kiosk.municipalities)
            }
            Way::Relay | Way::Venue if self.service.is_relay(peer.0).await? => Ok(Vec::new()),
            Way::Relay | Way::Venue => Err(self
                .turned_away(peer, ProblemType::RelayNotRegistered)
                .await?),
        }
    }

    /// Records that a peer was turned away, and gives what it is told. A CA of ours vouched for
    /// it: that it is not registered, or speaks for another, is for auditors to see.
    async fn turned_away(&self, peer: Peer, kind: ProblemType) -> Result<Refusal, Refusal> {
        let system = self.service.registry.system(self.way.actor(peer.0));
        system.record_refusal(kind.name()).await?;
        Ok(kind.into())
    }

    /// The sealed answer; or what is said outside the seal, where there is nothing to seal to.
    async fn answer(
        &self,
        peer: Peer,
        headers: &HeaderMap,
        body: Body,
        line: &mut Line,
    ) -> Result<Vec<u8>, Refusal> {
        let only = self.admit(peer, line).await?;
        // The body first: a peer that is slow with it takes no place from others.
        let sealed = sealed_request(headers, body, self.service.settings.limits.request()).await?;
        let place = self.service.place().await?;
        let now = self.service.clock.now().unix_timestamp();
        let opened = self
            .service
            .sealing
            .open(&sealed, now)
            .map_err(|error| Refusal::new(error.problem(), &error))?;
        if let Some(call) = opened.reply.call() {
            line.call = call_name(call);
        }
        let result = match opened.request {
            Ok(request) => self.call(peer, only, request, line).await,
            Err(error) => Err(Refusal::new(error.problem(), &error)),
        };
        drop(place);
        line.end(
            result
                .as_ref()
                .map_or_else(|r| r.problem.kind.status(), |_| 200),
            result.as_ref().err(),
        );
        let answer = match &result {
            Ok(reply) => seal(reply, opened.reply),
            Err(refusal) => opened.reply.seal_problem(&refusal.problem),
        };
        answer.map_err(|error| Refusal::new(ProblemType::Internal, &error))
    }

    async fn call(
        &self,
        peer: Peer,
        only: Vec<MunicipalityCode>,
        opened: OpenedRequest,
        line: &mut Line,
    ) -> Result<Reply, Refusal> {
        let channel = match self.way {
            // What is inside the seal is asked by the very kiosk that holds the connection.
            Way::Kiosk if opened.channel != peer.0 => {
                return Err(self.turned_away(peer, ProblemType::ChannelMismatch).await?);
            }
            Way::Kiosk => Channel::Kiosk,
            Way::Relay => {
                self.service.admit_device(opened.channel).await?;
                Channel::Phone
            }
            Way::Venue => return self.venue_call(opened, line).await,
        };
        let caller = Caller {
            channel,
            id: opened.channel,
            only,
        };
        calls::answer(&self.service, &caller, opened.request).await
    }

    /// A venue is who signed inside the seal: nobody on the way can speak for it.
    async fn venue_call(&self, opened: OpenedRequest, line: &mut Line) -> Result<Reply, Refusal> {
        let Some(venue) = self.service.venue(opened.channel).await? else {
            let signer = Peer(opened.channel);
            return Err(self
                .turned_away(signer, ProblemType::VenueNotRegistered)
                .await?);
        };
        line.peer = venue.name.as_str().to_owned();
        let caller = VenueCaller {
            id: opened.channel,
            venue,
        };
        venue::answer(&self.service, &caller, opened).await
    }
}

/// The body of a request, in the time that it may take. Only the reading is cut off: what has
/// arrived as a whole is answered, however long that takes.
async fn sealed_request(
    headers: &HeaderMap,
    body: Body,
    within: Duration,
) -> Result<Vec<u8>, Refusal> {
    let media_type = headers.get(CONTENT_TYPE).map(|value| value.as_bytes());
    if media_type != Some(SEALED_REQUEST_TYPE.as_bytes()) {
        return Err(ProblemType::MalformedRequest.into());
    }
    let collected = Limited::new(body, SEALED_REQUEST_LENGTH).collect();
    let Ok(collected) = tokio::time::timeout(within, collected).await else {
        return Err(Refusal::new(ProblemType::MalformedRequest, &BodyTooSlow));
    };
    match collected {
        Ok(collected) => Ok(collected.to_bytes().into()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            Err(ProblemType::TooLarge.into())
        }
        // The peer broke off in the middle of its request.
        Err(_) => Err(ProblemType::MalformedRequest.into()),
    }
}

/// A body that was not there in time.
#[derive(Debug, thiserror::Error)]
#[error("the body took longer than limits.request_seconds")]
struct BodyTooSlow;

fn seal(reply: &Reply, sealer: ReplySealer) -> Result<Vec<u8>, ReplyTooLong> {
    match reply {
        Reply::Open(reply) => sealer.seal(reply),
        Reply::Challenge(reply) => sealer.seal(reply),
        Reply::Ticket(reply) => sealer.seal(reply),
        Reply::Offer(reply) => sealer.seal(reply),
        Reply::Preview(reply) => sealer.seal(&**reply),
        Reply::Order(reply) => sealer.seal(&**reply),
        Reply::Outcome(reply) => sealer.seal(reply),
        Reply::DoseReceipt(reply) => sealer.seal(reply),
        Reply::Receipts(reply) => sealer.seal(reply),
    }
}

fn ok(media_type: &'static str, body: Vec<u8>) -> Response {
    let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, "no-store")];
    (StatusCode::OK, headers, body).into_response()
}

/// A moment as HTTP writes it (RFC 9110, section 5.6.7).
fn http_date(moment: OffsetDateTime) -> Option<HeaderValue> {
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    HeaderValue::from_str(&moment.format(form).ok()?).ok()
}

fn outer_problem(problem: Problem) -> Response {
    // The table of problem types holds statuses of 400 to 599 only.
    let status =
        StatusCode::from_u16(problem.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [(CONTENT_TYPE, PROBLEM_TYPE), (CACHE_CONTROL, "no-store")];
    let mut response = (status, headers, problem.to_json()).into_response();
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

const fn call_name(call: Call) -> &'static str {
    match call {
        Call::Open => "open",
        Call::Challenge => "challenge",
        Call::Apply => "apply",
        Call::Extend => "extend",
        Call::Offer => "offer",
        Call::Preview => "preview",
        Call::Order => "order",
        Call::Outcome => "outcome",
        Call::RegisterDose => "register-dose",
        Call::CorrectDose => "correct-dose",
        Call::CancelDose => "cancel-dose",
        Call::Receipts => "receipts",
    }
}
