//! What the card signs to prove that it is at this reader now.

use domain::{ChannelId, TermsVersion};
use zeroize::Zeroizing;

/// Names this use of the card's key, and its version.
const LABEL: &[u8] = b"akashi card presence 1\0";

/// Whether and how the card's presence is shown.
#[derive(Clone, Copy)]
pub enum Presence<'a> {
    /// The card signed [`presence_digest`] of these and of its own files.
    Signed {
        /// The challenge that the server gave, 32 random bytes.
        challenge: &'a [u8; 32],
        /// The kiosk or phone to which the challenge was given.
        channel: ChannelId,
        /// The terms of use that the holder agreed to.
        terms: &'a TermsVersion,
        /// PKCS #1 v1.5 signature by the key of EF 0007.
        signature: &'a [u8; 256],
    },
    /// Not asked for: whoever once read the card can pass. Only where the server is set to
    /// `accept_without_presence`, which a production issuer refuses.
    NotRequired,
}

/// The digest which the card signs: SHA-256 of label ‖ challenge ‖ channel ‖ files digest ‖
/// length of the terms version, one byte ‖ terms version.
///
/// `files_digest` is [`crate::CardFiles::digest`]. The label is `akashi card presence 1` and a
/// zero byte.
#[must_use]
pub fn presence_digest(
    challenge: &[u8; 32],
    channel: &ChannelId,
    files_digest: &[u8; 32],
    terms: &TermsVersion,
) -> [u8; 32] {
    crypto::sha256(&presence_message(challenge, channel, files_digest, terms))
}

pub(crate) fn presence_message(
    challenge: &[u8; 32],
    channel: &ChannelId,
    files_digest: &[u8; 32],
    terms: &TermsVersion,
) -> Zeroizing<Vec<u8>> {
    // A terms version has at most 32 characters.
    let terms_length = [terms.as_str().len() as u8];
    let parts: [&[u8]; 6] = [
        LABEL,
        challenge,
        &channel.0,
        files_digest,
        &terms_length,
        terms.as_str().as_bytes(),
    ];
    Zeroizing::new(parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts() {
        let terms = |name| TermsVersion::parse(name).unwrap();
        let base = presence_digest(&[1; 32], &ChannelId([2; 32]), &[3; 32], &terms("v1"));
        for other in [
            presence_digest(&[0; 32], &ChannelId([2; 32]), &[3; 32], &terms("v1")),
            presence_digest(&[1; 32], &ChannelId([0; 32]), &[3; 32], &terms("v1")),
            presence_digest(&[1; 32], &ChannelId([2; 32]), &[0; 32], &terms("v1")),
            presence_digest(&[1; 32], &ChannelId([2; 32]), &[3; 32], &terms("v2")),
        ] {
            assert_ne!(base, other);
        }
    }
}
