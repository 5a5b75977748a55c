//! `server revoke`

use std::process::ExitCode;

use registry::{Purpose, RevocationRecorded, StaffId};

use super::{Failure, accept_staff, open};
use crate::cli::Revoke;

pub(super) async fn run(revoke: &Revoke) -> Result<ExitCode, Failure> {
    let opened = open(&revoke.settings).await?;
    let staff = accept_staff(&opened, StaffId::parse(&revoke.staff)?)?;
    let register = opened
        .registry
        .municipality(revoke.municipality, Purpose::CounterReissue, staff)
        .await?;
    let recorded = register
        .revoke(revoke.certificate_id, &revoke.purpose)
        .await?;
    opened.registry.close().await;
    let said = match recorded {
        RevocationRecorded::Revoked => "is revoked",
        RevocationRecorded::AlreadyRevoked => "was revoked before",
        RevocationRecorded::ReasonMissing => {
            return Err("--purpose is 1 to 500 bytes: it is recorded".into());
        }
        RevocationRecorded::UnknownCertificate => {
            return Err("this municipality issued no such certificate".into());
        }
    };
    println!(
        "{} {said}; verifiers learn it from the list that `server publish` writes",
        revoke.certificate_id
    );
    Ok(ExitCode::SUCCESS)
}
