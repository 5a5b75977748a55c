//! What passes the relay: one length of request whoever asks, replies that tell nothing apart,
//! and not one byte of a person.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use application::client::{Answer, ExchangeError};
use application::messages::{
    ApplyRequest, ChallengeRequest, HolderTicket, OfferReply, OfferRequest, OpenRequest, Outcome,
    OutcomeReport, RequestMessage,
};
use application::outer::SEALED_REQUEST_LENGTH;
use application::{Call, ReportedProblem};
use domain::CertificateKind;
use fixtures::card::Ef;
use fixtures::municipality::{Kind, Person};
use leak_search::LeakSearch;
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running, order};

/// A phone whose relay keeps what passes.
struct Watched<'a> {
    phone: &'a ChannelClient,
    passed: Vec<(Call, Vec<u8>, Vec<u8>)>,
}

impl<'a> Watched<'a> {
    const fn new(phone: &'a ChannelClient) -> Self {
        Self {
            phone,
            passed: Vec::new(),
        }
    }

    async fn call<R: RequestMessage>(&mut self, request: &R) -> Result<R::Reply, ReportedProblem> {
        let exchange = self.phone.seal(request).await;
        let sealed = exchange.sealed_request;
        let answer = self.phone.post(sealed.clone()).await.unwrap();
        let opened = exchange.pending.open(&Answer {
            status: answer.status,
            content_type: answer.content_type.as_deref(),
            body: &answer.body,
        });
        self.passed.push((R::CALL, sealed, answer.body));
        opened.map_err(|error| match error {
            ExchangeError::Refused(problem) => problem,
            ExchangeError::RefusedOutside(_) | ExchangeError::PeerMisbehaved(_) => {
                panic!("{error}")
            }
        })
    }

    async fn apply(&mut self, applicant: &Applicant) -> Result<HolderTicket, ReportedProblem> {
        let challenge = self.call(&ChallengeRequest {}).await?;
        let application: ApplyRequest = applicant.application(self.phone.id(), &challenge);
        self.call(&application).await
    }

    fn lengths(&self, call: Call) -> Vec<usize> {
        let of_call = self.passed.iter().filter(|(found, ..)| *found == call);
        of_call.map(|(.., reply)| reply.len()).collect()
    }
}

/// What must not pass: the person's data in any encoding, the card's files and our own words, as
/// they are and as base64url.
fn canaries(person: &Person, applicant: &Applicant, more: Vec<Vec<u8>>) -> LeakSearch {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let mut bytes = more;
    for file in [Ef::IndividualNumber, Ef::BasicAttributes, Ef::Integrity] {
        let content = &applicant.card.files.get(file).unwrap()[..12];
        bytes.push(content.to_vec());
        bytes.push(URL_SAFE_NO_PAD.encode(content).into_bytes());
    }
    for word in ["ticket", "application/json", "/v1/"] {
        bytes.push(word.as_bytes().to_vec());
    }
    LeakSearch::of([
        person.individual_number.expose(),
        person.name.expose(),
        person.address.expose(),
        person.birth_date.expose(),
    ])
    .and_bytes(bytes)
}

#[tokio::test]
async fn nothing_of_a_person_passes_in_the_clear() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let phone = ChannelClient::phone(&ground, &running);
    let mut watched = Watched::new(&phone);
    let person = ground.person(Kind::ThreeDoses);
    let applicant = Applicant::person(&ground, person);

    watched.call(&OpenRequest {}).await.unwrap();
    let ticket = watched.apply(&applicant).await.unwrap();
    let municipality = ticket.suggested_municipality.unwrap();
    let ask = OfferRequest {
        ticket: ticket.ticket.clone(),
        municipality,
    };
    let offer = watched.call(&ask).await.unwrap();
    assert!(matches!(offer, OfferReply::Available { .. }));
    let order = order(&ticket, municipality, CertificateKind::Abroad, 0, 1);
    let reply = watched.call(&order).await.unwrap();
    let report = OutcomeReport {
        ticket: ticket.ticket,
        municipality,
        certificate_id: reply.certificate_id,
        outcome: Outcome::Delivered,
    };
    watched.call(&report).await.unwrap();

    let credentials = reply.credentials.unwrap();
    let issued = vec![
        reply.certificate_id.as_str().as_bytes().to_vec(),
        credentials.smart_health_card.expose()[..40].into(),
        credentials.vds_nc.unwrap().expose()[..40].into(),
    ];
    let canaries = canaries(person, &applicant, issued);
    // What is searched for would be found: it is in the messages themselves.
    let message = serde_json::to_vec(&order).unwrap();
    assert!(canaries.found_in(&message).is_some());
    assert_eq!(watched.passed.len(), 6);
    for (call, request, reply) in &watched.passed {
        assert_eq!(request.len(), SEALED_REQUEST_LENGTH, "{call:?}");
        assert_eq!(canaries.found_in(request), None, "{call:?}, request");
        assert_eq!(canaries.found_in(reply), None, "{call:?}, reply");
    }
}

#[tokio::test]
async fn lengths_tell_nobody_apart() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let phone = ChannelClient::phone(&ground, &running);
    let mut watched = Watched::new(&phone);
    let mut here = Vec::new();
    for kind in [
        Kind::ThreeDoses,
        Kind::SevenDoses,
        Kind::LongName,
        Kind::NoPassport,
        Kind::Protected,
        Kind::Deceased,
        Kind::NoDoses,
        Kind::NameMismatch,
        Kind::NotRegistered,
    ] {
        let applicant = Applicant::of_kind(&ground, kind);
        let ticket = watched.apply(&applicant).await.unwrap();
        let municipality = Ground::urayasu();
        let ask = OfferRequest {
            ticket: ticket.ticket.clone(),
            municipality,
        };
        if let OfferReply::Available { .. } = watched.call(&ask).await.unwrap() {
            here.push(kind);
        }
        // Whoever is not here is refused, in a reply of the same length as a certificate's.
        let order = order(&ticket, municipality, CertificateKind::Domestic, 0, 1);
        let _ = watched.call(&order).await;
    }
    assert!(here.contains(&Kind::ThreeDoses) && here.contains(&Kind::NoPassport));
    assert!(!here.contains(&Kind::Protected) && !here.contains(&Kind::NotRegistered));
    // A card that is none is refused in the same length as well.
    let mut forged = Applicant::of_kind(&ground, Kind::ThreeDoses);
    forged.card = ground.cards.issue_by(
        &ground.cards.foreign_issuer(Ground::urayasu()),
        &ground.person(Kind::ThreeDoses).on_card(),
    );
    assert!(watched.apply(&forged).await.is_err());
    for call in [Call::Challenge, Call::Apply, Call::Offer, Call::Order] {
        let mut lengths = watched.lengths(call);
        let asked = lengths.len();
        lengths.dedup();
        assert_eq!(lengths.len(), 1, "{call:?}: {lengths:?} of {asked}");
        assert_eq!(lengths[0], call.reply_bucket() + 32);
    }
}
