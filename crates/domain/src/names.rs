//! Names and addresses as registered, 外字 and variation selectors included.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longest name or address taken, in bytes of UTF-8. EF 0002 itself cannot hold more.
const LONGEST_TEXT: usize = 1024;

/// Why a text is no name or address. Never holds the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// Longer than 1024 bytes of UTF-8.
    #[error("the text is {0} bytes long, more than 1024")]
    TooLong(usize),
    /// A control character.
    #[error("the text has a control character at byte {0}")]
    Control(usize),
}

fn checked(text: String) -> Result<String, InvalidText> {
    if text.len() > LONGEST_TEXT {
        return Err(InvalidText::TooLong(text.len()));
    }
    if let Some((at, _)) = text.char_indices().find(|(_, c)| c.is_control()) {
        return Err(InvalidText::Control(at));
    }
    if text.trim().is_empty() {
        return Err(InvalidText::Empty);
    }
    Ok(text)
}

macro_rules! personal_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
        pub struct $name(String);

        impl $name {
            /// Takes a text of 1 to 1024 bytes without control characters.
            ///
            /// # Errors
            /// [`InvalidText`], without the input.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidText> {
                checked(text.into()).map(Self)
            }

            /// The text as registered.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}

personal_text! {
    /// A person's name (氏名) as registered: family name, U+3000, given name; one part only for
    /// some foreign residents.
    PersonName
}

personal_text! {
    /// An address (住所) as registered.
    Address
}

/// A name brought to the form in which card and register are compared (domain rule 12): NFKC
/// width, upper case, no spaces of any kind, no variation selectors. Only for comparing.
#[derive(
    Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Zeroize, ZeroizeOnDrop,
)]
pub struct NormalizedName(String);

impl NormalizedName {
    /// Brings any text to the form for comparing.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(
            text.nfkc()
                .filter(|c| !c.is_whitespace() && !is_variation_selector(*c))
                .flat_map(char::to_uppercase)
                .collect(),
        )
    }

    /// The normalised text, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NormalizedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NormalizedName([redacted])")
    }
}

impl PersonName {
    /// The form for comparing; see [`NormalizedName`].
    #[must_use]
    pub fn normalized(&self) -> NormalizedName {
        NormalizedName::of(&self.0)
    }

    /// Family name and given name, split at the first U+3000 or ASCII space; a name of one part
    /// has no given name.
    #[must_use]
    pub fn parts(&self) -> (&str, Option<&str>) {
        match self.0.split_once(['\u{3000}', ' ']) {
            Some((family, given)) if !given.trim().is_empty() => (family, Some(given.trim())),
            Some((family, _)) => (family, None),
            None => (&self.0, None),
        }
    }
}

/// U+FE00–FE0F and U+E0100–E01EF (Unicode 16, section 23.4), and Mongolian U+180B–180F.
fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}' | '\u{180f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_space_and_selectors_do_not_count() {
        let registered = PersonName::parse("辻\u{e0102}\u{3000}ﾊﾅｺ").unwrap();
        let card = PersonName::parse("辻 ハナコ").unwrap();
        assert_eq!(registered.normalized(), card.normalized());
        let other = PersonName::parse("辻 ハナヨ").unwrap();
        assert_ne!(registered.normalized(), other.normalized());
    }

    #[test]
    fn parts_of_a_name() {
        assert_eq!(
            PersonName::parse("黒桐\u{3000}幹也").unwrap().parts(),
            ("黒桐", Some("幹也"))
        );
        assert_eq!(
            PersonName::parse("MONONYM").unwrap().parts(),
            ("MONONYM", None)
        );
    }

    #[test]
    fn refusals_say_where_and_not_what() {
        assert_eq!(PersonName::parse("a\u{0}b"), Err(InvalidText::Control(1)));
        assert_eq!(PersonName::parse("\u{3000}"), Err(InvalidText::Empty));
        assert_eq!(
            PersonName::parse("x".repeat(2000)),
            Err(InvalidText::TooLong(2000))
        );
    }
}
