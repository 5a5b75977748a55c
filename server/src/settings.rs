//! The server's settings: one TOML file, and `AKASHI_SERVER_…` variables over it.
//!
//! Every key is described in `settings.example.toml`. A key that is not known here is refused,
//! so that a misspelt one is no silent default. Secrets are named by the file that holds them,
//! never written into the settings. Relative paths start at the settings file's folder.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::Path;
use std::time::Duration;

use domain::MunicipalityCode;
use registry::AuditWriter;
use serde::Deserialize;
use settings_file::{RelativePathBuf, SettingsError};

use crate::register_settings::RegisterSettings;

/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 64;

/// Everything the server is told at its start.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folder with one folder for each municipality, holding its `municipality.toml`.
    pub municipalities: RelativePathBuf,
    /// Who issues, with which keys and fonts.
    pub issuer: IssuerSettings,
    /// Where the register lies.
    pub register: RegisterSettings,
    /// How the audit record is signed and anchored.
    pub audit: AuditSettings,
    /// Municipalities whose residents are found through their own directory (団体内統合宛名).
    #[serde(default)]
    pub directory: BTreeMap<MunicipalityCode, DirectorySettings>,
    /// What requests are sealed to.
    pub sealing: SealingSettings,
    /// What holder tickets are sealed with.
    pub tickets: TicketSettings,
    /// The terms of use.
    pub terms: TermsSettings,
    /// The server's own TLS certificate, on every listener.
    pub tls: TlsSettings,
    /// The listener for kiosks.
    pub kiosk: ListenerSettings,
    /// The listener for the relay.
    pub relay: ListenerSettings,
    /// The listener for venues, behind the relay; left out, venues reach nothing.
    pub venue: Option<ListenerSettings>,
    /// The listener for health, on loopback.
    pub health: HealthSettings,
    /// How a municipality's files are brought in.
    #[serde(default)]
    pub imports: ImportSettings,
    /// Whom backups are encrypted to.
    #[serde(default)]
    pub backups: BackupSettings,
    /// Which cards are trusted besides the production CA's.
    #[serde(default)]
    pub cards: CardSettings,
    /// What the server takes on at once.
    #[serde(default)]
    pub limits: Limits,
    /// Danger, only with a TEST issuer: cards of the test hierarchy and of `cards.test_cas`.
    #[serde(default)]
    pub accept_test_cards: bool,
    /// Danger, only with a TEST issuer: applications without the card's signature over a
    /// fresh challenge. Whoever once copied a card's files can apply.
    #[serde(default)]
    pub accept_without_presence: bool,
    /// Danger, only with a TEST issuer: phones are registered on first use, whatever app runs
    /// there.
    #[serde(default)]
    pub accept_unattested_devices: bool,
    /// Danger, only with a TEST issuer: `server import` takes files that are not encrypted.
    #[serde(default)]
    pub accept_plain_imports: bool,
    /// Danger, only with a TEST issuer: `server import` lands files that no second person approved.
    #[serde(default)]
    pub accept_unapproved_imports: bool,
    /// Danger, only with a TEST issuer: staff is who the command line says.
    #[serde(default)]
    pub accept_unauthenticated_staff: bool,
}

/// Who issues, with which keys and fonts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// `iss` of SMART Health Cards: https, no slash at the end. The published files must be
    /// served under `<url>/.well-known/`.
    pub url: String,
    /// The verification page's address, printed on the certificate.
    pub verification_url: String,
    /// The key that signs SMART Health Cards: P-256, PKCS #8, PEM.
    pub shc_signer: RelativePathBuf,
    /// Public halves (DER `SubjectPublicKeyInfo`) of keys that signed before this one: they stay
    /// published, with the revocations of what they signed.
    #[serde(default)]
    pub former_shc_keys: Vec<RelativePathBuf>,
    /// The key that signs VDS-NC: P-256, PKCS #8, PEM.
    pub barcode_signer: RelativePathBuf,
    /// Its certificate, DER.
    pub barcode_signer_certificate: RelativePathBuf,
    /// The certificate authority that issued it (CSCA), DER.
    pub csca_certificate: RelativePathBuf,
    /// The CSCA's revocation list, DER, published next to it where there is one.
    pub csca_crl: Option<RelativePathBuf>,
    /// Fonts for names, tried in this order. Empty: those that the program knows.
    #[serde(default)]
    pub name_fonts: Vec<FontSettings>,
}

/// A font.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FontSettings {
    /// The file.
    pub file: RelativePathBuf,
    /// Which font of a collection (`.ttc`), from 0.
    #[serde(default)]
    pub index: u32,
}

