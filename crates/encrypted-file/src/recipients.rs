//! Whom a file is encrypted to.

use std::fmt;

use age::x25519;

/// Most recipients of a file.
const MOST: usize = 64;

/// Whom a file is encrypted to: at least one, each can open it alone. Public keys, no secret.
#[derive(Clone)]
pub struct Recipients {
    pub(crate) keys: Vec<x25519::Recipient>,
}

/// The text is no list of recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRecipients {
    /// Nobody at all.
    #[error("no recipient is named")]
    Empty,
    /// More than 64.
    #[error("more than 64 recipients are named")]
    TooMany,
    /// A line that is neither a public key (`age1…`) nor a comment.
    #[error("line {0} is neither a recipient (age1…) nor a comment")]
    Line(usize),
}

impl Recipients {
    /// Reads public keys (`age1…`), a line each; `#` begins a comment.
    ///
    /// # Errors
    /// [`InvalidRecipients`].
    pub fn parse(text: &str) -> Result<Self, InvalidRecipients> {
        let mut keys = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if keys.len() == MOST {
                return Err(InvalidRecipients::TooMany);
            }
            keys.push(line.parse().map_err(|_| InvalidRecipients::Line(number))?);
        }
        if keys.is_empty() {
            return Err(InvalidRecipients::Empty);
        }
        Ok(Self { keys })
    }

    /// Each recipient as text (`age1…`), for records.
    pub fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.keys.iter().map(x25519::Recipient::to_string)
    }
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Identity;

    #[test]
    fn a_line_each() {
        let (one, two) = (Identity::generate(), Identity::generate());
        let text = format!("# two\n{}\n{}", one.recipient(), two.recipient());
        let names: Vec<_> = Recipients::parse(&text).unwrap().names().collect();
        assert_eq!(names, [one.recipient().trim(), two.recipient().trim()]);
    }

    #[test]
    fn a_secret_key_is_no_recipient() {
        let identity = Identity::generate();
        let many = identity.recipient().repeat(MOST + 1);
        for (text, error) in [
            ("", InvalidRecipients::Empty),
            (many.as_str(), InvalidRecipients::TooMany),
            (identity.to_text().as_str(), InvalidRecipients::Line(1)),
            ("age1qqqq", InvalidRecipients::Line(1)),
        ] {
            assert_eq!(Recipients::parse(text).err(), Some(error));
        }
    }
}
