//! From five well-formed files to a holder, in four steps (see the crate's documentation).

use time::Date;

use crate::{
    ElementaryFile, KeyId, Presence, SignedBasicInformation, TrustedCardCas, VerifiedHolder,
    presence::presence_message,
};

/// The step that failed. None of them tells anything about the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerificationError {
    /// Step 1: EF 0004 names a CA whose key is not trusted; nothing was checked.
    #[error("the card CA {0} is not trusted")]
    UnknownCaKey(KeyId),
    /// Step 1: the CA's signature over EF 0004.
    #[error("the CA's signature over the issuer's certificate does not hold")]
    IssuerCertificateSignature,
    /// Step 2: the issuer's signature over EF 0003.
    #[error("the issuer's signature over the digests does not hold")]
    IntegritySignature,
    /// Step 2: EF 0001 is not the file that EF 0003 speaks of.
    #[error("the individual number's digest does not match")]
    IndividualNumberDigest,
    /// Step 2: EF 0002 is not the file that EF 0003 speaks of.
    #[error("the attributes' digest does not match")]
    AttributesDigest,
    /// Step 3: the issuer's signature over EF 0007.
    #[error("the issuer's signature over the card's key does not hold")]
    CardKeySignature,
    /// Step 4: the card's signature over challenge, channel, files and terms.
    #[error("the card's signature over the challenge does not hold")]
    PresenceSignature,
    /// The attributes are authentic, and yet the birth date lies ahead.
    #[error("the birth date lies in the future")]
    BirthDateInFuture,
}

/// Verifies in this order: issuer certificate under a trusted CA; digests under the issuer's key,
/// and both files against them; the card's key under the issuer's key; the card's signature over
/// the challenge. `today` is the date in Japan.
///
/// What this proves, and what it does not: number and attributes are authentic and belong
/// together, and *a card of this issuer* is at the channel's reader now. EF 0007 names nobody, so
/// it need not be the card that the files came from.
///
/// # Errors
/// [`VerificationError`], the first step that fails.
pub fn verify(
    information: &SignedBasicInformation,
    trusted: &TrustedCardCas,
    presence: Presence<'_>,
    today: Date,
) -> Result<VerifiedHolder, VerificationError> {
    issuer_certificate(information, trusted)?;
    integrity(information)?;
    card_key(information)?;
    card_is_present(information, presence)?;
    if information.attributes().birth_date.date() > today {
        return Err(VerificationError::BirthDateInFuture);
    }
    Ok(VerifiedHolder::new(
        information.my_number().clone(),
        information.attributes().clone(),
        crypto::sha256(information.card_key.key.modulus()),
    ))
}

fn issuer_certificate(
    information: &SignedBasicInformation,
    trusted: &TrustedCardCas,
) -> Result<(), VerificationError> {
    let certificate = &information.issuer_certificate;
    let file = information.files().get(ElementaryFile::IssuerCertificate);
    trusted
        .find(&certificate.ca)
        .ok_or(VerificationError::UnknownCaKey(certificate.ca))?
        .verify(&file[certificate.signed.clone()], &certificate.signature)
        .map_err(|_| VerificationError::IssuerCertificateSignature)
}

fn integrity(information: &SignedBasicInformation) -> Result<(), VerificationError> {
    let integrity = &information.integrity;
    let files = information.files();
    let signed = &files.get(ElementaryFile::Integrity)[integrity.signed.clone()];
    information
        .issuer_certificate
        .key
        .verify(signed, &integrity.signature)
        .map_err(|_| VerificationError::IntegritySignature)?;
    if crypto::sha256(files.get(ElementaryFile::IndividualNumber))
        != integrity.individual_number_digest
    {
        return Err(VerificationError::IndividualNumberDigest);
    }
    let digested = information.basic_attributes.digested.clone();
    let attributes = &files.get(ElementaryFile::BasicAttributes)[digested];
    if crypto::sha256(attributes) != integrity.attributes_digest {
        return Err(VerificationError::AttributesDigest);
    }
    Ok(())
}

fn card_key(information: &SignedBasicInformation) -> Result<(), VerificationError> {
    let card_key = &information.card_key;
    let file = information.files().get(ElementaryFile::CardKey);
    information
        .issuer_certificate
        .key
        .verify(&file[card_key.signed.clone()], &card_key.signature)
        .map_err(|_| VerificationError::CardKeySignature)
}

fn card_is_present(
    information: &SignedBasicInformation,
    presence: Presence<'_>,
) -> Result<(), VerificationError> {
    match presence {
        Presence::NotRequired => Ok(()),
        Presence::Signed {
            challenge,
            channel,
            terms,
            signature,
        } => {
            let files_digest = information.files_digest();
            let message = presence_message(challenge, &channel, &files_digest, terms);
            information
                .card_key
                .key
                .verify(&message, signature)
                .map_err(|_| VerificationError::PresenceSignature)
        }
    }
}
