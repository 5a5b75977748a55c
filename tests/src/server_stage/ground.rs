//! A folder with keys, residents, terms and settings, and the register filled from them.

use std::path::PathBuf;

use clap::Parser as _;
use domain::{Clock as _, JAPAN, MunicipalityCode, SystemClock};
use fixtures::card::KeyPool;
use fixtures::municipality::{self, Kind, People, Person};
use fixtures::pki::{self, CardAuthority, Pki};
use tempfile::TempDir;
use time::{OffsetDateTime, Time};

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

/// Today at noon in Japan: within every municipality's hours.
#[must_use]
pub fn noon() -> OffsetDateTime {
    let noon = Time::from_hms(12, 0, 0).unwrap();
    SystemClock.now().to_offset(JAPAN).replace_time(noon)
}

impl Ground {
    /// Makes keys and residents, imports them, registers kiosks and relay.
    pub async fn lay() -> Self {
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
        std::fs::write(terms.join("ja.txt"), "試験の利用規約").unwrap();
        std::fs::write(terms.join("en.txt"), "Terms for tests").unwrap();
        let ground = Self {
            cards: CardAuthority::load(&pki).unwrap(),
            folder,
            pki,
            people,
        };
        ground.write_settings("settings.toml", str::to_owned);
        ground.fill().await;
        ground
    }

    async fn fill(&self) {
        let data = self.path("data");
        self.command(&["import", data.to_str().unwrap()]).await;
        for kiosk in 1..=2 {
            let certificate = self.pki.kiosk(kiosk);
            let name = format!("kiosk-{kiosk}");
            let words = ["register-kiosk", certificate.to_str().unwrap(), "--name", &name];
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
        let words = ["server"].iter().chain(words).chain(&settings);
        let cli = server::cli::Cli::try_parse_from(words)?;
        let code = server::run(cli).await?;
        if code == std::process::ExitCode::SUCCESS {
            Ok(())
        } else {
            Err("the command ended without success".into())
        }
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

const SETTINGS: &str = r#"
municipalities = "data"
accept_test_cards = true
accept_unattested_devices = true
accept_plain_imports = true
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
