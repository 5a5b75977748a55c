//! The kiosk's settings: one TOML file.
//!
//! Every key is described in `settings.example.toml`. A key that is not known here is refused,
//! so that a misspelt one is no silent default. Relative paths start at the settings file's
//! folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::browser::BrowserSettings;
use crate::health::HealthSettings;
use crate::payment::PaymentSettings;
use crate::staff::StaffSettings;

/// The longest settings file taken, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Everything the kiosk is told at its start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The issuing server.
    pub server: ServerSettings,
    /// The kiosk's own certificate.
    pub kiosk: KioskSettings,
    /// The issuer of certificates.
    pub issuer: IssuerSettings,
    /// The card reader.
    #[serde(default)]
    pub reader: ReaderSettings,
    /// The printer.
    pub printer: PrinterSettings,
    /// The browser that the agent starts; none: any browser of this machine may connect.
    pub browser: Option<BrowserSettings>,
    /// What takes the fee.
    #[serde(default)]
    pub payment: PaymentSettings,
    /// The staff screen.
    #[serde(default)]
    pub staff: StaffSettings,
    /// What is told about the kiosk from afar.
    #[serde(default)]
    pub health: HealthSettings,
    /// How long residents have for what.
    #[serde(default)]
    pub times: TimeSettings,
    /// The touch screen.
    #[serde(default)]
    pub screen: ScreenSettings,
}

/// The issuing server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// `https://host:port` of its kiosk listener.
    pub url: String,
    /// The CA of its TLS certificate, PEM.
    pub ca: PathBuf,
    /// The pinned key that signs sealing configurations: DER `SubjectPublicKeyInfo`.
    pub pinned_key: PathBuf,
}

/// The kiosk's own certificate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskSettings {
    /// Certificate, PEM.
    pub certificate: PathBuf,
    /// Its key, P-256, PKCS #8, PEM.
    pub key: PathBuf,
}

/// The issuer of certificates, for checking each page before it is printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// `iss` of its SMART Health Cards.
    pub url: String,
    /// Its published keys (`/.well-known/jwks.json`).
    pub jwks: PathBuf,
    /// The CSCA of its VDS-NC, DER.
    pub csca: PathBuf,
}

/// The card reader.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderSettings {
    /// The reader's name or how it begins, as PC/SC lists it. Left out: the first with a card.
    pub name: Option<String>,
}

/// The printer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrinterSettings {
    /// `ipps://…`, or `ipp://…` to this machine.
    pub uri: String,
    /// The CA of its TLS certificate, PEM, for `ipps`.
    pub ca: Option<PathBuf>,
    /// Whether fewer pages counted than asked for count as a failed print.
    #[serde(default = "yes")]
    pub counts_pages: bool,
}

/// How long residents have for what, and how long parts may take; seconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeSettings {
    /// Reading the terms, choosing, confirming: each.
    pub decide_seconds: u16,
    /// Putting the card on the reader.
    pub card_seconds: u16,
    /// Typing the PIN.
    pub pin_seconds: u16,
    /// Taking the card away: reminders go on for so long.
    pub take_card_seconds: u16,
    /// Taking the paper: reminders go on for so long.
    pub take_paper_seconds: u16,
    /// Between two reminders.
    pub remind_seconds: u16,
    /// A request to the server.
    pub server_seconds: u16,
    /// A print job.
    pub print_seconds: u16,
}

impl Default for TimeSettings {
    fn default() -> Self {
        Self {
            decide_seconds: 120,
            card_seconds: 60,
            pin_seconds: 60,
            take_card_seconds: 60,
            take_paper_seconds: 60,
            remind_seconds: 5,
            server_seconds: 20,
            print_seconds: 120,
        }
    }
}

/// The touch screen: a page that the agent serves to a browser on this machine.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScreenSettings {
    /// Where the page is served; a loopback address.
    pub address: SocketAddr,
    /// How long an ending stays on the screen.
    pub ending_seconds: u16,
    /// How often an idle kiosk looks whether it can serve anybody.
    pub look_seconds: u16,
}

impl Default for ScreenSettings {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 8460)),
            ending_seconds: 30,
            look_seconds: 20,
        }
    }
}

const fn yes() -> bool {
    true
}

/// Why settings are not taken.
#[derive(Debug, thiserror::Error)]
pub enum SettingsRefused {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Longer than 64 KiB.
    #[error("{0} is longer than 64 KiB")]
    TooLong(PathBuf),
    /// Not TOML, a key that is not known, or one that is missing.
    #[error("{path}: {problem}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What and where.
        problem: String,
    },
    /// A time of zero.
    #[error("{0} must not be 0")]
    NoTime(&'static str),
    /// The screen would be served to other machines.
    #[error("[screen] address must be a loopback address")]
    NotLoopback,
}

