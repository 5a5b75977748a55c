//! The side that is asked: `release`, `refuse`, and its half of `list`.

use std::process::ExitCode;

use registry::{InquiryRefused, Purpose, ResidentNumber};

use super::{Failure, Refuse, Release, declared, handle};
use crate::cli::ByStaff;
use crate::commands::approvals::approval_or_request;

pub(super) async fn list(by: &ByStaff) -> Result<ExitCode, Failure> {
    let (opened, register) = handle(by, Purpose::Provision).await?;
    let inquiries = register.received_inquiries().await?;
    opened.registry.close().await;
    println!("of other municipalities: {}", inquiries.len());
    for inquiry in inquiries {
        let reasons: Vec<_> = inquiry.waits_for.iter().map(|one| one.as_str()).collect();
        println!(
            "  {} {} of {}, asked at {} by {}: {}",
            inquiry.id,
            inquiry.state.as_str(),
            inquiry.from,
            inquiry.asked_at,
            inquiry.ground.as_str(),
            inquiry.diseases.as_slice().join(", ")
        );
        if let Some(resident) = inquiry.resident.as_ref().map(ResidentNumber::expose) {
            println!(
                "    resident {resident}; waits because: {}",
                reasons.join(", ")
            );
            println!("    server inquiry release {} --reason …", inquiry.id);
            println!("    server inquiry refuse  {} --reason …", inquiry.id);
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn release(release: &Release) -> Result<ExitCode, Failure> {
    let (opened, register) = handle(&release.by, Purpose::Provision).await?;
    let declared = declared(&opened, release.by.municipality)?;
    let scope = register.release_scope(release.id).await?;
    let scope = scope.ok_or(InquiryRefused::Unknown)?;
    let approval = approval_or_request(&opened, &release.by, &release.two, &scope).await?;
    if let Some(approval) = approval {
        let doses = register
            .release_inquiry(&declared, release.id, approval)
            .await?;
        println!("released: {doses} doses, for when the other municipality asks again");
    }
    opened.registry.close().await;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn refuse(refuse: &Refuse) -> Result<ExitCode, Failure> {
    let (opened, register) = handle(&refuse.by, Purpose::Provision).await?;
    register.refuse_inquiry(refuse.id, &refuse.reason).await?;
    opened.registry.close().await;
    println!("refused, and recorded; the other municipality is told nothing new");
    Ok(ExitCode::SUCCESS)
}
