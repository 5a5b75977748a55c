//! `kiosk-agent enrol` and `kiosk-agent renew`: the kiosk's own certificate.

mod renewal;
mod trial;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use domain::{Clock, SystemClock};

use super::parts;
use crate::enrolment::{Candidate, IdentityStore, KioskName, NewKey, Pending};
use crate::settings::Settings;

/// What a command came to, for people and for timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Outcome {
    /// Done, or nothing to do.
    Done = 0,
    /// Something is not right: what was in use is in use.
    Refused = 1,
    /// The settings.
    Settings = 2,
    /// A key waits for its certificate.
    Waits = 3,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done, or nothing to do          1  refused; what was in use is in use
  2  the settings                    3  a key waits for its certificate";

/// Why a command ended early.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Makes the kiosk's key, mode 0600, and a signing request (PKCS #10); then, with --certificate,
/// takes the certificate in use once the server has accepted it.
///
/// The key never leaves the kiosk. Read the fingerprint out to whoever signs and registers: they
/// compare it. Given again before the certificate is there, it shows the same request.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Enrol {
    /// The kiosk's settings
    #[arg(long, value_name = "FILE")]
    settings: PathBuf,
    /// The kiosk's name, which the request bears
    #[arg(long, value_name = "NAME", required_unless_present = "certificate")]
    name: Option<KioskName>,
    /// The certificate that was signed; its chain may follow in the same file
    #[arg(long, value_name = "FILE.pem", conflicts_with = "name")]
    certificate: Option<PathBuf>,
}

/// Asks for a new certificate when the one in use ends soon, with a new key; takes it in use once it
/// has come and the server accepts it; goes back to the one before where the server no longer
/// accepts what is in use.
///
/// Until the new one is accepted the old one is in use. A running `kiosk-agent serve` takes it over
/// when it is started afresh.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Renew {
    /// The kiosk's settings
    #[arg(long, value_name = "FILE")]
    settings: PathBuf,
    /// Ask for a new certificate so many days before the end
    #[arg(long, value_name = "DAYS", default_value = "45")]
    before_days: u16,
    /// The certificate that was signed. The same as putting it beside the request as
    /// certificate.pem
    #[arg(long, value_name = "FILE.pem")]
    certificate: Option<PathBuf>,
}

impl Enrol {
    pub(super) fn run(self) -> ExitCode {
        let Self {
            settings,
            name,
            certificate,
        } = self;
        run(&settings, async |desk| match (name, certificate) {
            (_, Some(file)) => desk.install(&file).await,
            (Some(name), None) if desk.store.has_current() => {
                let name = name.as_str();
                Err(format!("{name} has a certificate already: use `kiosk-agent renew`").into())
            }
            (Some(name), None) => desk.ask(&name),
            // clap asks for one of the two.
            (None, None) => Ok(Outcome::Settings),
        })
    }
}

impl Renew {
    pub(super) fn run(self) -> ExitCode {
        let Self {
            settings,
            before_days,
            certificate,
        } = self;
        run(&settings, async |desk| match certificate {
            Some(file) => desk.install(&file).await,
            None => desk.renew(before_days).await,
        })
    }
}

fn run(settings: &Path, work: impl AsyncFnOnce(&Desk) -> Result<Outcome, Failure>) -> ExitCode {
    let prepared = Settings::read(settings)
        .map_err(Failure::from)
        .and_then(|settings| Desk::open(settings).map_err(Failure::from));
    let outcome = match prepared {
        Err(error) => {
            eprintln!("kiosk-agent: {error}");
            Outcome::Settings
        }
        Ok(desk) => match tokio::runtime::Runtime::new() {
            Ok(runtime) => runtime.block_on(work(&desk)).unwrap_or_else(refused),
            Err(error) => refused(error.into()),
        },
    };
    ExitCode::from(outcome as u8)
}

#[allow(clippy::needless_pass_by_value, reason = "as unwrap_or_else gives it")]
fn refused(error: Failure) -> Outcome {
    eprintln!("kiosk-agent: {error}");
    Outcome::Refused
}

/// Where certificates are asked for, tried and taken in use.
struct Desk {
    settings: Settings,
    store: IdentityStore,
    clock: Arc<dyn Clock>,
}

impl Desk {
    fn open(settings: Settings) -> Result<Self, crate::enrolment::StoreRefused> {
        Ok(Self {
            store: IdentityStore::open(&settings.kiosk)?,
            settings,
            clock: Arc::new(SystemClock),
        })
    }

    /// Shows the request that waits, or makes one.
    fn ask(&self, name: &KioskName) -> Result<Outcome, Failure> {
        if self.store.pending()?.is_none() {
            self.store.keep_pending(&NewKey::generate(name)?)?;
        }
        let pending = self
            .store
            .pending()?
            .ok_or("the key that was made is gone")?;
        tell(&pending);
        Ok(Outcome::Waits)
    }

    /// Takes a certificate in use: looked through, tried at the server, changed over.
    async fn install(&self, file: &Path) -> Result<Outcome, Failure> {
        let key = match self.store.pending()? {
            Some(pending) => pending.key,
            // The same key under a new certificate.
            None => parts::identity(&self.settings)?.key,
        };
        let candidate = Candidate::read(file, key, self.clock.now())?;
        self.tried(&candidate.identity).await?;
        self.store.take_in_use(&candidate.identity)?;
        println!(
            "The certificate is in use, until {}. Start a running kiosk-agent afresh.",
            candidate.not_after.date()
        );
        Ok(Outcome::Done)
    }
}

/// What the person before the kiosk is to do with the request.
fn tell(pending: &Pending) {
    println!("The key's fingerprint: {}", pending.fingerprint);
    println!(
        "Have this request signed and its key registered: {}",
        pending.request.display()
    );
}
