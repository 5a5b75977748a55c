//! The main job on real parts: a card on a real reader becomes a certificate out of a real
//! printer, and what came out is read by somebody else's scanner.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::path::Path;

use certificate::read_back::{Code, Trust, from_text};
use certificate::shc::{IssuerUrl, Jwks, RevocationCheck, TrustedIssuer};
use certificate::vds_nc::Csca;
use domain::{BirthDate, Clock as _, NormalizedName, SystemClock};
use fixtures::card::{IssuedCard, VirtualCard};
use fixtures::municipality::{Kind, Person};
use fixtures::stage::Stage;
use fixtures::stage::ground::{Ground, ISSUER, Plan};
use fixtures::stage::printer::Behaviour;
use fixtures::stage::scanner::scan;

fn trust(ground: &Ground) -> Trust {
    let file = |name: &str| std::fs::read(ground.public().join(name)).unwrap();
    Trust {
        issuer: TrustedIssuer {
            url: IssuerUrl::parse(ISSUER).unwrap(),
            keys: Jwks::parse(&file(".well-known/jwks.json")).unwrap(),
            revocation: RevocationCheck::NotChecked,
        },
        cscas: vec![Csca::parse(&file("csca.der")).unwrap()],
    }
}

/// Scans a printed page and sees that every code holds and is of this person.
fn assert_codes_of(ground: &Ground, page: &Path, person: &Person, expected: &[&str]) {
    let trust = trust(ground);
    let name = NormalizedName::of(person.name.expose());
    let born = BirthDate::parse(person.birth_date.expose().as_bytes()).unwrap();
    let mut formats = Vec::new();
    for text in scan(page, 300).unwrap() {
        let code = from_text(&text).unwrap();
        let verified = code.verify(&trust, SystemClock.now()).unwrap();
        match code {
            Code::SmartHealthCard(_) => {
                formats.push("SMART Health Card");
                assert!(verified.holder().matches(&name, born), "the card's holder");
            }
            Code::VdsNc(_) => {
                formats.push("VDS-NC");
                assert_eq!(verified.holder().birth_date(), born);
            }
        }
    }
    formats.sort_unstable();
    assert_eq!(formats, expected);
}

#[test]
fn one_for_use_abroad_and_one_for_use_in_japan() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::raise(folder.path(), &Plan::default(), Behaviour::Prints).unwrap();
    let person = stage.ground.person(Kind::ThreeDoses).unwrap();
    let card = stage.ground.card_of(person).unwrap();
    for (number, (kind, codes)) in [
        ("abroad", &["SMART Health Card", "VDS-NC"][..]),
        ("domestic", &["SMART Health Card"]),
    ]
    .into_iter()
    .enumerate()
    {
        let run = stage
            .issue(
                VirtualCard::new(card.clone()),
                person.pin.expose(),
                &["--agree", "--kind", kind],
            )
            .unwrap();
        let result = run.result.expect(&run.screens);
        assert_eq!(result.outcome, "delivered", "{}", run.screens);
        assert_eq!(run.exit_code, Some(0));
        assert_eq!(result.certificates.len(), 1);
        println!("PIN to offer: {:?} ms", result.pin_to_offer_ms);
        let printed = stage.printer.printed().unwrap();
        assert_eq!(printed.len(), number + 1);
        assert_codes_of(&stage.ground, &printed[number], person, codes);
        let public = stage.ground.public();
        let said = stage
            .ground
            .server_command(&[
                "verify-certificate",
                printed[number].to_str().unwrap(),
                "--trust",
                public.to_str().unwrap(),
            ])
            .unwrap();
        assert!(said.contains("the signature holds"), "{said}");
    }
}

#[test]
fn the_real_test_card_is_read_verified_and_printed() {
    let real_card = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/real-card");
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        real_card: Some(&real_card),
        accept_without_presence: true,
        ..Plan::default()
    };
    let stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
    let person = stage.ground.person(Kind::RealCard).unwrap();
    let pin = person.pin.expose();
    let card = || VirtualCard::new(IssuedCard::from_folder(&real_card, pin).unwrap());
    for (number, kind) in ["abroad", "domestic"].into_iter().enumerate() {
        // The address on the real card is that of no municipality that takes part here.
        let municipality = person.registers[0].municipality.to_string();
        let arguments = ["--agree", "--kind", kind, "--municipality", &municipality];
        let run = stage.issue(card(), pin, &arguments).unwrap();
        let result = run.result.expect(&run.screens);
        assert_eq!(result.outcome, "delivered", "{}", run.screens);
        let printed = stage.printer.printed().unwrap();
        assert_eq!(printed.len(), number + 1);
        let codes: &[&str] = match kind {
            "abroad" => &["SMART Health Card", "VDS-NC"],
            _ => &["SMART Health Card"],
        };
        assert_codes_of(&stage.ground, &printed[number], person, codes);
    }
}

#[test]
fn a_card_that_signs_nothing_is_not_enough_by_default() {
    let real_card = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/real-card");
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        real_card: Some(&real_card),
        ..Plan::default()
    };
    let stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
    let card = VirtualCard::new(IssuedCard::from_folder(&real_card, "1234").unwrap());
    let run = stage
        .issue(card, "1234", &["--agree", "--kind", "domestic"])
        .unwrap();
    assert_eq!(
        run.result.expect(&run.screens).outcome,
        "card-presence-missing"
    );
    assert!(stage.printer.printed().unwrap().is_empty());
}
