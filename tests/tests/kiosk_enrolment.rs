//! A kiosk comes by its certificate and changes it, from the key on the kiosk to the paper.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use fixtures::card::VirtualCard;
use fixtures::municipality::Kind;
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::kiosk::KioskPlan;
use fixtures::stage::printer::Behaviour;
use fixtures::stage::programs::built;

struct Stand {
    stage: Stage,
    _folder: tempfile::TempDir,
}

/// What a command came to: exit code, and everything it said.
type Said = (Option<i32>, String);

fn stand() -> Stand {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        residents: 25,
        ..Plan::default()
    };
    let mut stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
    let usual = KioskPlan::registered(&stage.server, stage.printer.uri());
    stage.kiosk_settings = usual.write(&stage.ground, "enrolled.toml").unwrap();
    let text = fs::read_to_string(&stage.kiosk_settings).unwrap();
    let text = text.replace("pki/kiosks/kiosk-0001", "identity/current/kiosk");
    fs::write(&stage.kiosk_settings, text).unwrap();
    Stand {
        stage,
        _folder: folder,
    }
}

impl Stand {
    fn path(&self, name: &str) -> PathBuf {
        self.stage.ground.folder().join(name)
    }

    fn agent(&self, words: &[&str]) -> Said {
        let output = Command::new(built("kiosk-agent").unwrap())
            .args(words)
            .arg("--settings")
            .arg(&self.stage.kiosk_settings)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    /// What the authority does with the request that waits: as `docs/DEPLOYMENT.md` says.
    fn sign(&self, certificate: &Path) {
        let pki = self.stage.ground.pki();
        let output = Command::new("openssl")
            .args(["x509", "-req", "-sha256", "-days", "90", "-in"])
            .arg(self.path("identity/pending/request.pem"))
            .arg("-CA")
            .arg(pki.kiosk_ca())
            .arg("-CAkey")
            .arg(pki.kiosk_ca_key())
            .arg("-extfile")
            .arg(self.extensions())
            .arg("-out")
            .arg(certificate)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }

    fn extensions(&self) -> PathBuf {
        let path = self.path("kiosk.ext");
        let lines = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                     extendedKeyUsage=clientAuth\n";
        fs::write(&path, lines).unwrap();
        path
    }

    fn server(&self, words: &[&str]) -> Result<String, String> {
        let settings = ["--settings", "server.toml"];
        let run = self
            .stage
            .ground
            .server_command(&[words, &settings].concat());
        run.map_err(|error| error.to_string())
    }

    #[track_caller]
    fn assert_issues(&self) {
        let person = self.stage.ground.person(Kind::ThreeDoses).unwrap();
        let card = VirtualCard::new(self.stage.ground.card_of(person).unwrap());
        let run = self
            .stage
            .issue(card, "1234", &["--agree", "--kind", "domestic"])
            .unwrap();
        assert_eq!(run.exit_code, Some(0), "{}", run.screens);
    }

    /// Asks for the first certificate and has it signed; the key's fingerprint.
    fn asked_and_signed(&self) -> (String, PathBuf) {
        let (code, said) = self.agent(&["enrol", "--name", "kiosk-0007"]);
        assert_eq!(code, Some(3), "{said}");
        let certificate = self.path("kiosk-0007.pem");
        self.sign(&certificate);
        (fingerprint(&said), certificate)
    }

    /// The first certificate, in use.
    fn enrolled(&self) -> PathBuf {
        let (fingerprint, certificate) = self.asked_and_signed();
        let file = certificate.to_str().unwrap();
        let words = ["register-kiosk", file, "--name", "kiosk-0007"];
        self.server(&[&words[..], &["--fingerprint", &fingerprint]].concat())
            .unwrap();
        let (code, said) = self.agent(&["enrol", "--certificate", file]);
        assert_eq!(code, Some(0), "{said}");
        certificate
    }

    /// The next certificate, signed and beside its request; the key's fingerprint.
    fn next_signed(&self) -> (String, PathBuf) {
        let (code, said) = self.agent(&["renew", "--before-days", "100"]);
        assert_eq!(code, Some(3), "{said}");
        let certificate = self.path("identity/pending/certificate.pem");
        self.sign(&certificate);
        let next = self.path("kiosk-0007.next.pem");
        fs::copy(&certificate, &next).unwrap();
        (fingerprint(&said), next)
    }

    fn in_use(&self) -> PathBuf {
        fs::read_link(self.path("identity/current")).unwrap()
    }
}

fn fingerprint(said: &str) -> String {
    let line = said.lines().find(|line| line.contains("fingerprint: "));
    line.unwrap().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn a_kiosk_is_enrolled_and_issues() {
    let stand = stand();
    let (fingerprint, certificate) = stand.asked_and_signed();
    let key = fs::metadata(stand.path("identity/pending/key.pem")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    // Asked again it is the same request.
    let (code, said) = stand.agent(&["enrol", "--name", "kiosk-0007"]);
    assert_eq!((code, said.contains(&fingerprint)), (Some(3), true));
    // Signed and not registered: nothing is taken in use.
    let file = certificate.to_str().unwrap();
    let (code, said) = stand.agent(&["enrol", "--certificate", file]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("[kiosk-not-registered]"), "{said}");
    assert!(!stand.path("identity/current").exists());
    // Another fingerprint than the kiosk's.
    let register = [
        "register-kiosk",
        file,
        "--name",
        "kiosk-0007",
        "--fingerprint",
    ];
    let other = ["0000-0000-0000-0000-0000"];
    assert!(stand.server(&[&register[..], &other].concat()).is_err());
    stand
        .server(&[&register[..], &[fingerprint.as_str()]].concat())
        .unwrap();
    let (code, said) = stand.agent(&["enrol", "--certificate", file]);
    assert_eq!(code, Some(0), "{said}");
    stand.assert_issues();
    let (code, said) = stand.agent(&["enrol", "--name", "kiosk-0007"]);
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn another_authority_s_certificate_is_not_taken() {
    let stand = stand();
    stand.asked_and_signed();
    let pki = stand.stage.ground.pki();
    let foreign = pki.foreign_kiosk();
    let (code, said) = stand.agent(&["enrol", "--certificate", foreign.to_str().unwrap()]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("not for this kiosk's key"), "{said}");
}

#[test]
fn while_a_kiosk_changes_its_key_both_work() {
    let stand = stand();
    let old = stand.enrolled();
    let (code, said) = stand.agent(&["renew"]);
    assert_eq!(code, Some(0), "{said}");
    let before = stand.in_use();
    let (fingerprint, next) = stand.next_signed();
    // Signed and not registered: the old one stays, and goes on working.
    let (code, said) = stand.agent(&["renew"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("[kiosk-not-registered]"), "{said}");
    assert_eq!(stand.in_use(), before);
    let words = [
        "renew-kiosk",
        next.to_str().unwrap(),
        "--of",
        old.to_str().unwrap(),
    ];
    let other = ["--fingerprint", "0000-0000-0000-0000-0000"];
    assert!(stand.server(&[&words[..], &other].concat()).is_err());
    let told = ["--fingerprint", &fingerprint];
    stand.server(&[&words[..], &told].concat()).unwrap();
    stand.assert_issues();
    let (code, said) = stand.agent(&["renew"]);
    assert_eq!(code, Some(0), "{said}");
    assert_ne!(stand.in_use(), before);
    stand.assert_issues();
    assert!(!stand.path("identity/pending").exists());

    // The next one is shut out and the one before is let in again: the kiosk goes back to it.
    stand
        .server(&["unregister", "--channel", next.to_str().unwrap()])
        .unwrap();
    let (code, said) = stand.agent(&["renew"]);
    assert_eq!(code, Some(1), "{said}");
    assert_ne!(stand.in_use(), before);
    let words = [
        "register-kiosk",
        old.to_str().unwrap(),
        "--name",
        "kiosk-0007",
    ];
    stand.server(&words).unwrap();
    let (code, said) = stand.agent(&["renew"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("went back"), "{said}");
    assert_eq!(stand.in_use(), before);
    stand.assert_issues();
}

#[test]
fn a_kiosk_whose_certificate_has_ended_says_so_and_asks_for_another() {
    let stand = stand();
    let pki = stand.stage.ground.pki();
    let folder = stand.path("identity/ended");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(pki.expired_kiosk(), folder.join("kiosk.pem")).unwrap();
    fs::copy(pki.expired_kiosk_key(), folder.join("kiosk.key.pem")).unwrap();
    symlink("ended", stand.path("identity/current")).unwrap();
    let (code, said) = stand.agent(&["renew"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("[own-certificate-expired]"), "{said}");
    assert!(stand.path("identity/pending/request.pem").exists());
}
