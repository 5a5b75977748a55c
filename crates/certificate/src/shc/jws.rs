//! The compact JWS (RFC 7515) that a SMART Health Card is.

use std::fmt;

use crypto::Es256Signature;

use super::{IssueFacts, KeyId, deflate, payload};
use crate::base64url;
use crate::model::Certificate;

/// Most characters of a JWS that one code of version 22 holds (SHC, "Chunking").
pub const CODE_CHARACTERS: usize = 1195;
/// Longest JWS that is read, in characters.
pub const LONGEST_JWS: usize = 16 * 1024;
/// 64 bytes in base64url.
const SIGNATURE_CHARACTERS: usize = 86;

/// A SMART Health Card: a compact JWS, of three parts in base64url. Nothing is known of it but
/// its form until it is verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Jws {
    text: String,
    /// Where the two dots are.
    dots: [usize; 2],
}

/// Why a text is no compact JWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJws {
    /// Longer than [`LONGEST_JWS`].
    #[error("the JWS has {0} characters")]
    TooLong(usize),
    /// Not three parts.
    #[error("the JWS has {0} parts, not 3")]
    Parts(usize),
    /// A part that is empty or not base64url without padding.
    #[error("part {0} of the JWS, from 0, is not base64url")]
    Part(usize),
}

impl Jws {
    /// Takes a compact JWS.
    ///
    /// # Errors
    /// [`InvalidJws`].
    pub fn parse(text: &str) -> Result<Self, InvalidJws> {
        if text.len() > LONGEST_JWS {
            return Err(InvalidJws::TooLong(text.len()));
        }
        let dots: Vec<usize> = text.match_indices('.').map(|(at, _)| at).take(4).collect();
        let &[first, second] = &dots[..] else {
            return Err(InvalidJws::Parts(dots.len() + 1));
        };
        let jws = Self {
            text: text.to_owned(),
            dots: [first, second],
        };
        for (at, part) in [jws.header(), jws.payload(), jws.signature()]
            .into_iter()
            .enumerate()
        {
            if part.is_empty() || base64url::decode(part).is_none() {
                return Err(InvalidJws::Part(at));
            }
        }
        Ok(jws)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn header(&self) -> &str {
        &self.text[..self.dots[0]]
    }

    pub(super) fn payload(&self) -> &str {
        &self.text[self.dots[0] + 1..self.dots[1]]
    }

    pub(super) fn signature(&self) -> &str {
        &self.text[self.dots[1] + 1..]
    }

    /// What the signature covers.
    pub(super) fn signed(&self) -> &str {
        &self.text[..self.dots[1]]
    }
}

/// A JWS holds personal data in the clear.
impl fmt::Debug for Jws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jws([redacted], {} characters)", self.text.len())
    }
}

/// A SMART Health Card that lacks only its signature.
pub struct UnsignedJws {
    /// Header, dot, payload.
    text: String,
    header_length: usize,
}

/// Whoever signs refused to, for this reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the SMART Health Card was not signed")]
pub struct SigningRefused<E>(#[source] pub E);

impl UnsignedJws {
    /// Compresses the payload and sets the header, exactly `{"zip":"DEF","alg":"ES256","kid":…}`,
    /// before it.
    #[must_use]
    pub fn new(payload: &[u8], key: &KeyId) -> Self {
        let header = format!(r#"{{"zip":"DEF","alg":"ES256","kid":"{}"}}"#, key.as_str());
        let mut text = base64url::encode(header);
        let header_length = text.len();
        text.push('.');
        base64url::append(deflate::deflate(payload), &mut text);
        Self {
            text,
            header_length,
        }
    }

    /// How many characters the JWS will have.
    #[must_use]
    pub fn length_when_signed(&self) -> usize {
        self.text.len() + 1 + SIGNATURE_CHARACTERS
    }

    /// Has it signed: the closure gets the bytes to sign with ES256.
    ///
    /// # Errors
    /// [`SigningRefused`] with the closure's own error.
    pub fn sign<E>(
        self,
        sign: impl FnOnce(&[u8]) -> Result<Es256Signature, E>,
    ) -> Result<Jws, SigningRefused<E>> {
        let signature = sign(self.text.as_bytes()).map_err(SigningRefused)?;
        let mut text = self.text;
        let dots = [self.header_length, text.len()];
        text.push('.');
        base64url::append(signature, &mut text);
        Ok(Jws { text, dots })
    }
}

impl fmt::Debug for UnsignedJws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnsignedJws([redacted])")
    }
}

/// Not even the newest dose alone fits, or there is no dose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no dose fits {characters} characters")]
pub struct DoesNotFit {
    /// How many were to be had.
    pub characters: usize,
}

/// The card with the newest doses that fit so many characters ([`CODE_CHARACTERS`] for a code),
/// and how many doses they are. The same certificate and facts give the same answer.
///
/// # Errors
/// [`DoesNotFit`].
pub fn newest_that_fit(
    certificate: &Certificate,
    facts: &IssueFacts<'_>,
    key: &KeyId,
    characters: usize,
) -> Result<(UnsignedJws, usize), DoesNotFit> {
    (1..=certificate.doses.len())
        .rev()
        .map(|doses| {
            (
                UnsignedJws::new(&payload(certificate, doses, facts), key),
                doses,
            )
        })
        .find(|(unsigned, _)| unsigned.length_when_signed() <= characters)
        .ok_or(DoesNotFit { characters })
}
