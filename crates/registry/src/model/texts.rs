//! Texts as a column takes them: bounded in characters, on one line.

/// Why a text is none for its column. Never holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum TextFault {
    /// Empty where something must be.
    #[error("a text is missing")]
    Missing,
    /// Longer than the column holds.
    #[error("a text is longer than {0} characters")]
    TooLong(usize),
    /// A control character.
    #[error("a text has a control character")]
    ControlCharacter,
}

/// A text of 1 to `longest` characters, without spaces around it.
pub(crate) fn required(text: &str, longest: usize) -> Result<&str, TextFault> {
    optional(text, longest)?.ok_or(TextFault::Missing)
}

/// A text of up to `longest` characters, without spaces around it; `None`: empty.
pub(crate) fn optional(text: &str, longest: usize) -> Result<Option<&str>, TextFault> {
    let text = text.trim();
    if text.chars().take(longest + 1).count() > longest {
        return Err(TextFault::TooLong(longest));
    }
    if text.chars().any(char::is_control) {
        return Err(TextFault::ControlCharacter);
    }
    Ok((!text.is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_whole_and_short() {
        assert_eq!(required(" a ", 1), Ok("a"));
        assert_eq!(required("  ", 1), Err(TextFault::Missing));
        assert_eq!(required("接種", 1), Err(TextFault::TooLong(1)));
        assert_eq!(required("a\u{7}b", 9), Err(TextFault::ControlCharacter));
        assert_eq!(optional("", 1), Ok(None));
    }
}
