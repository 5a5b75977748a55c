//! Municipality, offer, choice, confirmation. The server decides what can be issued; the screen
//! only shows it (control C05).

use std::time::{Duration, Instant};

use application::ProblemType;
use application::messages::{
    Availability, Copies, OfferReply, OfferRequest, OfferedKind, ParticipatingMunicipality,
};
use domain::{CertificateKind, Yen};

use super::applying::Applied;
use super::asking::answer;
use super::{CardReader, Choice, Confirming, Ending, GoOn, Kiosk, Offer, Record, Resident};
use crate::printer::Printer;
use crate::screens::Screen;
use crate::server_link::{LinkError, Server};
use crate::settings::seconds;

/// A municipality offers something.
pub(super) struct Offered {
    applied: Applied,
    municipality: ParticipatingMunicipality,
    kinds: Vec<OfferedKind>,
}

/// The resident confirmed what is to be issued, and what it costs.
pub(super) struct Confirmed {
    pub(super) applied: Applied,
    pub(super) municipality: ParticipatingMunicipality,
    pub(super) kind: CertificateKind,
    pub(super) copies: Copies,
    pub(super) fee: Yen,
}

/// So often something can be chosen that cannot be had.
const MOST_CHOICES: u8 = 3;

/// A choice that can be had.
enum Chosen {
    Certificate {
        kind: CertificateKind,
        copies: Copies,
        fee: Yen,
    },
    AnotherMunicipality,
}

/// After a choice: go on, or back to the municipalities.
enum Next {
    Confirmed(Box<Confirmed>),
    Back(Box<Applied>),
}

impl Applied {
    /// Asks for municipalities until one offers something.
    pub(super) async fn find_offer<S: Server, C: CardReader, P: Printer, R: Resident>(
        mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
        record: &mut Record<C::ToTake>,
    ) -> Result<Offered, Ending> {
        loop {
            let municipality = self.choose_municipality(kiosk).await?;
            kiosk.resident.show(&Screen::LookingUp);
            let asked_at = Instant::now();
            let ending = match self.ask(kiosk, &municipality).await {
                Ok(OfferReply::Available { kinds }) => {
                    note_time(record, self.since_pin.take(), asked_at.elapsed());
                    return Ok(Offered {
                        applied: self,
                        municipality,
                        kinds,
                    });
                }
                Ok(OfferReply::NotHere) => Ending::NotHere,
                Err(error) if concerns_this_municipality_only(&error) => Ending::Server(error),
                Err(error) => return Err(error.into()),
            };
            note_time(record, self.since_pin.take(), asked_at.elapsed());
            kiosk.resident.show(&Screen::Ending(ending));
            let limit = seconds(kiosk.times.decide_seconds);
            let another = kiosk.resident.go_on(GoOn::AnotherMunicipality);
            if !matches!(answer(&kiosk.stop, limit, another).await, Ok(true)) {
                return Err(ending);
            }
        }
    }