/// A municipality's own directory of residents by individual number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectorySettings {
    /// The program that answers.
    pub program: RelativePathBuf,
    /// Its arguments.
    #[serde(default)]
    pub arguments: Vec<String>,
}

/// How the audit record is signed, and where its heads are anchored.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditSettings {
    /// The key that signs heads, and nothing else: P-256, PKCS #8, PEM.
    pub signing_key: RelativePathBuf,
    /// Folder on another medium, where each installation appends signed heads to its own file.
    pub anchor: RelativePathBuf,
    /// This installation's name in the record.
    #[serde(default)]
    pub writer: AuditWriter,
    /// How often heads are signed and anchored, in minutes.
    #[serde(default = "anchor_every_minutes")]
    pub every_minutes: NonZeroU16,
    /// Public halves (DER `SubjectPublicKeyInfo`) of keys that signed before this one.
    #[serde(default)]
    pub former_keys: Vec<RelativePathBuf>,
}

const fn anchor_every_minutes() -> NonZeroU16 {
    NonZeroU16::new(60).expect("60 is not zero")
}

/// What requests are sealed to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealingSettings {
    /// The secret of the sealing key: 32 bytes, hexadecimal.
    pub key: RelativePathBuf,
    /// The key that signs the sealing configuration, whose public half kiosk and app have
    /// pinned: P-256, PKCS #8, PEM.
    pub configuration_signer: RelativePathBuf,
    /// How long a signed configuration is good, in hours.
    #[serde(default = "sealing_valid_hours")]
    pub valid_hours: u16,
}

const fn sealing_valid_hours() -> u16 {
    24
}

/// What holder tickets are sealed with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketSettings {
    /// 32 bytes, hexadecimal; the same on every instance.
    pub key: RelativePathBuf,
}

/// The terms of use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsSettings {
    /// The version in force: 1 to 32 printable ASCII characters. Change it with the text.
    pub version: String,
    /// Folder with one text for each language, `ja.txt`, `en.txt` …; `ja.txt` must be there.
    pub directory: RelativePathBuf,
}

/// The server's own TLS certificate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSettings {
    /// The certificate and those between it and its CA, PEM.
    pub certificate: RelativePathBuf,
    /// Its key, PKCS #8, PEM.
    pub key: RelativePathBuf,
}

/// A listener with mutual TLS.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenerSettings {
    /// Address and port; port 0 lets the operating system choose.
    pub listen: SocketAddr,
    /// The CA that peers' certificates must come from, PEM.
    pub client_ca: RelativePathBuf,
}

/// The listener for health.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthSettings {
    /// A loopback address and port.
    pub listen: SocketAddr,
}

/// How a municipality's files are brought in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImportSettings {
    /// The secret key that files are encrypted to, as `age-keygen` writes it.
    pub identity: Option<RelativePathBuf>,
    /// Folder for what is sorted on its way in, unreadable to others and gone afterwards. Left
    /// out: beside the register's files, or with PostgreSQL the temporary folder.
    pub spill: Option<RelativePathBuf>,
    /// After so many days a batch whose medium is not recorded as erased is shown as overdue.
    pub erase_within_days: u16,
}

impl Default for ImportSettings {
    fn default() -> Self {
        Self {
            identity: None,
            spill: None,
            erase_within_days: 30,
        }
    }
}

/// Whom backups are encrypted to.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BackupSettings {
    /// Public keys, `age1…`. Each can open a backup; without any, none is written.
    pub recipients: Vec<String>,
}

/// Which cards are trusted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardSettings {
    /// Files of TEST card CAs (`card-ca.json`); needs `accept_test_cards`.
    #[serde(default)]
    pub test_cas: Vec<RelativePathBuf>,
}

/// What the server takes on at once.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Open connections for each listener.
    pub connections: u32,
    /// Requests in work, over all listeners; more wait, and those that waited too long are
    /// sent away with `too-many-requests`.
    pub requests: u32,
    /// How long a request waits for its turn, in milliseconds.
    pub wait_milliseconds: u32,
    /// How long a TLS handshake may take, in seconds.
    pub handshake_seconds: u16,
    /// How long a request may take to arrive: its head, and then its body, in seconds.
    pub request_seconds: u16,
    /// How long a connection lives, in seconds: a peer that stays proves itself again.
    pub connection_seconds: u32,
    /// Offers and orders for each application.
    pub offers_per_application: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            requests: 64,
            wait_milliseconds: 2_000,
            handshake_seconds: 10,
            request_seconds: 30,
            connection_seconds: 600,
            offers_per_application: 60,
        }
    }
}

