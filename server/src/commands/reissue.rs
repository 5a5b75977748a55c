//! `server reissue`

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::ExitCode;

use issuance::Signed;
use issuance::page::PageOptions;
use registry::{Actor, Purpose, ReissueRecorded, StaffId};

use super::{Failure, open};
use crate::cli::Reissue;
use crate::service;

pub(super) async fn run(reissue: &Reissue) -> Result<ExitCode, Failure> {
    let opened = open(&reissue.settings).await?;
    if !opened.settings.accept_unauthenticated_staff {
        return Err(
            "staff cannot sign in yet: until they can, reissuing needs the setting \
             accept_unauthenticated_staff, and that a TEST issuer"
                .into(),
        );
    }
    // Everything that can fail without a record fails before it.
    let fonts = service::fonts(&opened.settings)?;
    let mut out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&reissue.out)
        .map_err(|error| format!("{} cannot be written: {error}", reissue.out.display()))?;
    let staff = Actor::Staff(StaffId::parse(&reissue.staff)?);
    let register = opened
        .registry
        .municipality(reissue.municipality, Purpose::CounterReissue, staff)
        .await?;
    let recorded = register
        .record_reissue(reissue.certificate_id, &reissue.purpose)
        .await?;
    let issued = match recorded {
        ReissueRecorded::Recorded(issued) => issued,
        ReissueRecorded::Revoked => return refused(reissue, "the certificate was revoked"),
        ReissueRecorded::ReasonMissing => {
            return refused(reissue, "--purpose is 1 to 500 bytes: it is recorded");
        }
        ReissueRecorded::UnknownCertificate => {
            return refused(reissue, "this municipality issued no such certificate");
        }
    };
    let signed = Signed::from_sealed_record(issued.signed.expose())?;
    let options = PageOptions {
        specimen: opened.signing.is_test_issuer(),
        reissued_on: Some(domain::japan_date(opened.clock.now())),
        verification_url: &opened.settings.issuer.verification_url,
    };
    out.write_all(&issuance::page::render(&signed, &fonts, &options)?)?;
    opened.registry.close().await;
    println!(
        "{} is printed again, as recorded: {}",
        reissue.certificate_id,
        reissue.out.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn refused(reissue: &Reissue, why: &str) -> Result<ExitCode, Failure> {
    // The empty file that was made is of no use to anybody.
    std::fs::remove_file(&reissue.out)?;
    Err(why.into())
}
