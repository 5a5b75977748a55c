//! EF 0004: `7F21 L`, in it `5F4E 0129` (16 bytes issuer key id, 16 bytes subject key id, the
//! key) and `5F37 0100`, the CA's signature over the 297 bytes of 5F4E's value.

use std::ops::Range;

use crypto::Rsa2048PublicKey;

use super::rsa_key;
use crate::{ElementaryFile, KeyId, malformation::Malformation, tlv::Objects};

/// Two key ids and an RSA-2048 key.
const BODY: usize = 297;

pub(crate) struct IssuerCertificateFile {
    pub(crate) ca: KeyId,
    pub(crate) key: Rsa2048PublicKey,
    /// What the signature is over.
    pub(crate) signed: Range<usize>,
    pub(crate) signature: [u8; 256],
}

impl IssuerCertificateFile {
    pub(crate) fn parse(file: &[u8]) -> Result<Self, Malformation> {
        ElementaryFile::IssuerCertificate.check_length(file.len())?;
        let mut whole = Objects::of_file(file);
        let outer = whole.next(0x7f21)?;
        whole.finish_with_filler()?;
        let mut objects = outer.objects();
        let body = objects.next(0x5f4e)?;
        let signature = objects.next(0x5f37)?;
        objects.finish()?;
        let content: [u8; BODY] = body.exactly()?;
        let start = body.place.start;
        let key_id = |at: usize| {
            KeyId::parse(&content[at..at + 16]).map_err(|_| Malformation::KeyId { at: start + at })
        };
        // The subject's key id has the same shape; nothing else is known about it.
        let (ca, _subject) = (key_id(0)?, key_id(16)?);
        Ok(Self {
            ca,
            key: rsa_key::parse(body.objects_from(32))?,
            signed: body.place,
            signature: signature.exactly()?,
        })
    }
}
