//! Who can read: the secret keys of an identity file.

use std::fmt;

use age::secrecy::ExposeSecret as _;
use age::x25519;
use zeroize::Zeroizing;

/// Most bytes of an identity file, and most keys in it.
const LONGEST_FILE: usize = 16 * 1024;
const MOST_KEYS: usize = 16;

/// The secret keys that open files: the old one too while a new one is brought in.
pub struct Identity {
    pub(crate) keys: Vec<x25519::Identity>,
}

/// The text is no identity file. Holds a line's number, nothing of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentity {
    /// No key at all.
    #[error("there is no key in it: make one with age-keygen")]
    Empty,
    /// More than 16 KiB, or more than 16 keys.
    #[error("it is longer than an identity file: at most 16 KiB and 16 keys")]
    TooLong,
    /// A line that is neither a key (`AGE-SECRET-KEY-1…`) nor a comment.
    #[error("line {0} is neither a key (AGE-SECRET-KEY-1…) nor a comment")]
    Line(usize),
}

impl Identity {
    /// Reads an identity file as `age-keygen` writes it: a key a line, `#` begins a comment.
    ///
    /// # Errors
    /// [`InvalidIdentity`].
    pub fn parse(text: &str) -> Result<Self, InvalidIdentity> {
        if text.len() > LONGEST_FILE {
            return Err(InvalidIdentity::TooLong);
        }
        let mut keys = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if keys.len() == MOST_KEYS {
                return Err(InvalidIdentity::TooLong);
            }
            let key: x25519::Identity = line.parse().map_err(|_| InvalidIdentity::Line(number))?;
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(InvalidIdentity::Empty);
        }
        Ok(Self { keys })
    }

    /// Draws a new key.
    #[must_use]
    pub fn generate() -> Self {
        Self {
            keys: vec![x25519::Identity::generate()],
        }
    }

    /// The public halves (`age1…`), a line each: whom others encrypt to.
    #[must_use]
    pub fn recipient(&self) -> String {
        let lines = self.keys.iter().map(|key| format!("{}\n", key.to_public()));
        lines.collect()
    }

    /// The secret keys as an identity file's text.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LONGEST_FILE));
        for key in &self.keys {
            text.push_str(key.to_string().expose_secret());
            text.push('\n');
        }
        text
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_with_comments_around() {
        let identity = Identity::generate();
        let text = format!("# made today\n\n{}# end", *identity.to_text());
        let again = Identity::parse(&text).unwrap();
        assert_eq!(again.recipient(), identity.recipient());
        assert_eq!(format!("{again:?}"), "Identity([redacted])");
    }

    #[test]
    fn anything_else_is_none() {
        let key = Identity::generate().to_text();
        let many = key.repeat(MOST_KEYS + 1);
        let long = "#".repeat(LONGEST_FILE + 1);
        let public = format!("{}{}", *key, Identity::generate().recipient());
        for (text, error) in [
            ("", InvalidIdentity::Empty),
            ("# only a comment\n", InvalidIdentity::Empty),
            (&many, InvalidIdentity::TooLong),
            (&long, InvalidIdentity::TooLong),
            (&public, InvalidIdentity::Line(2)),
            (&key[..key.len() - 3], InvalidIdentity::Line(1)),
        ] {
            assert_eq!(Identity::parse(text).err(), Some(error));
        }
    }
}
