//! Whatever a request says comes out as it went in, and no input makes anything panic.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use application::client::{Answer, ChannelKey, Exchange, PinnedKey, SealingConfiguration};
use application::messages::{
    ApplyRequest, ChallengeRequest, Consent, Copies, Credentials, ExtendRequest, HolderTicket,
    OfferRequest, OrderReply, OrderRequest, Outcome, OutcomeReport, Request, RequestMessage,
    SignedBasicInformationFiles,
};
use application::outer::{SEALED_REPLY_TYPE, SEALED_REQUEST_LENGTH};
use application::server::{SealingKey, SealingKeys};
use application::{Bytes, FixedBytes, ReportedProblem};
use crypto::Es256SigningKey;
use domain::{
    CertificateId, CertificateKind, Language, MunicipalityCode, Redacted, TermsVersion, Yen,
};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::LazyLock;

const NOW: i64 = 1_767_225_600;

struct Parties {
    keys: SealingKeys,
    pinned: PinnedKey,
    configuration: SealingConfiguration,
    channel: ChannelKey,
}

static PARTIES: LazyLock<Parties> = LazyLock::new(|| {
    let keys = SealingKeys::new(vec![SealingKey::from_seed(1, &[7; 32]).unwrap()]).unwrap();
    let (signer, _) = Es256SigningKey::generate().unwrap();
    let pinned = PinnedKey::from_spki_der(&signer.public_key().to_spki_der()).unwrap();
    let served = keys.sign_configuration(&signer, NOW, NOW + 60).unwrap();
    let configuration = pinned
        .verify(&serde_json::to_vec(&served).unwrap(), NOW)
        .unwrap();
    Parties {
        keys,
        pinned,
        configuration,
        channel: ChannelKey::generate().unwrap().0,
    }
});

fn bytes(longest: usize) -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..=longest).prop_map(Bytes)
}

fn file(longest: usize) -> impl Strategy<Value = Redacted<Bytes>> {
    bytes(longest).prop_map(Redacted::new)
}

fn municipality() -> impl Strategy<Value = MunicipalityCode> {
    "[0-9]{5}".prop_map(|five| {
        let digits: [u8; 5] = five.as_bytes().try_into().unwrap();
        let check = char::from(MunicipalityCode::check_digit(&digits));
        MunicipalityCode::parse(&format!("{five}{check}")).unwrap()
    })
}

fn apply() -> impl Strategy<Value = ApplyRequest> {
    (
        // Each as long as a reader takes it, but for those that a signature makes one length.
        (file(256), file(4096), file(336), file(568), file(536)),
        any::<[u8; 32]>(),
        proptest::option::of(vec(any::<u8>(), 256)),
        ("[!-~]{1,32}", 0..7_usize, any::<i64>()),
    )
        .prop_map(|(files, challenge, signature, consent)| ApplyRequest {
            signed_basic_information: SignedBasicInformationFiles {
                ef0001: files.0,
                ef0002: files.1,
                ef0003: files.2,
                ef0004: files.3,
                ef0007: files.4,
            },
            challenge: FixedBytes(challenge),
            presence_signature: signature.map(|bytes| FixedBytes(bytes.try_into().unwrap())),
            consent: Consent {
                terms_version: TermsVersion::parse(&consent.0).unwrap(),
                language: Language::ALL[consent.1],
                agreed_at: consent.2,
            },
        })
}

fn order() -> impl Strategy<Value = OrderRequest> {
    (
        bytes(3000),
        municipality(),
        any::<bool>(),
        1..=5_u8,
        any::<u32>(),
        any::<[u8; 16]>(),
    )
        .prop_map(
            |(ticket, municipality, abroad, copies, fee, key)| OrderRequest {
                ticket,
                municipality,
                kind: CertificateKind::ALL[usize::from(abroad)],
                copies: Copies::new(copies).unwrap(),
                fee: Yen(fee),
                idempotency_key: FixedBytes(key),
            },
        )
}

fn outcome() -> impl Strategy<Value = OutcomeReport> {
    (bytes(3000), municipality(), "[A-Z0-9]{12}", any::<bool>()).prop_map(
        |(ticket, municipality, id, delivered)| OutcomeReport {
            ticket,
            municipality,
            certificate_id: CertificateId::parse(&id).unwrap(),
            outcome: if delivered {
                Outcome::Delivered
            } else {
                Outcome::NotDelivered
            },
        },
    )
}

