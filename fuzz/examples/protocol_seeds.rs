//! Writes the seeds of `sealed_request`, `sealed_reply`, `sealing_configuration`, `messages` and
//! `problem`: what honest peers say.

use std::error::Error;
use std::path::Path;

use application::client::{ChannelKey, Exchange, PinnedKey, SealingConfiguration};
use application::messages::{
    ApplyRequest, Availability, ChallengeRequest, Consent, Copies, OfferReply, OfferRequest,
    OfferedKind, OpenRequest, OrderRequest, Outcome, OutcomeReport, RequestMessage,
    SignedBasicInformationFiles,
};
use application::server::{SealingKey, SealingKeys};
use application::{Bytes, FixedBytes, Problem, ProblemType};
use crypto::Es256SigningKey;
use domain::{
    CertificateId, CertificateKind, Language, MunicipalityCode, Redacted, TermsVersion, Yen,
};
use ohttp::hpke::{Aead, Kdf, Kem};

/// The moment at which the targets take place.
const NOW: i64 = 1_767_225_600;

type Written = Result<(), Box<dyn Error>>;

fn main() -> Written {
    let key = SealingKey::from_seed(1, &[7; 32])?;
    let keys = SealingKeys::new(vec![key])?;
    let (signer, _) = Es256SigningKey::generate()?;
    let served = keys.sign_configuration(&signer, NOW, NOW + 60)?;
    write("sealing_configuration", "one", &served.key_configurations)?;
    write(
        "sealing_configuration",
        "json",
        &serde_json::to_vec(&served)?,
    )?;
    let pinned = PinnedKey::from_spki_der(&signer.public_key().to_spki_der())?;
    let configuration = pinned.verify(&serde_json::to_vec(&served)?, NOW)?;

    let municipality = MunicipalityCode::parse("131121")?;
    let ticket = Bytes(vec![3; 40]);
    let certificate_id = CertificateId::from_random([3; 12]);
    request(&configuration, "open", &OpenRequest {})?;
    request(&configuration, "challenge", &ChallengeRequest {})?;
    request(&configuration, "apply", &application()?)?;
    request(
        &configuration,
        "offer",
        &OfferRequest {
            ticket: ticket.clone(),
            municipality,
        },
    )?;
    request(
        &configuration,
        "order",
        &OrderRequest {
            ticket: ticket.clone(),
            municipality,
            kind: CertificateKind::Abroad,
            copies: Copies::ONE,
            fee: Yen(120),
            idempotency_key: FixedBytes([4; 16]),
        },
    )?;
    request(
        &configuration,
        "outcome",
        &OutcomeReport {
            ticket,
            municipality,
            certificate_id,
            outcome: Outcome::Delivered,
        },
    )?;
    replies()?;
    for kind in ProblemType::ALL {
        write("problem", kind.name(), &Problem::new(*kind).to_json())?;
    }
    Ok(())
}

/// A message, and the same signed and in binary HTTP, without its padding.
fn request<R: RequestMessage>(
    configuration: &SealingConfiguration,
    name: &str,
    request: &R,
) -> Written {
    write("messages", name, &serde_json::to_vec(request)?)?;
    let (channel, _) = ChannelKey::generate()?;
    let exchange = Exchange::new(configuration, &channel, request, NOW)?;
    let suite = ohttp::SymmetricSuite::new(Kdf::HkdfSha256, Aead::Aes128Gcm);
    let server = ohttp::KeyConfig::derive(1, Kem::X25519Sha256, vec![suite], &[7; 32])
        .and_then(ohttp::Server::new)?;
    let (mut plain, _) = server.decapsulate(&exchange.sealed_request)?;
    while plain.last() == Some(&0) {
        plain.pop();
    }
    write("sealed_request", name, &plain)
}

fn application() -> Result<ApplyRequest, Box<dyn Error>> {
    let file = || Redacted::new(Bytes(vec![0x5a; 20]));
    Ok(ApplyRequest {
        signed_basic_information: SignedBasicInformationFiles {
            ef0001: file(),
            ef0002: file(),
            ef0003: file(),
            ef0004: file(),
            ef0007: file(),
        },
        challenge: FixedBytes([1; 32]),
        presence_signature: Some(FixedBytes([2; 256])),
        consent: Consent {
            terms_version: TermsVersion::parse("2026-01").ok_or("a version")?,
            language: Language::Japanese,
            agreed_at: NOW,
        },
    })
}

/// Offers, as messages and as binary HTTP.
fn replies() -> Written {
    let kinds = vec![
        OfferedKind {
            kind: CertificateKind::Abroad,
            availability: Availability::PassportNotRegistered,
        },
        OfferedKind {
            kind: CertificateKind::Domestic,
            availability: Availability::Offered {
                fee: Yen(120),
                doses: 7,
                doses_in_code: 4,
            },
        },
    ];
    let offers = [
        ("not-here", OfferReply::NotHere),
        ("available", OfferReply::Available { kinds }),
    ];
    for (name, offer) in offers {
        let json = serde_json::to_vec(&offer)?;
        write("messages", name, &json)?;
        // Framing, status 200, one field, content (RFC 9292).
        let length = u16::try_from(json.len())? | 0x4000;
        let fields = b"\x0ccontent-type\x10application/json";
        let head = [&b"\x01\x40\xc8\x1e"[..], fields, &length.to_be_bytes()].concat();
        write("sealed_reply", name, &[head, json].concat())?;
    }
    Ok(())
}

fn write(target: &str, name: &str, seed: &[u8]) -> Written {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join(format!("seed-{name}")), seed)?)
}
