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

    fn say(&self, japanese: &str, english: &str) -> String {
        match self.given.language {
            Language::Japanese | Language::EasyJapanese => japanese.to_owned(),
            Language::English
            | Language::SimplifiedChinese
            | Language::Korean
            | Language::Vietnamese
            | Language::Portuguese => english.to_owned(),
        }
    }

    fn offered(&self, availability: Availability) -> String {
        match availability {
            Availability::Offered {
                fee,
                doses,
                doses_in_code,
            } if doses_in_code < doses => {
                let listed = self.say("回の接種、コードには新しい", "dose(s), the newest");
                let in_code = self.say("回分", "of them in the code");
                format!("{fee}, {doses} {listed} {doses_in_code} {in_code}")
            }
            Availability::Offered { fee, doses, .. } => {
                format!("{fee}, {doses} {}", self.say("回の接種", "dose(s)"))
            }
            Availability::PassportNotRegistered => {
                self.say("旅券の登録が必要です", "needs a registered passport")
            }
        }
    }

    async fn yes(&self, question: &str) -> Result<bool, NoAnswer> {
        let otherwise = self.say("y か n で答えてください。", "Please answer y or n.");
        self.terminal.yes(question, &otherwise).await
    }

    /// A municipality's line: its hours, whether it is open, and its fee.
    fn listed(&self, municipality: &ParticipatingMunicipality, suggested: bool) -> String {
        let hours = match (&municipality.opens_at, &municipality.closes_at) {
            (Some(opens), Some(closes)) => format!("{opens}–{closes}"),
            (Some(_) | None, Some(_) | None) => self.say("終日", "at any hour"),
        };
        let now = if municipality.open_now {
            self.say("受付中", "open now")
        } else {
            self.say("受付時間外", "closed now")
        };
        format!(
            "{} {} {} {} ({})  {hours}  {now}  {}",
            if suggested { "*" } else { " " },
            municipality.code,
            municipality.prefecture,
            municipality.name,
            municipality.roman_name,
            municipality.fee
        )
    }

    fn kind_name(&self, kind: CertificateKind) -> String {
        match kind {
            CertificateKind::Abroad => {
                self.say("海外用及び日本国内用", "for use abroad and in Japan")
            }
            CertificateKind::Domestic => self.say("日本国内用", "for use in Japan"),
        }
    }
}

impl Resident for AtTerminal {
    fn language(&self) -> Language {
        self.given.language
    }

    fn show(&mut self, screen: &Screen) {
        let words = screen.words(self.given.language);
        self.terminal.line(&words.happened);
        if !words.to_do.is_empty() {
            self.terminal.line(&format!("  → {}", words.to_do));
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
                .line(&self.say("→ 同意済み（--agree）", "→ agreed to (--agree)"));
            return Ok(agreed);
        }
        let question = self.say("同意しますか", "Do you agree");
        let yes = self.yes(&question).await?;
        Ok(if yes { agreed } else { Agreement::Declined })
    }

    async fn pin(&mut self, _tries_left: u8) -> Result<Pin, NoAnswer> {
        match self.given.pin.take() {
            Some(path) => super::terminal::pin_from(path).await,
            None => {
                let prompt = self.say(
                    "券面事項入力補助用暗証番号（4桁、表示されません）: ",
                    "PIN for the card's text information, 4 digits, not shown: ",
                );
                let otherwise = self.say(
                    "数字4桁で入力してください。カードには照会していません。",
                    "The PIN is four digits. Nothing was sent to the card.",
                );
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
        let question = self.say("市区町村コード（6桁）", "Municipality, 6 digits");
        let otherwise = self.say(
            "一覧にある6桁のコードを入力してください。",
            "Please enter one of the codes above, 6 digits.",
        );
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
            let what = self.offered(kind.availability.clone());
            self.terminal
                .line(&format!("  {}: {what}", self.kind_name(kind.kind)));
        }
        // Given in advance it is taken once: another one is asked for.
        if let Some(kind) = self.given.kind.take() {
            return Ok(Choice::Certificate(kind));
        }
        let question = self.say(
            "1 海外用及び日本国内用 / 2 日本国内用 / 3 別の市区町村 / 0 取消",
            "1 for use abroad and in Japan / 2 for use in Japan / 3 another municipality / 0 cancel",
        );
        let otherwise = self.say(
            "0 から 3 の数字で答えてください。",
            "Please answer 0, 1, 2 or 3.",
        );
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
        let chosen = order.chosen;
        let specimen = if chosen.specimen {
            self.say("（見本）", " (specimen)")
        } else {
            String::new()
        };
        self.terminal.line(&format!(
            "{} {}{specimen} × {}: {}",
            chosen.municipality.name,
            self.kind_name(chosen.kind),
            order.copies.get(),
            chosen.fee
        ));
        if !self.terminal.asks() {
            // Everything was given in advance, as the help says: that was the confirmation.
            return Ok(Step::On(Confirmation::Yes));
        }
        let question = self.say("発行しますか", "Issue it");
        let yes = self.yes(&question).await?;
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
        let names: Vec<&str> = methods.iter().map(|method| method.name()).collect();
        let names = names.join(", ");
        let question = format!("{fee}: {names}");
        let named = |answer: &str| {
            let mut methods = methods.iter().copied();
            methods.find(|method| method.name() == answer)
        };
        self.terminal.understood(&question, &names, named).await
    }

    async fn paper_taken(&mut self, _: u8, _: Duration) -> Result<(), NoAnswer> {
        // The words are all there is at a terminal.
        Ok(())
    }

    async fn go_on(&mut self, question: GoOn) -> Result<bool, NoAnswer> {
        if !self.terminal.asks() {
            return Ok(false);
        }
        let question = match question {
            GoOn::AnotherPin => self.say("もう一度入力しますか", "Enter it again"),
            GoOn::AnotherMunicipality => {
                self.say("別の市区町村に尋ねますか", "Ask another municipality")
            }
            GoOn::AnotherCertificate => self.say("続けて発行しますか", "Issue another certificate"),
        };
        self.yes(&question).await
    }
}
