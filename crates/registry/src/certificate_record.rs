//! Issued certificates as the register keeps them (発行済証明書).

use std::fmt;

use domain::{
    CertificateId, CertificateKind, Channel, ChannelId, Redacted, RevocationId, TermsVersion, Yen,
};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::counter_identity::CounterIdentity;

/// The application that an order belongs to: 16 random bytes, given when the challenge is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ApplicationId(pub [u8; 16]);

/// One order, as the channel asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The idempotency key, 16 random bytes of the channel.
    pub key: [u8; 16],
    /// SHA-256 over what was ordered, the server's own choice of fields.
    pub request_digest: [u8; 32],
    /// The application whose ticket was presented.
    pub application: ApplicationId,
}

/// A certificate to be recorded, signed already.
#[derive(Clone)]
pub struct NewCertificate {
    /// Its id (証明書ID).
    pub id: CertificateId,
    /// Its kind.
    pub kind: CertificateKind,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
    /// How many doses it lists.
    pub doses: u8,
    /// The fee.
    pub fee: Yen,
    /// Number of printed copies.
    pub copies: u8,
    /// The terms agreed to.
    pub terms: TermsVersion,
    /// Its revocation id.
    pub revocation_id: RevocationId,
    /// Key id (`kid`) under which its code is signed: its revocation goes to that key's list.
    pub signing_key: String,
    /// The signed certificate as issuance serialises it: opaque here, stored sealed.
    pub signed: Redacted<Zeroizing<Vec<u8>>>,
    /// The certificate that this one replaces without a fee: it is revoked in the same
    /// transaction. It must be of the same holder and kind, not delivered and not revoked.
    pub replaces: Option<CertificateId>,
}

impl fmt::Debug for NewCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewCertificate({})", self.id)
    }
}

/// A certificate as recorded.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedCertificate {
    /// Its id.
    pub id: CertificateId,
    /// Its kind.
    pub kind: CertificateKind,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
    /// Through which kind of channel.
    pub channel: Channel,
    /// Through which channel: the only one that may report its outcome.
    pub channel_id: ChannelId,
    /// The terms that the holder agreed to.
    pub terms: TermsVersion,
    /// How many doses it lists.
    pub doses: u8,
    /// The fee.
    pub fee: Yen,
    /// Number of printed copies.
    pub copies: u8,
    /// What became of it, where reported.
    pub delivery: Option<Delivery>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<OffsetDateTime>,
    /// The signed certificate as issuance serialised it.
    pub signed: Redacted<Zeroizing<Vec<u8>>>,
}

impl fmt::Debug for IssuedCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuedCertificate({})", self.id)
    }
}

/// What became of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It came out of the printer, or the phone stored it.
    Delivered,
    /// It did not: it is issued again without a fee.
    NotDelivered,
}

impl Delivery {
    /// The stable name in the record.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::NotDelivered => "not-delivered",
        }
    }
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeRecorded {
    /// It is recorded now.
    Recorded,
    /// The same was recorded before; nothing changed.
    AlreadyRecorded,
    /// The opposite was recorded before; nothing changed.
    Contradicts,
    /// No such certificate was ordered through this channel.
    UnknownCertificate,
}

/// What staff say about a reissue at the counter. Texts are stored sealed.
#[derive(Clone)]
pub struct Reissue<'a> {
    /// Why it is printed again, 1 to 500 bytes.
    pub reason: &'a str,
    /// Who stands at the counter.
    pub identity: &'a CounterIdentity,
    /// Why it is issued although the holder is flagged, 1 to 500 bytes.
    pub ground: Option<&'a str>,
}

impl Reissue<'_> {
    /// Whether the texts are as long as they have to be.
    pub(crate) fn is_reasoned(&self) -> bool {
        let fits = |text: &str| !text.trim().is_empty() && text.len() <= 500;
        fits(self.reason) && self.ground.is_none_or(fits)
    }

    /// For a sealed note.
    pub(crate) fn in_words(&self) -> String {
        let (reason, identity) = (self.reason, self.identity.in_words());
        match self.ground {
            None => format!("{reason} ({identity})"),
            Some(ground) => format!("{reason} ({identity}); although flagged: {ground}"),
        }
    }
}

impl fmt::Debug for Reissue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reissue([redacted])")
    }
}

/// What became of asking for a reissue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReissueRecorded {
    /// It is recorded: this is what was issued, to be printed again.
    Recorded(Box<IssuedCertificate>),
    /// The certificate was revoked: it is not issued again.
    Revoked,
    /// No reason of 1 to 500 bytes was given, or the ground is none.
    ReasonMissing,
    /// The holder is flagged: a ground is recorded before anything is issued.
    GroundMissing,
    /// No such certificate.
    UnknownCertificate,
}

/// What became of asking for a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationRecorded {
    /// It is revoked now.
    Revoked,
    /// It was revoked before; nothing changed.
    AlreadyRevoked,
    /// No reason of 1 to 500 bytes was given.
    ReasonMissing,
    /// No such certificate.
    UnknownCertificate,
}

/// The certificates revoked, for the CRL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocations {
    /// How many were ever revoked: grows with every revocation and never falls. The sum over all
    /// municipalities is the list's `ctr`.
    pub counter: u64,
    /// Each of them, in the order of revocation.
    pub revoked: Vec<RevokedCertificate>,
}

/// A revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// Its revocation id (`rid`).
    pub revocation_id: RevocationId,
    /// Key id (`kid`) under which it was signed.
    pub signing_key: String,
    /// When it was revoked.
    pub revoked_at: OffsetDateTime,
}
