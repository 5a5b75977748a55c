//! The whole object: `{"data":…,"sig":{"alg","cer","sigvl"}}`.

use std::fmt;

use crypto::Es256Signature;
use serde_json::Value;

use super::{BarcodeSigner, PassportMissing, data};
use crate::base64url;
use crate::model::Certificate;

/// Longest object that is read, in bytes.
pub const LONGEST_OBJECT: usize = 64 * 1024;
/// 64 bytes in base64url.
const SIGNATURE_CHARACTERS: usize = 86;

/// A VDS-NC: JSON of the right outer form. Nothing more is known of it until it is verified.
#[derive(Clone, PartialEq, Eq)]
pub struct VdsNc {
    text: String,
    /// Where the data ends: the text is [`FRAME`]'s start, the data, `,"sig":`, the signature's
    /// object and `}`, as canonical JSON has its members in order.
    data_end: usize,
}

/// Why a text is no VDS-NC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVdsNc {
    /// Longer than [`LONGEST_OBJECT`].
    #[error("the object is {0} bytes long")]
    TooLong(usize),
    /// No JSON.
    #[error("no JSON at line {line}, column {column}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column.
        column: usize,
    },
    /// JSON of another kind, for instance an array around the object.
    #[error("the JSON is not an object")]
    NotAnObject,
    /// Not exactly `data` and `sig`.
    #[error("the object is not of data and sig")]
    Members,
    /// Not the canonical form (RFC 8785): a second member of one name, another order, white
    /// space, another spelling of a text or a number. A reader that takes the text as it stands
    /// and one that puts it in order could see two different things.
    #[error("the object is not in its canonical form")]
    NotCanonical,
}

impl VdsNc {
    /// Takes the text of a VDS-NC.
    ///
    /// # Errors
    /// [`InvalidVdsNc`].
    pub fn parse(text: &str) -> Result<Self, InvalidVdsNc> {
        if text.len() > LONGEST_OBJECT {
            return Err(InvalidVdsNc::TooLong(text.len()));
        }
        let value: Value = serde_json::from_str(text).map_err(|error| InvalidVdsNc::Json {
            line: error.line(),
            column: error.column(),
        })?;
        let canonical =
            serde_json_canonicalizer::to_string(&value).map_err(|_| InvalidVdsNc::NotCanonical)?;
        let Value::Object(members) = value else {
            return Err(InvalidVdsNc::NotAnObject);
        };
        let (Some(data), true, 2) = (
            members.get("data"),
            members.contains_key("sig"),
            members.len(),
        ) else {
            return Err(InvalidVdsNc::Members);
        };
        if canonical != text {
            return Err(InvalidVdsNc::NotCanonical);
        }
        let data =
            serde_json_canonicalizer::to_string(data).map_err(|_| InvalidVdsNc::NotCanonical)?;
        Ok(Self {
            text: canonical,
            data_end: FRAME[0].len() + data.len(),
        })
    }

    /// The text, canonical.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The canonical JSON that is signed.
    pub(super) fn data(&self) -> &str {
        &self.text[FRAME[0].len()..self.data_end]
    }

    /// The JSON of the signature's object.
    pub(super) fn signature(&self) -> &str {
        &self.text[self.data_end + SIGNATURE_NAME.len()..self.text.len() - 1]
    }
}

/// A VDS-NC holds personal data in the clear.
impl fmt::Debug for VdsNc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VdsNc([redacted], {} bytes)", self.text.len())
    }
}

/// A VDS-NC that lacks only its signature.
pub struct UnsignedVdsNc {
    data: String,
}

/// Whoever signs refused to, for this reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the VDS-NC was not signed")]
pub struct SigningRefused<E>(#[source] pub E);

impl UnsignedVdsNc {
    /// The certificate's newest so many doses.
    ///
    /// # Errors
    /// [`PassportMissing`].
    pub fn new(certificate: &Certificate, newest_doses: usize) -> Result<Self, PassportMissing> {
        data(certificate, newest_doses).map(|data| Self { data })
    }

    /// How many bytes the object will have.
    #[must_use]
    pub fn length_when_signed(&self, signer: &BarcodeSigner) -> usize {
        let [start, certificate, value, end] = FRAME.map(str::len);
        let signature = signer.base64url().len() + SIGNATURE_CHARACTERS;
        start + self.data.len() + certificate + value + end + signature
    }

    /// Has it signed: the closure gets the bytes to sign with ES256, by the key of the
    /// certificate.
    ///
    /// # Errors
    /// [`SigningRefused`] with the closure's own error.
    pub fn sign<E>(
        self,
        signer: &BarcodeSigner,
        sign: impl FnOnce(&[u8]) -> Result<Es256Signature, E>,
    ) -> Result<VdsNc, SigningRefused<E>> {
        let value = base64url::encode(sign(self.data.as_bytes()).map_err(SigningRefused)?);
        let [start, certificate, signature, end] = FRAME;
        let parts = [
            start,
            &self.data,
            certificate,
            signer.base64url(),
            signature,
            &value,
            end,
        ];
        Ok(VdsNc {
            text: parts.concat(),
            data_end: start.len() + self.data.len(),
        })
    }
}

/// What stands before, between and after data, certificate and signature. Names are in order and
/// base64url needs no escaping, so that the whole is canonical as its data is.
const FRAME: [&str; 4] = [
    r#"{"data":"#,
    r#","sig":{"alg":"ES256","cer":""#,
    r#"","sigvl":""#,
    r#""}}"#,
];
/// What stands before the signature's object.
const SIGNATURE_NAME: &str = r#","sig":"#;

impl fmt::Debug for UnsignedVdsNc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnsignedVdsNc([redacted])")
    }
}

/// Why there is nothing that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DoesNotFit {
    /// Not even the newest dose alone, or there is no dose.
    #[error("no dose fits {bytes} bytes")]
    NoDose {
        /// How many were to be had.
        bytes: usize,
    },
    /// There is nothing to fit.
    #[error(transparent)]
    Passport(#[from] PassportMissing),
}

/// The object with the newest doses that fit so many bytes (`Version::VDS_NC.byte_capacity()`
/// for a printed code), and how many doses they are. The same certificate and signer give the
/// same answer.
///
/// # Errors
/// [`DoesNotFit`].
pub fn newest_that_fit(
    certificate: &Certificate,
    signer: &BarcodeSigner,
    bytes: usize,
) -> Result<(UnsignedVdsNc, usize), DoesNotFit> {
    for doses in (1..=certificate.doses.len()).rev() {
        let unsigned = UnsignedVdsNc::new(certificate, doses)?;
        if unsigned.length_when_signed(signer) <= bytes {
            return Ok((unsigned, doses));
        }
    }
    Err(DoesNotFit::NoDose { bytes })
}
