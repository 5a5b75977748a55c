//! Municipality, offer, kind, preview, copies, confirmation. The server decides what can be issued;
//! the screen only shows it (control C05).

use std::time::{Duration, Instant};

use application::ProblemType;
use application::messages::{
    Availability, Copies, OfferReply, OfferRequest, OfferedKind, ParticipatingMunicipality,
    PreviewRequest,
};
use domain::{CertificateKind, Yen};

use super::applying::Applied;
use super::asking::unless_stopped;
use super::{
    CardReader, Choice, Choosing, Confirmation, Confirming, Ending, GoOn, Kiosk, Offer,
    PagePicture, Record, Resident, Step, preview,
};
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
    Certificate { kind: CertificateKind, fee: Yen },
    AnotherMunicipality,
}

/// After a choice: go on, or choose once more.
enum Next {
    Confirmed(Copies),
    ChooseAgain,
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
            let stop = kiosk.stop.clone();
            let reply = unless_stopped(&stop, self.ask(kiosk, &municipality)).await?;
            let ending = match reply {
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
            let turn = kiosk.patience.turn(seconds(kiosk.times.decide_seconds));
            kiosk.resident.show(&Screen::Ending(ending));
            let another = kiosk.resident.go_on(GoOn::AnotherMunicipality);
            let answered = self.answer(&mut kiosk.server, &kiosk.stop, turn, another);
            if !matches!(answered.await, Ok(true)) {
                return Err(ending);
            }
        }
    }

    async fn choose_municipality<S: Server, C: CardReader, P: Printer, R: Resident>(
        &mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<ParticipatingMunicipality, Ending> {
        let turn = kiosk.patience.turn(seconds(kiosk.times.decide_seconds));
        let participating = self.open.municipalities.clone();
        let asking = kiosk.resident.municipality(&participating, self.suggested);
        let answered = self.answer(&mut kiosk.server, &kiosk.stop, turn, asking);
        let code = answered.await?;
        participating
            .into_iter()
            .find(|municipality| municipality.code == code)
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

    /// The page as it will print, where it can be shown.
    async fn picture<S: Server, C: CardReader, P: Printer, R: Resident>(
        &mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
        chosen: &Choosing<'_>,
    ) -> Result<Option<PagePicture>, Ending> {
        if !kiosk.resident.sees_previews() {
            return Ok(None);
        }
        kiosk.resident.show(&Screen::LookingUp);
        let (server, stop) = (&mut kiosk.server, &kiosk.stop);
        let showing = async {
            let request = PreviewRequest {
                ticket: self.ticket.fresh(server).await?,
                municipality: chosen.municipality.code,
                kind: chosen.kind,
            };
            preview(server, &request, &self.seal).await
        };
        unless_stopped(stop, showing).await?.map(Some)
    }

    /// Whether the resident wants another certificate; no answer is none. Nobody is asked for whom
    /// the server has no ticket any more.
    pub(super) async fn wants_another<S: Server, C: CardReader, P: Printer, R: Resident>(
        &mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> bool {
        if !self.goes_on() {
            return false;
        }
        kiosk.patience.end_at(Some(self.last));
        let turn = kiosk.patience.turn(seconds(kiosk.times.decide_seconds));
        let another = kiosk.resident.go_on(GoOn::AnotherCertificate);
        let answered = self.answer(&mut kiosk.server, &kiosk.stop, turn, another);
        matches!(answered.await, Ok(true))
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
            let (kind, fee) = match offered.available_choice(kiosk).await? {
                Chosen::Certificate { kind, fee } => (kind, fee),
                Chosen::AnotherMunicipality => {
                    offered = offered.applied.find_offer(kiosk, record).await?;
                    continue;
                }
            };
            match offered.confirm(kiosk, kind, fee).await? {
                Next::ChooseAgain => {}
                Next::Confirmed(copies) => {
                    return Ok(Confirmed {
                        applied: offered.applied,
                        municipality: offered.municipality,
                        kind,
                        copies,
                        fee,
                    });
                }
            }
        }
    }

    /// Shows the page as it will print, asks for the copies, and to confirm it all; from each the way
    /// leads back.
    async fn confirm<S: Server, C: CardReader, P: Printer, R: Resident>(
        &mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
        kind: CertificateKind,
        fee: Yen,
    ) -> Result<Next, Ending> {
        let limit = seconds(kiosk.times.decide_seconds);
        let chosen = Choosing {
            municipality: &self.municipality,
            kind,
            fee,
            specimen: self.applied.open.specimen,
        };
        let picture = self.applied.picture(kiosk, &chosen).await?;
        let mut seen = false;
        loop {
            if let Some(picture) = picture.as_ref().filter(|_| !seen) {
                let turn = kiosk.patience.turn(limit);
                let asking = kiosk.resident.preview(&chosen, picture);
                let answered = self
                    .applied
                    .answer(&mut kiosk.server, &kiosk.stop, turn, asking);
                match answered.await? {
                    Step::On(()) => seen = true,
                    Step::Back => return Ok(Next::ChooseAgain),
                }
            }
            let turn = kiosk.patience.turn(limit);
            let asking = kiosk.resident.copies(&chosen);
            let answered = self
                .applied
                .answer(&mut kiosk.server, &kiosk.stop, turn, asking);
            let copies = match answered.await? {
                Step::On(copies) => copies,
                Step::Back if picture.is_none() => return Ok(Next::ChooseAgain),
                Step::Back => {
                    seen = false;
                    continue;
                }
            };
            let confirming = Confirming { chosen, copies };
            let turn = kiosk.patience.turn(limit);
            let asking = kiosk.resident.confirm(&confirming);
            let answered = self
                .applied
                .answer(&mut kiosk.server, &kiosk.stop, turn, asking);
            match answered.await? {
                Step::On(Confirmation::Yes) => return Ok(Next::Confirmed(copies)),
                Step::On(Confirmation::No) => return Err(Ending::Declined),
                Step::Back => {}
            }
        }
    }

    /// Asks what to issue. What cannot be had here is said, and something else can be chosen.
    async fn available_choice<S: Server, C: CardReader, P: Printer, R: Resident>(
        &mut self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<Chosen, Ending> {
        let limit = seconds(kiosk.times.decide_seconds);
        let mut refused = Ending::NoAnswer;
        for _ in 0..MOST_CHOICES {
            let offer = Offer {
                municipality: &self.municipality,
                kinds: &self.kinds,
            };
            let turn = kiosk.patience.turn(limit);
            let asking = kiosk.resident.choose(&offer);
            let answered = self
                .applied
                .answer(&mut kiosk.server, &kiosk.stop, turn, asking);
            let kind = match answered.await {
                Ok(Choice::Certificate(kind)) => kind,
                Ok(Choice::AnotherMunicipality) => return Ok(Chosen::AnotherMunicipality),
                Ok(Choice::Nothing) => return Err(Ending::Declined),
                // Nobody there to choose something else: what was wrong is how it ends.
                Err(Ending::NoAnswer) => return Err(refused),
                Err(ending) => return Err(ending),
            };
            match self.fee(kind) {
                Ok(fee) => return Ok(Chosen::Certificate { kind, fee }),
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

/// A municipality that is closed, does not take part or whose register cannot be reached says
/// nothing about the others.
fn concerns_this_municipality_only(error: &LinkError) -> bool {
    match error {
        LinkError::Refused(problem) => match problem.kind() {
            Some(
                ProblemType::MunicipalityClosed
                | ProblemType::MunicipalityNotParticipating
                | ProblemType::LookupUnavailable,
            ) => true,
            Some(_) | None => false,
        },
        LinkError::Unreachable
        | LinkError::ServerNotTrusted
        | LinkError::ServerCertificateTime
        | LinkError::ClockOff(_)
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
