//! `server reissue`

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::{CertificateId, Channel, MunicipalityCode};
use issuance::Signed;
use issuance::page::PageOptions;
use registry::{Actor, IssuedCertificate, Purpose, ReissueRecorded, StaffId};

use super::at_the_counter::AtTheCounter;
use super::outgoing::OutgoingFile;
use super::{Failure, Opened, accept_staff, open};
use crate::cli::SettingsFile;
use crate::municipalities::Municipalities;
use crate::service;

/// A municipality that does not issue at its counter.
#[derive(Debug, thiserror::Error)]
#[error("municipality {0} has not declared the channel \"counter\": nothing is issued there")]
struct NoCounter(MunicipalityCode);

/// What to print again.
#[derive(Debug, Args)]
pub struct Reissue {
    /// The certificate's id (証明書ID), as printed on it.
    certificate_id: CertificateId,
    /// The municipality that issued it.
    #[arg(long, value_name = "CODE")]
    municipality: MunicipalityCode,
    /// Why it is printed again; recorded. 1 to 500 bytes.
    #[arg(long)]
    purpose: String,
    /// Who prints it; recorded.
    #[arg(long, value_name = "NAME")]
    staff: String,
    /// Who stands at the counter.
    #[command(flatten)]
    counter: AtTheCounter,
    /// Why it is issued although the holder is flagged (protected, deceased, use suspended);
    /// recorded. 1 to 500 bytes.
    #[arg(long)]
    ground: Option<String>,
    /// Where to write the page; never over a file that is there.
    #[arg(long, value_name = "FILE.pdf")]
    out: PathBuf,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

pub(super) async fn run(reissue: &Reissue) -> Result<ExitCode, Failure> {
    let opened = open(&reissue.settings).await?;
    let municipalities = Municipalities::load(&opened.settings.municipalities.relative())?;
    if !municipalities
        .declaring(reissue.municipality)?
        .issues_through(Channel::Counter)
    {
        return Err(NoCounter(reissue.municipality).into());
    }
    let staff = accept_staff(&opened, StaffId::parse(&reissue.staff)?)?;
    // Everything that can fail without a record fails before it.
    let fonts = service::fonts(&opened.settings)?;
    let out = OutgoingFile::create(&reissue.out)?;
    let issued = recorded(&opened, reissue, staff).await?;
    let signed = Signed::from_sealed_record(issued.signed.expose())?;
    let options = PageOptions {
        specimen: opened.signing.is_test_issuer(),
        reissued_on: Some(domain::japan_date(opened.clock.now())),
        verification_url: &opened.settings.issuer.verification_url,
    };
    let page = issuance::page::render(&signed, &fonts, &options)?;
    out.file().write_all(&page)?;
    out.publish()?;
    opened.registry.close().await;
    println!(
        "{} is printed again, as recorded: {}",
        reissue.certificate_id,
        reissue.out.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Records the reissue, and gives what was issued.
async fn recorded(
    opened: &Opened,
    reissue: &Reissue,
    staff: Actor,
) -> Result<IssuedCertificate, Failure> {
    let register = opened
        .registry
        .municipality(reissue.municipality, Purpose::CounterReissue, staff)
        .await?;
    let recorded = register
        .record_reissue(
            reissue.certificate_id,
            &registry::Reissue {
                reason: &reissue.purpose,
                identity: &reissue.counter.identity()?,
                ground: reissue.ground.as_deref(),
            },
        )
        .await?;
    match recorded {
        ReissueRecorded::Recorded(issued) => Ok(*issued),
        ReissueRecorded::Revoked => Err("the certificate was revoked".into()),
        ReissueRecorded::ReasonMissing => {
            Err("--purpose and --ground are 1 to 500 bytes: they are recorded".into())
        }
        ReissueRecorded::GroundMissing => Err(
            "the holder is flagged: look at the request again, and say with --ground why it \
             is issued all the same; it is recorded"
                .into(),
        ),
        ReissueRecorded::UnknownCertificate => {
            Err("this municipality issued no such certificate".into())
        }
    }
}
