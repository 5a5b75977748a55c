//! `Draft → Linted → Signed`, each consumed by value.

use certificate::model::Certificate;
use domain::RevocationId;
use time::OffsetDateTime;

use crate::{Fonts, LintError, SignError, Signed, SigningKeys, lint};

/// A certificate that somebody wants issued. Nothing about it was checked.
#[derive(Debug)]
pub struct Draft(Certificate);

/// A certificate that may be signed: everything [`Draft::lint`] checks holds.
#[derive(Debug)]
pub struct Linted(Certificate);

impl Draft {
    /// Takes a certificate as the register gave it.
    #[must_use]
    pub const fn new(certificate: Certificate) -> Self {
        Self(certificate)
    }

    /// Checks everything that must hold before a signature: doses present, ordered, bounded and
    /// not in the future; every product one we know; the passport there exactly for use abroad
    /// and in the character set of a passport; every text one that its field on the page holds;
    /// every character of a name one that a font of the chain has.
    ///
    /// # Errors
    /// [`LintError`]: the first rule that does not hold. The resident goes to the counter.
    pub fn lint(self, fonts: &Fonts) -> Result<Linted, LintError> {
        lint::check(&self.0, fonts)?;
        Ok(Linted(self.0))
    }
}

impl Linted {
    /// The certificate, for showing what would be issued.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.0
    }

    /// Signs: one SMART Health Card with every dose and one for the code, and for use abroad a
    /// VDS-NC likewise. What was signed is decoded and verified before it is given out.
    ///
    /// `revocation_id` is the card's `rid`: never anything derived from the holder. The
    /// certificate's id is one.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign(
        self,
        keys: &SigningKeys,
        now: OffsetDateTime,
        revocation_id: Option<&RevocationId>,
    ) -> Result<Signed, SignError> {
        Signed::issue(self.0, keys, now, revocation_id)
    }
}
