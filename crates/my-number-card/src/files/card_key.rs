//! EF 0007: `FF50 L`, in it `DF51 0109`, the card's own key, and `DF52 0100`, the issuer's
//! signature over DF51 with its header. It names no holder.

use std::ops::Range;

use crypto::Rsa2048PublicKey;

use super::rsa_key;
use crate::{ElementaryFile, malformation::Malformation, tlv::Objects};

pub(crate) struct CardKeyFile {
    pub(crate) key: Rsa2048PublicKey,
    /// What the signature is over.
    pub(crate) signed: Range<usize>,
    pub(crate) signature: [u8; 256],
}

impl CardKeyFile {
    pub(crate) fn parse(file: &[u8]) -> Result<Self, Malformation> {
        ElementaryFile::CardKey.check_length(file.len())?;
        let mut whole = Objects::of_file(file);
        let outer = whole.next(0xff50)?;
        whole.finish_with_filler()?;
        let mut objects = outer.objects();
        let body = objects.next(0xdf51)?;
        let signature = objects.next(0xdf52)?;
        objects.finish()?;
        Ok(Self {
            key: rsa_key::parse(body.objects())?,
            signed: body.whole,
            signature: signature.exactly()?,
        })
    }
}
