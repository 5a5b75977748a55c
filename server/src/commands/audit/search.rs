//! `server audit search`

use std::process::ExitCode;

use clap::Args;
use domain::{CertificateId, JAPAN};
use registry::{AuditEvent, AuditQuery, FoundEntry, MOST_FOUND, Purpose, StaffId};

use crate::cli::ByStaff;
use crate::commands::days::Days;
use crate::commands::number_input::PersonOnInput;
use crate::commands::{Failure, accept_staff, open};

/// Which entries.
#[derive(Debug, Args)]
pub struct Search {
    /// From which day to which.
    #[command(flatten)]
    days: Days,
    /// What to look for.
    #[command(flatten)]
    wanted: Wanted,
    /// Most entries shown.
    #[arg(long, value_name = "NUMBER", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_FOUND)))]
    most: u32,
    /// Whose, who reads, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// What to look for besides the time.
#[derive(Debug, Args)]
pub struct Wanted {
    /// This event only, as entries name it: looked-up, certificate-issued, flag-set …
    #[arg(long, value_name = "EVENT", value_parser = event)]
    event: Option<AuditEvent>,
    /// By this member of staff only.
    #[arg(long, value_name = "NAME")]
    by_staff: Option<StaffId>,
    /// About this certificate only.
    #[arg(long, value_name = "ID")]
    certificate: Option<CertificateId>,
    /// About this person only.
    #[command(flatten)]
    pub(super) person: PersonOnInput,
}

impl Wanted {
    /// The question.
    pub(super) fn query(&self, days: Days) -> Result<AuditQuery, Failure> {
        let (from, until) = days.moments()?;
        Ok(AuditQuery {
            from,
            until,
            event: self.event,
            staff: self.by_staff.clone(),
            certificate: self.certificate,
        })
    }
}

fn event(name: &str) -> Result<AuditEvent, String> {
    let named = |event: &AuditEvent| event.as_str() == name;
    AuditEvent::ALL.into_iter().find(named).ok_or_else(|| {
        let names: Vec<_> = AuditEvent::ALL.iter().map(|event| event.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}

pub(super) async fn run(search: &Search) -> Result<ExitCode, Failure> {
    let opened = open(&search.by.settings).await?;
    let staff = accept_staff(&opened, search.by.staff.clone())?;
    let query = search.wanted.query(search.days)?;
    let whom = search.wanted.person.read()?;
    let register = opened
        .registry
        .municipality(search.by.municipality, Purpose::Audit, staff)
        .await?;
    let found = register
        .search_audit(&query, whom.as_ref(), search.most)
        .await;
    opened.registry.close().await;
    let found = found?;
    for entry in &found {
        println!("{}", line(entry));
    }
    if found.len() == search.most as usize {
        eprintln!("there may be more: --most is {}", search.most);
    }
    Ok(ExitCode::SUCCESS)
}

fn line(FoundEntry { entry, note }: &FoundEntry) -> String {
    let mut line = format!(
        "{} {}/{} {} {} {} {}",
        entry.at.to_offset(JAPAN),
        entry.writer,
        entry.sequence,
        entry.actor_kind,
        actor(&entry.actor),
        entry.purpose,
        entry.event
    );
    let subject = entry.subject.map(|subject| hex::encode(subject.0));
    for (what, value) in [
        ("subject", subject.as_deref()),
        ("certificate", entry.certificate.as_deref()),
        ("detail", entry.detail.as_deref()),
        ("note", note.as_ref().map(|note| note.expose().as_str())),
    ] {
        if let Some(value) = value {
            line.push_str(&format!(" {what}={value}"));
        }
    }
    line
}

/// A name for signing in or a municipality's code as it is, a channel's key in hexadecimal.
pub(super) fn actor(actor: &[u8]) -> String {
    match std::str::from_utf8(actor) {
        Ok(name) if name.bytes().all(|byte| byte.is_ascii_graphic()) && !name.is_empty() => {
            name.to_owned()
        }
        _ if actor.is_empty() => "-".to_owned(),
        _ => hex::encode(actor),
    }
}
