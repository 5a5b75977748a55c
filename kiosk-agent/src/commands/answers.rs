//! A resident whose answers were given on the command line; what was not given is asked at the
//! terminal.

use std::path::PathBuf;
use std::time::Duration;

use application::messages::{Availability, Copies, ParticipatingMunicipality, Terms};
use domain::{CertificateKind, Language, MunicipalityCode, Pin, Yen};

use super::terminal::Terminal;
use crate::payment::PaymentMethod;
use crate::screens::Screen;
use crate::session::{
    Agreement, Choice, Choosing, Confirmation, Confirming, GoOn, NoAnswer, Offer, Resident, Step,
    terms_in,
};
use crate::texts::{Key as _, Label};

/// What was given in advance.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) language: Language,
    pub(super) agree: bool,
    pub(super) kind: Option<CertificateKind>,
    pub(super) municipality: Option<MunicipalityCode>,
    pub(super) copies: Option<Copies>,
    /// `/dev/fd/N`: the PIN is there, once.
    pub(super) pin: Option<PathBuf>,
}

/// The resident at a terminal.
pub(super) struct AtTerminal {
    given: Given,
    terminal: Terminal,
}

impl AtTerminal {
    pub(super) const fn new(given: Given, terminal: Terminal) -> Self {
        Self { given, terminal }
    }

    fn say(&self, label: Label<'_>) -> String {
        label.to(self.given.language)
    }

    fn offered(&self, availability: &Availability) -> String {
        match *availability {
            Availability::Offered {
                fee,
                doses,
                doses_in_code,
            } => {
                let doses = self.say(Label::doses(doses, doses_in_code));
                format!("{}  {doses}", self.say(Label::fee(fee)))
            }
            Availability::PassportNotRegistered => self.say(Label::PassportNeeded),
        }
    }

    async fn yes(&self, question: Label<'_>) -> Result<bool, NoAnswer> {
        let (question, otherwise) = (self.say(question), self.say(Label::AnswerYOrN));
        self.terminal.yes(&question, &otherwise).await
    }

    /// A municipality's line: its hours, whether it is open, and its fee.
    fn listed(&self, municipality: &ParticipatingMunicipality, suggested: bool) -> String {
        let hours = match (&municipality.opens_at, &municipality.closes_at) {
            (Some(opens), Some(closes)) => Label::Hours { opens, closes },
            (Some(_) | None, Some(_) | None) => Label::AnyHour,
        };
        let now = if municipality.open_now {
            Label::OpenNow
        } else {
            Label::ClosedNow
        };
        let fee = Label::FeeOf {
            fee: municipality.fee,
        };
        format!(
            "{} {} {} {} ({})  {}  {}  {}",
            if suggested { "*" } else { " " },
            municipality.code,
            municipality.prefecture,
            municipality.name,
            municipality.roman_name,
            self.say(hours),
            self.say(now),
            self.say(fee)
        )
    }
}

impl Resident for AtTerminal {
    fn language(&self) -> Language {
        self.given.language
    }

    fn show(&mut self, screen: &Screen) {
        // A terminal's lines stay: the same one for every file read would say nothing new.
        if matches!(screen, Screen::Reading { done: 1.., .. }) {
            return;
        }
        let words = screen.words(self.given.language);
        self.terminal.line(&words.happened);
        for line in words.to_do.lines() {
            self.terminal.line(&format!("  → {line}"));
        }
        if let Some(code) = words.staff_code {
            self.terminal.line(&format!("  [{code}]"));
        }
    }

    async fn agree(&mut self, terms: &Terms) -> Result<Agreement, NoAnswer> {
        let terms = terms_in(terms, self.given.language).ok_or(NoAnswer)?;
        self.terminal.line(&terms.text);
        let agreed = Agreement::Agreed(terms.language);
        if self.given.agree {
            self.terminal
                .line(&format!("→ {}", self.say(Label::AgreedInAdvance)));
            return Ok(agreed);
        }
        let yes = self.yes(Label::AskAgree).await?;
        Ok(if yes { agreed } else { Agreement::Declined })
    }

    async fn pin(&mut self, _tries_left: u8) -> Result<Pin, NoAnswer> {
        match self.given.pin.take() {
            Some(path) => super::terminal::pin_from(path).await,
            None => {
                let prompt = format!("{}: ", self.say(Label::AskPin));
                let otherwise = self.say(Label::PinIsFourDigits);
                self.terminal.pin(&prompt, &otherwise).await
            }
        }
    }

