//! What an offer, a preview and an order have in common: whose ticket it is, where, and when.

use std::sync::Arc;

use declaration::Municipality;
use domain::{CertificateKind, Channel, MunicipalityCode, Yen};
use registry::{
    Actor, Dossier, MunicipalityRegister, Purpose, RegistryError, UndeliveredCertificate,
};
use time::{Date, OffsetDateTime};

use super::{Caller, ParticipationError, participating, within_hours};
use crate::eligibility::{self, Eligible, NotHere};
use crate::service::Service;
use crate::ticket::{Standing, Ticket, TicketError};

/// Why somebody gets nothing here and now. Whatever this says is the same for everybody.
#[derive(Debug, thiserror::Error)]
pub enum SittingRefused {
    /// The ticket is not taken.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The municipality does not issue here and now.
    #[error(transparent)]
    Participation(#[from] ParticipationError),
    /// The application has asked often enough.
    #[error("too many offers, previews and orders for one application")]
    TooMany,
}

/// Everything about an offer, a preview or an order but what it asks for.
pub(super) struct Sitting<'a> {
    pub(super) service: &'a Arc<Service>,
    pub(super) caller: &'a Caller,
    pub(super) municipality: &'a Municipality,
    pub(super) ticket: Ticket,
    pub(super) now: OffsetDateTime,
}

impl<'a> Sitting<'a> {
    /// In the ticket's time and the municipality's hours.
    pub(super) fn begin(
        service: &'a Arc<Service>,
        caller: &'a Caller,
        ticket: &[u8],
        code: MunicipalityCode,
    ) -> Result<Self, SittingRefused> {
        let sitting = Self::at_any_time(service, caller, ticket, code)?;
        sitting.check_time()?;
        sitting.count()?;
        Ok(sitting)
    }

    /// Whatever the time: [`Self::check_time`] is for what is new, [`Self::count`] for everything.
    pub(super) fn at_any_time(
        service: &'a Arc<Service>,
        caller: &'a Caller,
        ticket: &[u8],
        code: MunicipalityCode,
    ) -> Result<Self, SittingRefused> {
        let tickets = &service.tickets;
        Ok(Self {
            service,
            caller,
            ticket: tickets.open_whenever(caller.channel, &caller.id, ticket)?,
            municipality: participating(service, caller, code)?,
            now: service.clock.now(),
        })
    }

    /// Refuses after the ticket's end, and outside the municipality's hours.
    pub(super) fn check_time(&self) -> Result<(), SittingRefused> {
        self.ticket.check_time(self.now)?;
        Ok(within_hours(self.municipality, self.now)?)
    }

    /// Refuses an application that has asked often enough.
    pub(super) fn count(&self) -> Result<(), SittingRefused> {
        let attempts = &self.service.attempts;
        let counted = attempts.count(self.ticket.application, self.now);
        counted.then_some(()).ok_or(SittingRefused::TooMany)
    }

    /// The municipality's register, for a holder who agreed to the ticket's terms.
    pub(super) async fn register(&self) -> Result<MunicipalityRegister, RegistryError> {
        let registry = &self.service.registry;
        let (code, actor) = (self.municipality.code, self.caller.actor());
        let register = registry.municipality(code, Purpose::Issuing, actor).await?;
        Ok(register.under_terms(&self.ticket.terms))
    }

    /// Whether the card was suspended when the ticket was given, or is now: it may be reported
    /// lost while its ticket is open.
    pub(super) async fn is_suspended(&self) -> Result<bool, RegistryError> {
        let system = self.service.registry.system(Actor::Server);
        let now = system.is_suspended_card(self.ticket.holder.my_number());
        Ok(now.await? || self.ticket.standing != Standing::Good)
    }

    /// What was found, unless the card is suspended. Its holder is looked up all the same, before
    /// this: the work must not tell.
    pub(super) async fn unless_suspended(
        &self,
        dossier: Option<Dossier>,
    ) -> Result<Option<Dossier>, RegistryError> {
        let suspended = self.is_suspended().await?;
        Ok(dossier.filter(|_| !suspended))
    }

    /// Today, in Japan.
    pub(super) fn today(&self) -> Date {
        domain::japan_date(self.now)
    }

    /// What the holder of the ticket can get, if anything; the reason is for records alone.
    pub(super) fn eligible(&self, dossier: Option<&Dossier>) -> Result<Eligible, NotHere> {
        let card = self.ticket.holder.attributes();
        eligibility::assess(dossier, card, self.today())
    }

    /// The certificate of this kind that is owed to the resident: paid for at a kiosk, it never
    /// reached them (domain rule 6). A kiosk alone prints it again: what a phone gets costs nothing
    /// and must not spend what is owed.
    pub(super) fn owed<'d>(
        &self,
        dossier: &'d Dossier,
        kind: CertificateKind,
    ) -> Option<&'d UndeliveredCertificate> {
        match self.caller.channel {
            Channel::Kiosk => dossier.undelivered(kind),
            Channel::Phone | Channel::Counter => None,
        }
    }

    /// The fee: nothing for what is owed.
    pub(super) fn fee(&self, dossier: &Dossier, kind: CertificateKind) -> Yen {
        match self.owed(dossier, kind) {
            Some(_) => Yen(0),
            None => self.municipality.fee(self.caller.channel),
        }
    }
}
