//! The channel's signature over a request: HTTP Message Signatures (RFC 9421) in one fixed
//! profile, so that there is nothing to negotiate and nothing to strip.
//!
//! Covered are `@method`, `@path` and `content-digest` (RFC 9530), with the parameters
//! `created`, `keyid` (the channel's id in hex), `alg` and `tag`, in this order and spelling. A
//! request which says it in any other way is refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::{Es256PublicKey, Es256SigningKey, SigningFailed};
use domain::ChannelId;

use crate::binary_http::MalformedBinaryHttp;
use crate::call::Call;

/// How far, in seconds, the server's clock may be from the moment of signing, either way.
pub const FRESHNESS_SECONDS: i64 = 120;

const CONTENT_TYPE: &str = "content-type";
const CONTENT_DIGEST: &str = "content-digest";
const CHANNEL_KEY: &str = "akashi-channel-key";
const SIGNATURE_INPUT: &str = "signature-input";
const SIGNATURE: &str = "signature";

/// The only media type inside the seal, apart from problems.
pub(crate) const CONTENT_TYPE_JSON: &[u8] = b"application/json";

const COVERED: &str = r#"("@method" "@path" "content-digest");created="#;
const AFTER_CREATED: &str = r#";keyid=""#;
const AFTER_KEY_ID: &str = r#"";alg="ecdsa-p256-sha256";tag="akashi-channel-v1""#;

/// Why the channel's signature was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChannelSignatureRefused {
    /// A field of the profile is missing, doubled, or has another beside it.
    #[error("a field of the signature profile is missing, doubled or foreign")]
    Fields,
    /// The content is not said to be JSON.
    #[error("the content type is not application/json")]
    ContentType,
    /// A field is not spelled as the profile prescribes.
    #[error("the signature's fields are not spelled as prescribed")]
    Spelling,
    /// The channel's key is no P-256 `SubjectPublicKeyInfo`.
    #[error("the channel's key is no P-256 key")]
    Key,
    /// `keyid` is not SHA-256 of the channel's key.
    #[error("the key id is not the one of the key")]
    KeyId,
    /// The digest is not the one of the content.
    #[error("the content digest does not match")]
    ContentDigest,
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// Signed too long ago, or in the future. By how much is told, positive for the past.
    #[error("signed {age_seconds} s ago")]
    Expired {
        /// Seconds since it was signed.
        age_seconds: i64,
    },
}

impl From<MalformedBinaryHttp> for ChannelSignatureRefused {
    fn from(_: MalformedBinaryHttp) -> Self {
        Self::Fields
    }
}

/// A channel that proved itself, and what it signed.
#[derive(Debug, Clone)]
pub(crate) struct SignedBy {
    pub(crate) id: ChannelId,
    pub(crate) key: Es256PublicKey,
    pub(crate) content_digest: [u8; 32],
}

/// The id of a channel's key: SHA-256 of its DER `SubjectPublicKeyInfo`.
pub(crate) fn channel_id(key: &Es256PublicKey) -> ChannelId {
    ChannelId(crypto::sha256(&key.to_spki_der()))
}

/// Adds the profile's fields and the content to a request.
pub(crate) fn sign(
    message: &mut bhttp::Message,
    call: Call,
    content: &[u8],
    key: &Es256SigningKey,
    created: i64,
) -> Result<(), SigningFailed> {
    let digest = digest_field(&crypto::sha256(content));
    let parameters = parameters(created, channel_id(key.public_key()));
    let signature = key.sign(signature_base(call, &digest, &parameters).as_bytes())?;
    message.put_header(CONTENT_TYPE, CONTENT_TYPE_JSON);
    message.put_header(CONTENT_DIGEST, digest);
    message.put_header(CHANNEL_KEY, byte_sequence(&key.public_key().to_spki_der()));
    message.put_header(SIGNATURE_INPUT, format!("sig={parameters}"));
    message.put_header(SIGNATURE, format!("sig={}", byte_sequence(&signature)));
    message.write_content(content);
    Ok(())
}

/// Tells who signed a request to this call, and that it is fresh and whole.
pub(crate) fn verify(
    message: &bhttp::Message,
    call: Call,
    now: i64,
) -> Result<SignedBy, ChannelSignatureRefused> {
    let [content_type, digest, key, input, signature] = crate::binary_http::exact_fields(
        message,
        [
            CONTENT_TYPE,
            CONTENT_DIGEST,
            CHANNEL_KEY,
            SIGNATURE_INPUT,
            SIGNATURE,
        ],
    )?;
    if content_type != CONTENT_TYPE_JSON {
        return Err(ChannelSignatureRefused::ContentType);
    }
    let spki = read_byte_sequence(key)?;
    let key = Es256PublicKey::from_spki_der(&spki).map_err(|_| ChannelSignatureRefused::Key)?;
    let id = channel_id(&key);
    let input = text(input)?
        .strip_prefix("sig=")
        .ok_or(ChannelSignatureRefused::Spelling)?;
    let (created, key_id) = read_parameters(input)?;
    if key_id != id.to_string() {
        return Err(ChannelSignatureRefused::KeyId);
    }
    let signature = text(signature)?
        .strip_prefix("sig=")
        .ok_or(ChannelSignatureRefused::Spelling)?;
    let signature = read_byte_sequence(signature.as_bytes())?;
    let content_digest = crypto::sha256(message.content());
    if text(digest)? != digest_field(&content_digest) {
        return Err(ChannelSignatureRefused::ContentDigest);
    }
    key.verify(
        signature_base(call, text(digest)?, input).as_bytes(),
        &signature,
    )
    .map_err(|_| ChannelSignatureRefused::Signature)?;
    let age_seconds = now.saturating_sub(created);
    if age_seconds.saturating_abs() > FRESHNESS_SECONDS {
        return Err(ChannelSignatureRefused::Expired { age_seconds });
    }
    Ok(SignedBy {
        id,
        key,
        content_digest,
    })
}

