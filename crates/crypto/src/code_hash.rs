//! Hashes of codes that people type: PBKDF2-HMAC-SHA-256 (RFC 8018), salted and slow.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use aws_lc_rs::pbkdf2;

use crate::SecureRandom;

const NAME: &str = "pbkdf2-sha256";

/// Rounds of a hash made here: OWASP's count for this function (2023).
const ITERATIONS: u32 = 600_000;

/// The fewest and the most rounds taken: fewer protect nothing, more stop whoever checks.
const BOUNDS: std::ops::RangeInclusive<u32> = 100_000..=10_000_000;

/// The hash of a code, written as `pbkdf2-sha256$rounds$salt$hash` in hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeHash {
    iterations: NonZeroU32,
    salt: [u8; 16],
    hash: [u8; 32],
}

/// Not a hash that this program wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not of the form pbkdf2-sha256$rounds$salt$hash")]
pub struct InvalidCodeHash;

impl CodeHash {
    /// Hashes a code with a fresh salt. Takes about a tenth of a second.
    #[must_use]
    pub fn of(code: &[u8], random: &dyn SecureRandom) -> Self {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let iterations = NonZeroU32::new(ITERATIONS).unwrap_or(NonZeroU32::MIN);
        let mut hash = [0; 32];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            iterations,
            &salt,
            code,
            &mut hash,
        );
        Self {
            iterations,
            salt,
            hash,
        }
    }

    /// Whether this is the code, compared in constant time. Takes as long as hashing.
    #[must_use]
    pub fn matches(&self, code: &[u8]) -> bool {
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        pbkdf2::verify(algorithm, self.iterations, &self.salt, code, &self.hash).is_ok()
    }
}

impl fmt::Display for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{NAME}${}$", self.iterations)?;
        self.salt
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("$")?;
        self.hash
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeHash([redacted])")
    }
}

impl FromStr for CodeHash {
    type Err = InvalidCodeHash;

    fn from_str(text: &str) -> Result<Self, InvalidCodeHash> {
        let parts: Vec<&str> = text.split('$').collect();
        let [NAME, iterations, salt, hash] = parts[..] else {
            return Err(InvalidCodeHash);
        };
        let iterations: NonZeroU32 = iterations.parse().map_err(|_| InvalidCodeHash)?;
        if !BOUNDS.contains(&iterations.get()) {
            return Err(InvalidCodeHash);
        }
        Ok(Self {
            iterations,
            salt: bytes(salt).ok_or(InvalidCodeHash)?,
            hash: bytes(hash).ok_or(InvalidCodeHash)?,
        })
    }
}

fn bytes<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;

    #[test]
    fn one_code_matches_and_no_other_and_it_reads_back() {
        let hash = CodeHash::of(b"20240401", &SystemRandom);
        let read: CodeHash = hash.to_string().parse().unwrap();
        assert_eq!(read, hash);
        assert!(read.matches(b"20240401"));
        assert!(!read.matches(b"20240402") && !read.matches(b""));
        assert_ne!(CodeHash::of(b"20240401", &SystemRandom), hash);
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        let (salt, hash) = ("0".repeat(32), "0".repeat(64));
        assert!(
            format!("pbkdf2-sha256$600000${salt}${hash}")
                .parse::<CodeHash>()
                .is_ok()
        );
        for bad in [
            String::new(),
            format!("pbkdf2-sha256$1${salt}${hash}"),
            format!("pbkdf2-sha256$99999999${salt}${hash}"),
            format!("md5$600000${salt}${hash}"),
            format!("pbkdf2-sha256$600000${salt}0${hash}"),
            format!("pbkdf2-sha256$600000${salt}$+{}", &hash[1..]),
            format!("pbkdf2-sha256$600000${salt}${hash}$"),
        ] {
            assert_eq!(bad.parse::<CodeHash>(), Err(InvalidCodeHash), "{bad}");
        }
    }
}
