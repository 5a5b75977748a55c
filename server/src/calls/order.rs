//! `order`: one certificate.
//!
//! Everything that makes it exist happens in one transaction of the municipality's register:
//! eligibility is decided again, the draft linted, signed, recorded and audited. A certificate
//! exists exactly if its record exists; what is handed out is made from what was recorded, so
//! that the same order again gives the same codes, also after a failure in between.

use std::sync::Arc;

use application::Bytes;
use application::messages::{Credentials, OrderReply, OrderRequest};
use certificate::shc::KeyId;
use crypto::Sha256;
use domain::{CertificateId, Channel, Redacted, RevocationId};
use issuance::{DamagedRecord, Draft, LintError, SignError, Signed};
use registry::{Dossier, FoundOrder, IssuingTransaction, NewCertificate, Order, RegistryError};
use zeroize::Zeroizing;

use super::Caller;
use super::page::{PageError, page};
use super::sitting::{Sitting, SittingRefused};
use crate::even_time::EvenTime;
use crate::municipalities::issuer;
use crate::service::Service;
use crate::unsignable;

/// Why an order is refused.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// Nobody gets one here and now.
    #[error(transparent)]
    Refused(#[from] SittingRefused),
    /// More than one copy for a phone.
    #[error("a phone gets one copy")]
    Copies,
    /// What is ordered cannot be issued to this holder: for whatever reason (domain rule 7).
    #[error("what is ordered is not available")]
    NotAvailable,
    /// It may not be signed; the channel is told as of [`Self::NotAvailable`], staff are told why.
    #[error("what is ordered is not available")]
    Unsignable(#[from] LintError),
    /// The fee is not what the resident was shown.
    #[error("the fee is not the one that was shown")]
    FeeChanged,
    /// The register could not be asked or written; or the key was used for another order.
    #[error(transparent)]
    Register(#[from] RegistryError),
    /// Nothing was signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// What was recorded cannot be read.
    #[error(transparent)]
    Record(#[from] DamagedRecord),
    /// The page was not made.
    #[error(transparent)]
    Page(#[from] PageError),
}

pub(super) async fn answer(
    service: &Arc<Service>,
    caller: &Caller,
    request: &OrderRequest,
) -> Result<OrderReply, OrderError> {
    // What was issued is handed out again to whoever ordered it, also when the ticket's time ended
    // between the order and its repetition; for a new order the time is checked below.
    let sitting = Sitting::at_any_time(service, caller, &request.ticket, request.municipality)?;
    if caller.channel == Channel::Phone && request.copies.get() != 1 {
        return Err(OrderError::Copies);
    }
    sitting.count()?;
    let even = EvenTime::begin();
    match Box::pin(found_or_issued(&sitting, request)).await {
        Ok(sealed) => {
            let signed = Signed::from_sealed_record(sealed.expose())?;
            deliver(service, caller.channel, signed).await
        }
        // A phone may order without asking for an offer: why it gets nothing is not to be timed.
        Err(refused) => {
            even.end().await;
            Err(refused)
        }
    }
}

/// What was issued for this order before, or is now.
async fn found_or_issued(
    sitting: &Sitting<'_>,
    request: &OrderRequest,
) -> Result<Sealed, OrderError> {
    let order = Order {
        key: *request.idempotency_key,
        request_digest: digest(request),
        application: sitting.ticket.application,
    };
    let register = sitting.register().await?;
    let suspended = sitting.is_suspended().await?;
    let mut transaction = register.begin_issue().await?;
    match transaction.find_order(&order).await? {
        Some(FoundOrder::Issued(before)) if !suspended => Ok(before.signed),
        Some(FoundOrder::Issued(_) | FoundOrder::Over) => {
            let refused = OrderError::NotAvailable;
            transaction.refuse(refusal_code(&refused), None).await?;
            Err(refused)
        }
        None => issue(sitting, transaction, &order, request).await,
    }
}

/// What tells one order from another under the same key, within one municipality (each register
/// knows the keys of its own orders only): everything that was asked for. The ticket is told apart
/// by its application, so that an extended one is the same.
fn digest(request: &OrderRequest) -> [u8; 32] {
    let mut sum = Sha256::new();
    sum.update(request.kind.as_str().as_bytes());
    sum.update(&[0, request.copies.get()]);
    sum.update(&request.fee.0.to_be_bytes());
    sum.finish()
}

/// Issues within the transaction and commits, or leaves nothing but the record of a refusal.
async fn issue(
    sitting: &Sitting<'_>,
    mut transaction: IssuingTransaction,
    order: &Order,
    request: &OrderRequest,
) -> Result<Sealed, OrderError> {
    // A new certificate is issued in the ticket's time and in hours only; what was issued before
    // is handed out again at any time and hour.
    sitting.check_time()?;
    let dossier = transaction
        .dossier(sitting.ticket.holder.my_number())
        .await?;
    let dossier = sitting.unless_suspended(dossier).await?;
    let (certificate, signed) = match sign(sitting, dossier.as_ref(), request) {
        Ok(signed) => signed,
        Err(refused) => {
            let mut note = None;
            if let OrderError::Unsignable(error) = &refused {
                note = Some(unsignable::note(error));
            }
            let note = note.as_deref().map(String::as_str);
            transaction.refuse(refusal_code(&refused), note).await?;
            return Err(refused);
        }
    };
    transaction
        .record_certificate(order, &certificate)
        .await?
        .commit()
        .await?;
    Ok(signed)
}

/// Decides again, lints and signs: `Draft → Linted → Signed`.
fn sign(
    sitting: &Sitting<'_>,
    dossier: Option<&Dossier>,
    request: &OrderRequest,
) -> Result<(NewCertificate, Sealed), OrderError> {
    let service = sitting.service;
    let dossier = dossier.ok_or(OrderError::NotAvailable)?;
    let eligible = sitting
        .eligible(Some(dossier))
        .map_err(|_| OrderError::NotAvailable)?;
    let id = new_id(service);
    let issuer = issuer(sitting.municipality);
    let certificate = eligible
        .certificate(id, request.kind, issuer, sitting.today())
        .ok_or(OrderError::NotAvailable)?;
    let linted = Draft::new(certificate).lint(&service.fonts)?;
    if request.fee != sitting.fee(dossier, request.kind) {
        return Err(OrderError::FeeChanged);
    }
    let doses =
        u8::try_from(linted.certificate().doses.len()).map_err(|_| OrderError::NotAvailable)?;
    // The card is revoked by the certificate's id, which is random and nobody's.
    let revocation_id = RevocationId::from(id);
    let signed = linted.sign(&service.signing, sitting.now, Some(&revocation_id))?;
    let sealed = Redacted::new(signed.to_sealed_record());
    let certificate = NewCertificate {
        id,
        kind: request.kind,
        issued_at: sitting.now,
        doses,
        fee: request.fee,
        copies: request.copies.get(),
        terms: sitting.ticket.terms.clone(),
        revocation_id,
        signing_key: KeyId::of(service.signing.shc_public_key())
            .as_str()
            .to_owned(),
        signed: sealed.clone(),
        replaces: sitting
            .owed(dossier, request.kind)
            .map(|spoiled| spoiled.id),
    };
    Ok((certificate, sealed))
}

fn new_id(service: &Service) -> CertificateId {
    let mut random = [0; 12];
    service.random.fill(&mut random);
    CertificateId::from_random(random)
}

/// The signed certificate as the register keeps it.
type Sealed = Redacted<Zeroizing<Vec<u8>>>;

/// The word for auditors. Why somebody is not to be served at a kiosk is not in it: who looks
/// after the chain need not know who is protected.
const fn refusal_code(error: &OrderError) -> &'static str {
    match error {
        OrderError::NotAvailable | OrderError::Unsignable(_) => "order-not-available",
        OrderError::FeeChanged => "fee-changed",
        OrderError::Refused(_)
        | OrderError::Copies
        | OrderError::Register(_)
        | OrderError::Sign(_)
        | OrderError::Record(_)
        | OrderError::Page(_) => "internal",
    }
}

/// What the channel gets: a kiosk the page, a phone the credentials.
async fn deliver(
    service: &Arc<Service>,
    channel: Channel,
    signed: Signed,
) -> Result<OrderReply, OrderError> {
    let certificate_id = signed.certificate().id;
    Ok(match channel {
        Channel::Phone => OrderReply {
            certificate_id,
            document: None,
            credentials: Some(credentials(&signed)),
        },
        Channel::Kiosk | Channel::Counter => OrderReply {
            certificate_id,
            document: Some(Redacted::new(issued_page(service, signed).await?)),
            credentials: None,
        },
    })
}

async fn issued_page(service: &Arc<Service>, signed: Signed) -> Result<Bytes, PageError> {
    page(service, move |service| {
        issuance::page::render(&signed, &service.fonts, &service.page_options(None))
    })
    .await
}

fn credentials(signed: &Signed) -> Credentials {
    let text = |text: &str| Redacted::new(text.to_owned());
    Credentials {
        smart_health_card: text(signed.smart_health_card().as_str()),
        smart_health_card_code: text(signed.smart_health_card_code().as_str()),
        vds_nc: signed.vds_nc().map(|object| text(object.as_str())),
        vds_nc_code: signed.vds_nc_code().map(|object| text(object.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use application::messages::Copies;
    use domain::{CertificateKind, MunicipalityCode, Yen};

    fn request() -> OrderRequest {
        OrderRequest {
            ticket: Bytes(vec![1; 40]),
            municipality: MunicipalityCode::parse("131121").unwrap(),
            kind: CertificateKind::Domestic,
            copies: Copies::ONE,
            fee: Yen(120),
            idempotency_key: [7; 16].into(),
        }
    }

    #[test]
    fn an_order_is_told_from_others_in_its_municipality_by_what_it_asks() {
        let changes: [fn(&mut OrderRequest); 3] = [
            |order| order.kind = CertificateKind::Abroad,
            |order| order.copies = Copies::MOST,
            |order| order.fee = Yen(0),
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut other = request();
            change(&mut other);
            assert_ne!(digest(&other), digest(&request()), "change {at}");
        }
    }

    #[test]
    fn an_extended_ticket_is_the_same_order() {
        let mut extended = request();
        extended.ticket = Bytes(vec![2; 40]);
        assert_eq!(digest(&extended), digest(&request()));
    }

    #[test]
    fn auditors_are_not_told_who_is_protected() {
        assert_eq!(
            refusal_code(&OrderError::NotAvailable),
            "order-not-available"
        );
    }
}