impl Limits {
    /// What each listener takes on.
    #[must_use]
    pub fn of_listener(&self) -> tls_listener::Limits {
        tls_listener::Limits {
            connections: self.connections,
            streams: STREAMS,
            handshake: Duration::from_secs(self.handshake_seconds.into()),
            head: self.request(),
            silence: self.request(),
            connection: Duration::from_secs(self.connection_seconds.into()),
        }
    }

    /// See [`Limits::request_seconds`].
    #[must_use]
    pub fn request(&self) -> Duration {
        Duration::from_secs(self.request_seconds.into())
    }

    /// See [`Limits::wait_milliseconds`].
    #[must_use]
    pub fn wait(&self) -> Duration {
        Duration::from_millis(self.wait_milliseconds.into())
    }
}

impl Settings {
    /// Reads a settings file, and the variables over it.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn load(file: &Path) -> Result<Self, SettingsError> {
        settings_file::load(file)
    }

    /// The names of the settings that weaken the server and are switched on.
    #[must_use]
    pub fn weakened(&self) -> Vec<&'static str> {
        [
            ("accept_test_cards", self.accept_test_cards),
            ("accept_without_presence", self.accept_without_presence),
            ("accept_unattested_devices", self.accept_unattested_devices),
            ("accept_plain_imports", self.accept_plain_imports),
            ("accept_unapproved_imports", self.accept_unapproved_imports),
            (
                "accept_unauthenticated_staff",
                self.accept_unauthenticated_staff,
            ),
        ]
        .into_iter()
        .filter_map(|(name, on)| on.then_some(name))
        .collect()
    }
}

impl settings_file::Settings for Settings {
    const VARIABLES: &'static str = "AKASHI_SERVER_";

    fn check(&self) -> Result<(), &'static str> {
        if !self.health.listen.ip().is_loopback() {
            return Err("health.listen is a loopback address: health is not for others");
        }
        if !self.cards.test_cas.is_empty() && !self.accept_test_cards {
            return Err("cards.test_cas is set without accept_test_cards");
        }
        if self.limits.requests == 0 || self.limits.connections == 0 {
            return Err("limits.requests and limits.connections are at least 1");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Settings in a folder of their own; `change` edits the example's text.
    fn load(change: impl Fn(String) -> String) -> Result<Settings, SettingsError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        let example = include_str!("../settings.example.toml").to_owned();
        std::fs::write(&file, change(example)).unwrap();
        Settings::load(&file)
    }

    #[test]
    fn the_example_loads_and_weakens_nothing() {
        let settings = load(|text| text).unwrap();
        assert_eq!(settings.weakened(), Vec::<&str>::new());
        assert_eq!(settings.limits.requests, Limits::default().requests);
        assert!(matches!(
            settings.register.place(),
            Ok(registry::RegisterPlace::Folder(folder)) if folder.is_absolute()
        ));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        for bad in ["acept_test_cards = true\n", "unknown = 1\n"] {
            let refused = load(|text| format!("{bad}{text}"));
            assert!(
                matches!(refused, Err(SettingsError::Unreadable(_))),
                "{bad}"
            );
        }
        let inside = load(|text| text.replace("[tls]", "[tls]\nunknown = 1"));
        assert!(matches!(inside, Err(SettingsError::Unreadable(_))));
    }

    #[test]
    fn a_missing_file_is_said_so() {
        let refused = Settings::load(Path::new("no-such-file.toml"));
        assert!(matches!(refused, Err(SettingsError::Missing(_))));
    }

    #[test]
    fn health_listens_on_loopback_only() {
        let refused = load(|text| text.replace("127.0.0.1:8090", "0.0.0.0:8090"));
        assert!(matches!(refused, Err(SettingsError::Refused(_))));
    }

    #[test]
    fn test_cas_need_their_accept() {
        let refused =
            load(|text| text.replace("\n[cards]\n", "\n[cards]\ntest_cas = [\"a.json\"]\n"));
        assert!(matches!(refused, Err(SettingsError::Refused(_))));
    }

    #[test]
    fn every_switch_is_named_when_on() {
        let settings = load(|text| {
            let on = [
                "accept_test_cards",
                "accept_without_presence",
                "accept_unattested_devices",
                "accept_plain_imports",
                "accept_unapproved_imports",
                "accept_unauthenticated_staff",
            ]
            .map(|name| format!("{name} = true\n"))
            .concat();
            let text: String = text
                .lines()
                .filter(|line| !line.starts_with("accept_"))
                .map(|line| format!("{line}\n"))
                .collect();
            on + &text
        })
        .unwrap();
        assert_eq!(settings.weakened().len(), 6);
    }
}