/// The signature base (RFC 9421, section 2.5).
fn signature_base(call: Call, digest: &str, parameters: &str) -> String {
    format!(
        "\"@method\": POST\n\"@path\": {path}\n\"content-digest\": {digest}\n\
         \"@signature-params\": {parameters}",
        path = call.path()
    )
}

fn parameters(created: i64, id: ChannelId) -> String {
    format!("{COVERED}{created}{AFTER_CREATED}{id}{AFTER_KEY_ID}")
}

/// Takes the parameters apart into moment and key id, spelled exactly as [`parameters`] does.
fn read_parameters(input: &str) -> Result<(i64, &str), ChannelSignatureRefused> {
    let (created, key_id) = input
        .strip_prefix(COVERED)
        .and_then(|rest| rest.strip_suffix(AFTER_KEY_ID))
        .and_then(|rest| rest.split_once(AFTER_CREATED))
        .ok_or(ChannelSignatureRefused::Spelling)?;
    let digits = created.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || created.len() > 12 || created.starts_with('0') {
        return Err(ChannelSignatureRefused::Spelling);
    }
    let created = created
        .parse()
        .map_err(|_| ChannelSignatureRefused::Spelling)?;
    Ok((created, key_id))
}

fn digest_field(digest: &[u8; 32]) -> String {
    format!("sha-256={}", byte_sequence(digest))
}

/// A byte sequence (RFC 8941, section 3.3.5).
fn byte_sequence(bytes: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(bytes))
}

fn read_byte_sequence(field: &[u8]) -> Result<Vec<u8>, ChannelSignatureRefused> {
    field
        .strip_prefix(b":")
        .and_then(|rest| rest.strip_suffix(b":"))
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .ok_or(ChannelSignatureRefused::Spelling)
}

