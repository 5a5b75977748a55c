//! The codes as independent readers see them: zbar (program `zbarimg`, package `zbar-tools`) and
//! rqrr.

#![allow(clippy::unwrap_used)] // a test fails by it

mod stage;

use std::io::Write;
use std::process::{Command, Stdio};

use certificate::qr::{QrMatrix, Version, encode_bytes, encode_shc, to_png};
use certificate::shc::{CODE_CHARACTERS, newest_that_fit, to_digits};
use stage::pki::VdsIssuer;
use stage::{NOW, ShcIssuer, abroad};

/// What zbar reads in a PNG; without zbar the test fails.
fn zbar(png: &[u8]) -> String {
    let mut reader = Command::new("zbarimg")
        .args(["--quiet", "--raw", "--oneshot", "-Sbinary", "png:-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("zbarimg is installed (package zbar-tools)");
    reader.stdin.take().unwrap().write_all(png).unwrap();
    let output = reader.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn rqrr(code: &QrMatrix) -> String {
    let grid = rqrr::SimpleGrid::from_func(code.size(), |x, y| code.is_dark(x, y));
    rqrr::Grid::new(grid).decode().unwrap().1
}

fn assert_read(code: &QrMatrix, text: &str) {
    let name = code.version().number();
    assert_eq!(rqrr(code), text, "rqrr, version {name}");
    assert_eq!(
        zbar(&to_png(code, 4).unwrap()),
        text,
        "zbar, version {name}"
    );
}

#[test]
fn smart_health_cards_are_read() {
    let issuer = ShcIssuer::new();
    for doses in [1, 3, 30] {
        let (unsigned, _) = newest_that_fit(
            &abroad(doses),
            &issuer.facts(None),
            &issuer.id,
            CODE_CHARACTERS,
        )
        .unwrap();
        let jws = unsigned.sign(|bytes| issuer.key.sign(bytes)).unwrap();
        let code = encode_shc(&jws).unwrap();
        assert_read(&code, &format!("shc:/{}", to_digits(&jws)));
        assert!(certificate::shc::verify(&jws, &issuer.trusted(), NOW).is_ok());
    }
}

#[test]
fn seals_are_read() {
    let japan = VdsIssuer::new();
    for doses in [1, 3, 5] {
        let object = japan.sign(&abroad(doses));
        let code = encode_bytes(object.as_str().as_bytes(), Version::VDS_NC).unwrap();
        assert_read(&code, object.as_str());
    }
}

#[test]
fn every_version_is_read() {
    for number in 1..=40 {
        let version = Version::new(number).unwrap();
        let text: String = (0..version.byte_capacity())
            .map(|at| char::from(b'!' + (at * 7 % 90) as u8))
            .collect();
        let code = encode_bytes(text.as_bytes(), version).unwrap();
        assert_eq!(code.version(), version);
        assert_read(&code, &text);
    }
}
