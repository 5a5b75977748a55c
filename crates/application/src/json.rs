//! JSON, written into memory that is wiped and read without quoting what was read.

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// JSON that is not the message it should be: no JSON, an unknown, missing or doubled member, a
/// value of the wrong kind, or something after the end. Holds no input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the message that was expected, at line {line}, column {column}")]
pub struct MalformedMessage {
    /// Line at which reading ended, from 1.
    pub line: usize,
    /// Column at which reading ended, from 1.
    pub column: usize,
}

/// Reads a whole message.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, MalformedMessage> {
    // serde's own message would quote what it found.
    serde_json::from_slice(json).map_err(|error| MalformedMessage {
        line: error.line(),
        column: error.column(),
    })
}

/// The message was not written: it takes more than the bytes it may take, or is not JSON at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DoesNotFit;

/// Writes a message of at most `longest` bytes, into memory that is reserved once: growing would
/// leave copies behind.
pub(crate) fn write<T: Serialize>(
    message: &T,
    longest: usize,
) -> Result<Zeroizing<Vec<u8>>, DoesNotFit> {
    let mut bounded = Bounded {
        written: Zeroizing::new(Vec::with_capacity(longest)),
        longest,
    };
    serde_json::to_writer(&mut bounded, message).map_err(|_| DoesNotFit)?;
    Ok(bounded.written)
}

struct Bounded {
    written: Zeroizing<Vec<u8>>,
    longest: usize,
}

impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.written.len() + bytes.len() > self.longest {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_whole() {
        assert_eq!(write(&"four", 6).unwrap().as_slice(), b"\"four\"");
        assert_eq!(write(&"four", 5), Err(DoesNotFit));
    }

    #[test]
    fn an_error_says_where_and_not_what() {
        let error = read::<u8>(b"\"canary\"").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"));
        assert_eq!((error.line, error.column), (1, 8));
    }
}
