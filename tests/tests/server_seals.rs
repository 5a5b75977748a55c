//! What is refused before or while a seal is opened, and what stands inside it and is not a
//! channel's own word.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use application::ProblemType;
use application::client::{Answer, Exchange, PinnedKey};
use application::messages::{ChallengeRequest, OpenRequest};
use application::outer::SEALED_REQUEST_LENGTH;
use application::{ReportedProblem, SignedSealingConfiguration};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::Es256SigningKey;
use system_tests::server_stage::{ChannelClient, Ground, HttpAnswer, Running, TlsIdentity};

fn problem(answer: &HttpAnswer) -> Option<ProblemType> {
    assert_eq!(
        answer.content_type.as_deref(),
        Some("application/problem+json")
    );
    ReportedProblem::parse(&answer.body).unwrap().kind()
}

#[tokio::test]
async fn what_cannot_be_opened_is_refused_outside_the_seal() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let sealed = kiosk.seal(&OpenRequest {}).await.sealed_request;
    let changed = |at: usize, to: u8| {
        let mut sealed = sealed.clone();
        sealed[at] = to;
        sealed
    };
    let last = sealed.len() - 1;
    let cases = [
        // RFC 9458, section 4.3: key id, KEM, KDF, AEAD, encapsulated key, ciphertext
        ("key id", changed(0, 77), ProblemType::SealingKeyUnknown),
        ("KEM", changed(2, 0x10), ProblemType::SealingKeyUnknown),
        ("KDF", changed(4, 0x03), ProblemType::SealingKeyUnknown),
        ("AEAD", changed(6, 0x02), ProblemType::SealingKeyUnknown),
        (
            "encapsulated key",
            changed(9, !sealed[9]),
            ProblemType::SealingKeyUnknown,
        ),
        (
            "tag",
            changed(last, !sealed[last]),
            ProblemType::SealingKeyUnknown,
        ),
        ("nothing", Vec::new(), ProblemType::MalformedRequest),
        (
            "cut off",
            sealed[..last].to_vec(),
            ProblemType::MalformedRequest,
        ),
        (
            "one byte more",
            [&sealed[..], &[0]].concat(),
            ProblemType::TooLarge,
        ),
        ("a megabyte", vec![1; 1 << 20], ProblemType::TooLarge),
    ];
    for (name, body, expected) in cases {
        let answer = kiosk.post(body).await.unwrap();
        assert_eq!(problem(&answer), Some(expected), "{name}");
        assert_eq!(answer.status, expected.status(), "{name}");
    }
    // And the one that was changed is good itself.
    assert_eq!(sealed.len(), SEALED_REQUEST_LENGTH);
    assert_eq!(kiosk.post(sealed).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_substituted_sealing_key_is_not_believed() {
    let ground = Ground::lay().await;
    let settings = ground.write_settings("substituted.toml", |text| {
        text.replace(
            "pki/sealing-configuration.key.pem",
            "pki/foreign/sealing-configuration.key.pem",
        )
    });
    let running = Running::start_with(&settings).await;
    let kiosk = TlsIdentity::kiosk(&ground, 1);
    let client = ChannelClient::new(
        &ground,
        running.kiosk,
        &running.clock,
        &kiosk,
        kiosk.channel_key(),
    );
    let spki = std::fs::read(ground.pki.sealing_configuration_spki()).unwrap();
    let served = client.served_configuration().await;
    let refused = PinnedKey::from_spki_der(&spki)
        .unwrap()
        .verify(&served, client.now());
    assert_eq!(
        refused.unwrap_err(),
        application::client::ConfigurationRefused::Signature
    );
}

#[tokio::test]
async fn a_request_is_good_for_two_minutes_either_way() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let configuration = kiosk.sealing_configuration().await.unwrap();
    let key = TlsIdentity::kiosk(&ground, 1).channel_key();
    for (seconds, good) in [(-121, false), (-120, true), (120, true), (121, false)] {
        let now = kiosk.now() + seconds;
        let exchange = Exchange::new(&configuration, &key, &OpenRequest {}, now).unwrap();
        match kiosk.exchange(exchange).await {
            Ok(_) => assert!(good, "{seconds} s"),
            Err(refused) => {
                assert!(!good, "{seconds} s");
                assert_eq!(refused.problem(), Some(ProblemType::RequestExpired));
            }
        }
    }
}

/// A request as its channel signs it, and one thing about it that can be wrong.
struct Handmade {
    method: &'static str,
    path: &'static str,
    content: &'static str,
    signed_content: &'static str,
    signed_path: &'static str,
    shown_key: Es256SigningKey,
    signing_key: Option<Es256SigningKey>,
}

impl Handmade {
    fn right(ground: &Ground) -> Self {
        Self {
            method: "POST",
            path: "/v1/challenge",
            content: "{}",
            signed_content: "{}",
            signed_path: "/v1/challenge",
            shown_key: kiosk_key(ground, 1),
            signing_key: None,
        }
    }

