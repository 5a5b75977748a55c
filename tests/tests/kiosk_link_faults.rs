//! What goes wrong between kiosk and server, and whose fault the kiosk says it is.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use application::client::PinnedKey;
use application::messages::OpenRequest;
use domain::{Clock as _, FixedClock, SystemClock};
use fixtures::card::VirtualCard;
use fixtures::municipality::Kind;
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::in_memory;
use fixtures::stage::kiosk::{KioskPlan, KioskRun};
use fixtures::stage::printer::Behaviour;
use kiosk_agent::server_link::{
    CertificateRefusal, LinkError, Server as _, ServerAddress, ServerLink,
};
use kiosk_agent::session::Ending;
use kiosk_agent::tls::{Identity, certificates};
use system_tests::cutting_proxy::cutting_proxy;

struct Stand {
    stage: Stage,
    _folder: tempfile::TempDir,
}

fn stand() -> Stand {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        residents: 25,
        ..Plan::default()
    };
    let stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
    Stand {
        stage,
        _folder: folder,
    }
}

impl Stand {
    fn issue(&self) -> KioskRun {
        let person = self.stage.ground.person(Kind::ThreeDoses).unwrap();
        let card = VirtualCard::new(self.stage.ground.card_of(person).unwrap());
        self.stage
            .issue(card, "1234", &["--agree", "--kind", "domestic"])
            .unwrap()
    }

    fn plan(&self) -> KioskPlan<'static> {
        KioskPlan::registered(&self.stage.server, self.stage.printer.uri())
    }

    /// Writes the kiosk's settings with one text replaced.
    fn replace(&self, from: &str, to: &str) {
        let path = self.plan().write(&self.stage.ground, "kiosk.toml").unwrap();
        let settings = std::fs::read_to_string(&path).unwrap();
        assert!(settings.contains(from), "{from}");
        std::fs::write(path, settings.replace(from, to)).unwrap();
    }

    fn pki(&self, name: &str) -> PathBuf {
        self.stage.ground.pki().folder().join(name)
    }
}

#[track_caller]
fn assert_ended(run: &KioskRun, outcome: &str, exit_code: i32) {
    let result = run.result.as_ref().expect(&run.screens);
    assert_eq!(result.outcome, outcome, "{}", run.screens);
    assert_eq!(run.exit_code, Some(exit_code));
    assert!(result.certificates.is_empty() && result.not_delivered.is_none());
}

#[test]
fn a_kiosk_that_is_not_registered_says_that_it_is_out_of_service() {
    let stand = stand();
    stand
        .plan()
        .with_certificate("kiosks/kiosk-0002")
        .write(&stand.stage.ground, "kiosk.toml")
        .unwrap();
    let run = stand.issue();
    assert_ended(&run, "kiosk-not-registered", 21);
    assert!(
        run.screens
            .contains("この端末は、ただいまご利用いただけません")
    );
}

#[test]
fn an_expired_certificate_is_the_kiosk_s_own_fault() {
    let stand = stand();
    stand
        .plan()
        .with_certificate("kiosks/kiosk-expired")
        .write(&stand.stage.ground, "kiosk.toml")
        .unwrap();
    assert_ended(&stand.issue(), "own-certificate-not-valid", 21);
}

#[tokio::test]
async fn a_clock_that_is_off_is_named() {
    let stand = tokio::task::spawn_blocking(stand).await.unwrap();
    let (ground, server) = (&stand.stage.ground, &stand.stage.server);
    for (off, refused) in [(0, false), (100, false), (3600, true), (-3600, true)] {
        let clock = FixedClock::at(SystemClock.now() + time::Duration::seconds(off));
        let mut link = in_memory::server_link(ground, server, Arc::new(clock)).unwrap();
        let opened = link.call(&OpenRequest {}).await;
        let offset = link.clock_offset().unwrap();
        assert!((offset.seconds() - off).abs() <= 5, "{offset}");
        let clock_off = opened.err() == Some(LinkError::ClockOff(offset));
        assert_eq!(clock_off, refused, "{off}");
        let code = Ending::Server(LinkError::ClockOff(offset)).staff_code();
        assert_eq!(code, "clock-off");
    }
}

#[tokio::test]
async fn the_server_refuses_an_expired_certificate_whatever_the_kiosk_thinks() {
    let stand = tokio::task::spawn_blocking(stand).await.unwrap();
    let identity = |name: &str| {
        let key = stand.pki(&format!("{name}.key.pem"));
        Identity::read(&stand.pki(&format!("{name}.pem")), &key).unwrap()
    };
    for (certificate, refusal) in [
        ("kiosks/kiosk-expired", CertificateRefusal::Expired),
        ("foreign/kiosk", CertificateRefusal::NotAccepted),
    ] {
        let pinned = std::fs::read(stand.stage.ground.pki().sealing_configuration_spki()).unwrap();
        let address = ServerAddress {
            url: &format!("https://localhost:{}", stand.stage.server.kiosk.port()),
            trusted: certificates(&stand.pki("server-ca.pem")).unwrap(),
            pinned: PinnedKey::from_spki_der(&pinned).unwrap(),
            answer_limit: Duration::from_secs(5),
        };
        let mut link =
            ServerLink::new(address, &identity(certificate), Arc::new(SystemClock)).unwrap();
        assert_eq!(
            link.call(&OpenRequest {}).await.unwrap_err(),
            LinkError::CertificateRefused(refusal)
        );
    }
}

