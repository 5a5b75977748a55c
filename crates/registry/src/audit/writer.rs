//! Which chain: whose area it records, and who appends to it.

use std::fmt;

use domain::MunicipalityCode;
use serde::Deserialize;

/// An installation of the server, as the record names it: 1 to 32 of `a`–`z`, `0`–`9` and `-`.
/// Each appends to a chain of its own in every area, so that servers that share a database do not
/// wait for each other (ADR 0014).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct AuditWriter(String);

/// Not 1 to 32 of `a`–`z`, `0`–`9` and `-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an audit writer's name is 1 to 32 of a-z, 0-9 and -")]
pub struct InvalidAuditWriter;

impl AuditWriter {
    /// Takes 1 to 32 of `a`–`z`, `0`–`9` and `-`.
    ///
    /// # Errors
    /// [`InvalidAuditWriter`].
    pub fn parse(text: &str) -> Result<Self, InvalidAuditWriter> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=32).contains(&text.len()) && text.bytes().all(plain);
        fits.then(|| Self(text.to_owned()))
            .ok_or(InvalidAuditWriter)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What tells this writer's chain and notes from others': nothing for the default one, to
    /// which everything belongs that was recorded before there were several.
    pub(crate) fn mark(&self) -> &[u8] {
        if self.0 == ONLY {
            &[]
        } else {
            self.0.as_bytes()
        }
    }
}

/// The name of an installation that is the only one.
const ONLY: &str = "main";

impl Default for AuditWriter {
    /// The only installation there is.
    fn default() -> Self {
        Self(ONLY.to_owned())
    }
}

impl TryFrom<String> for AuditWriter {
    type Error = InvalidAuditWriter;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl fmt::Display for AuditWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose accesses a chain records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuditArea {
    /// What belongs to no municipality.
    System,
    /// One municipality's.
    Municipality(MunicipalityCode),
}

impl AuditArea {
    /// The area of that name: `system`, or a municipality's code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "system" {
            return Some(Self::System);
        }
        MunicipalityCode::parse(text).ok().map(Self::Municipality)
    }

    /// The stable name: `system`, or the municipality's code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::System => "system",
            Self::Municipality(code) => code.as_str(),
        }
    }
}

impl fmt::Display for AuditArea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One chain: an area's entries by one writer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainName {
    /// Whose accesses it records.
    pub area: AuditArea,
    /// Who appends to it.
    pub writer: AuditWriter,
}

impl fmt::Display for ChainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.area, self.writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writers_name_is_short_and_plain() {
        assert!(AuditWriter::parse("server-2").is_ok());
        for bad in ["", "Main", "a b", "../x", &"a".repeat(33)] {
            assert_eq!(AuditWriter::parse(bad), Err(InvalidAuditWriter));
        }
    }

    #[test]
    fn an_areas_name_is_read_again() {
        let setagaya = MunicipalityCode::parse("131121").unwrap();
        for area in [AuditArea::System, AuditArea::Municipality(setagaya)] {
            assert_eq!(AuditArea::parse(area.as_str()), Some(area));
        }
        assert_eq!(AuditArea::parse("131120"), None);
    }
}