    /// The profile of docs/PROTOCOL.md, written here a second time on purpose.
    fn bhttp(&self, created: i64) -> Vec<u8> {
        let spki = self.shown_key.public_key().to_spki_der();
        let key_id: String = crypto::sha256(&spki)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let sequence = |bytes: &[u8]| format!(":{}:", STANDARD.encode(bytes));
        let digest = crypto::sha256(self.signed_content.as_bytes());
        let digest = format!("sha-256={}", sequence(&digest));
        let parameters = format!(
            "(\"@method\" \"@path\" \"content-digest\");created={created};keyid=\"{key_id}\";\
             alg=\"ecdsa-p256-sha256\";tag=\"akashi-channel-v1\""
        );
        let base = format!(
            "\"@method\": POST\n\"@path\": {}\n\"content-digest\": {digest}\n\
             \"@signature-params\": {parameters}",
            self.signed_path
        );
        let signer = self.signing_key.as_ref().unwrap_or(&self.shown_key);
        let signature = signer.sign(base.as_bytes()).unwrap();
        let mut message = bhttp::Message::request(
            self.method.into(),
            b"https".to_vec(),
            Vec::new(),
            self.path.into(),
        );
        message.put_header("content-type", "application/json");
        message.put_header("content-digest", digest);
        message.put_header("akashi-channel-key", sequence(&spki));
        message.put_header("signature-input", format!("sig={parameters}"));
        message.put_header("signature", format!("sig={}", sequence(&signature)));
        message.write_content(self.content);
        let mut plain = Vec::new();
        message
            .write_bhttp(bhttp::Mode::KnownLength, &mut plain)
            .unwrap();
        plain.resize(application::REQUEST_LENGTH, 0);
        plain
    }

    /// Posts it; the problem that came back under the seal, if one did.
    async fn post(&self, kiosk: &ChannelClient) -> Option<ProblemType> {
        let served: SignedSealingConfiguration =
            serde_json::from_slice(&kiosk.served_configuration().await).unwrap();
        let client =
            ohttp::ClientRequest::from_encoded_config_list(&served.key_configurations).unwrap();
        let (sealed, response) = client.encapsulate(&self.bhttp(kiosk.now())).unwrap();
        let answer = kiosk.post(sealed).await.unwrap();
        assert_eq!(answer.status, 200, "answered under the seal");
        let plain = response.decapsulate(&answer.body).unwrap();
        let message = bhttp::Message::read_bhttp(&mut std::io::Cursor::new(&plain[..])).unwrap();
        ReportedProblem::parse(message.content())
            .ok()
            .and_then(|problem| problem.kind())
    }
}

fn kiosk_key(ground: &Ground, number: u16) -> Es256SigningKey {
    TlsIdentity::kiosk(ground, number).signing_key()
}

#[tokio::test]
async fn only_the_channels_own_signature_over_this_very_request_is_taken() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let right = || Handmade::right(&ground);
    assert_eq!(
        right().post(&kiosk).await,
        None,
        "the handmade request is good"
    );

    let by_another_key = Handmade {
        signing_key: Some(kiosk_key(&ground, 2)),
        ..right()
    };
    let refused = by_another_key.post(&kiosk).await;
    assert_eq!(refused, Some(ProblemType::ChannelSignatureInvalid));

    let other_content = Handmade {
        content: "{ }",
        ..right()
    };
    let refused = other_content.post(&kiosk).await;
    assert_eq!(refused, Some(ProblemType::ChannelSignatureInvalid));

    let other_call = Handmade {
        path: "/v1/open",
        ..right()
    };
    let refused = other_call.post(&kiosk).await;
    assert_eq!(refused, Some(ProblemType::ChannelSignatureInvalid));

    for (method, path, content) in [
        ("GET", "/v1/challenge", "{}"),
        ("POST", "/v1/no-such-call", "{}"),
        ("POST", "/v1/challenge", "{\"more\":1}"),
        ("POST", "/v1/challenge", ""),
    ] {
        let malformed = Handmade {
            method,
            path,
            content,
            signed_content: content,
            signed_path: path,
            ..right()
        };
        let refused = malformed.post(&kiosk).await;
        assert_eq!(
            refused,
            Some(ProblemType::MalformedRequest),
            "{method} {path} {content}"
        );
    }
}

#[tokio::test]
async fn a_reply_opens_for_its_request_only() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let first = kiosk.seal(&ChallengeRequest {}).await;
    let second = kiosk.seal(&ChallengeRequest {}).await;
    let answer = kiosk.post(first.sealed_request).await.unwrap();
    let opened = second.pending.open(&Answer {
        status: answer.status,
        content_type: answer.content_type.as_deref(),
        body: &answer.body,
    });
    assert!(opened.is_err());
}
