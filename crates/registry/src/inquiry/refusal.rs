//! Why an inquiry goes no further.

use declaration::NotDeclared;

/// Why an inquiry is not prepared, not sent, or not decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InquiryRefused {
    /// A municipality would ask itself.
    #[error("a municipality does not ask itself: --to names the other one")]
    SameMunicipality,
    /// One of the two declares no inquiry for today.
    #[error(transparent)]
    NotDeclared(#[from] NotDeclared),
    /// One of the two does not declare one of the diseases.
    #[error(
        "both municipalities must declare each disease that is asked about: see `server \
         declarations`"
    )]
    DiseaseNotDeclared,
    /// Nobody of that number is registered with who asks.
    #[error(
        "nobody with this individual number is registered here: a municipality asks about its own \
         residents only"
    )]
    NotRegistered,
    /// Somebody under protection is asked about without their own consent.
    #[error(
        "the person is under protection, and asking tells the other municipality where they are: \
         only with their own consent"
    )]
    ProtectedWithoutConsent,
    /// Who asks has prepared or sent as many today as one may.
    #[error("as many inquiries as one person may prepare and send on one day: go on tomorrow")]
    DailyLimit,
    /// There is no inquiry of this id.
    #[error("there is no inquiry of this id here: `server inquiry list` shows them")]
    Unknown,
    /// The inquiry is to another municipality.
    #[error("this inquiry is to another municipality")]
    OtherMunicipality,
    /// It was not approved, and was not sent before.
    #[error("it is not approved: a superior approves each inquiry before it is sent")]
    NotApproved,
    /// It waits for no decision.
    #[error("it waits for no decision: `server inquiry list` shows what does")]
    NotWaiting,
    /// It can be released no longer.
    #[error("it came too long ago to be released: refuse it; who asks may ask again")]
    TooLate,
    /// The person or the doses it is about are no longer here.
    #[error("there is nothing left to provide: refuse it")]
    NothingLeft,
    /// No reason was given, or one that is too long.
    #[error("the reason is 1 to 500 bytes: it is recorded, and told to the person who asks for it")]
    ReasonMissing,
    /// The answer was received before, and this register no longer knows it.
    #[error(
        "the answer was received before and is not here any more (a restored backup?): prepare a \
         new inquiry"
    )]
    AnswerGone,
}