    async fn municipality(
        &mut self,
        participating: &[ParticipatingMunicipality],
        suggested: Option<MunicipalityCode>,
    ) -> Result<MunicipalityCode, NoAnswer> {
        // Given in advance it is taken once: another one is asked for.
        if let Some(code) = self.given.municipality.take() {
            return Ok(code);
        }
        if let Some(code) = suggested.filter(|_| self.given.kind.is_some()) {
            return Ok(code);
        }
        for municipality in participating {
            let is_suggested = Some(municipality.code) == suggested;
            self.terminal.line(&self.listed(municipality, is_suggested));
        }
        let question = self.say(Label::AskMunicipalityCode);
        let otherwise = self.say(Label::CodeFromTheList);
        let listed = |answer: &str| match suggested {
            Some(code) if answer.is_empty() => Some(code),
            Some(_) | None => MunicipalityCode::parse(answer)
                .ok()
                .filter(|code| participating.iter().any(|it| it.code == *code)),
        };
        self.terminal
            .understood(&question, &otherwise, listed)
            .await
    }

    async fn choose(&mut self, offer: &Offer<'_>) -> Result<Choice, NoAnswer> {
        self.terminal.line(&offer.municipality.name);
        for kind in offer.kinds {
            let what = self.offered(&kind.availability);
            self.terminal
                .line(&format!("  {}: {what}", self.say(Label::kind(kind.kind))));
        }
        // Given in advance it is taken once: another one is asked for.
        if let Some(kind) = self.given.kind.take() {
            return Ok(Choice::Certificate(kind));
        }
        let question = self.say(Label::AskKind);
        let otherwise = self.say(Label::Answer0To3);
        let certificate = |kind| Some(Choice::Certificate(kind));
        let chosen = |answer: &str| match answer {
            "1" => certificate(CertificateKind::Abroad),
            "2" => certificate(CertificateKind::Domestic),
            "3" => Some(Choice::AnotherMunicipality),
            "0" => Some(Choice::Nothing),
            _ => None,
        };
        self.terminal
            .understood(&question, &otherwise, chosen)
            .await
    }

    async fn copies(&mut self, _: &Choosing<'_>) -> Result<Step<Copies>, NoAnswer> {
        Ok(Step::On(self.given.copies.unwrap_or(Copies::ONE)))
    }

    async fn confirm(&mut self, order: &Confirming<'_>) -> Result<Step<Confirmation>, NoAnswer> {
        let (chosen, copies) = (order.chosen, order.copies.get());
        let mut line = vec![
            chosen.municipality.name.clone(),
            self.say(Label::kind(chosen.kind)),
            self.say(Label::CopiesCount { copies }),
            self.say(Label::fee(chosen.fee)),
        ];
        if chosen.specimen {
            line.push(self.say(Label::Specimen));
        }
        self.terminal.line(&line.join("  "));
        if !self.terminal.asks() {
            // Everything was given in advance, as the help says: that was the confirmation.
            return Ok(Step::On(Confirmation::Yes));
        }
        let yes = self.yes(Label::AskIssue).await?;
        Ok(Step::On(if yes {
            Confirmation::Yes
        } else {
            Confirmation::No
        }))
    }

    async fn payment_method(
        &mut self,
        fee: Yen,
        methods: &[PaymentMethod],
    ) -> Result<PaymentMethod, NoAnswer> {
        let first = *methods.first().ok_or(NoAnswer)?;
        if !self.terminal.asks() {
            return Ok(first);
        }
        self.terminal.line(&self.say(Label::fee(fee)));
        for (number, method) in (1_usize..).zip(methods) {
            let method = self.say(Label::payment(*method));
            self.terminal.line(&format!("  {number} {method}"));
        }
        let question = self.say(Label::AskPayment);
        let numbered = |answer: &str| {
            let number: usize = answer.parse().ok()?;
            methods.get(number.checked_sub(1)?).copied()
        };
        self.terminal
            .understood(&question, &question, numbered)
            .await
    }

    async fn paper_taken(&mut self, _: u8, _: Duration) -> Result<(), NoAnswer> {
        // The words are all there is at a terminal.
        Ok(())
    }

    async fn go_on(&mut self, question: GoOn) -> Result<bool, NoAnswer> {
        if !self.terminal.asks() {
            return Ok(false);
        }
        self.yes(Label::question(question)).await
    }
}
