//! The settings: one TOML file, and `AKASHI_MOBILE_API_…` variables over it.
//!
//! Every key is described in `settings.example.toml`. A key that is not known here is refused,
//! so that a misspelt one is no silent default. Secrets are named by the file that holds them.
//! Relative paths start at the settings file's folder.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use settings_file::{RelativePathBuf, SettingsError};

/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 16;

/// Everything mobile-api is told at its start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The listener for phones and verifiers.
    pub public: PublicSettings,
    /// The issuing server.
    pub server: ServerSettings,
    /// The issuing server's way in for venues; left out, venues reach nothing here.
    pub venues: Option<VenueSettings>,
    /// The listener for health, on loopback.
    pub health: HealthSettings,
    /// What is taken on at once.
    #[serde(default)]
    pub limits: Limits,
}

/// The listener for phones and verifiers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicSettings {
    /// Address and port; port 0 lets the operating system choose.
    pub listen: SocketAddr,
    /// The certificate that phones see and those between it and its CA, PEM.
    pub certificate: RelativePathBuf,
    /// Its key, PKCS #8, PEM.
    pub key: RelativePathBuf,
    /// Folder of published files.
    pub files: RelativePathBuf,
}

/// The issuing server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Its relay listener, `https://host:port`.
    pub url: String,
    /// The CA of its certificate, PEM.
    pub ca: RelativePathBuf,
    /// This relay's certificate, PEM.
    pub certificate: RelativePathBuf,
    /// Its key, PKCS #8, PEM.
    pub key: RelativePathBuf,
}

/// The issuing server's way in for venues.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VenueSettings {
    /// Its venue listener, `https://host:port`; certificates as in [`ServerSettings`].
    pub url: String,
}

/// The listener for health.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthSettings {
    /// A loopback address and port.
    pub listen: SocketAddr,
}

/// What is taken on at once.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Open connections altogether.
    pub connections: u32,
    /// Open connections from one address.
    pub connections_per_address: u32,
    /// Sealed requests in work.
    pub requests: u32,
    /// Requests and connections of one address a second, in the long run.
    pub per_address_per_second: u32,
    /// Requests and connections of one address at once.
    pub per_address_burst: u32,
    /// How long a TLS handshake may take, in seconds.
    pub handshake_seconds: u16,
    /// How long a request may take from its first byte to the reply's last, in seconds.
    pub request_seconds: u16,
    /// How long a connection lives, in seconds.
    pub connection_seconds: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2048,
            connections_per_address: 128,
            requests: 256,
            per_address_per_second: 20,
            per_address_burst: 200,
            handshake_seconds: 10,
            request_seconds: 30,
            connection_seconds: 120,
        }
    }
}

impl Limits {
    /// What the listener takes on altogether. From the internet, a head takes no longer than a
    /// handshake.
    #[must_use]
    pub fn of_listener(&self) -> tls_listener::Limits {
        let handshake = Duration::from_secs(self.handshake_seconds.into());
        tls_listener::Limits {
            connections: self.connections,
            streams: STREAMS,
            handshake,
            head: handshake,
            silence: self.request(),
            connection: Duration::from_secs(self.connection_seconds.into()),
        }
    }

    /// See [`Limits::request_seconds`].
    #[must_use]
    pub fn request(&self) -> Duration {
        Duration::from_secs(self.request_seconds.into())
    }

    fn all_at_least_one(&self) -> bool {
        let counts = [
            self.connections,
            self.connections_per_address,
            self.requests,
            self.per_address_per_second,
            self.per_address_burst,
            self.handshake_seconds.into(),
            self.request_seconds.into(),
            self.connection_seconds.into(),
        ];
        counts.iter().all(|count| *count >= 1)
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
}

impl settings_file::Settings for Settings {
    const VARIABLES: &'static str = "AKASHI_MOBILE_API_";

    fn check(&self) -> Result<(), &'static str> {
        if !self.server.url.starts_with("https://") {
            return Err("server.url is an https address");
        }
        let venues = self.venues.as_ref();
        if venues.is_some_and(|venues| !venues.url.starts_with("https://")) {
            return Err("venues.url is an https address");
        }
        if !self.health.listen.ip().is_loopback() {
            return Err("health.listen is a loopback address: health is not for others");
        }
        if !self.limits.all_at_least_one() {
            return Err("every limit is at least 1");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example's settings; `change` edits their text first.
    fn load(change: impl Fn(String) -> String) -> Result<Settings, SettingsError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        let example = include_str!("../settings.example.toml").to_owned();
        std::fs::write(&file, change(example)).unwrap();
        Settings::load(&file)
    }

    #[test]
    fn the_example_loads_and_tells_the_defaults() {
        let settings = load(|text| text).unwrap();
        assert_eq!(
            format!("{:?}", settings.limits),
            format!("{:?}", Limits::default())
        );
        assert!(settings.public.files.relative().is_absolute());
    }

    #[test]
    fn the_package_s_settings_are_understood() {
        let settings =
            load(|_| include_str!("../../debian/relay/settings.toml.example").to_owned());
        let files = settings.unwrap().public.files.relative();
        assert!(files.starts_with("/var/lib/akashi-relay"));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        for section in ["[public]", "[server]", "[health]", "[limits]"] {
            let refused = load(|text| text.replace(section, &format!("{section}\nunknown = 1")));
            assert!(
                matches!(refused, Err(SettingsError::Unreadable(_))),
                "{section}"
            );
        }
        let refused = load(|text| format!("unknown = 1\n{text}"));
        assert!(matches!(refused, Err(SettingsError::Unreadable(_))));
    }

    #[test]
    fn a_missing_file_is_said_so() {
        let refused = Settings::load(Path::new("no-such-file.toml"));
        assert!(matches!(refused, Err(SettingsError::Missing(_))));
    }

    #[test]
    fn what_would_weaken_is_refused() {
        for (from, to) in [
            ("127.0.0.1:8091", "0.0.0.0:8091"),
            ("https://server", "http://server"),
            ("connections = 2048", "connections = 0"),
            ("request_seconds = 30", "request_seconds = 0"),
        ] {
            let refused = load(|text| text.replace(from, to));
            assert!(matches!(refused, Err(SettingsError::Refused(_))), "{to}");
        }
    }
}
