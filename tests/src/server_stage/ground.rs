//! A folder with keys, residents, terms and settings, and the register filled from them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use certificate::read_back::Trust;
use certificate::shc::{IssuerUrl, Jwks, RevocationCheck, RevocationList, TrustedIssuer};
use certificate::vds_nc::Csca;
use clap::Parser as _;
use crypto::SystemRandom;
use domain::{Clock as _, JAPAN, MunicipalityCode, MyNumber, SystemClock};
use fixtures::card::KeyPool;
use fixtures::municipality::{self, Kind, People, Person};
use fixtures::pki::{self, CardAuthority, Pki};
use fixtures::stage::postgres::Postgres;
use registry::{Actor, AuditEvent, MasterKey, Registry};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, Time};

use super::program;

/// Everything that a server needs, in a folder of its own. Kiosks 1 and 2 and the relay are
/// registered; kiosk 3 has a certificate of the right CA and is not.
pub struct Ground {
    folder: TempDir,
    /// The keys.
    pub pki: Pki,
    /// The residents.
    pub people: People,
    /// Who issues cards.
    pub cards: CardAuthority,
}

/// Yesterday at noon in Japan: within every municipality's hours, and over by the machine's own
/// clock, so that what is issued then is valid for everybody.
#[must_use]
pub fn noon() -> OffsetDateTime {
    let noon = Time::from_hms(12, 0, 0).unwrap();
    let yesterday = SystemClock.now().to_offset(JAPAN) - Duration::days(1);
    yesterday.replace_time(noon)
}

impl Ground {
    /// Makes keys and residents, imports them, registers kiosks and relay.
    pub async fn lay() -> Self {
        Self::lay_with(None).await
    }

    /// The same with the register in a database.
    pub async fn lay_on(postgres: &Postgres) -> Self {
        Self::lay_with(Some(postgres)).await
    }

    async fn lay_with(postgres: Option<&Postgres>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pki = Pki::at(folder.path().join("pki"));
        let plan = pki::Plan {
            kiosks: 3,
            ..pki::Plan::usual(noon())
        };
        pki::create(&pki, &plan, &KeyPool::open_default().unwrap()).unwrap();
        let plan = municipality::Plan {
            residents: 30,
            ..municipality::Plan::default()
        };
        let people = municipality::create(&folder.path().join("data"), &plan).unwrap();
        let terms = folder.path().join("terms");
        std::fs::create_dir(&terms).unwrap();
        std::fs::create_dir(folder.path().join("anchor")).unwrap();
        std::fs::write(terms.join("ja.txt"), "試験の利用規約").unwrap();
        std::fs::write(terms.join("en.txt"), "Terms for tests").unwrap();
        let ground = Self {
            cards: CardAuthority::load(&pki).unwrap(),
            folder,
            pki,
            people,
        };
        ground.write_settings("settings.toml", |text| match postgres {
            None => text.to_owned(),
            Some(postgres) => {
                let url = format!("url = \"{}\"", postgres.url());
                text.replace("directory = \"register\"", &url)
            }
        });
        if let Some(postgres) = postgres {
            let (owner, role) = postgres.owner();
            let prepare = ["database", "prepare", &owner, "--server-role", role];
            run_command(&prepare).await.unwrap();
        }
        ground.fill().await;
        ground
    }

    async fn fill(&self) {
        let data = self.path("data");
        self.command(&["import", data.to_str().unwrap()]).await;
        for kiosk in 1..=2 {
            let certificate = self.pki.kiosk(kiosk);
            let name = format!("kiosk-{kiosk}");
            let words = [
                "register-kiosk",
                certificate.to_str().unwrap(),
                "--name",
                &name,
            ];
            self.command(&words).await;
        }
        let relay = self.pki.relay();
        let words = ["register-relay", relay.to_str().unwrap(), "--name", "relay"];
        self.command(&words).await;
    }

