//! A resident with a card, and what a channel makes of it.

use application::Bytes;
use application::messages::{
    ApplyRequest, ChallengeReply, ChallengeRequest, Consent, HolderTicket, OfferReply,
    OfferRequest, OrderReply, OrderRequest, PreviewReply, PreviewRequest,
    SignedBasicInformationFiles,
};
use application::messages::{Copies, Outcome, OutcomeReport};
use domain::{
    CertificateId, CertificateKind, ChannelId, Language, MunicipalityCode, Redacted, TermsVersion,
    Yen,
};
use fixtures::card::{Ef, IssuedCard};
use fixtures::municipality::{Kind, Person};
use my_number_card::{CardFiles, presence_digest};
use zeroize::Zeroizing;

use super::{ChannelClient, Ground, Refused};

/// DER of a `DigestInfo` for SHA-256 up to the digest (RFC 8017, section 9.2, note 1).
const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// The terms in force on the ground.
#[must_use]
pub fn terms() -> TermsVersion {
    TermsVersion::parse("2026-01").unwrap()
}

/// A resident with a card, right or forged.
#[derive(Debug, Clone)]
pub struct Applicant {
    /// The card.
    pub card: IssuedCard,
}

impl Applicant {
    /// A resident of a kind with the card that a municipality issued.
    #[must_use]
    pub fn of_kind(ground: &Ground, kind: Kind) -> Self {
        Self::person(ground, ground.person(kind))
    }

    /// A resident with the card that a municipality issued.
    #[must_use]
    pub fn person(ground: &Ground, person: &Person) -> Self {
        Self {
            card: ground
                .cards
                .issue(person.card_issuer, &person.on_card())
                .unwrap(),
        }
    }

    /// The application that a channel makes of this card.
    #[must_use]
    pub fn application(&self, channel: ChannelId, challenge: &ChallengeReply) -> ApplyRequest {
        let files = self.files();
        let terms = terms();
        ApplyRequest {
            presence_signature: presence_signature(
                &self.card,
                &files,
                &challenge.challenge,
                channel,
                &terms,
            )
            .map(Into::into),
            signed_basic_information: sent(&files),
            challenge: challenge.challenge.clone(),
            consent: Consent {
                terms_version: terms,
                language: Language::Japanese,
                agreed_at: 0,
            },
        }
    }

    fn files(&self) -> CardFiles {
        let file = |ef| Zeroizing::new(self.card.files.get(ef).unwrap_or_default().to_vec());
        CardFiles {
            ef0001: file(Ef::IndividualNumber),
            ef0002: file(Ef::BasicAttributes),
            ef0003: file(Ef::Integrity),
            ef0004: file(Ef::IssuerCertificate),
            ef0007: file(Ef::CardKey),
        }
    }

    /// Applies.
    pub async fn apply(&self, channel: &ChannelClient) -> Result<HolderTicket, Refused> {
        let challenge = channel.call(&ChallengeRequest {}).await?;
        channel
            .call(&self.application(channel.id(), &challenge))
            .await
    }
}

/// What this card signs, if it can.
#[must_use]
pub fn presence_signature(
    card: &IssuedCard,
    files: &CardFiles,
    challenge: &[u8; 32],
    channel: ChannelId,
    terms: &TermsVersion,
) -> Option<[u8; 256]> {
    let digest = presence_digest(challenge, &channel, &files.digest(), terms);
    let info = [&SHA256_DIGEST_INFO[..], &digest].concat();
    card.key.as_ref()?.sign_digest_info(&info)
}

fn sent(files: &CardFiles) -> SignedBasicInformationFiles {
    let file = |bytes: &[u8]| Redacted::new(Bytes(bytes.to_vec()));
    SignedBasicInformationFiles {
        ef0001: file(&files.ef0001),
        ef0002: file(&files.ef0002),
        ef0003: file(&files.ef0003),
        ef0004: file(&files.ef0004),
        ef0007: file(&files.ef0007),
    }
}

impl ChannelClient {
    /// Asks what a municipality can issue.
    pub async fn offer(
        &self,
        ticket: &HolderTicket,
        municipality: MunicipalityCode,
    ) -> Result<OfferReply, Refused> {
        self.call(&OfferRequest {
            ticket: ticket.ticket.clone(),
            municipality,
        })
        .await
    }

    /// Asks for a preview.
    pub async fn preview(
        &self,
        ticket: &HolderTicket,
        municipality: MunicipalityCode,
        kind: CertificateKind,
    ) -> Result<PreviewReply, Refused> {
        self.call(&preview(ticket, municipality, kind)).await
    }

    /// Orders one certificate under a key.
    pub async fn order(
        &self,
        ticket: &HolderTicket,
        municipality: MunicipalityCode,
        kind: CertificateKind,
        fee: u32,
        key: u8,
    ) -> Result<OrderReply, Refused> {
        self.call(&order(ticket, municipality, kind, fee, key))
            .await
    }

    /// Tells what became of a certificate.
    pub async fn report(
        &self,
        ticket: &HolderTicket,
        municipality: MunicipalityCode,
        certificate_id: CertificateId,
        outcome: Outcome,
    ) -> Result<(), Refused> {
        let report = OutcomeReport {
            ticket: ticket.ticket.clone(),
            municipality,
            certificate_id,
            outcome,
        };
        self.call(&report).await.map(drop)
    }
}

/// What asks for a preview.
#[must_use]
pub fn preview(
    ticket: &HolderTicket,
    municipality: MunicipalityCode,
    kind: CertificateKind,
) -> PreviewRequest {
    PreviewRequest {
        ticket: ticket.ticket.clone(),
        municipality,
        kind,
    }
}

/// An order of one copy under a key.
#[must_use]
pub fn order(
    ticket: &HolderTicket,
    municipality: MunicipalityCode,
    kind: CertificateKind,
    fee: u32,
    key: u8,
) -> OrderRequest {
    OrderRequest {
        ticket: ticket.ticket.clone(),
        municipality,
        kind,
        copies: Copies::ONE,
        fee: Yen(fee),
        idempotency_key: [key; 16].into(),
    }
}
