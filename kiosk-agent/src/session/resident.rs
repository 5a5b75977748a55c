//! The person in front of the kiosk, as the session needs them.

use std::time::Duration;

use application::messages::{Copies, OfferedKind, ParticipatingMunicipality, Terms, TermsText};
use domain::{CertificateKind, Language, MunicipalityCode, Pin, Yen};

use super::PagePicture;
use crate::payment::PaymentMethod;
use crate::screens::Screen;

/// Shows screens and takes answers: the touch screen, a terminal, or prepared answers.
///
/// Nothing here takes a name, a number or any other personal data: identity comes from the card
/// (control C02). The session limits how long an answer may take, and drops the future of a
/// question that nobody answers.
pub trait Resident {
    /// The language to show.
    fn language(&self) -> Language;

    /// Shows a screen.
    fn show(&mut self, screen: &Screen);

    /// Shows the terms of use and asks for agreement; tells in which language they were agreed to.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn agree(&mut self, terms: &Terms) -> impl Future<Output = Result<Agreement, NoAnswer>>;

    /// Asks for the PIN, for one attempt; so many are left.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn pin(&mut self, tries_left: u8) -> impl Future<Output = Result<Pin, NoAnswer>>;

    /// Asks for a municipality among those that take part; the suggested one first.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn municipality(
        &mut self,
        participating: &[ParticipatingMunicipality],
        suggested: Option<MunicipalityCode>,
    ) -> impl Future<Output = Result<MunicipalityCode, NoAnswer>>;

    /// Shows an offer and asks what to issue.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn choose(&mut self, offer: &Offer<'_>) -> impl Future<Output = Result<Choice, NoAnswer>>;

    /// Whether a preview can be shown here; where not, the server is not asked for any.
    fn sees_previews(&self) -> bool {
        false
    }

    /// Shows the page as it will print, and asks whether to go on with it. Where one is shown, the
    /// picture is dropped with the answer.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn preview(
        &mut self,
        _choosing: &Choosing<'_>,
        _picture: &PagePicture,
    ) -> impl Future<Output = Result<Step<()>, NoAnswer>> {
        std::future::ready(Ok(Step::On(())))
    }

    /// Asks how many copies to print.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn copies(
        &mut self,
        choosing: &Choosing<'_>,
    ) -> impl Future<Output = Result<Step<Copies>, NoAnswer>>;

    /// Asks to confirm what is about to be issued and paid.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn confirm(
        &mut self,
        order: &Confirming<'_>,
    ) -> impl Future<Output = Result<Step<Confirmation>, NoAnswer>>;

    /// Asks how to pay this fee; asked only where there are several ways.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn payment_method(
        &mut self,
        fee: Yen,
        methods: &[PaymentMethod],
    ) -> impl Future<Output = Result<PaymentMethod, NoAnswer>>;

    /// Waits until the resident says that the paper is taken: no printer can tell. Reminds so
    /// often.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn paper_taken(
        &mut self,
        copies: u8,
        remind: Duration,
    ) -> impl Future<Output = Result<(), NoAnswer>>;

    /// Asks whether to go on.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn go_on(&mut self, question: GoOn) -> impl Future<Output = Result<bool, NoAnswer>>;
}

/// The input ended, or was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no answer")]
pub struct NoAnswer;

/// What became of the terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Agreed to, in this language.
    Agreed(Language),
    /// Not agreed to.
    Declined,
}

/// The terms in this language, or else in Japanese, in which they always have to be there.
#[must_use]
pub fn terms_in(terms: &Terms, language: Language) -> Option<&TermsText> {
    let find = |language| terms.texts.iter().find(|text| text.language == language);
    find(language).or_else(|| find(Language::Japanese))
}

/// An answer, or the way back to the step before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<T> {
    /// On with this.
    On(T),
    /// One step back.
    Back,
}

/// What a municipality offers.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// The municipality.
    pub municipality: &'a ParticipatingMunicipality,
    /// The kinds, each with what it takes.
    pub kinds: &'a [OfferedKind],
}

/// What the resident chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// A certificate of this kind.
    Certificate(CertificateKind),
    /// To ask another municipality.
    AnotherMunicipality,
    /// Nothing.
    Nothing,
}

/// A certificate that is being chosen.
#[derive(Debug, Clone, Copy)]
pub struct Choosing<'a> {
    /// The municipality.
    pub municipality: &'a ParticipatingMunicipality,
    /// The kind.
    pub kind: CertificateKind,
    /// The fee: for the certificate, however many copies of it.
    pub fee: Yen,
    /// Whether what comes out is a specimen (見本).
    pub specimen: bool,
}

/// What is about to be ordered.
#[derive(Debug, Clone, Copy)]
pub struct Confirming<'a> {
    /// The certificate.
    pub chosen: Choosing<'a>,
    /// Printed so often.
    pub copies: Copies,
}

/// What became of what was about to be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// Confirmed.
    Yes,
    /// Not wanted.
    No,
}

/// A question whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoOn {
    /// With another attempt at the PIN.
    AnotherPin,
    /// With another municipality.
    AnotherMunicipality,
    /// With another certificate, of this or another municipality.
    AnotherCertificate,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::TermsVersion;

    #[test]
    fn terms_that_are_not_translated_are_shown_in_japanese() {
        let text = |language| TermsText {
            language,
            text: String::new(),
        };
        let mut terms = Terms {
            version: TermsVersion::parse("2026-01").unwrap(),
            texts: vec![text(Language::English), text(Language::Japanese)],
        };
        fn shown(terms: &Terms, language: Language) -> Option<Language> {
            terms_in(terms, language).map(|text| text.language)
        }
        assert_eq!(shown(&terms, Language::English), Some(Language::English));
        assert_eq!(shown(&terms, Language::Korean), Some(Language::Japanese));
        terms.texts.pop();
        assert_eq!(shown(&terms, Language::Korean), None);
    }
}
