//! The person in front of the kiosk, as the session needs them.

use application::messages::{Copies, OfferedKind, ParticipatingMunicipality, TermsText};
use domain::{CertificateKind, Language, MunicipalityCode, Pin, Yen};

use crate::payment::PaymentMethod;
use crate::screens::Screen;

/// Shows screens and takes answers: a terminal, prepared answers, or later a touch screen.
///
/// Nothing here takes a name, a number or any other personal data: identity comes from the card
/// (control C02). The session limits how long an answer may take.
pub trait Resident {
    /// The language to show.
    fn language(&self) -> Language;

    /// Shows a screen.
    fn show(&mut self, screen: &Screen);

    /// Shows the terms of use and asks for agreement.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn agree(&mut self, terms: &TermsText) -> impl Future<Output = Result<bool, NoAnswer>>;

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

    /// Asks to confirm what is about to be issued and paid.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn confirm(&mut self, order: &Confirming<'_>) -> impl Future<Output = Result<bool, NoAnswer>>;

    /// Asks how to pay this fee; asked only where there are several ways.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn payment_method(
        &mut self,
        fee: Yen,
        methods: &[PaymentMethod],
    ) -> impl Future<Output = Result<PaymentMethod, NoAnswer>>;

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
    /// A certificate.
    Certificate {
        /// Its kind.
        kind: CertificateKind,
        /// Printed so often.
        copies: Copies,
    },
    /// To ask another municipality.
    AnotherMunicipality,
    /// Nothing.
    Nothing,
}

/// What is about to be ordered.
#[derive(Debug, Clone, Copy)]
pub struct Confirming<'a> {
    /// The municipality.
    pub municipality: &'a ParticipatingMunicipality,
    /// The kind.
    pub kind: CertificateKind,
    /// Printed so often.
    pub copies: Copies,
    /// The fee.
    pub fee: Yen,
    /// Whether what comes out is a specimen (見本).
    pub specimen: bool,
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
