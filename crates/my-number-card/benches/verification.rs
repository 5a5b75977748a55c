//! Parsing and verifying one application: EF 0004, 0003 and 0007 and the presence signature, four
//! RSA-2048 operations.
#![allow(missing_docs)] // what divan's macros make

#[path = "../tests/real_card_files/mod.rs"]
mod real_card_files;

use divan::{Bencher, black_box};
use domain::{ChannelId, TermsVersion};
use my_number_card::{Presence, SignedBasicInformation, TrustedCardCas, VerificationError, verify};
use time::macros::date;

fn main() {
    divan::main();
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(real_card_files::files)
        .bench_values(|files| SignedBasicInformation::from_files(files).map(|_| ()));
}

#[divan::bench]
fn verify_without_presence(bencher: Bencher<'_, '_>) {
    let information = SignedBasicInformation::from_files(real_card_files::files());
    let information = information.expect("the real card's files are well-formed");
    let trusted = TrustedCardCas::production().accept_test_hierarchy();
    bencher.bench_local(|| {
        let today = date!(2026 - 01 - 01);
        verify(
            black_box(&information),
            &trusted,
            Presence::NotRequired,
            today,
        )
        .expect("the real card's chain holds")
    });
}

/// Nobody has the real card's key, so the fourth signature is one that fails at the last: the
/// work before that is the same as for one that holds.
#[divan::bench]
fn verify_with_presence(bencher: Bencher<'_, '_>) {
    let information = SignedBasicInformation::from_files(real_card_files::files());
    let information = information.expect("the real card's files are well-formed");
    let trusted = TrustedCardCas::production().accept_test_hierarchy();
    let terms = TermsVersion::parse("2026-01").expect("a version of seven characters");
    bencher.bench_local(|| {
        let presence = Presence::Signed {
            challenge: &[1; 32],
            channel: ChannelId([2; 32]),
            terms: &terms,
            signature: &[3; 256],
        };
        let today = date!(2026 - 01 - 01);
        let refusal = verify(black_box(&information), &trusted, presence, today);
        assert_eq!(refusal, Err(VerificationError::PresenceSignature));
    });
}
