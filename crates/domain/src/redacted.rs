//! [`Redacted`]: a value about a person that must not slip into a log, an error or a `Debug`.

use std::fmt;

/// A value about a person. `Debug` says `[redacted]`; there is no `Display` and no `Serialize`.
///
/// Reading it is spelled out ([`Redacted::expose`]), so that a reviewer finds every place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Wraps a value about a person.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, by move.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> From<T> for Redacted<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// For `#[serde(with = "domain::exposed")]`: writes a redacted value out, where a sealed record
/// or a sealed message must carry it. Spelled at the field, so that nothing serialises by accident.
pub mod exposed {
    use super::Redacted;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Serialises the value inside.
    ///
    /// # Errors
    /// Whatever the serializer reports.
    pub fn serialize<T: Serialize, S: Serializer>(
        value: &Redacted<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.expose().serialize(serializer)
    }

    /// Deserialises the value and wraps it.
    ///
    /// # Errors
    /// Whatever the deserializer reports.
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Redacted<T>, D::Error> {
        T::deserialize(deserializer).map(Redacted::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_nothing() {
        assert_eq!(format!("{:?}", Redacted::new("canary")), "[redacted]");
    }
}
