//! EF 0003: `FF30 L`, in it `DF31 20` and `DF32 20`, the digests of EF 0001 and EF 0002, and
//! `DF33 0100`, the issuer's signature over both objects with their headers.

use std::ops::Range;

use crate::{ElementaryFile, malformation::Malformation, tlv::Objects};

pub(crate) struct IntegrityFile {
    /// SHA-256 of EF 0001 as stored, filler included.
    pub(crate) individual_number_digest: [u8; 32],
    /// SHA-256 of EF 0002's content after DF21.
    pub(crate) attributes_digest: [u8; 32],
    /// What the signature is over.
    pub(crate) signed: Range<usize>,
    pub(crate) signature: [u8; 256],
}

impl IntegrityFile {
    pub(crate) fn parse(file: &[u8]) -> Result<Self, Malformation> {
        ElementaryFile::Integrity.check_length(file.len())?;
        let mut whole = Objects::of_file(file);
        let outer = whole.next(0xff30)?;
        whole.finish_with_filler()?;
        let mut objects = outer.objects();
        let individual_number = objects.next(0xdf31)?;
        let attributes = objects.next(0xdf32)?;
        let signature = objects.next(0xdf33)?;
        objects.finish()?;
        Ok(Self {
            individual_number_digest: individual_number.exactly()?,
            attributes_digest: attributes.exactly()?,
            signed: individual_number.whole.start..attributes.whole.end,
            signature: signature.exactly()?,
        })
    }
}
