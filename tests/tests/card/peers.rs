//! Real peers read the virtual card over real PC/SC: one that only our own reader understood
//! would prove nothing.

use std::process::Command;

use fixtures::card::ATR;
use fixtures::stage::pcscd::Pcscd;
use myna_card::ap::text::TextAp;
use myna_card::transport::pcsc::{Sharing, connect_any};

use crate::table::{CODE_A, PIN, connect, lay, patiently, resident};

#[test]
fn opensc_prints_the_answer_to_reset() {
    Pcscd::in_own_process("peers::opensc_prints_the_answer_to_reset", |service| {
        let _inserted = lay(&service, resident());
        // Until the reader has seen the card.
        drop(connect(patiently()).unwrap());
        let mut tool = Command::new("opensc-tool");
        let output = service
            .serve(&mut tool)
            .args(["-r", "0", "-a"])
            .output()
            .unwrap();
        let shown = String::from_utf8_lossy(&output.stdout).replace(['\n', ':', ' '], "");
        let atr: String = ATR.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(shown.contains(&atr), "{shown}");
    })
    .unwrap();
}

#[test]
fn myna_card_reads_and_checks_everything() {
    Pcscd::in_own_process("peers::myna_card_reads_and_checks_everything", |service| {
        let _inserted = lay(&service, resident());
        drop(connect(patiently()).unwrap());
        let mut card = connect_any(Sharing::Exclusive).unwrap();
        let mut text = TextAp::select(&mut card).unwrap();
        let pin = myna_card::Pin::numeric(PIN).unwrap();
        text.verify_pin(&pin).unwrap();
        assert_eq!(text.read_my_number().unwrap().as_str(), CODE_A);
        let attributes = text.read_attributes().unwrap();
        assert_eq!(attributes.name, "試験\u{3000}花子");
        assert_eq!(attributes.birth_date.year, 1999);
        let certificate = text.read_certificate().unwrap();
        let record = text.read_integrity_record().unwrap();
        record.verify(&certificate.public_key).unwrap();
        let number_file = text.read_my_number_file().unwrap();
        assert!(record.matches_my_number_file(&number_file));
        let card_key = text.read_signed_public_key().unwrap();
        card_key.verify(&certificate.public_key).unwrap();
        let signature = text.sign(b"a challenge").unwrap();
        card_key
            .public_key
            .verify_pkcs1_sha256(b"a challenge", &signature)
            .unwrap();
    })
    .unwrap();
}
