//! `server inquiry`: asking another municipality about a resident's doses, and answering.

mod answering;
mod asking;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use declaration::Declared;
use domain::{MunicipalityCode, japan_date};
use registry::{AnswerId, ApprovalId, GroundKind, InquiryId, MunicipalityRegister, Purpose};

use super::{Failure, Opened, accept_staff, open};
use crate::cli::ByStaff;
use crate::commands::approvals::TwoPersons;
use crate::municipalities::Municipalities;

/// What can be done with inquiries.
#[derive(Debug, Subcommand)]
pub enum Inquiry {
    /// Prepare an inquiry about one resident, and ask a superior to approve it.
    ///
    /// The individual number is one line on standard input. It is not kept: the inquiry names the
    /// resident's row. Nothing reaches the other municipality before `server inquiry send`.
    #[command(after_help = PREPARE_EXAMPLE)]
    Prepare(Prepare),
    /// Send an inquiry that a superior approved, once; sent before, ask for its answer again.
    ///
    /// Ends with "nothing provided" for every reason alike: nobody who agrees is registered there,
    /// no such dose, or somebody there has yet to decide, or has refused. It can be given again on
    /// another day without a new approval: then it asks for the answer, not anew.
    Send(Send),
    /// Show an inquiry with whom it is about and the doses that were received by it. Recorded.
    ///
    /// What was received is for staff to see: it is never certified and counts as no dose here.
    Show(OneInquiry),
    /// List the inquiries made here, and those of other municipalities with what was answered.
    ///
    /// For what waits for a superior the resident number is shown, and that it was read is
    /// recorded.
    List(ByStaff),
    /// Release an inquiry of another municipality that waits: its doses are provided.
    ///
    /// Given twice: with --reason it asks a superior, with --approval it is done. At most 30 days
    /// after the inquiry came.
    Release(Release),
    /// Refuse an inquiry of another municipality that waits.
    ///
    /// The other municipality sees nothing new. The reason is recorded and told to the person who
    /// asks for it.
    Refuse(Refuse),
}

const PREPARE_EXAMPLE: &str = "\
Example, with the number from a reader or typed and ended by Enter:
  server inquiry prepare --number-from-stdin --municipality 131121 --to 122271 \\
    --disease 麻しん --ground consent --how 'form of 2026-04-01, signed at counter 3' \\
    --reason 'vaccination plan of a child who moved here' --staff sato --settings settings.toml
Both municipalities must declare [inquiry] with these diseases for today: `server declarations`.";

/// What to ask, whom, and why.
#[derive(Debug, Args)]
pub struct Prepare {
    /// Read the individual number (個人番号) from standard input: there is no other way.
    #[arg(long, required = true)]
    number_from_stdin: bool,
    /// The municipality to ask.
    #[arg(long, value_name = "CODE")]
    to: MunicipalityCode,
    /// A disease (疾病) in the register's own word; given several times for several.
    #[arg(long = "disease", value_name = "DISEASE", required = true)]
    diseases: Vec<String>,
    /// On which ground: consent (本人同意) or resident-register (住民基本台帳による確認).
    #[arg(long, value_parser = ground)]
    ground: GroundKind,
    /// How consent was given, or how the resident register was asked; recorded sealed, 1 to 500
    /// bytes.
    #[arg(long)]
    how: String,
    /// Why it is asked; the superior decides by it. 1 to 500 bytes, recorded sealed.
    #[arg(long)]
    reason: String,
    /// Whose, who asks, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// What to send.
#[derive(Debug, Args)]
pub struct Send {
    /// The inquiry's id, as `prepare` printed it.
    id: InquiryId,
    /// The superior's approval; left out for an inquiry that was sent before.
    #[arg(long, value_name = "ID")]
    approval: Option<ApprovalId>,
    /// Ask a superior again where an approval expired or was declined: why. Nothing is sent.
    #[arg(long, conflicts_with = "approval")]
    reason: Option<String>,
    /// Whose, who sends, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// Which inquiry.
#[derive(Debug, Args)]
pub struct OneInquiry {
    /// Its id, as `prepare` printed it.
    id: InquiryId,
    /// Whose, who reads, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// What to release.
#[derive(Debug, Args)]
pub struct Release {
    /// Its id here, as `server inquiry list` shows it.
    id: AnswerId,
    /// The superior's approval, or why one is asked for.
    #[command(flatten)]
    two: TwoPersons,
    /// Whose, who acts, which settings.
    #[command(flatten)]
    by: ByStaff,
}

/// What to refuse.
#[derive(Debug, Args)]
pub struct Refuse {
    /// Its id here, as `server inquiry list` shows it.
    id: AnswerId,
    /// Why; recorded sealed and told to the person. 1 to 500 bytes.
    #[arg(long)]
    reason: String,
    /// Whose, who refuses, which settings.
    #[command(flatten)]
    by: ByStaff,
}

pub(super) async fn run(inquiry: &Inquiry) -> Result<ExitCode, Failure> {
    match inquiry {
        Inquiry::Prepare(prepare) => asking::prepare(prepare).await,
        Inquiry::Send(send) => asking::send(send).await,
        Inquiry::Show(one) => asking::show(one).await,
        Inquiry::List(by) => {
            asking::list(by).await?;
            answering::list(by).await
        }
        Inquiry::Release(release) => answering::release(release).await,
        Inquiry::Refuse(refuse) => answering::refuse(refuse).await,
    }
}

fn ground(name: &str) -> Result<GroundKind, String> {
    GroundKind::of_name(name).ok_or_else(|| "consent or resident-register".to_owned())
}

/// A handle of staff for one side of inquiries.
async fn handle(by: &ByStaff, purpose: Purpose) -> Result<(Opened, MunicipalityRegister), Failure> {
    let opened = open(&by.settings).await?;
    let staff = accept_staff(&opened, by.staff.clone())?;
    let register = opened
        .registry
        .municipality(by.municipality, purpose, staff)
        .await?;
    Ok((opened, register))
}

/// The proof that a municipality declares inquiries for today.
fn declared(
    opened: &Opened,
    code: MunicipalityCode,
) -> Result<Declared<declaration::Inquiry>, Failure> {
    let all = Municipalities::load(&opened.settings.municipalities.relative())?;
    let today = japan_date(opened.clock.now());
    let declared = all.declaring(code)?.declared(today);
    declared.map_err(|off| format!("municipality {code}: {off}").into())
}
