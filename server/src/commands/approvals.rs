//! `server approvals`, and how every command asks for an approval and uses it.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::{MunicipalityCode, Redacted};
use registry::{
    Actor, Approval, ApprovalId, ApprovalScope, ApprovalState, MunicipalityRegister, Purpose,
};
use time::OffsetDateTime;

use super::{Failure, Opened, accept_staff, open};
use crate::cli::ByStaff;

/// What can be done with approvals.
#[derive(Debug, Subcommand)]
pub enum Approvals {
    /// List what waits for a second person or for its use, with its age.
    List {
        /// Everything that was ever asked for, decided or not.
        #[arg(long)]
        all: bool,
        /// Whose, who reads, which settings.
        #[command(flatten)]
        by: ByStaff,
    },
    /// Show one: exactly what was asked for, why, by whom, and what became of it.
    Show(OneApproval),
    /// Agree to what another person asked for. Whoever asked is refused.
    Approve(OneApproval),
    /// Do not agree to what another person asked for; it stays recorded as declined.
    Decline {
        /// Why; recorded sealed. At most 500 bytes.
        #[arg(long)]
        reason: Option<String>,
        /// Which one.
        #[command(flatten)]
        one: OneApproval,
    },
    /// Withdraw what you asked for yourself.
    Withdraw(OneApproval),
}

/// Which approval.
#[derive(Debug, Args)]
pub struct OneApproval {
    /// Its id, as the request printed it.
    id: ApprovalId,
    /// Whose, who acts, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// How a command that needs a second person is given twice.
#[derive(Debug, Args)]
pub struct TwoPersons {
    /// The approval that a second person gave: now it is done. Left out, the act is asked for and
    /// the id to approve is printed; nothing else happens.
    #[arg(long, value_name = "ID", conflicts_with = "reason")]
    pub approval: Option<ApprovalId>,
    /// Why it is asked for; the second person decides by it. 1 to 500 bytes, stored sealed.
    #[arg(long, required_unless_present = "approval")]
    pub reason: Option<String>,
}

pub(super) async fn run(approvals: &Approvals) -> Result<ExitCode, Failure> {
    match approvals {
        Approvals::List { all, by } => list(*all, by).await,
        Approvals::Show(one) => show(one).await,
        Approvals::Approve(one) => {
            let (opened, register) = begin(&one.by).await?;
            register.approve(one.id).await?;
            opened.registry.close().await;
            println!("{} is approved: whoever asked can do it now, once", one.id);
            Ok(ExitCode::SUCCESS)
        }
        Approvals::Decline { reason, one } => {
            let (opened, register) = begin(&one.by).await?;
            register.decline(one.id, reason.as_deref()).await?;
            opened.registry.close().await;
            println!("{} is declined", one.id);
            Ok(ExitCode::SUCCESS)
        }
        Approvals::Withdraw(one) => {
            let (opened, register) = begin(&one.by).await?;
            register.withdraw(one.id).await?;
            opened.registry.close().await;
            println!("{} is withdrawn", one.id);
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The approval to act with; without one the act is asked for, what to do next is printed, and
/// the command is at its end (`None`).
pub(super) async fn approval_or_request(
    opened: &Opened,
    by: &ByStaff,
    two: &TwoPersons,
    scope: &ApprovalScope,
) -> Result<Option<ApprovalId>, Failure> {
    if let Some(id) = two.approval {
        return Ok(Some(id));
    }
    let reason = two.reason.as_deref().unwrap_or_default();
    let id = request_approval(opened, by, scope, reason).await?;
    println!("Then give this command again with --approval {id} instead of --reason.");
    Ok(None)
}

/// Asks for an approval, and prints what a second person does with it.
pub(super) async fn request_approval(
    opened: &Opened,
    by: &ByStaff,
    scope: &ApprovalScope,
    reason: &str,
) -> Result<ApprovalId, Failure> {
    let staff = accept_staff(opened, by.staff.clone())?;
    let register = approvals_of(opened, by.municipality, staff).await?;
    let id = register.request_approval(scope, reason).await?;
    println!("asked for, not done yet: {}", scope.words().expose());
    println!("A second person looks at it and agrees or not:");
    let tail = format!(
        "{id} --municipality {} --staff THEIR-NAME --settings {}",
        by.municipality,
        by.settings.file.display()
    );
    println!("  server approvals show    {tail}");
    println!("  server approvals approve {tail}");
    Ok(id)
}

async fn begin(by: &ByStaff) -> Result<(Opened, MunicipalityRegister), Failure> {
    let opened = open(&by.settings).await?;
    let staff = accept_staff(&opened, by.staff.clone())?;
    let register = approvals_of(&opened, by.municipality, staff).await?;
    Ok((opened, register))
}

async fn approvals_of(
    opened: &Opened,
    code: MunicipalityCode,
    staff: Actor,
) -> Result<MunicipalityRegister, Failure> {
    let registry = &opened.registry;
    Ok(registry
        .municipality(code, Purpose::Approval, staff)
        .await?)
}

async fn list(all: bool, by: &ByStaff) -> Result<ExitCode, Failure> {
    let (opened, register) = begin(by).await?;
    let approvals = register.approvals(!all).await?;
    opened.registry.close().await;
    if approvals.is_empty() {
        println!("nothing waits");
    }
    let now = opened.clock.now();
    for approval in &approvals {
        println!("{}", line(approval, now));
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(one: &OneApproval) -> Result<ExitCode, Failure> {
    let (opened, register) = begin(&one.by).await?;
    let approval = register.approval(one.id).await?;
    opened.registry.close().await;
    let Some(approval) = approval else {
        return Err("there is no approval of this id here".into());
    };
    println!("{}", line(&approval, opened.clock.now()));
    println!("  what:   {}", told(approval.words.as_ref()));
    println!("  why:    {}", told(approval.reason.as_ref()));
    println!("  until:  {}", approval.expires_at);
    println!("  digest: {}", hex::encode(approval.digest));
    Ok(ExitCode::SUCCESS)
}

fn told(text: Option<&Redacted<String>>) -> &str {
    text.map_or(
        "(erased, with its period or with whom it was about)",
        |text| text.expose(),
    )
}

fn line(approval: &Approval, now: OffsetDateTime) -> String {
    let state = match &approval.state {
        ApprovalState::Pending => "waits for a second person".to_owned(),
        ApprovalState::Approved { by, .. } => format!("approved by {}, not used", by.as_str()),
        ApprovalState::Declined { by, .. } => format!("declined by {}", by.as_str()),
        ApprovalState::Withdrawn { .. } => "withdrawn".to_owned(),
        ApprovalState::Used { by, at } => format!("approved by {}, used {at}", by.as_str()),
        ApprovalState::Expired => "its time has passed".to_owned(),
    };
    format!(
        "{} {}, asked for by {} {} ago: {state}",
        approval.id,
        approval.subject.as_str(),
        approval.requested_by.as_str(),
        age(now - approval.requested_at)
    )
}

/// An age for people: the two largest units.
fn age(age: time::Duration) -> String {
    let (days, hours) = (age.whole_days(), age.whole_hours() % 24);
    let minutes = age.whole_minutes() % 60;
    if days > 0 {
        format!("{days} d {hours} h")
    } else {
        format!("{hours} h {minutes} min")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    #[test]
    fn an_age_is_short() {
        assert_eq!(age(Duration::minutes(61)), "1 h 1 min");
        assert_eq!(age(Duration::hours(49)), "2 d 1 h");
        assert_eq!(age(Duration::seconds(3)), "0 h 0 min");
    }
}
