//! What can be put into a text.

use domain::Yen;
use fluent_bundle::FluentValue;

/// A value that a text takes.
pub(crate) trait Argument {
    /// As Fluent takes it: numbers as numbers, so that plural rules see them.
    fn value(&self) -> FluentValue<'_>;
}

impl Argument for u8 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Argument for u32 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Argument for Yen {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.0)
    }
}

/// A name as the server tells it, or hours as `HH:MM`.
impl Argument for &str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}
