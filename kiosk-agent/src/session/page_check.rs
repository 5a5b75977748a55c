//! Nobody ever gets somebody else's paper (domain rule 11): the codes are decoded out of the very
//! bytes that are about to be printed, verified, and compared with the card.

use std::sync::Arc;

use certificate::HolderOnCode;
use certificate::read_back::{
    Trust, VerifiedCode, VerifiedPage, from_pdf, page_count, verify_page,
};
use domain::{CertificateId, CertificateKind, Clock};

use super::HolderSeal;

/// Why a page is not printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageRefused {
    /// The order's reply has no page.
    #[error("there is no page")]
    NoPage,
    /// No page that carries codes.
    #[error("no code can be read from the page")]
    NoCode,
    /// A code does not hold, or the codes do not belong together.
    #[error("the codes on the page do not hold")]
    CodesDoNotHold,
    /// The codes are of another certificate than the one ordered.
    #[error("the page is of another certificate")]
    AnotherCertificate,
    /// The holder is not the card's.
    #[error("the page is of another holder")]
    AnotherHolder,
    /// It could not be read back in time, as no page of ours is.
    #[error("reading the page back took too long")]
    TookTooLong,
}

/// Checks pages, knowing whose signatures to believe.
#[derive(Clone)]
pub struct CodeVerifier {
    trust: Arc<Trust>,
    clock: Arc<dyn Clock>,
}

/// What a page says of itself, once its codes hold.
struct Verified {
    holder: HolderOnCode,
    is_of_certificate: bool,
}

impl std::fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeVerifier")
    }
}

impl CodeVerifier {
    /// Believes these.
    #[must_use]
    pub fn new(trust: Trust, clock: Arc<dyn Clock>) -> Self {
        Self {
            trust: Arc::new(trust),
            clock,
        }
    }

    /// Whether a document is the certificate that was ordered, of the holder of the card; gives
    /// its pages. Takes tens of milliseconds.
    ///
    /// # Errors
    /// [`PageRefused`].
    pub fn check(
        &self,
        page: &[u8],
        ordered: CertificateId,
        kind: CertificateKind,
        card: &HolderSeal,
    ) -> Result<u8, PageRefused> {
        let verified = self.verify(page, ordered, kind)?;
        if !card.is_of(&verified.holder) {
            return Err(PageRefused::AnotherHolder);
        }
        if !verified.is_of_certificate {
            return Err(PageRefused::AnotherCertificate);
        }
        page_count(page).map_err(|_| PageRefused::NoCode)
    }

    fn verify(
        &self,
        page: &[u8],
        ordered: CertificateId,
        kind: CertificateKind,
    ) -> Result<Verified, PageRefused> {
        let found = from_pdf(page).map_err(|_| PageRefused::NoCode)?;
        if found.is_empty() {
            return Err(PageRefused::NoCode);
        }
        // What was signed this moment is valid, also where the kiosk's clock is behind: as far as
        // the server lets it be.
        let now = self.clock.now() + time::Duration::seconds(application::FRESHNESS_SECONDS);
        let VerifiedPage { holder, codes } =
            verify_page(&found, kind, &self.trust, now).map_err(|_| PageRefused::CodesDoNotHold)?;
        let is_of_certificate = codes.iter().all(|code| names(code, ordered));
        Ok(Verified {
            holder,
            is_of_certificate,
        })
    }
}

/// Whether a code names this certificate: a card by its revocation id, which is the certificate's.
/// A card that names none is of no certificate that could be told from another.
fn names(code: &VerifiedCode, ordered: CertificateId) -> bool {
    match code {
        VerifiedCode::SmartHealthCard(card) => card
            .revocation_id
            .as_ref()
            .is_some_and(|id| id.as_str() == ordered.as_str()),
        VerifiedCode::VdsNc(object) => object.certificate_id == ordered.as_str(),
    }
}
