//! Everything an offer or an order needs to know about one resident.

use std::fmt;

use domain::{CertificateId, CertificateKind};
use time::OffsetDateTime;

use crate::model::{Dose, RegisteredPassport, Resident};

/// One resident's records, as found by individual number.
#[derive(Clone, PartialEq, Eq)]
pub struct Dossier {
    /// The resident.
    pub resident: Resident,
    /// The doses registered here, oldest first; may be empty.
    pub doses: Vec<Dose>,
    /// The passport registered last, if any.
    pub passport: Option<RegisteredPassport>,
    /// For each kind, the last certificate that a kiosk did not deliver and that still holds: a
    /// kiosk replaces it without a fee (rule 6). A phone's are not among them: it pays nothing, and
    /// tells about itself what it got.
    pub undelivered: Vec<UndeliveredCertificate>,
}

impl Dossier {
    /// The last certificate of this kind that a kiosk did not deliver and that still holds.
    #[must_use]
    pub fn undelivered(&self, kind: CertificateKind) -> Option<&UndeliveredCertificate> {
        self.undelivered
            .iter()
            .find(|certificate| certificate.kind == kind)
    }
}

impl fmt::Debug for Dossier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dossier([redacted])")
    }
}

/// A certificate that was issued and paid for at a kiosk, and did not reach the resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndeliveredCertificate {
    /// Its id.
    pub id: CertificateId,
    /// Its kind.
    pub kind: CertificateKind,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
}
