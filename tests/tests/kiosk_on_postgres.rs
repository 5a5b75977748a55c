//! The whole way with the register in PostgreSQL: a card on a real reader becomes a certificate
//! out of a real printer, by `register.url` alone.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use fixtures::card::VirtualCard;
use fixtures::municipality::Kind;
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::postgres::Postgres;
use fixtures::stage::printer::Behaviour;
use fixtures::stage::scanner::scan;

#[test]
fn a_card_becomes_a_certificate_out_of_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    let postgres = Postgres::start().unwrap();
    let plan = Plan {
        postgres: Some(&postgres),
        ..Plan::default()
    };
    let stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
    assert!(!folder.path().join("register").exists());
    let person = stage.ground.person(Kind::ThreeDoses).unwrap();
    let card = VirtualCard::new(stage.ground.card_of(person).unwrap());
    let arguments = ["--agree", "--kind", "abroad"];
    let run = stage.issue(card, person.pin.expose(), &arguments).unwrap();
    let result = run.result.expect(&run.screens);
    assert_eq!(result.outcome, "delivered", "{}", run.screens);
    let printed = stage.printer.printed().unwrap();
    assert_eq!(printed.len(), 1);
    assert_eq!(scan(&printed[0], 300).unwrap().len(), 2);
    let public = stage.ground.public();
    let verified = stage.ground.server_command(&[
        "verify-certificate",
        printed[0].to_str().unwrap(),
        "--trust",
        public.to_str().unwrap(),
    ]);
    verified.unwrap();
    let settings = ["--settings", "server.toml"];
    let audit = [["audit", "verify"], settings].concat();
    stage.ground.server_command(&audit).unwrap();
}
