//! What issuing one certificate takes, by step, on one core: `cargo bench -p issuance`. The
//! results are in `docs/PERFORMANCE.md`.
//!
//! For use abroad with three doses unless said otherwise; no database, no card.

#![allow(missing_docs)] // a benchmark's functions are its documentation
#![allow(clippy::unwrap_used, clippy::expect_used)] // a benchmark that cannot run stops

#[path = "../tests/parts/mod.rs"]
mod parts;

use divan::Bencher;
use divan::counter::BytesCount;
use domain::CertificateKind::{self, Abroad, Domestic};
use issuance::{Draft, FontPaths, Fonts, page};
use parts::certificates::{OPTIONS, certificate, named, signed};
use parts::fonts;
use parts::issuer::{NOW, keys};

fn main() {
    // Loading fonts and keys is not what is measured.
    fonts();
    keys();
    divan::main();
}

const KINDS: [CertificateKind; 2] = [Abroad, Domestic];

#[divan::bench(args = KINDS)]
fn lint(bencher: Bencher<'_, '_>, kind: CertificateKind) {
    bencher
        .with_inputs(|| Draft::new(certificate(kind, 3)))
        .bench_values(|draft| draft.lint(fonts()).unwrap());
}

/// SHC and VDS-NC: JSON, deflate, two ES256 signatures, and verifying what was signed.
#[divan::bench(args = KINDS)]
fn sign(bencher: Bencher<'_, '_>, kind: CertificateKind) {
    bencher
        .with_inputs(|| Draft::new(certificate(kind, 3)).lint(fonts()).unwrap())
        .bench_values(|linted| linted.sign(keys(), NOW, None).unwrap());
}

/// The page with its codes, out of a signed certificate.
#[divan::bench(args = [1, 3, 7, 12])]
fn render(bencher: Bencher<'_, '_>, doses: usize) {
    let signed = signed(certificate(Abroad, doses));
    bencher
        .counter(BytesCount::new(
            page::render(&signed, fonts(), &OPTIONS).unwrap().len(),
        ))
        .bench(|| page::render(&signed, fonts(), &OPTIONS).unwrap());
}

/// The same with a name that only the second font of the chain has.
#[divan::bench]
fn render_second_name_font(bencher: Bencher<'_, '_>) {
    let signed = signed(named(Abroad, "葛\u{e0100}城\u{3000}花子"));
    bencher.bench(|| page::render(&signed, fonts(), &OPTIONS).unwrap());
}

/// Draft to PDF.
#[divan::bench(args = KINDS)]
fn whole_certificate(bencher: Bencher<'_, '_>, kind: CertificateKind) {
    bencher
        .with_inputs(|| Draft::new(certificate(kind, 3)))
        .bench_values(|draft| {
            let linted = draft.lint(fonts()).unwrap();
            let signed = linted.sign(keys(), NOW, None).unwrap();
            page::render(&signed, fonts(), &OPTIONS).unwrap()
        });
}

/// Draft to what a phone gets: no page, no codes.
#[divan::bench(args = KINDS)]
fn app_certificate(bencher: Bencher<'_, '_>, kind: CertificateKind) {
    bencher
        .with_inputs(|| Draft::new(certificate(kind, 3)))
        .bench_values(|draft| {
            let linted = draft.lint(fonts()).unwrap();
            linted.sign(keys(), NOW, None).unwrap()
        });
}

/// Once, when the server starts.
#[divan::bench(sample_count = 10)]
fn load_fonts() -> Fonts {
    Fonts::load(&FontPaths::default()).unwrap()
}
