//! What a certificate's codes cost: run with `cargo bench -p certificate`.
#![allow(missing_docs, clippy::unwrap_used)] // a benchmark, and it fails by it

#[path = "../tests/stage/mod.rs"]
mod stage;

use certificate::qr::{Version, encode_bytes, encode_shc, to_png};
use certificate::read_back::{from_pdf, from_png};
use certificate::shc::{UnsignedJws, payload, verify};
use certificate::vds_nc::{self, UnsignedVdsNc, VdsNc};
use divan::{Bencher, black_box};
use stage::pdf::{Drawing, Placed, pdf};
use stage::pki::VdsIssuer;
use stage::{NOW, ShcIssuer, abroad};

fn main() {
    divan::main();
}

/// Three doses, as the genuine samples have.
const DOSES: usize = 3;

#[divan::bench]
fn shc_payload(bencher: Bencher<'_, '_>) {
    let (issuer, certificate) = (ShcIssuer::new(), abroad(DOSES));
    bencher.bench(|| payload(black_box(&certificate), DOSES, &issuer.facts(None)));
}

#[divan::bench]
fn shc_deflate_and_base64(bencher: Bencher<'_, '_>) {
    let (issuer, certificate) = (ShcIssuer::new(), abroad(DOSES));
    let payload = payload(&certificate, DOSES, &issuer.facts(None));
    bencher.bench(|| UnsignedJws::new(black_box(&payload), &issuer.id));
}

#[divan::bench]
fn shc_verify(bencher: Bencher<'_, '_>) {
    let issuer = ShcIssuer::new();
    let (jws, trusted) = (issuer.sign(&abroad(DOSES)), issuer.trusted());
    bencher.bench(|| verify(black_box(&jws), &trusted, NOW).unwrap());
}

#[divan::bench]
fn vds_nc_canonical_json(bencher: Bencher<'_, '_>) {
    let certificate = abroad(DOSES);
    bencher.bench(|| UnsignedVdsNc::new(black_box(&certificate), DOSES).unwrap());
}

#[divan::bench]
fn vds_nc_parse_and_verify(bencher: Bencher<'_, '_>) {
    let japan = VdsIssuer::new();
    let (object, cscas) = (japan.sign(&abroad(DOSES)), [japan.country.csca()]);
    bencher.bench(|| {
        let object = VdsNc::parse(black_box(object.as_str())).unwrap();
        vds_nc::verify(&object, &cscas, NOW).unwrap()
    });
}

#[divan::bench]
fn qr_shc(bencher: Bencher<'_, '_>) {
    let jws = ShcIssuer::new().sign(&abroad(DOSES));
    bencher.bench(|| encode_shc(black_box(&jws)).unwrap());
}

#[divan::bench]
fn qr_vds_nc(bencher: Bencher<'_, '_>) {
    let object = VdsIssuer::new().sign(&abroad(DOSES));
    let text = object.as_str().as_bytes();
    bencher.bench(|| encode_bytes(black_box(text), Version::VDS_NC).unwrap());
}

#[divan::bench]
fn qr_version_34(bencher: Bencher<'_, '_>) {
    let text = vec![b'x'; Version::VDS_NC.byte_capacity()];
    bencher.bench(|| encode_bytes(black_box(&text), Version::VDS_NC).unwrap());
}

/// A page with both codes, as 1-bit images.
fn page() -> Vec<u8> {
    let card = encode_shc(&ShcIssuer::new().sign(&abroad(DOSES))).unwrap();
    let object = VdsIssuer::new().sign(&abroad(DOSES));
    let seal = encode_bytes(object.as_str().as_bytes(), Version::VDS_NC).unwrap();
    let placed = |code, at_mm| Placed {
        code,
        module_mm: 0.40,
        at_mm,
    };
    let codes = vec![placed(&card, (15.0, 200.0)), placed(&seal, (80.0, 200.0))];
    pdf(&[codes], Drawing::Image)
}

#[divan::bench(sample_count = 20)]
fn read_back_pdf(bencher: Bencher<'_, '_>) {
    let page = page();
    bencher.bench(|| from_pdf(black_box(&page)).unwrap());
}

#[divan::bench]
fn read_back_png(bencher: Bencher<'_, '_>) {
    let card = encode_shc(&ShcIssuer::new().sign(&abroad(DOSES))).unwrap();
    let png = to_png(&card, 4).unwrap();
    bencher.bench(|| from_png(black_box(&png)).unwrap());
}

#[divan::bench]
fn png_of_a_code(bencher: Bencher<'_, '_>) {
    let card = encode_shc(&ShcIssuer::new().sign(&abroad(DOSES))).unwrap();
    bencher.bench(|| to_png(black_box(&card), 4).unwrap());
}