fn text(field: &[u8]) -> Result<&str, ChannelSignatureRefused> {
    std::str::from_utf8(field).map_err(|_| ChannelSignatureRefused::Spelling)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_767_225_600;

    fn signed(key: &Es256SigningKey) -> bhttp::Message {
        let mut message = crate::binary_http::request(Call::Offer);
        sign(&mut message, Call::Offer, b"{}", key, NOW).unwrap();
        message
    }

    /// The same request with one field's value passed through a change; `None` drops the field.
    fn changed(
        message: &bhttp::Message,
        name: &str,
        change: impl Fn(String) -> Option<String>,
    ) -> bhttp::Message {
        let mut again = crate::binary_http::request(Call::Offer);
        for field in message.header().fields() {
            let value = String::from_utf8(field.value().to_vec()).unwrap();
            if field.name() != name.as_bytes() {
                again.put_header(field.name(), value);
            } else if let Some(value) = change(value) {
                again.put_header(field.name(), value);
            }
        }
        again.write_content(message.content());
        again
    }

    #[track_caller]
    fn refused(message: &bhttp::Message, expected: ChannelSignatureRefused) {
        assert_eq!(verify(message, Call::Offer, NOW).unwrap_err(), expected);
    }

    fn key() -> Es256SigningKey {
        Es256SigningKey::generate().unwrap().0
    }

    #[test]
    fn what_a_channel_signs_is_taken() {
        let key = key();
        let by = verify(&signed(&key), Call::Offer, NOW).unwrap();
        assert_eq!(by.id, channel_id(key.public_key()));
        assert_eq!(&by.key, key.public_key());
        assert_eq!(by.content_digest, crypto::sha256(b"{}"));
    }

    #[test]
    fn the_signature_base_is_the_one_of_rfc_9421() {
        let base = signature_base(
            Call::Offer,
            &digest_field(&crypto::sha256(b"{}")),
            &parameters(NOW, ChannelId([0xab; 32])),
        );
        let expected = [
            r#""@method": POST"#,
            r#""@path": /v1/offer"#,
            r#""content-digest": sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:"#,
            concat!(
                r#""@signature-params": ("@method" "@path" "content-digest");created=1767225600;"#,
                r#"keyid="abababababababababababababababababababababababababababababababab";"#,
                r#"alg="ecdsa-p256-sha256";tag="akashi-channel-v1""#
            ),
        ];
        assert_eq!(base, expected.join("\n"));
    }

    #[test]
    fn another_path_is_refused() {
        assert_eq!(
            verify(&signed(&key()), Call::Order, NOW).unwrap_err(),
            ChannelSignatureRefused::Signature
        );
    }

    #[test]
    fn another_content_is_refused() {
        let message = signed(&key());
        let mut other = crate::binary_http::request(Call::Offer);
        for field in message.header().fields() {
            other.put_header(field.name(), field.value());
        }
        other.write_content(b"[]");
        refused(&other, ChannelSignatureRefused::ContentDigest);
        // And with a digest that fits, the signature does not.
        let fitting = changed(&other, CONTENT_DIGEST, |_| {
            Some(digest_field(&crypto::sha256(b"[]")))
        });
        refused(&fitting, ChannelSignatureRefused::Signature);
    }

    #[test]
    fn another_key_is_refused() {
        let message = signed(&key());
        let other = key();
        let spki = byte_sequence(&other.public_key().to_spki_der());
        let with_key = changed(&message, CHANNEL_KEY, |_| Some(spki.clone()));
        refused(&with_key, ChannelSignatureRefused::KeyId);
        // And with a key id that fits, the signature does not.
        let with_both = changed(&with_key, SIGNATURE_INPUT, |_| {
            let parameters = parameters(NOW, channel_id(other.public_key()));
            Some(format!("sig={parameters}"))
        });
        refused(&with_both, ChannelSignatureRefused::Signature);
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        let message = changed(&signed(&key()), CHANNEL_KEY, |_| Some(":AAAA:".to_owned()));
        refused(&message, ChannelSignatureRefused::Key);
    }

    #[test]
    fn stale_and_future_signatures_are_refused() {
        let message = signed(&key());
        for now in [NOW - 120, NOW + 120] {
            assert!(verify(&message, Call::Offer, now).is_ok());
        }
        for age_seconds in [-121, 121, 10_000_000] {
            assert_eq!(
                verify(&message, Call::Offer, NOW + age_seconds).unwrap_err(),
                ChannelSignatureRefused::Expired { age_seconds }
            );
        }
    }

    #[test]
    fn a_later_moment_written_over_the_signed_one_is_refused() {
        let message = changed(&signed(&key()), SIGNATURE_INPUT, |value| {
            Some(value.replace("1767225600", "1767225601"))
        });
        refused(&message, ChannelSignatureRefused::Signature);
    }

    #[test]
    fn any_other_spelling_is_refused() {
        for (from, to) in [
            ("\"@method\" \"@path\"", "\"@path\" \"@method\""),
            ("ecdsa-p256-sha256", "hmac-sha256"),
            ("akashi-channel-v1", "akashi-channel-v2"),
            ("created=1", "created=01"),
            ("created=1", "created=-1"),
            ("created=1767225600", "created=9999999999999"),
            ("created=1767225600", "created="),
            ("sig=", "sig1="),
            ("sig=", "sig= "),
        ] {
            let message = changed(&signed(&key()), SIGNATURE_INPUT, |value| {
                Some(value.replace(from, to))
            });
            refused(&message, ChannelSignatureRefused::Spelling);
        }
        let upper = changed(&signed(&key()), SIGNATURE_INPUT, |value| {
            let at = value.find("keyid").unwrap();
            Some(format!(
                "{}{}",
                &value[..at + 7],
                value[at + 7..].replace("a", "A")
            ))
        });
        assert!(verify(&upper, Call::Offer, NOW).is_err());
    }

    #[test]
    fn missing_doubled_and_foreign_fields_are_refused() {
        let message = signed(&key());
        for name in [
            CONTENT_TYPE,
            CONTENT_DIGEST,
            CHANNEL_KEY,
            SIGNATURE_INPUT,
            SIGNATURE,
        ] {
            refused(
                &changed(&message, name, |_| None),
                ChannelSignatureRefused::Fields,
            );
            let mut doubled = changed(&message, name, Some);
            let value = message.header().get(name.as_bytes()).unwrap().to_vec();
            doubled.put_header(name, value);
            refused(&doubled, ChannelSignatureRefused::Fields);
        }
        let mut foreign = signed(&key());
        foreign.put_header("x-forwarded-for", "::1");
        refused(&foreign, ChannelSignatureRefused::Fields);
    }

    #[test]
    fn another_content_type_is_refused() {
        let message = changed(&signed(&key()), CONTENT_TYPE, |_| {
            Some("text/plain".to_owned())
        });
        refused(&message, ChannelSignatureRefused::ContentType);
    }

    #[test]
    fn a_signature_of_another_length_is_refused() {
        for length in [0, 63, 65, 72] {
            let message = changed(&signed(&key()), SIGNATURE, |_| {
                Some(format!("sig={}", byte_sequence(&vec![1; length])))
            });
            refused(&message, ChannelSignatureRefused::Signature);
        }
    }
}
