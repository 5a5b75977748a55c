//! `server flag`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::{JAPAN, Redacted};
use registry::{
    FlagEvent, FlagKind, FlagOrder, MunicipalityRegister, Purpose, RegistryError, ResidentFlags,
    StaffId,
};

use super::approvals::{TwoPersons, approval_or_request};
use super::number_input::WhomOnInput;
use super::{Failure, Opened, accept_staff, open};
use crate::cli::ByStaff;

/// What can be done with a resident's flags.
#[derive(Debug, Subcommand)]
pub enum Flags {
    /// Set a flag, at once: also an order after an offer that was made before is refused.
    ///
    /// protected (支援措置) and use-suspended (利用停止): nothing at kiosk and phone, and no other
    /// automated use; deceased: nothing at kiosk and phone; moved-out: makes no difference to
    /// certificates. Kiosk and phone are told the same as for anybody who is not here.
    ///
    /// Example: server flag set protected --ordered-by head-01 --ground 'request of 12 May' \
    /// --resident-number-from-stdin --municipality 122271 --staff counter-07 --settings s.toml
    Set(Set),
    /// Lift a flag that staff set, as a second person approved.
    ///
    /// A flag that came with an import is lifted in the municipality's own system.
    Lift(Lift),
    /// Show a resident's flags, imported ones too, and what staff did; that it was shown is
    /// recorded.
    Show(Show),
}

/// Which flag to set.
#[derive(Debug, Args)]
pub struct Set {
    /// protected, deceased, moved-out or use-suspended.
    #[arg(value_parser = kind)]
    flag: FlagKind,
    /// The superior who ordered it; recorded.
    #[arg(long, value_name = "NAME")]
    ordered_by: StaffId,
    /// Why; recorded sealed. 1 to 500 bytes.
    #[arg(long)]
    ground: String,
    /// Whom.
    #[command(flatten)]
    whom: WhomOnInput,
    /// Whose, who does it, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// Which flag to lift.
#[derive(Debug, Args)]
pub struct Lift {
    /// protected, deceased, moved-out or use-suspended.
    #[arg(value_parser = kind)]
    flag: FlagKind,
    /// Asked for, or approved.
    #[command(flatten)]
    two: TwoPersons,
    /// Whom.
    #[command(flatten)]
    whom: WhomOnInput,
    /// Whose, who does it, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// Whose flags to show.
#[derive(Debug, Args)]
pub struct Show {
    /// Whom.
    #[command(flatten)]
    whom: WhomOnInput,
    /// Whose, who reads, which settings.
    #[command(flatten)]
    by: ByStaff,
}

fn kind(name: &str) -> Result<FlagKind, String> {
    FlagKind::of_name(name).ok_or_else(|| {
        let names = FlagKind::ALL.map(FlagKind::as_str);
        format!("one of {}", names.join(", "))
    })
}

pub(super) async fn run(flags: &Flags) -> Result<ExitCode, Failure> {
    match flags {
        Flags::Set(asked) => set(asked).await,
        Flags::Lift(asked) => lift(asked).await,
        Flags::Show(asked) => show(asked).await,
    }
}

pub(super) async fn begin(by: &ByStaff) -> Result<(Opened, MunicipalityRegister), Failure> {
    let opened = open(&by.settings).await?;
    let staff = accept_staff(&opened, by.staff.clone())?;
    let register = opened
        .registry
        .municipality(by.municipality, Purpose::Flags, staff)
        .await?;
    Ok((opened, register))
}

async fn set(asked: &Set) -> Result<ExitCode, Failure> {
    let (opened, register) = begin(&asked.by).await?;
    let whom = asked.whom.read()?;
    let order = FlagOrder {
        ordered_by: asked.ordered_by.clone(),
        ground: Redacted::new(asked.ground.clone()),
    };
    let done = register.set_flag(&whom, asked.flag, &order).await;
    opened.registry.close().await;
    done?;
    println!("the flag {} is set, from now on", asked.flag.as_str());
    Ok(ExitCode::SUCCESS)
}

async fn lift(asked: &Lift) -> Result<ExitCode, Failure> {
    let (opened, register) = begin(&asked.by).await?;
    let whom = asked.whom.read()?;
    let scope = register.lift_flag_scope(&whom, asked.flag).await?;
    let approval = approval_or_request(&opened, &asked.by, &asked.two, &scope).await?;
    let done = match approval {
        Some(id) => Some(register.lift_flag(&whom, asked.flag, id).await),
        None => None,
    };
    opened.registry.close().await;
    if done.transpose()?.is_some() {
        println!("the flag {} is lifted", asked.flag.as_str());
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(asked: &Show) -> Result<ExitCode, Failure> {
    let (opened, register) = begin(&asked.by).await?;
    let whom = asked.whom.read()?;
    let found: Result<_, RegistryError> = register.flags(&whom).await;
    opened.registry.close().await;
    let Some(flags) = found? else {
        return Err("nobody of that number is registered here".into());
    };
    for line in lines(&flags) {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(flags: &ResidentFlags) -> Vec<String> {
    let resident = &flags.resident;
    let since = |kind| match kind {
        FlagKind::Protected => resident.protected_since,
        FlagKind::Deceased => resident.deceased_on,
        FlagKind::MovedOut => resident.moved_out_on,
        FlagKind::UseSuspended => resident.use_suspended_since,
    };
    let now = FlagKind::ALL.into_iter().filter_map(|kind| {
        let since = since(kind)?;
        let set = flags.history.since(kind).is_some();
        let from = if set { "set by staff" } else { "imported" };
        Some(format!("{} since {since}, {from}", kind.as_str()))
    });
    let mut lines: Vec<String> = now.collect();
    if lines.is_empty() {
        lines.push("no flag".to_owned());
    }
    lines.extend(flags.history.events().iter().map(event_line));
    lines
}

fn event_line(event: &FlagEvent) -> String {
    format!(
        "  {} {} {} by {}, on the word of {}: {}",
        event.at.to_offset(JAPAN),
        if event.set { "set" } else { "lifted" },
        event.kind.as_str(),
        event.by.as_str(),
        event.ordered_by.as_str(),
        event.ground.expose()
    )
}
