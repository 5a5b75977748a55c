//! The resident at the touch screen.

use std::time::Duration;

use application::messages::{Copies, ParticipatingMunicipality, Terms};
use domain::{CertificateKind, Language, MunicipalityCode, Pin, Yen};

use super::display::Display;
use super::drawing::{choice, copies_of};
use super::shown::Shown;
use super::state::Answer;
use crate::payment::PaymentMethod;
use crate::screens::Screen;
use crate::session::{
    Agreement, Choice, Choosing, Confirmation, Confirming, GoOn, NoAnswer, Offer, PagePicture,
    Resident, Step,
};

/// The resident at the touch screen: what the session shows and asks, as views.
#[derive(Debug, Clone)]
pub struct AtScreen {
    display: Display,
}

impl AtScreen {
    /// Shows and asks on this display.
    #[must_use]
    pub const fn new(display: Display) -> Self {
        Self { display }
    }

    async fn ask(&self, shown: Shown) -> Result<Answer, NoAnswer> {
        self.display.ask(shown).await.map_err(|_| NoAnswer)
    }

    /// The name of the choice.
    async fn choose_one(&self, shown: Shown) -> Result<Step<String>, NoAnswer> {
        match self.ask(shown).await? {
            Answer::Chosen(id) => Ok(Step::On(id.as_str().to_owned())),
            Answer::Back => Ok(Step::Back),
            Answer::Start
            | Answer::Staff(_)
            | Answer::Agreed(_)
            | Answer::Declined
            | Answer::Pin(_)
            | Answer::Municipality(_) => Err(NoAnswer),
        }
    }
}

impl Resident for AtScreen {
    fn language(&self) -> Language {
        self.display.language()
    }

    fn show(&mut self, screen: &Screen) {
        self.display.show_screen(screen);
    }

    async fn agree(&mut self, terms: &Terms) -> Result<Agreement, NoAnswer> {
        match self.ask(Shown::Terms(terms.clone())).await? {
            Answer::Agreed(language) => Ok(Agreement::Agreed(language)),
            Answer::Declined => Ok(Agreement::Declined),
            Answer::Start
            | Answer::Staff(_)
            | Answer::Pin(_)
            | Answer::Municipality(_)
            | Answer::Chosen(_)
            | Answer::Back => Err(NoAnswer),
        }
    }

    async fn pin(&mut self, tries_left: u8) -> Result<Pin, NoAnswer> {
        match self.ask(Shown::Pin { tries_left }).await? {
            Answer::Pin(pin) => Ok(pin),
            Answer::Start
            | Answer::Staff(_)
            | Answer::Agreed(_)
            | Answer::Declined
            | Answer::Municipality(_)
            | Answer::Chosen(_)
            | Answer::Back => Err(NoAnswer),
        }
    }

    async fn municipality(
        &mut self,
        participating: &[ParticipatingMunicipality],
        suggested: Option<MunicipalityCode>,
    ) -> Result<MunicipalityCode, NoAnswer> {
        let shown = Shown::Municipality {
            participating: participating.to_vec(),
            suggested,
        };
        match self.ask(shown).await? {
            Answer::Municipality(code) => Ok(code),
            Answer::Start
            | Answer::Staff(_)
            | Answer::Agreed(_)
            | Answer::Declined
            | Answer::Pin(_)
            | Answer::Chosen(_)
            | Answer::Back => Err(NoAnswer),
        }
    }

    async fn choose(&mut self, offer: &Offer<'_>) -> Result<Choice, NoAnswer> {
        let shown = Shown::Offer {
            municipality: offer.municipality.clone(),
            kinds: offer.kinds.to_vec(),
        };
        match self.choose_one(shown).await? {
            Step::Back => Ok(Choice::AnotherMunicipality),
            Step::On(id) => match id.as_str() {
                choice::ABROAD => Ok(Choice::Certificate(CertificateKind::Abroad)),
                choice::DOMESTIC => Ok(Choice::Certificate(CertificateKind::Domestic)),
                choice::ANOTHER_MUNICIPALITY => Ok(Choice::AnotherMunicipality),
                _ => Err(NoAnswer),
            },
        }
    }

    fn sees_previews(&self) -> bool {
        true
    }

    async fn preview(
        &mut self,
        _: &Choosing<'_>,
        picture: &PagePicture,
    ) -> Result<Step<()>, NoAnswer> {
        let picture = self.display.number(picture.clone());
        match self.choose_one(Shown::Preview(picture)).await? {
            Step::Back => Ok(Step::Back),
            Step::On(_) => Ok(Step::On(())),
        }
    }

    async fn copies(&mut self, choosing: &Choosing<'_>) -> Result<Step<Copies>, NoAnswer> {
        match self.choose_one(Shown::Copies((*choosing).into())).await? {
            Step::Back => Ok(Step::Back),
            Step::On(id) => copies_of(&id).map(Step::On).ok_or(NoAnswer),
        }
    }

    async fn confirm(&mut self, order: &Confirming<'_>) -> Result<Step<Confirmation>, NoAnswer> {
        let shown = Shown::Confirm(order.chosen.into(), order.copies);
        match self.choose_one(shown).await? {
            Step::Back => Ok(Step::Back),
            Step::On(_) => Ok(Step::On(Confirmation::Yes)),
        }
    }

    async fn payment_method(
        &mut self,
        fee: Yen,
        methods: &[PaymentMethod],
    ) -> Result<PaymentMethod, NoAnswer> {
        let shown = Shown::PaymentMethod {
            fee,
            methods: methods.to_vec(),
        };
        match self.choose_one(shown).await? {
            Step::Back => Err(NoAnswer),
            Step::On(id) => methods
                .iter()
                .copied()
                .find(|method| method.name() == id)
                .ok_or(NoAnswer),
        }
    }

    async fn paper_taken(&mut self, copies: u8, remind: Duration) -> Result<(), NoAnswer> {
        let shown = |reminded| Shown::TakePaper { copies, reminded };
        let mut taken = self.display.ask(shown(false));
        loop {
            tokio::select! {
                taken = &mut taken => return taken.map(drop).map_err(|_| NoAnswer),
                () = tokio::time::sleep(remind) => self.display.ask_still(shown(true)),
            }
        }
    }

    async fn go_on(&mut self, question: GoOn) -> Result<bool, NoAnswer> {
        let about = self.display.last_screen().unwrap_or(Screen::Connecting);
        match self.choose_one(Shown::GoOn(question, about)).await? {
            Step::Back => Ok(false),
            Step::On(id) => Ok(id == choice::ON),
        }
    }
}
