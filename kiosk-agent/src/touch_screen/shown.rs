//! What is on the screen, as data: the view is drawn from it in any language, again and again.

use std::sync::Arc;

use application::messages::{Copies, OfferedKind, ParticipatingMunicipality, Terms};
use domain::{CertificateKind, MunicipalityCode, Yen};

use crate::card::ReaderError;
use crate::payment::{GivenBack, PaymentMethod};
use crate::screens::Screen;
use crate::session::{Choosing, Ending, GoOn, PagePicture};
use crate::staff::StaffSheet;

/// What is on the screen.
#[derive(Clone)]
pub(super) enum Shown {
    /// Nobody is here.
    Start,
    /// Nobody can be served, and why.
    OutOfOrder(Ending),
    /// Nobody can begin yet: the browser that the last resident used is being replaced.
    OneMoment,
    /// What happens by itself, or at the devices.
    Step(Screen),
    /// The terms.
    Terms(Terms),
    /// The PIN is entered.
    Pin { tries_left: u8 },
    /// Which municipality.
    Municipality {
        participating: Vec<ParticipatingMunicipality>,
        suggested: Option<MunicipalityCode>,
    },
    /// What it offers.
    Offer {
        municipality: ParticipatingMunicipality,
        kinds: Vec<OfferedKind>,
    },
    /// The certificate as it will print.
    Preview(Picture),
    /// How many copies.
    Copies(Certificate),
    /// What is about to be ordered.
    Confirm(Certificate, Copies),
    /// How the fee is paid.
    PaymentMethod {
        fee: Yen,
        methods: Vec<PaymentMethod>,
    },
    /// Whether to go on, after what this screen said.
    GoOn(GoOn, Screen),
    /// The paper is in the tray.
    TakePaper { copies: u8, reminded: bool },
    /// Staff's own screen.
    Staff(StaffSheet),
    /// It is over.
    Ended {
        ending: Ending,
        given_back: Option<GivenBack>,
    },
}

/// A certificate that is being chosen.
#[derive(Clone)]
pub(super) struct Certificate {
    pub(super) municipality: ParticipatingMunicipality,
    pub(super) kind: CertificateKind,
    pub(super) fee: Yen,
    pub(super) specimen: bool,
}

/// A picture of a certificate, which goes to the page before the view that names it.
#[derive(Clone)]
pub(super) struct Picture {
    pub(super) id: u32,
    pub(super) page: Arc<PagePicture>,
}

impl From<Choosing<'_>> for Certificate {
    fn from(choosing: Choosing<'_>) -> Self {
        Self {
            municipality: choosing.municipality.clone(),
            kind: choosing.kind,
            fee: choosing.fee,
            specimen: choosing.specimen,
        }
    }
}

impl Shown {
    /// Whether it is the same step of the session with something of it changed: then a touch on
    /// the view before still counts.
    pub(super) fn is_same_step(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Step(one), Self::Step(other)) => {
                std::mem::discriminant(one) == std::mem::discriminant(other)
            }
            (Self::TakePaper { .. }, Self::TakePaper { .. }) => true,
            (_, _) => false,
        }
    }

    /// Whether it says what nobody has done yet: said again, it is said aloud again (control C10).
    pub(super) const fn is_reminder(&self) -> bool {
        matches!(
            self,
            Self::Step(Screen::CardStillThere)
                | Self::TakePaper { reminded: true, .. }
                | Self::OutOfOrder(Ending::Reader(ReaderError::CardLeft))
        )
    }

    /// Whether "cancel" is offered: wherever something is under way that can be given up.
    pub(super) const fn can_be_cancelled(&self) -> bool {
        match self {
            Self::Start
            | Self::OutOfOrder(_)
            | Self::OneMoment
            | Self::TakePaper { .. }
            | Self::Staff(_)
            | Self::Ended { .. }
            | Self::GoOn(GoOn::AnotherCertificate, _) => false,
            Self::Step(screen) => step_can_be_cancelled(screen),
            Self::Terms(_)
            | Self::Pin { .. }
            | Self::Municipality { .. }
            | Self::Offer { .. }
            | Self::Preview(_)
            | Self::Copies(_)
            | Self::Confirm(_, _)
            | Self::PaymentMethod { .. }
            | Self::GoOn(GoOn::AnotherPin | GoOn::AnotherMunicipality, _) => true,
        }
    }

    /// Whether "back" is offered.
    pub(super) const fn has_way_back(&self) -> bool {
        match self {
            Self::Offer { .. } | Self::Preview(_) | Self::Copies(_) | Self::Confirm(_, _) => true,
            Self::Start
            | Self::OutOfOrder(_)
            | Self::OneMoment
            | Self::Step(_)
            | Self::Terms(_)
            | Self::Pin { .. }
            | Self::Municipality { .. }
            | Self::PaymentMethod { .. }
            | Self::GoOn(_, _)
            | Self::TakePaper { .. }
            | Self::Staff(_)
            | Self::Ended { .. } => false,
        }
    }
}

const fn step_can_be_cancelled(screen: &Screen) -> bool {
    match screen {
        Screen::TakePaper { .. } | Screen::GivenBack(_) | Screen::Ending(_) => false,
        Screen::Connecting
        | Screen::PutCard(_)
        | Screen::EnterPin { .. }
        | Screen::WrongPin { .. }
        | Screen::Reading { .. }
        | Screen::TakeCard
        | Screen::CardStillThere
        | Screen::LookingUp
        | Screen::Paying(_)
        | Screen::Issuing
        | Screen::Printing { .. } => true,
    }
}