impl Settings {
    /// Reads a settings file; paths in it become relative to the file's folder.
    ///
    /// # Errors
    /// [`SettingsRefused`].
    pub fn read(path: &Path) -> Result<Self, SettingsRefused> {
        let unreadable = |source| SettingsRefused::Unreadable {
            path: path.to_owned(),
            source,
        };
        if std::fs::metadata(path).map_err(unreadable)?.len() > LONGEST {
            return Err(SettingsRefused::TooLong(path.to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let mut settings: Self =
            toml::from_str(&text).map_err(|error| SettingsRefused::Malformed {
                path: path.to_owned(),
                problem: error.to_string(),
            })?;
        settings.times.check()?;
        settings.screen.check()?;
        some_time(&[("[staff] leave_seconds", settings.staff.leave_seconds)])?;
        settings.resolve(path.parent().unwrap_or(Path::new("")));
        Ok(settings)
    }

    fn resolve(&mut self, folder: &Path) {
        let paths = [
            &mut self.server.ca,
            &mut self.server.pinned_key,
            &mut self.kiosk.certificate,
            &mut self.kiosk.key,
            &mut self.issuer.jwks,
            &mut self.issuer.csca,
        ];
        let browser = self.browser.iter_mut();
        let browser = browser.flat_map(|browser| [&mut browser.program, &mut browser.profiles]);
        let paths = paths.into_iter().chain(self.printer.ca.as_mut());
        for path in paths
            .chain(browser)
            .chain(self.payment.paths())
            .chain(self.health.counters.as_mut())
        {
            *path = folder.join(&path);
        }
    }
}

impl TimeSettings {
    fn check(&self) -> Result<(), SettingsRefused> {
        some_time(&[
            ("[times] decide_seconds", self.decide_seconds),
            ("[times] card_seconds", self.card_seconds),
            ("[times] pin_seconds", self.pin_seconds),
            ("[times] take_card_seconds", self.take_card_seconds),
            ("[times] take_paper_seconds", self.take_paper_seconds),
            ("[times] remind_seconds", self.remind_seconds),
            ("[times] server_seconds", self.server_seconds),
            ("[times] print_seconds", self.print_seconds),
        ])
    }
}

impl ScreenSettings {
    fn check(&self) -> Result<(), SettingsRefused> {
        if !self.address.ip().is_loopback() {
            return Err(SettingsRefused::NotLoopback);
        }
        some_time(&[
            ("[screen] ending_seconds", self.ending_seconds),
            ("[screen] look_seconds", self.look_seconds),
        ])
    }
}

fn some_time(times: &[(&'static str, u16)]) -> Result<(), SettingsRefused> {
    match times.iter().find(|(_, seconds)| *seconds == 0) {
        Some((name, _)) => Err(SettingsRefused::NoTime(name)),
        None => Ok(()),
    }
}

/// So many seconds.
#[must_use]
pub const fn seconds(count: u16) -> Duration {
    Duration::from_secs(count as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../settings.example.toml");

    fn read(text: &str) -> Result<Settings, SettingsRefused> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        std::fs::write(&path, text).unwrap();
        Settings::read(&path)
    }

    #[test]
    fn the_example_is_good() {
        let settings = read(EXAMPLE).unwrap();
        assert!(settings.server.ca.is_absolute());
        assert_eq!(
            settings.times.decide_seconds,
            TimeSettings::default().decide_seconds
        );
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let text = EXAMPLE.replace("[reader]", "[reader]\nnmae = \"x\"");
        let Err(SettingsRefused::Malformed { problem, .. }) = read(&text) else {
            panic!("taken");
        };
        assert!(problem.contains("nmae"), "{problem}");
    }

    #[test]
    fn no_time_at_all_is_refused() {
        let text = EXAMPLE.replace("print_seconds = 120", "print_seconds = 0");
        assert!(matches!(
            read(&text),
            Err(SettingsRefused::NoTime("[times] print_seconds"))
        ));
        // A staff screen that closes as it opens is none.
        let text = EXAMPLE.replace("leave_seconds = 60", "leave_seconds = 0");
        assert!(matches!(
            read(&text),
            Err(SettingsRefused::NoTime("[staff] leave_seconds"))
        ));
    }

    #[test]
    fn the_screen_is_for_this_machine_only() {
        for address in ["0.0.0.0:8460", "192.0.2.1:8460", "[::]:8460"] {
            let text = EXAMPLE.replace("127.0.0.1:8460", address);
            assert!(
                matches!(read(&text), Err(SettingsRefused::NotLoopback)),
                "{address}"
            );
        }
        assert!(read(&EXAMPLE.replace("127.0.0.1:8460", "[::1]:0")).is_ok());
    }
}
