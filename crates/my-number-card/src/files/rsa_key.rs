//! An RSA-2048 key: `90 03 010001`, `91 0100` modulus.

use crypto::Rsa2048PublicKey;

use crate::{malformation::Malformation, tlv::Objects};

/// Reads a key to the end of what is around it.
pub(super) fn parse(mut objects: Objects<'_>) -> Result<Rsa2048PublicKey, Malformation> {
    let exponent = objects.next(0x90)?;
    let modulus = objects.next(0x91)?;
    objects.finish()?;
    if exponent.exactly::<3>()? != [1, 0, 1] {
        return Err(Malformation::Exponent {
            at: exponent.place.start,
        });
    }
    Rsa2048PublicKey::new(modulus.exactly()?).map_err(|_| Malformation::Modulus {
        at: modulus.place.start,
    })
}