    /// A path in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The usual settings.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.path("settings.toml")
    }

    /// Other settings: the usual ones with their text changed.
    pub fn write_settings(&self, name: &str, change: impl Fn(&str) -> String) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, change(SETTINGS)).unwrap();
        path
    }

    /// Another key for SMART Health Cards in the place of the usual one.
    pub fn replace_shc_key(&self) {
        let other = Pki::at(self.path("other-pki"));
        let pool = KeyPool::open_default().unwrap();
        pki::create(&other, &pki::Plan::usual(noon()), &pool).unwrap();
        std::fs::copy(other.shc_signer_key(), self.pki.shc_signer_key()).unwrap();
    }

    /// Runs one of the server's commands in this process, with the usual settings; panics where
    /// it fails.
    pub async fn command(&self, words: &[&str]) {
        self.try_command(words).await.unwrap();
    }

    /// Runs one of the server's commands in this process, with the usual settings.
    pub async fn try_command(
        &self,
        words: &[&str],
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let settings = self.settings();
        let settings = ["--settings", settings.to_str().unwrap()];
        run_command(&[words, &settings].concat()).await
    }

    /// Runs the program itself with this on its standard input; whether it ended well, and
    /// everything it said.
    #[must_use]
    pub fn command_with_input(&self, words: &[&str], input: &str) -> (bool, String) {
        let mut child = Command::new(program("server"))
            .args(words)
            .arg("--settings")
            .arg(self.settings())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut standard_input = child.stdin.take().unwrap();
        // A program that reads nothing may be gone before it was written.
        let _ = standard_input.write_all(input.as_bytes());
        drop(standard_input);
        let output = child.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        (output.status.success(), said)
    }

    /// Opens the register, as the server does, and has the card of a resident suspended.
    pub async fn suspend(&self, kind: Kind) {
        let registry = self.registry().await;
        let number = self.person(kind).individual_number.expose();
        let number = MyNumber::parse(number.as_bytes()).unwrap();
        let system = registry.system(Actor::Server);
        assert!(system.suspend_card(&number).await.unwrap());
        registry.close().await;
    }

    /// The register, opened beside the server.
    pub async fn registry(&self) -> Registry {
        open_register(&self.settings(), &self.pki).await
    }

    /// What the system's audit chain says was refused, oldest first.
    pub async fn refusals(&self) -> Vec<String> {
        let registry = self.registry().await;
        let system = registry.system(Actor::Server);
        let entries = system.audit_entries(0, 1000).await.unwrap();
        registry.close().await;
        let refused = AuditEvent::RequestRefused.as_str();
        let refusals = entries.into_iter().filter(|entry| entry.event == refused);
        refusals.filter_map(|entry| entry.detail).collect()
    }

    /// Publishes, and reads back what a verifier is to trust.
    pub async fn trust(&self) -> Trust {
        let public = self.path("public");
        self.command(&["publish", public.to_str().unwrap()]).await;
        let keys = std::fs::read(public.join(".well-known/jwks.json")).unwrap();
        let csca = std::fs::read(public.join("csca.der")).unwrap();
        Trust {
            issuer: TrustedIssuer {
                url: IssuerUrl::parse("https://certificates.example.jp").unwrap(),
                keys: Jwks::parse(&keys).unwrap(),
                revocation: RevocationCheck::NotChecked,
            },
            cscas: vec![Csca::parse(&csca).unwrap()],
        }
    }

    /// The ids on the revocation lists in a folder that was published.
    #[must_use]
    pub fn revoked(&self, public: &Path) -> Vec<String> {
        let lists = std::fs::read_dir(public.join(".well-known/crl")).unwrap();
        lists
            .flat_map(|list| {
                let list = std::fs::read(list.unwrap().path()).unwrap();
                RevocationList::parse(&list).unwrap().revoked
            })
            .map(|revoked| revoked.id.as_str().to_owned())
            .collect()
    }

    /// A resident of a kind.
    #[must_use]
    pub fn person(&self, kind: Kind) -> &Person {
        self.people.of_kind(kind).unwrap()
    }

    /// 浦安市: a fee at kiosks, open at any hour.
    #[must_use]
    pub fn urayasu() -> MunicipalityCode {
        MunicipalityCode::parse("122271").unwrap()
    }

    /// 弘前市: open from 06:30 to 23:00.
    #[must_use]
    pub fn hirosaki() -> MunicipalityCode {
        MunicipalityCode::parse("022021").unwrap()
    }

    /// 世田谷区: phones only.
    #[must_use]
    pub fn setagaya() -> MunicipalityCode {
        MunicipalityCode::parse("131121").unwrap()
    }
}

/// The register of these settings, opened beside the server that has them.
pub async fn open_register(settings: &Path, pki: &Pki) -> Registry {
    let digits = std::fs::read_to_string(pki.register_master_key()).unwrap();
    let mut master = [0; 32];
    hex::decode_to_slice(digits.trim(), &mut master).unwrap();
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let settings = server::settings::Settings::load(settings).unwrap();
    let place = settings.register.place().unwrap();
    let master = MasterKey::new(&master);
    Registry::open(place, master, clock, random).await.unwrap()
}

async fn run_command(words: &[&str]) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let cli = server::cli::Cli::try_parse_from([&["server"], words].concat())?;
    let code = server::run(cli).await?;
    if code == std::process::ExitCode::SUCCESS {
        Ok(())
    } else {
        Err("the command ended without success".into())
    }
}

const SETTINGS: &str = r#"
municipalities = "data"
accept_test_cards = true
accept_unattested_devices = true
accept_plain_imports = true
accept_unapproved_imports = true
accept_unauthenticated_staff = true
[issuer]
url = "https://certificates.example.jp"
verification_url = "https://certificates.example.jp/verify"
shc_signer = "pki/shc-signer.key.pem"
barcode_signer = "pki/barcode-signer.key.pem"
barcode_signer_certificate = "pki/barcode-signer.der"
csca_certificate = "pki/csca.der"
csca_crl = "pki/csca.crl"
[register]
directory = "register"
master_key = "pki/register-master.key"
[audit]
signing_key = "pki/audit.key.pem"
anchor = "anchor"
[sealing]
key = "pki/sealing.key"
configuration_signer = "pki/sealing-configuration.key.pem"
[tickets]
key = "pki/ticket.key"
[terms]
version = "2026-01"
directory = "terms"
[tls]
certificate = "pki/server.pem"
key = "pki/server.key.pem"
[kiosk]
listen = "127.0.0.1:0"
client_ca = "pki/kiosk-ca.pem"
[relay]
listen = "127.0.0.1:0"
client_ca = "pki/relay-ca.pem"
[health]
listen = "127.0.0.1:0"
[cards]
test_cas = ["pki/card-ca.json"]
[limits]
"#;
