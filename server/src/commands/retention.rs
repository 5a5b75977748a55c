//! `server retention`, `server erase`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use declaration::Declared;
use domain::japan_date;
use indicatif::{ProgressBar, ProgressStyle};
use registry::{MunicipalityRegister, Purpose, RetentionPlan};
use time::Date;

use super::approvals::{TwoPersons, approval_or_request};
use super::days::day;
use super::number_input::resident_number;
use super::{Failure, Opened, accept_staff, open};
use crate::cli::ByStaff;
use crate::municipalities::Municipalities;

/// What can be done about what is kept no longer.
#[derive(Debug, Subcommand)]
pub enum Retention {
    /// Count what is kept no longer, by kind of data; nothing about anybody.
    Plan {
        /// Reckon the periods for this day, YYYY-MM-DD, instead of today.
        #[arg(long, value_name = "DAY", value_parser = day)]
        as_of: Option<Date>,
        /// Whose, who counts, which settings.
        #[command(flatten)]
        by: ByStaff,
    },
    /// Erase what is kept no longer: first asked for, then done with the approval.
    ///
    /// The second person approves the day and the counts; where one differs when it is done,
    /// nothing is erased. Other writers wait while rows go: run it outside of office hours.
    Run(Run),
}

/// Which day, and the approval.
#[derive(Debug, Args)]
pub struct Run {
    /// Reckon the periods for this day, YYYY-MM-DD: the one that was approved.
    #[arg(long, value_name = "DAY", value_parser = day)]
    as_of: Option<Date>,
    /// Asked for first, done with the approval.
    #[command(flatten)]
    two: TwoPersons,
    /// Whose, who does it, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// Whom to erase.
#[derive(Debug, Args)]
pub struct Erase {
    /// Read the resident number (宛名番号) from standard input: there is no other way.
    #[arg(long, required = true)]
    resident_number_from_stdin: bool,
    /// Asked for first, done with the approval.
    #[command(flatten)]
    two: TwoPersons,
    /// Whose, who does it, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// An opened register whose municipality declared retention for today.
struct Begun {
    opened: Opened,
    register: MunicipalityRegister,
    declared: Declared<declaration::Retention>,
    today: Date,
}

pub(super) async fn run(retention: &Retention) -> Result<ExitCode, Failure> {
    match retention {
        Retention::Plan { as_of, by } => {
            let begun = begin(by).await?;
            let plan = plan(&begun, *as_of).await?;
            begun.opened.registry.close().await;
            show(&plan);
            Ok(ExitCode::SUCCESS)
        }
        Retention::Run(asked) => erase_retained(asked).await,
    }
}

pub(super) async fn erase(asked: &Erase) -> Result<ExitCode, Failure> {
    let begun = begin(&asked.by).await?;
    let number = resident_number()?;
    let (register, declared) = (&begun.register, &begun.declared);
    let planned = register.plan_resident_erasure(declared, &number).await?;
    let scope = planned.approval_scope();
    let approval = approval_or_request(&begun.opened, &asked.by, &asked.two, &scope).await?;
    if let Some(approval) = approval {
        let erased = register.erase_resident(declared, &number, approval).await?;
        println!("erased:");
        for (table, rows) in erased.rows().iter().filter(|(_, rows)| *rows > 0) {
            println!("  {rows} {table}");
        }
    }
    begun.opened.registry.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn erase_retained(asked: &Run) -> Result<ExitCode, Failure> {
    let begun = begin(&asked.by).await?;
    match asked.two.approval {
        None => {
            let plan = plan(&begun, asked.as_of).await?;
            show(&plan);
            if plan.is_empty() {
                println!("nothing to erase, nothing asked for");
            } else {
                let scope = plan.approval_scope(&begun.declared);
                approval_or_request(&begun.opened, &asked.by, &asked.two, &scope).await?;
                println!(
                    "Give it with --as-of {}: the day is part of what is approved.",
                    plan.as_of
                );
            }
        }
        Some(approval) => {
            let as_of = asked.as_of.unwrap_or(begun.today);
            let bar = progress()?;
            let erased = begun
                .register
                .erase_retained(&begun.declared, as_of, approval, |done| {
                    bar.set_position(done)
                })
                .await;
            bar.finish_and_clear();
            println!("erased:");
            show(&erased?);
        }
    }
    begun.opened.registry.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn begin(by: &ByStaff) -> Result<Begun, Failure> {
    let opened = open(&by.settings).await?;
    let staff = accept_staff(&opened, by.staff.clone())?;
    let municipalities = Municipalities::load(&opened.settings.municipalities.relative())?;
    let today = japan_date(opened.clock.now());
    let declared = municipalities.declaring(by.municipality)?.declared(today)?;
    let register = opened
        .registry
        .municipality(by.municipality, Purpose::Retention, staff)
        .await?;
    Ok(Begun {
        opened,
        register,
        declared,
        today,
    })
}

async fn plan(begun: &Begun, as_of: Option<Date>) -> Result<RetentionPlan, Failure> {
    let bar = progress()?;
    let plan = begun
        .register
        .plan_retention(&begun.declared, as_of.unwrap_or(begun.today), |done| {
            bar.set_position(done);
        })
        .await;
    bar.finish_and_clear();
    Ok(plan?)
}

fn progress() -> Result<ProgressBar, Failure> {
    let style = ProgressStyle::with_template("{spinner} {human_pos} residents {per_sec}")?;
    Ok(ProgressBar::no_length().with_style(style))
}

fn show(plan: &RetentionPlan) {
    println!("as of {}:", plan.as_of);
    for planned in &plan.kinds {
        let (rows, kind) = (planned.rows, planned.kind.as_str());
        println!("  {rows} {kind} until {}", planned.until);
    }
}
