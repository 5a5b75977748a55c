//! `preview`: the certificate as it will print, before it is paid for.
//!
//! It goes the way of an order as far as the lint, and there it ends: nothing is signed, nothing
//! is recorded but that somebody looked, and the page carries no code and no certificate id and is
//! crossed out. Whoever would get no offer gets the same neutral answer as there, at the same even
//! moments ([`crate::even_time`]) and, as every answer to this call has one length, in as many
//! bytes as a page.

use std::sync::Arc;

use application::messages::{PreviewReply, PreviewRequest, PreviewedHolder};
use certificate::HolderOnCode;
use domain::{Channel, InvalidText, Redacted};
use issuance::{Draft, Linted};
use registry::RegistryError;

use super::Caller;
use super::offer::no_id;
use super::page::{PageError, page};
use super::sitting::{Sitting, SittingRefused};
use crate::even_time::EvenTime;
use crate::municipalities::issuer;
use crate::service::Service;
use crate::unsignable;

/// Why there is no answer. Whatever this says is the same for everybody.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// Nobody gets one here and now.
    #[error(transparent)]
    Refused(#[from] SittingRefused),
    /// A phone gets no page.
    #[error("a preview is for a channel that prints")]
    NoPrinter,
    /// The register could not be asked.
    #[error(transparent)]
    Register(#[from] RegistryError),
    /// A name that is none: no draft passes the lint with one.
    #[error(transparent)]
    Name(#[from] InvalidText),
    /// The page was not made.
    #[error(transparent)]
    Page(#[from] PageError),
}

pub(super) async fn answer(
    service: &Arc<Service>,
    caller: &Caller,
    request: &PreviewRequest,
) -> Result<PreviewReply, PreviewError> {
    if caller.channel == Channel::Phone {
        return Err(PreviewError::NoPrinter);
    }
    let sitting = Sitting::begin(service, caller, &request.ticket, request.municipality)?;
    let even = EvenTime::begin();
    let reply = preview(&sitting, request).await;
    even.end().await;
    reply
}

async fn preview(
    sitting: &Sitting<'_>,
    request: &PreviewRequest,
) -> Result<PreviewReply, PreviewError> {
    let Some(linted) = draft(sitting, request).await? else {
        return Ok(PreviewReply::NotHere);
    };
    let holder = HolderOnCode::of(&linted.certificate().holder)?;
    let holder = PreviewedHolder {
        names: holder.card_names(),
        birth_date: holder.birth_date(),
    };
    let document = page(sitting.service, move |service| {
        let options = service.page_options(None);
        issuance::page::render_preview(&linted, &service.fonts, &options)
    });
    let document = Redacted::new(document.await?);
    Ok(PreviewReply::Page { document, holder })
}

/// What an order would sign; `None` for whatever an offer answers with "not here".
async fn draft(
    sitting: &Sitting<'_>,
    request: &PreviewRequest,
) -> Result<Option<Linted>, PreviewError> {
    let register = sitting.register().await?;
    let number = sitting.ticket.holder.my_number();
    let dossier = register.dossier_for_preview(number).await?;
    let dossier = sitting.unless_suspended(dossier).await?;
    let Ok(eligible) = sitting.eligible(dossier.as_ref()) else {
        return Ok(None);
    };
    let issuer = issuer(sitting.municipality);
    let Some(certificate) = eligible.certificate(no_id(), request.kind, issuer, sitting.today())
    else {
        return Ok(None);
    };
    match Draft::new(certificate).lint(&sitting.service.fonts) {
        Ok(linted) => Ok(Some(linted)),
        Err(error) => {
            let note = unsignable::note(&error);
            register.record_offer_refused(number, &note).await?;
            Ok(None)
        }
    }
}