/// Sent and received, it is what it was.
fn arrives<R: RequestMessage + Clone>(request: &R) {
    let parties = &*PARTIES;
    let exchange = Exchange::new(&parties.configuration, &parties.channel, request, NOW).unwrap();
    assert_eq!(exchange.sealed_request.len(), SEALED_REQUEST_LENGTH);
    let opened = parties.keys.open(&exchange.sealed_request, NOW).unwrap();
    let opened = opened.request.unwrap();
    assert!(opened.request == request.clone().into_request());
    assert_eq!(opened.request.call(), R::CALL);
    assert_eq!(opened.channel, parties.channel.id());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn applications_arrive_and_are_of_one_length(request in apply()) {
        arrives(&request);
    }

    #[test]
    fn orders_arrive(request in order()) {
        arrives(&request);
    }

    #[test]
    fn outcomes_arrive(request in outcome()) {
        arrives(&request);
    }

    #[test]
    fn offers_and_extensions_arrive(ticket in bytes(6000), municipality in municipality()) {
        arrives(&OfferRequest { ticket: ticket.clone(), municipality });
        arrives(&ExtendRequest { ticket });
    }

    #[test]
    fn credentials_arrive(texts in vec("\\PC{0,300}", 4), abroad in any::<bool>()) {
        let parties = &*PARTIES;
        let request = OrderRequest {
            ticket: Bytes(vec![1]),
            municipality: MunicipalityCode::parse("131121").unwrap(),
            kind: CertificateKind::Abroad,
            copies: Copies::ONE,
            fee: Yen(120),
            idempotency_key: FixedBytes([0; 16]),
        };
        let reply = OrderReply {
            certificate_id: CertificateId::from_random([3; 12]),
            document: None,
            credentials: Some(Credentials {
                smart_health_card: texts[0].clone().into(),
                smart_health_card_code: texts[1].clone().into(),
                vds_nc: abroad.then(|| texts[2].clone().into()),
                vds_nc_code: abroad.then(|| texts[3].clone().into()),
            }),
        };
        let exchange =
            Exchange::new(&parties.configuration, &parties.channel, &request, NOW).unwrap();
        let opened = parties.keys.open(&exchange.sealed_request, NOW).unwrap();
        let body = opened.reply.seal(&reply).unwrap();
        let answer = Answer { status: 200, content_type: Some(SEALED_REPLY_TYPE), body: &body };
        prop_assert!(exchange.pending.open(&answer) == Ok(reply));
    }

    #[test]
    fn no_sealed_bytes_panic(mut sealed in vec(any::<u8>(), SEALED_REQUEST_LENGTH), header in any::<bool>()) {
        if header {
            sealed[..7].copy_from_slice(&[1, 0, 0x20, 0, 1, 0, 1]);
        }
        prop_assert!(PARTIES.keys.open(&sealed, NOW).is_err());
    }

    #[test]
    fn no_changed_byte_opens(at in 0..SEALED_REQUEST_LENGTH, change in 1..=255_u8) {
        let parties = &*PARTIES;
        let exchange =
            Exchange::new(&parties.configuration, &parties.channel, &ChallengeRequest {}, NOW)
                .unwrap();
        let mut sealed = exchange.sealed_request;
        sealed[at] ^= change;
        prop_assert!(parties.keys.open(&sealed, NOW).is_err());
    }

    #[test]
    fn no_answer_panics(status in any::<u16>(), body in vec(any::<u8>(), 0..3000), sealed in any::<bool>()) {
        let parties = &*PARTIES;
        let exchange =
            Exchange::new(&parties.configuration, &parties.channel, &ChallengeRequest {}, NOW)
                .unwrap();
        let content_type = sealed.then_some(SEALED_REPLY_TYPE);
        let answer = Answer { status, content_type, body: &body };
        prop_assert!(exchange.pending.open(&answer).is_err());
    }

    #[test]
    fn no_configuration_panics(served in vec(any::<u8>(), 0..5000)) {
        prop_assert!(PARTIES.pinned.verify(&served, NOW).is_err());
    }

    #[test]
    fn no_problem_panics(json in "[\\{\\}\":,a-z0-9/\\[\\]]{0,200}") {
        let _ = ReportedProblem::parse(json.as_bytes());
    }
}

#[test]
fn debug_of_any_request_tells_nothing_of_a_person() {
    let canary = "CANARY";
    let bytes = Bytes(canary.as_bytes().to_vec());
    let redacted = Redacted::new(bytes.clone());
    let request = Request::Apply(Box::new(ApplyRequest {
        signed_basic_information: SignedBasicInformationFiles {
            ef0001: redacted.clone(),
            ef0002: redacted.clone(),
            ef0003: redacted.clone(),
            ef0004: redacted.clone(),
            ef0007: redacted,
        },
        challenge: FixedBytes(*b"CANARYCANARYCANARYCANARYCANARYCA"),
        presence_signature: Some(FixedBytes([b'C'; 256])),
        consent: Consent {
            terms_version: TermsVersion::parse("1").unwrap(),
            language: Language::Japanese,
            agreed_at: 0,
        },
    }));
    let reply = OrderReply {
        certificate_id: CertificateId::from_random([3; 12]),
        document: Some(bytes.clone().into()),
        credentials: Some(Credentials {
            smart_health_card: canary.to_owned().into(),
            smart_health_card_code: canary.to_owned().into(),
            vds_nc: Some(canary.to_owned().into()),
            vds_nc_code: Some(canary.to_owned().into()),
        }),
    };
    let ticket = HolderTicket {
        ticket: bytes,
        valid_seconds: 1,
        suggested_municipality: None,
    };
    let shown = format!("{request:?} {reply:?} {ticket:?}");
    assert!(!shown.contains(canary), "{shown}");
    assert!(!shown.contains("67, 65, 78"), "as numbers: {shown}");
}
