//! `server revoke`

use std::process::ExitCode;

use clap::Args;
use domain::{CertificateId, MunicipalityCode};
use registry::{Purpose, RevocationRecorded, StaffId};

use super::{Failure, accept_staff, open};
use crate::cli::SettingsFile;

/// What to revoke.
#[derive(Debug, Args)]
pub struct Revoke {
    /// The certificate's id (証明書ID), as printed on it.
    certificate_id: CertificateId,
    /// The municipality that issued it.
    #[arg(long, value_name = "CODE")]
    municipality: MunicipalityCode,
    /// Why it is revoked; recorded. 1 to 500 bytes.
    #[arg(long)]
    purpose: String,
    /// Who revokes it; recorded.
    #[arg(long, value_name = "NAME")]
    staff: String,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

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