    async fn choose_municipality<S: Server, C: CardReader, P: Printer, R: Resident>(
        &self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<ParticipatingMunicipality, Ending> {
        let limit = seconds(kiosk.times.decide_seconds);
        let participating = &self.open.municipalities;
        let asking = kiosk.resident.municipality(participating, self.suggested);
        let code = answer(&kiosk.stop, limit, asking).await?;
        participating
            .iter()
            .find(|municipality| municipality.code == code)
            .cloned()
            .ok_or(Ending::NotOffered)
    }

    async fn ask<S: Server, C: CardReader, P: Printer, R: Resident>(
        &mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
        municipality: &ParticipatingMunicipality,
    ) -> Result<OfferReply, LinkError> {
        let ticket = self.ticket.fresh(&mut kiosk.server).await?;
        let request = OfferRequest {
            ticket,
            municipality: municipality.code,
        };
        kiosk.server.call(&request).await
    }

    /// Whether the resident wants another certificate; no answer is none.
    pub(super) async fn wants_another<S: Server, C: CardReader, P: Printer, R: Resident>(
        &self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> bool {
        let limit = seconds(kiosk.times.decide_seconds);
        let another = kiosk.resident.go_on(GoOn::AnotherCertificate);
        matches!(answer(&kiosk.stop, limit, another).await, Ok(true))
    }
}

impl Offered {
    /// Shows the offer until something is confirmed.
    pub(super) async fn choose<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
        record: &mut Record<C::ToTake>,
    ) -> Result<Confirmed, Ending> {
        let mut offered = self;
        loop {
            match offered.choose_here(kiosk).await? {
                Next::Confirmed(confirmed) => return Ok(*confirmed),
                Next::Back(applied) => offered = applied.find_offer(kiosk, record).await?,
            }
        }
    }

    async fn choose_here<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<Next, Ending> {
        let limit = seconds(kiosk.times.decide_seconds);
        let (kind, copies, fee) = match self.available_choice(kiosk).await? {
            Chosen::Certificate { kind, copies, fee } => (kind, copies, fee),
            Chosen::AnotherMunicipality => return Ok(Next::Back(Box::new(self.applied))),
        };
        let confirming = Confirming {
            municipality: &self.municipality,
            kind,
            copies,
            fee,
            specimen: self.applied.open.specimen,
        };
        if !answer(&kiosk.stop, limit, kiosk.resident.confirm(&confirming)).await? {
            return Err(Ending::Declined);
        }
        Ok(Next::Confirmed(Box::new(Confirmed {
            applied: self.applied,
            municipality: self.municipality,
            kind,
            copies,
            fee,
        })))
    }

    /// Asks what to issue. What cannot be had here is said, and something else can be chosen.
    async fn available_choice<S: Server, C: CardReader, P: Printer, R: Resident>(
        &self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<Chosen, Ending> {
        let limit = seconds(kiosk.times.decide_seconds);
        let offer = Offer {
            municipality: &self.municipality,
            kinds: &self.kinds,
        };
        let mut refused = Ending::NoAnswer;
        for _ in 0..MOST_CHOICES {
            let choice = answer(&kiosk.stop, limit, kiosk.resident.choose(&offer)).await;
            let (kind, copies) = match choice {
                Ok(Choice::Certificate { kind, copies }) => (kind, copies),
                Ok(Choice::AnotherMunicipality) => return Ok(Chosen::AnotherMunicipality),
                Ok(Choice::Nothing) => return Err(Ending::Declined),
                // Nobody there to choose something else: what was wrong is how it ends.
                Err(Ending::NoAnswer) => return Err(refused),
                Err(ending) => return Err(ending),
            };
            match self.fee(kind) {
                Ok(fee) => return Ok(Chosen::Certificate { kind, copies, fee }),
                Err(ending) => refused = ending,
            }
            kiosk.resident.show(&Screen::Ending(refused));
        }
        Err(refused)
    }

    fn fee(&self, kind: CertificateKind) -> Result<Yen, Ending> {
        let offered = self.kinds.iter().find(|offered| offered.kind == kind);
        match offered.map(|offered| &offered.availability) {
            Some(Availability::Offered { fee, .. }) => Ok(*fee),
            Some(Availability::PassportNotRegistered) => Err(Ending::PassportNotRegistered),
            None => Err(Ending::NotOffered),
        }
    }
}

/// A municipality that is closed or does not take part says nothing about the others.
fn concerns_this_municipality_only(error: &LinkError) -> bool {
    match error {
        LinkError::Refused(problem) => match problem.kind() {
            Some(ProblemType::MunicipalityClosed | ProblemType::MunicipalityNotParticipating) => {
                true
            }
            Some(_) | None => false,
        },
        LinkError::Unreachable
        | LinkError::ServerNotTrusted
        | LinkError::CertificateRefused(_)
        | LinkError::Configuration(_)
        | LinkError::RefusedOutside(_)
        | LinkError::PeerMisbehaved(_)
        | LinkError::Misuse(_) => false,
    }
}

fn note_time<T>(record: &mut Record<T>, since_pin: Option<Duration>, asking: Duration) {
    if let Some(since_pin) = since_pin {
        let total = since_pin + asking;
        record.pin_to_offer_ms = u64::try_from(total.as_millis()).ok();
    }
}
