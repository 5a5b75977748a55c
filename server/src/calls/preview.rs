//! `preview`: the certificate as it will print, before it is paid for.
//!
//! It goes the way of an order as far as the lint, and there it ends: nothing is signed, nothing
//! is recorded but that somebody looked, and the page carries no code and no certificate id and is
//! crossed out. Whoever would get no offer gets the same neutral answer as there, at the same even
//! moments ([`crate::even_time`]) and, as every answer to this call has one length, in as many
//! bytes as a page.

use std::sync::Arc;

use application::Bytes;
use application::messages::{PreviewReply, PreviewRequest, PreviewedHolder};
use certificate::HolderOnCode;
use declaration::Municipality;
use domain::{Channel, InvalidText, Redacted};
use issuance::page::RenderError;
use issuance::{Draft, Linted};
use registry::{Purpose, RegistryError};
use time::OffsetDateTime;

use super::offer::{is_suspended, no_id};
use super::{Caller, ParticipationError, participating, within_hours};
use crate::eligibility;
use crate::even_time::EvenTime;
use crate::municipalities::issuer;
use crate::service::Service;
use crate::ticket::{Ticket, TicketError};
use crate::unsignable;

/// Why there is no answer. Whatever this says is the same for everybody.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The ticket is not taken.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The municipality does not issue here and now.
    #[error(transparent)]
    Participation(#[from] ParticipationError),
    /// A phone gets no page.
    #[error("a preview is for a channel that prints")]
    NoPrinter,
    /// The application has asked often enough.
    #[error("too many offers, previews and orders for one application")]
    TooMany,
    /// The register could not be asked.
    #[error(transparent)]
    Register(#[from] RegistryError),
    /// A name that is none: no draft passes the lint with one.
    #[error(transparent)]
    Name(#[from] InvalidText),
    /// The page was not made.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The thread that made the page ended before its time.
    #[error("rendering was stopped")]
    Stopped,
}

pub(super) async fn answer(
    service: &Arc<Service>,
    caller: &Caller,
    request: &PreviewRequest,
) -> Result<PreviewReply, PreviewError> {
    let now = service.clock.now();
    if caller.channel == Channel::Phone {
        return Err(PreviewError::NoPrinter);
    }
    let ticket = service
        .tickets
        .open(caller.channel, &caller.id, &request.ticket, now)?;
    let municipality = participating(service, caller, request.municipality)?;
    within_hours(municipality, now)?;
    if !service.attempts.count(ticket.application, now) {
        return Err(PreviewError::TooMany);
    }
    let sitting = Sitting {
        service,
        caller,
        municipality,
        ticket: &ticket,
        now,
    };
    let even = EvenTime::begin();
    let reply = sitting.preview(request).await;
    even.end().await;
    reply
}

/// Everything about a preview but what it is of.
struct Sitting<'a> {
    service: &'a Arc<Service>,
    caller: &'a Caller,
    municipality: &'a Municipality,
    ticket: &'a Ticket,
    now: OffsetDateTime,
}

impl Sitting<'_> {
    async fn preview(&self, request: &PreviewRequest) -> Result<PreviewReply, PreviewError> {
        let Some(linted) = self.draft(request).await? else {
            return Ok(PreviewReply::NotHere);
        };
        let holder = HolderOnCode::of(&linted.certificate().holder)?;
        let holder = PreviewedHolder {
            names: holder.card_names(),
            birth_date: holder.birth_date(),
        };
        let document = Redacted::new(page(self.service, linted).await?);
        Ok(PreviewReply::Page { document, holder })
    }

    /// What an order would sign; `None` for whatever an offer answers with "not here".
    async fn draft(&self, request: &PreviewRequest) -> Result<Option<Linted>, PreviewError> {
        let register = self
            .service
            .registry
            .municipality(
                self.municipality.code,
                Purpose::Issuing,
                self.caller.actor(),
            )
            .await?;
        let number = self.ticket.holder.my_number();
        let dossier = register.dossier_for_preview(number).await?;
        let suspended = is_suspended(self.service, self.ticket).await?;
        let dossier = dossier.filter(|_| !suspended);
        let today = domain::japan_date(self.now);
        let card = self.ticket.holder.attributes();
        let Ok(eligible) = eligibility::assess(dossier.as_ref(), card, today) else {
            return Ok(None);
        };
        let issuer = issuer(self.municipality);
        let Some(certificate) = eligible.certificate(no_id(), request.kind, issuer, today) else {
            return Ok(None);
        };
        match Draft::new(certificate).lint(&self.service.fonts) {
            Ok(linted) => Ok(Some(linted)),
            Err(error) => {
                let note = unsignable::note(&error);
                register.record_offer_refused(number, &note).await?;
                Ok(None)
            }
        }
    }
}

/// Renders off the threads that serve connections: it is milliseconds of plain computing.
async fn page(service: &Arc<Service>, linted: Linted) -> Result<Bytes, PreviewError> {
    let service = Arc::clone(service);
    let rendered = tokio::task::spawn_blocking(move || {
        let options = service.page_options(None);
        issuance::page::render_preview(&linted, &service.fonts, &options)
    });
    Ok(rendered.await.map_err(|_| PreviewError::Stopped)??.into())
}
