//! `server audit report`

use std::process::ExitCode;

use clap::Args;
use domain::{JAPAN, MunicipalityCode, japan_date};
use registry::{AuditReport, OffHours, Purpose, RefusalCount, StaffId, UnusualVolume};

use super::search::actor;
use crate::cli::SettingsFile;
use crate::commands::days::Days;
use crate::commands::{Failure, accept_staff, open};
use crate::municipalities::Municipalities;

/// Which time, and who reads.
#[derive(Debug, Args)]
pub struct Report {
    /// From which day to which.
    #[command(flatten)]
    days: Days,
    /// One municipality's only; given several times for several. Left out: every one that declares
    /// `[reports]`, and what belongs to none.
    #[arg(long = "municipality", value_name = "CODE")]
    municipalities: Vec<MunicipalityCode>,
    /// Who reads it; recorded.
    #[arg(long, value_name = "NAME")]
    staff: StaffId,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

pub(super) async fn run(report: &Report) -> Result<ExitCode, Failure> {
    let (from, until) = report.days.moments()?;
    let opened = open(&report.settings).await?;
    let staff = accept_staff(&opened, report.staff.clone())?;
    let municipalities = Municipalities::load(&opened.settings.municipalities.relative())?;
    let today = japan_date(opened.clock.now());
    let all = report.municipalities.is_empty();
    if all {
        let system = opened.registry.system(staff.clone());
        show("system", &system.audit_report(from, until).await?);
    }
    let wanted: Vec<MunicipalityCode> = if all {
        municipalities.iter().map(|one| one.code).collect()
    } else {
        report.municipalities.clone()
    };
    for code in wanted {
        let declared = match municipalities.declaring(code)?.declared(today) {
            Ok(declared) => declared,
            Err(off) if all => {
                println!("{code}: no report: {off}");
                continue;
            }
            Err(off) => return Err(off.into()),
        };
        let register = opened
            .registry
            .municipality(code, Purpose::Audit, staff.clone())
            .await?;
        let made = register.audit_report(&declared, from, until).await?;
        show(code.as_str(), &made);
    }
    opened.registry.close().await;
    Ok(ExitCode::SUCCESS)
}

fn show(area: &str, report: &AuditReport) {
    println!("{area}: {} entries", report.entries);
    println!("  imports whose medium is not erased: {}", batches(report));
    let parts = [
        ("outside office hours", lines(&report.off_hours, off_hours)),
        ("far more than usual", lines(&report.unusual, unusual)),
        ("refused", lines(&report.refused, refused)),
    ];
    for (what, lines) in parts {
        match lines.len() {
            0 => println!("  {what}: nothing"),
            _ => println!("  {what}:"),
        }
        for line in lines {
            println!("    {line}");
        }
    }
}

fn batches(report: &AuditReport) -> String {
    match report.oldest_batch {
        None => "nothing".to_owned(),
        Some(oldest) => format!(
            "{}, the oldest landed {}: erase its medium and record it",
            report.open_batches,
            oldest.to_offset(JAPAN)
        ),
    }
}

fn lines<T>(rows: &[T], line: impl Fn(&T) -> String) -> Vec<String> {
    rows.iter().map(line).collect()
}

fn off_hours(row: &OffHours) -> String {
    format!(
        "{} {} {} times, {} to {}",
        row.staff,
        row.event,
        row.count,
        row.first.to_offset(JAPAN),
        row.last.to_offset(JAPAN)
    )
}

fn unusual(row: &UnusualVolume) -> String {
    let usual = match row.usual {
        Some(usual) => format!("usually {usual}"),
        None => "nobody to compare with".to_owned(),
    };
    format!(
        "{} {} {} for {}: {} ({usual})",
        row.day,
        row.actor_kind,
        actor(&row.actor),
        row.purpose,
        row.count
    )
}

fn refused(row: &RefusalCount) -> String {
    let detail = row.detail.as_deref().unwrap_or("-");
    format!("{} {} {detail}: {}", row.actor_kind, row.event, row.count)
}
