//! The side that asks: `prepare`, `send`, `show`, and its half of `list`.

use std::process::ExitCode;

use domain::MunicipalityCode;
use registry::{
    Diseases, Dose, Ground, InquiryAnswer, InquiryExchange, InquiryId, InquiryState,
    MunicipalityRegister, NewInquiry, Purpose,
};

use super::{Failure, OneInquiry, Opened, Prepare, Send, declared, handle};
use crate::cli::ByStaff;
use crate::commands::approvals::request_approval;
use crate::commands::number_input::individual_number;
use crate::even_time::EvenTime;

pub(super) async fn prepare(prepare: &Prepare) -> Result<ExitCode, Failure> {
    let (opened, register) = handle(&prepare.by, Purpose::Inquiry).await?;
    let new = NewInquiry {
        diseases: Diseases::new(prepare.diseases.clone())?,
        ground: Ground::new(prepare.ground, &prepare.how)?,
    };
    let exchange = exchange(&opened, &prepare.by, prepare.to).await?;
    let number = individual_number()?;
    let id = exchange.prepare(&number, new).await?;
    drop(number);
    println!("prepared, not sent: inquiry {id}");
    ask_superior(&opened, &register, &prepare.by, id, &prepare.reason).await?;
    opened.registry.close().await;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn send(send: &Send) -> Result<ExitCode, Failure> {
    let (opened, register) = handle(&send.by, Purpose::Inquiry).await?;
    if let Some(reason) = &send.reason {
        ask_superior(&opened, &register, &send.by, send.id, reason).await?;
        opened.registry.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    let to = register.inquiries().await?;
    let to = to.iter().find(|inquiry| inquiry.id == send.id);
    let to = to.ok_or(registry::InquiryRefused::Unknown)?.to;
    let exchange = exchange(&opened, &send.by, to).await?;
    // How long looking somebody up takes is not to say whom the other side found.
    let even = EvenTime::begin();
    let sent = exchange.send(send.id, send.approval).await?;
    let answer = sent.ask().await?.receive().await?;
    even.end().await;
    opened.registry.close().await;
    match answer {
        InquiryAnswer::Provided(doses) => println!(
            "{doses} doses were provided: see `server inquiry show {}`",
            send.id
        ),
        InquiryAnswer::NothingProvided => println!(
            "nothing provided. Somebody there may have to decide first: give this command again \
             on another day, without --approval. Why nothing was provided is not told."
        ),
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn show(one: &OneInquiry) -> Result<ExitCode, Failure> {
    let (opened, register) = handle(&one.by, Purpose::Inquiry).await?;
    let shown = register.inquiry(one.id).await?;
    opened.registry.close().await;
    let shown = shown.ok_or(registry::InquiryRefused::Unknown)?;
    let inquiry = &shown.inquiry;
    let resident = shown.resident.as_ref();
    println!(
        "inquiry {} to {}: {}",
        inquiry.id,
        inquiry.to,
        inquiry.state.as_str()
    );
    println!(
        "  resident: {}",
        resident.map_or("not in the register any more", |number| number.expose())
    );
    println!("  about: {}", inquiry.diseases.as_slice().join(", "));
    println!(
        "  ground: {}, {}",
        inquiry.ground.kind().as_str(),
        inquiry.ground.how().expose()
    );
    println!(
        "  prepared at {} by {}",
        inquiry.prepared_at, inquiry.prepared_by
    );
    for received in &shown.received {
        println!(
            "  received from {} at {}: {}",
            received.from,
            received.received_at,
            line(&received.dose)
        );
    }
    if inquiry.state == InquiryState::Provided {
        println!("  as received: not certified, and no dose of this municipality's");
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn list(by: &ByStaff) -> Result<(), Failure> {
    let (opened, register) = handle(by, Purpose::Inquiry).await?;
    let inquiries = register.inquiries().await?;
    opened.registry.close().await;
    println!("made here: {}", inquiries.len());
    for inquiry in inquiries {
        println!(
            "  {} {} to {}, prepared at {} by {}: {}",
            inquiry.id,
            inquiry.state.as_str(),
            inquiry.to,
            inquiry.prepared_at,
            inquiry.prepared_by,
            inquiry.diseases.as_slice().join(", ")
        );
    }
    Ok(())
}

async fn exchange(
    opened: &Opened,
    by: &ByStaff,
    to: MunicipalityCode,
) -> Result<InquiryExchange, Failure> {
    let (asking, asked) = (declared(opened, by.municipality)?, declared(opened, to)?);
    let registry = &opened.registry;
    Ok(registry
        .inquiry_exchange(asking, asked, by.staff.clone())
        .await?)
}

async fn ask_superior(
    opened: &Opened,
    register: &MunicipalityRegister,
    by: &ByStaff,
    id: InquiryId,
    reason: &str,
) -> Result<(), Failure> {
    let scope = register.inquiry_scope(id).await?;
    let scope = scope.ok_or(registry::InquiryRefused::Unknown)?;
    let approval = request_approval(opened, by, &scope, reason).await?;
    println!(
        "Then: server inquiry send {id} --approval {approval} --municipality {} --staff {} \
         --settings {}",
        by.municipality,
        by.staff.as_str(),
        by.settings.file.display()
    );
    Ok(())
}

/// A dose, for staff. The physician and the venue are not needed to plan the next one.
fn line(dose: &Dose) -> String {
    format!(
        "{} {} dose {}, {} {}, lot {}",
        dose.date, dose.disease, dose.number, dose.manufacturer, dose.product, dose.lot
    )
}
