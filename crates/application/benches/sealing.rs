//! What sealing and signing cost, on each side.

#![allow(clippy::unwrap_used)] // a benchmark that cannot go on has failed

use application::client::{Answer, ChannelKey, Exchange, PinnedKey, SealingConfiguration};
use application::messages::{
    ApplyRequest, Consent, HolderTicket, RequestMessage as _, SignedBasicInformationFiles,
};
use application::outer::SEALED_REPLY_TYPE;
use application::server::{SealingKey, SealingKeys};
use application::{Bytes, FixedBytes};
use crypto::Es256SigningKey;
use divan::Bencher;
use domain::{Language, Redacted, TermsVersion};

const NOW: i64 = 1_767_225_600;

fn main() {
    divan::main();
}

struct Parties {
    keys: SealingKeys,
    pinned: PinnedKey,
    served: Vec<u8>,
    configuration: SealingConfiguration,
    channel: ChannelKey,
}

fn parties() -> Parties {
    let keys = SealingKeys::new(vec![SealingKey::from_seed(1, &[7; 32]).unwrap()]).unwrap();
    let (signer, _) = Es256SigningKey::generate().unwrap();
    let pinned = PinnedKey::from_spki_der(&signer.public_key().to_spki_der()).unwrap();
    let served = keys.sign_configuration(&signer, NOW, NOW + 60).unwrap();
    let served = serde_json::to_vec(&served).unwrap();
    Parties {
        configuration: pinned.verify(&served, NOW).unwrap(),
        keys,
        pinned,
        served,
        channel: ChannelKey::generate().unwrap().0,
    }
}

/// An application with files as long as the real test card's.
fn application() -> ApplyRequest {
    let file = |length| Redacted::new(Bytes(vec![0x5a; length]));
    ApplyRequest {
        signed_basic_information: SignedBasicInformationFiles {
            ef0001: file(17),
            ef0002: file(104),
            ef0003: file(336),
            ef0004: file(568),
            ef0007: file(536),
        },
        challenge: FixedBytes([1; 32]),
        presence_signature: Some(FixedBytes([2; 256])),
        consent: Consent {
            terms_version: TermsVersion::parse("2026-01").unwrap(),
            language: Language::Japanese,
            agreed_at: NOW,
        },
    }
}

fn ticket() -> HolderTicket {
    HolderTicket {
        ticket: Bytes(vec![3; 600]),
        valid_seconds: 300,
        suggested_municipality: None,
    }
}

/// The channel: sign, pad, seal.
#[divan::bench]
fn channel_seals_an_application(bencher: Bencher) {
    let parties = parties();
    let request = application();
    bencher.bench_local(|| {
        Exchange::new(&parties.configuration, &parties.channel, &request, NOW)
            .unwrap()
            .sealed_request
    });
}

/// The server: open, verify the channel's signature, parse.
#[divan::bench]
fn server_opens_an_application(bencher: Bencher) {
    let parties = parties();
    let request = application();
    let sealed = Exchange::new(&parties.configuration, &parties.channel, &request, NOW)
        .unwrap()
        .sealed_request;
    let expected = request.into_request();
    let opened = parties.keys.open(&sealed, NOW).unwrap();
    assert!(opened.request.unwrap().request == expected);
    bencher.bench_local(|| parties.keys.open(&sealed, NOW).unwrap().request.unwrap());
}

/// The server: write, pad and seal a ticket (8 kB).
#[divan::bench]
fn server_seals_a_ticket(bencher: Bencher) {
    let parties = parties();
    let request = application();
    let sealed = Exchange::new(&parties.configuration, &parties.channel, &request, NOW)
        .unwrap()
        .sealed_request;
    let ticket = ticket();
    bencher
        .with_inputs(|| parties.keys.open(&sealed, NOW).unwrap().reply)
        .bench_local_values(|reply| reply.seal(&ticket).unwrap());
}

/// The channel: open a ticket.
#[divan::bench]
fn channel_opens_a_ticket(bencher: Bencher) {
    let parties = parties();
    let request = application();
    bencher
        .with_inputs(|| {
            let exchange =
                Exchange::new(&parties.configuration, &parties.channel, &request, NOW).unwrap();
            let opened = parties.keys.open(&exchange.sealed_request, NOW).unwrap();
            (exchange.pending, opened.reply.seal(&ticket()).unwrap())
        })
        .bench_local_values(|(pending, body)| {
            let answer = Answer {
                status: 200,
                content_type: Some(SEALED_REPLY_TYPE),
                body: &body,
            };
            pending.open(&answer).unwrap()
        });
}

/// The channel: believe a sealing configuration, once a day.
#[divan::bench]
fn channel_verifies_a_configuration(bencher: Bencher) {
    let parties = parties();
    bencher.bench_local(|| parties.pinned.verify(&parties.served, NOW).unwrap());
}
