//! The commands besides `serve`: import, registration, publishing, reissue, revoking,
//! suspending, reading back, audit.
//!
//! They talk to a person at a terminal: printing is what they are for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

pub(crate) mod approvals;
mod areas;
pub(crate) mod at_the_counter;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod counts;
pub(crate) mod database;
pub(crate) mod days;
pub(crate) mod declarations;
pub(crate) mod disclosure;
pub(crate) mod dose;
pub(crate) mod export;
pub(crate) mod flag;
pub(crate) mod import;
pub(crate) mod inquiry;
pub(crate) mod keys;
pub(crate) mod number_input;
mod outgoing;
mod publish;
pub(crate) mod register;
pub(crate) mod reissue;
pub(crate) mod renew_kiosk;
pub(crate) mod retention;
pub(crate) mod revoke;
mod serve;
pub(crate) mod suspend;
mod trust;
pub(crate) mod unregister;
mod verify_certificate;

use std::process::ExitCode;
use std::sync::Arc;

use crypto::{SecureRandom, SystemRandom};
use domain::{Clock, SystemClock};
use issuance::SigningKeys;
use registry::{Actor, Registry, StaffId};

use crate::cli::{Cli, Command, SettingsFile};
use crate::service::{self, StartError};
use crate::settings::Settings;

/// Why a command failed, for the person who gave it.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs a command line to its end.
///
/// # Errors
/// What stood in the way.
pub async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Serve(settings) => Box::pin(serve::run(&settings)).await,
        Command::Import(import) => Box::pin(import::run(&import)).await,
        Command::RegisterKiosk(registration) => Box::pin(register::kiosk(&registration)).await,
        Command::RenewKiosk(renewal) => Box::pin(renew_kiosk::run(&renewal)).await,
        Command::RegisterRelay(registration) => Box::pin(register::relay(&registration)).await,
        Command::Publish {
            directory,
            settings,
        } => Box::pin(publish::run(&directory, &settings)).await,
        Command::RegisterVenue(registration) => Box::pin(register::venue(&registration)).await,
        Command::Dose { command } => Box::pin(dose::run(&command)).await,
        Command::Unregister(unregistration) => Box::pin(unregister::run(&unregistration)).await,
        Command::Counts(counts) => Box::pin(counts::run(&counts)).await,
        Command::Inquiry { command } => Box::pin(inquiry::run(&command)).await,
        Command::Suspend(card) => Box::pin(suspend::suspend(&card)).await,
        Command::Release(asked) => Box::pin(suspend::release(&asked)).await,
        Command::Revoke(revoke) => Box::pin(revoke::run(&revoke)).await,
        Command::Reissue(reissue) => Box::pin(reissue::run(&reissue)).await,
        Command::VerifyCertificate { file, trust } => {
            verify_certificate::run(&file, trust.as_deref())
        }
        Command::Approvals { command } => Box::pin(approvals::run(&command)).await,
        Command::Retention { command } => Box::pin(retention::run(&command)).await,
        Command::Erase(asked) => Box::pin(retention::erase(&asked)).await,
        Command::Export { command } => Box::pin(export::run(&command)).await,
        Command::Declarations(asked) => declarations::run(&asked),
        Command::Database { command } => Box::pin(database::run(&command)).await,
        Command::Backup(asked) => Box::pin(backup::write(&asked)).await,
        Command::Restore(asked) => Box::pin(backup::restore(&asked)).await,
        Command::Keys { command } => Box::pin(keys::run(&command)).await,
        Command::Disclosure(asked) => Box::pin(disclosure::run(&asked)).await,
        Command::Flag { command } => Box::pin(flag::run(&command)).await,
        Command::Audit { command } => Box::pin(audit::run(&command)).await,
    }
}

/// What most commands work with.
struct Opened {
    settings: Settings,
    clock: Arc<dyn Clock>,
    registry: Registry,
    signing: SigningKeys,
}

/// Reads the settings, refuses what `serve` would refuse, and opens the register.
async fn open(settings: &SettingsFile) -> Result<Opened, Failure> {
    let settings = Settings::load(&settings.file)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn SecureRandom> = Arc::new(SystemRandom);
    let signing = service::signing_keys(&settings, clock.now())?;
    service::refuse_weakened_production(&settings, &signing)?;
    let registry = service::open_registry(&settings, Arc::clone(&clock), random).await?;
    Ok(Opened {
        settings,
        clock,
        registry,
        signing,
    })
}

/// A member of staff as an actor, where the settings believe whoever names one.
fn accept_staff(opened: &Opened, staff: StaffId) -> Result<Actor, Failure> {
    if opened.settings.accept_unauthenticated_staff {
        return Ok(Actor::Staff(staff));
    }
    Err(
        "staff cannot sign in yet: until they can, this needs the setting \
         accept_unauthenticated_staff, and that a TEST issuer"
            .into(),
    )
}

/// Who gives commands on the server's own command line, in records: whoever may become the
/// server's user on its machine.
fn operator() -> Result<StaffId, StartError> {
    StaffId::parse("command-line").map_err(|_| StartError::Operator)
}