#[test]
fn a_server_of_another_ca_and_a_sealing_key_of_another_signer_are_not_trusted() {
    let stand = stand();
    stand.replace("pki/server-ca.pem", "pki/kiosk-ca.pem");
    assert_ended(&stand.issue(), "server-not-trusted", 22);

    // The public half of a key that signs sealing configurations, pinned by nobody.
    let foreign =
        std::fs::read(stand.stage.ground.pki().foreign_sealing_configuration_key()).unwrap();
    let pem = String::from_utf8(foreign).unwrap();
    let der = fixtures_key_to_spki(&pem);
    std::fs::write(stand.pki("foreign.spki.der"), der).unwrap();
    stand.replace("pki/sealing-configuration.spki.der", "pki/foreign.spki.der");
    assert_ended(&stand.issue(), "sealing-configuration-refused", 22);
}

/// The `SubjectPublicKeyInfo` of a PKCS #8 P-256 key in PEM.
fn fixtures_key_to_spki(pem: &str) -> Vec<u8> {
    use rustls::pki_types::PrivatePkcs8KeyDer;
    use rustls::pki_types::pem::PemObject as _;
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    crypto::Es256SigningKey::from_pkcs8_der(der.secret_pkcs8_der())
        .unwrap()
        .public_key()
        .to_spki_der()
        .to_vec()
}

#[test]
fn a_server_that_is_gone_is_said_to_be_gone_and_comes_back() {
    let mut stand = stand();
    stand.stage.server.kill();
    let run = stand.issue();
    assert_ended(&run, "server-unreachable", 20);
    assert!(run.screens.contains("しばらくしてから"));
    stand.stage.server.restart(&stand.stage.ground).unwrap();
    let run = stand.issue();
    assert_eq!(run.exit_code, Some(0), "{}", run.screens);
}

/// Cuts the connection in the middle of the first so many orders' answers: the only ones that are
/// longer than 20,000 bytes.
fn cutting_orders(server: SocketAddr, cuts: usize) -> SocketAddr {
    let left = AtomicUsize::new(cuts);
    cutting_proxy(server, move |so_far| {
        let one_less = |n: usize| n.checked_sub(1);
        so_far > 20_000
            && left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less)
                .is_ok()
    })
}

#[test]
fn a_lost_reply_to_an_order_is_no_second_certificate() {
    let stand = stand();
    let proxy = cutting_orders(stand.stage.server.kiosk, 1);
    let through_proxy = KioskPlan {
        server: format!("localhost:{}", proxy.port()),
        ..stand.plan()
    };
    through_proxy
        .write(&stand.stage.ground, "kiosk.toml")
        .unwrap();
    let run = stand.issue();
    assert_eq!(run.exit_code, Some(0), "{}", run.screens);
    assert_eq!(run.result.unwrap().certificates.len(), 1);
    assert_eq!(stand.stage.printer.jobs_started(), 1);
    let orders = std::fs::read_to_string(stand.stage.server.log()).unwrap();
    let answered = orders.lines().filter(|line| line.contains("order")).count();
    assert!(answered >= 2, "the order was made again:\n{orders}");
}

#[test]
fn an_order_that_never_gets_its_answer_is_said_to_be_uncertain() {
    let stand = stand();
    let proxy = cutting_orders(stand.stage.server.kiosk, usize::MAX);
    let through_proxy = KioskPlan {
        server: format!("localhost:{}", proxy.port()),
        ..stand.plan()
    };
    through_proxy
        .write(&stand.stage.ground, "kiosk.toml")
        .unwrap();
    assert_ended(&stand.issue(), "order-uncertain", 32);
    assert_eq!(stand.stage.printer.jobs_started(), 0);
}

#[test]
fn an_outcome_that_cannot_be_reported_is_shown_to_staff() {
    let mut stand = stand();
    stand.stage.printer.behave(Behaviour::StopsMidJob).unwrap();
    stand.replace("print_seconds = 20", "print_seconds = 3");
    let person = stand.stage.ground.person(Kind::ThreeDoses).unwrap();
    let card = VirtualCard::new(stand.stage.ground.card_of(person).unwrap());
    let running = stand
        .stage
        .start_issue(card, "1234", &["--agree", "--kind", "domestic"])
        .unwrap();
    stand.stage.printer.wait_for_jobs(1).unwrap();
    stand.stage.server.kill();
    let run = running.wait().unwrap();
    assert_eq!(run.exit_code, Some(32), "{}", run.screens);
    let result = run.result.unwrap();
    assert!(result.certificates.is_empty() && result.not_delivered.is_some());
    assert!(run.screens.contains("その連絡もできませんでした"));
}
