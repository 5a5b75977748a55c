//! A server that says again what a real one said to this card's holder, and fails as a plan says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use application::messages::{OfferRequest, PreviewRequest, RequestMessage};
use application::{Call, Problem, ProblemType, ReportedProblem};
use crypto::SystemRandom;
use domain::{CertificateKind, ChannelId, Clock, SystemClock};
use fixtures::card::{IssuedCard, VirtualCard};
use fixtures::municipality::Kind;
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan as GroundPlan;
use fixtures::stage::in_memory::{PreparedResident, ReaderInMemory, server_link, trust};
use fixtures::stage::printer::Behaviour;
use kiosk_agent::payment::AtTheStore;
use kiosk_agent::printer::{Job, PrintFailure, Printer, PrinterFault};
use kiosk_agent::server_link::{LinkError, Server, ServerLink};
use kiosk_agent::session::{CardPlace, CodeVerifier, Ending, Kiosk, Patience};
use kiosk_agent::settings::TimeSettings;
use kiosk_agent::stop::{StopSignal, stop_switch};
use serde_json::Value;

use crate::devices::{Event, Events};

/// A real session, as it went.
pub struct Recorded {
    replies: BTreeMap<String, Value>,
    channel: ChannelId,
    pub verifier: CodeVerifier,
    pub card: IssuedCard,
    pub pin: String,
    /// The name of the municipality in the holder's address.
    pub municipality: String,
}

/// Which call fails, and how.
#[derive(Debug, Clone, Copy)]
pub struct Failing {
    pub call: usize,
    /// A problem that the server reports, or else it is not reached.
    pub problem: Option<ProblemType>,
}

/// Says again what was recorded.
pub struct Replay {
    pub recorded: &'static Recorded,
    pub failing: Option<Failing>,
    pub calls: usize,
    pub slow: Option<(Call, u64)>,
    pub refused_once: Option<(Call, ProblemType)>,
    pub events: Events,
}

fn name(call: Call) -> String {
    format!("{call:?}")
}

impl Server for Replay {
    async fn call<R: RequestMessage + Sync>(&mut self, _: &R) -> Result<R::Reply, LinkError> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if R::CALL == Call::Apply {
            self.events.lock().unwrap().push(Event::Applied);
        }
        if let Some((call, seconds)) = self.slow
            && call == R::CALL
        {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
        if R::CALL == Call::Outcome {
            self.events.lock().unwrap().push(Event::Reported);
        }
        if let Some((_, kind)) = self.refused_once.take_if(|(call, _)| *call == R::CALL) {
            let problem = ReportedProblem::Known(Problem::new(kind));
            return Err(LinkError::Refused(problem));
        }
        self.calls += 1;
        match self.failing {
            Some(failing) if failing.call == self.calls => Err(match failing.problem {
                Some(kind) => LinkError::Refused(ReportedProblem::Known(Problem::new(kind))),
                None => LinkError::Unreachable,
            }),
            Some(_) | None => {
                let reply = self.recorded.replies[&name(R::CALL)].clone();
                Ok(serde_json::from_value(reply).unwrap())
            }
        }
    }

    fn channel(&self) -> ChannelId {
        self.recorded.channel
    }
}

/// Passes calls on and writes their replies down.
struct Recorder {
    server: ServerLink,
    replies: Arc<Mutex<BTreeMap<String, Value>>>,
}

impl Recorder {
    fn keep(&self, call: Call, reply: Value) {
        self.replies.lock().unwrap().insert(name(call), reply);
    }
}

impl Server for Recorder {
    async fn call<R: RequestMessage + Sync>(&mut self, request: &R) -> Result<R::Reply, LinkError> {
        if R::CALL == Call::Offer {
            let offer = serde_json::to_value(request).unwrap();
            let offer: OfferRequest = serde_json::from_value(offer).unwrap();
            let preview = PreviewRequest {
                ticket: offer.ticket,
                municipality: offer.municipality,
                kind: CertificateKind::Abroad,
            };
            let reply = self.server.call(&preview).await?;
            self.keep(Call::Preview, serde_json::to_value(&reply).unwrap());
        }
        let reply = self.server.call(request).await?;
        let written = serde_json::to_value(&reply).unwrap();
        if R::CALL == Call::Apply {
            self.keep(Call::Extend, written.clone());
        }
        self.keep(R::CALL, written);
        Ok(reply)
    }

    fn channel(&self) -> ChannelId {
        self.server.channel()
    }
}

/// Prints nothing and says that it did.
struct NoPaper;

impl Printer for NoPaper {
    async fn ready(&self) -> Result<(), PrinterFault> {
        Ok(())
    }

    async fn print(&self, _: Job<'_>, _: &StopSignal) -> Result<(), PrintFailure> {
        Ok(())
    }
}

/// One real session with a real server, recorded once.
pub fn recorded() -> &'static Recorded {
    static RECORDED: OnceLock<Recorded> = OnceLock::new();
    RECORDED.get_or_init(|| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(record())
    })
}

async fn record() -> Recorded {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::raise(folder.path(), &GroundPlan::default(), Behaviour::Prints).unwrap();
    let person = stage.ground.person(Kind::ThreeDoses).unwrap();
    let card = stage.ground.card_of(person).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let verifier = CodeVerifier::new(trust(&stage.ground).unwrap(), clock.clone());
    let replies = Arc::new(Mutex::new(BTreeMap::new()));
    let (_switch, stop) = stop_switch();
    let mut kiosk = Kiosk {
        server: Recorder {
            server: server_link(&stage.ground, &stage.server, clock.clone()).unwrap(),
            replies: replies.clone(),
        },
        cards: CardPlace::of_one_session(ReaderInMemory::with(VirtualCard::new(card.clone()))),
        printer: NoPaper,
        payment: Arc::new(AtTheStore),
        resident: PreparedResident::new(person.pin.clone(), CertificateKind::Abroad),
        verifier: verifier.clone(),
        clock,
        random: Arc::new(SystemRandom),
        times: TimeSettings::default(),
        patience: Patience::new(),
        stop,
    };
    assert_eq!(kiosk.serve().await.ending, Ending::Delivered);
    let replies = replies.lock().unwrap().clone();
    let suggested = &replies[&name(Call::Apply)]["suggested_municipality"];
    let municipality = replies[&name(Call::Open)]["municipalities"]
        .as_array()
        .unwrap()
        .iter()
        .find(|municipality| municipality["code"] == *suggested)
        .unwrap()["name"]
        .as_str()
        .unwrap()
        .to_owned();
    Recorded {
        channel: kiosk.server.channel(),
        replies,
        verifier,
        card,
        pin: person.pin.expose().clone(),
        municipality,
    }
}
