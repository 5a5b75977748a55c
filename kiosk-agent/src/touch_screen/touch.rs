//! What the page sends: one [`Touch`] at a time. The page may be anybody's: everything is
//! bounded, and what is not exactly one of these is refused.

use std::fmt;

use domain::{Language, MunicipalityCode};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The longest touch taken, in bytes.
pub(super) const LONGEST_TOUCH: usize = 256;

/// The longest name of a choice, in bytes.
const LONGEST_CHOICE: usize = 32;

/// The most digits of a staff code.
const LONGEST_STAFF_CODE: usize = 16;

/// What the resident did, on which view.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touch {
    /// The number of the view that was on the screen.
    pub view: u64,
    /// What was done.
    #[serde(rename = "do")]
    pub action: Do,
}

/// What the resident did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WrittenDo")]
pub enum Do {
    /// Begins.
    Start,
    /// Chose one of the choices.
    Choose(ChoiceId),
    /// Agrees to the terms.
    Agree,
    /// Does not.
    Decline,
    /// One digit of the PIN.
    Digit(Digit),
    /// Takes the last digit back.
    Erase,
    /// The PIN is complete.
    Enter,
    /// A municipality.
    Municipality(MunicipalityCode),
    /// Another language, at any time.
    Language(Language),
    /// More time.
    MoreTime,
    /// Cancel.
    Cancel,
    /// One step back.
    Back,
    /// Staff, with the code of their key.
    StaffCode(StaffCode),
}

/// The name of a choice: small letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceId(String);

/// One digit of a PIN, as ASCII; wiped when dropped, redacted in `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Digit(u8);

/// What was entered for the staff screen: 1 to 16 ASCII digits; wiped when dropped, redacted in
/// `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct StaffCode(String);

/// Why a message from the page is no touch. It does not say what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TouchRefused {
    /// Too long.
    #[error("a touch of {0} bytes")]
    TooLong(usize),
    /// Not JSON, or not one of the touches.
    #[error("no touch that is known")]
    Malformed,
}

impl Touch {
    /// Parses what the page sent.
    ///
    /// # Errors
    /// [`TouchRefused`].
    pub fn parse(message: &str) -> Result<Self, TouchRefused> {
        if message.len() > LONGEST_TOUCH {
            return Err(TouchRefused::TooLong(message.len()));
        }
        serde_json::from_str(message).map_err(|_| TouchRefused::Malformed)
    }
}

impl ChoiceId {
    /// Takes 1 to 32 small letters, digits and hyphens; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=LONGEST_CHOICE).contains(&text.len()) && text.bytes().all(known);
        fits.then(|| Self(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Digit {
    /// The ASCII digit, for the entry that becomes the PIN.
    #[must_use]
    pub const fn expose(&self) -> u8 {
        self.0
    }
}

impl StaffCode {
    /// The digits, for comparing them in constant time.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digit([redacted])")
    }
}

impl fmt::Debug for StaffCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffCode([redacted])")
    }
}

// serde's own reading of tagged enums lets unknown members of a variant without any pass, so a
// touch is read from a flat form that refuses them.

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDo {
    r#type: DoType,
    id: Option<String>,
    digit: Option<u8>,
    code: Option<String>,
    tag: Option<Language>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum DoType {
    Start,
    Choose,
    Agree,
    Decline,
    Digit,
    Erase,
    Enter,
    Municipality,
    Language,
    MoreTime,
    Cancel,
    Back,
    StaffCode,
}

impl TryFrom<WrittenDo> for Do {
    type Error = TouchRefused;

    fn try_from(written: WrittenDo) -> Result<Self, TouchRefused> {
        let WrittenDo {
            r#type,
            id,
            digit,
            code,
            tag,
        } = written;
        let parsed = match (r#type, id, digit, code, tag) {
            (DoType::Choose, Some(id), None, None, None) => ChoiceId::parse(&id).map(Self::Choose),
            (DoType::Digit, None, Some(digit @ 0..=9), None, None) => {
                Some(Self::Digit(Digit(b'0' + digit)))
            }
            (DoType::Municipality, None, None, Some(code), None) => {
                MunicipalityCode::parse(&code).ok().map(Self::Municipality)
            }
            (DoType::StaffCode, None, None, Some(code), None) => {
                staff_code(code).map(Self::StaffCode)
            }
            (DoType::Language, None, None, None, Some(tag)) => Some(Self::Language(tag)),
            (plain, None, None, None, None) => Self::plain(plain),
            (_, _, _, _, _) => None,
        };
        parsed.ok_or(TouchRefused::Malformed)
    }
}

impl Do {
    /// Those that carry nothing.
    const fn plain(written: DoType) -> Option<Self> {
        match written {
            DoType::Start => Some(Self::Start),
            DoType::Agree => Some(Self::Agree),
            DoType::Decline => Some(Self::Decline),
            DoType::Erase => Some(Self::Erase),
            DoType::Enter => Some(Self::Enter),
            DoType::MoreTime => Some(Self::MoreTime),
            DoType::Cancel => Some(Self::Cancel),
            DoType::Back => Some(Self::Back),
            DoType::Choose
            | DoType::Digit
            | DoType::Municipality
            | DoType::Language
            | DoType::StaffCode => None,
        }
    }
}

fn staff_code(code: String) -> Option<StaffCode> {
    // Wiped also where it is not taken.
    let code = StaffCode(code);
    let fits = (1..=LONGEST_STAFF_CODE).contains(&code.0.len())
        && code.0.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(action: &str) -> Result<Do, TouchRefused> {
        Touch::parse(&format!(r#"{{"view":7,"do":{action}}}"#)).map(|touch| {
            assert_eq!(touch.view, 7);
            touch.action
        })
    }

    #[test]
    fn each_touch_has_one_form() {
        let code = MunicipalityCode::parse("131121").unwrap();
        for (written, expected) in [
            (r#"{"type":"start"}"#, Do::Start),
            (
                r#"{"type":"choose","id":"abroad"}"#,
                Do::Choose(ChoiceId("abroad".to_owned())),
            ),
            (r#"{"type":"agree"}"#, Do::Agree),
            (r#"{"type":"decline"}"#, Do::Decline),
            (r#"{"type":"digit","digit":4}"#, Do::Digit(Digit(b'4'))),
            (r#"{"type":"erase"}"#, Do::Erase),
            (r#"{"type":"enter"}"#, Do::Enter),
            (
                r#"{"type":"municipality","code":"131121"}"#,
                Do::Municipality(code),
            ),
            (
                r#"{"type":"language","tag":"ja-x-easy"}"#,
                Do::Language(Language::EasyJapanese),
            ),
            (r#"{"type":"more-time"}"#, Do::MoreTime),
            (r#"{"type":"cancel"}"#, Do::Cancel),
            (r#"{"type":"back"}"#, Do::Back),
            (
                r#"{"type":"staff-code","code":"8642"}"#,
                Do::StaffCode(StaffCode("8642".to_owned())),
            ),
        ] {
            assert_eq!(done(written), Ok(expected), "{written}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            r#"{"type":"print"}"#,
            r#"{"type":"start","id":"abroad"}"#,
            r#"{"type":"start","more":1}"#,
            r#"{"type":"choose"}"#,
            r#"{"type":"choose","id":""}"#,
            r#"{"type":"choose","id":"Abroad"}"#,
            r#"{"type":"choose","id":"a","digit":1}"#,
            r#"{"type":"digit","digit":10}"#,
            r#"{"type":"digit","digit":-1}"#,
            r#"{"type":"digit","digit":"4"}"#,
            r#"{"type":"municipality","code":"131122"}"#,
            r#"{"type":"language","tag":"tlh"}"#,
            r#"{"type":"staff-code","code":"x"}"#,
            r#"{"type":"staff-code","code":"12345678901234567"}"#,
            r#""start""#,
            "[]",
            "null",
        ] {
            assert_eq!(done(bad), Err(TouchRefused::Malformed), "{bad}");
        }
        for bad in [
            "",
            "start",
            r#"{"do":{"type":"start"}}"#,
            r#"{"view":-1,"do":{"type":"start"}}"#,
            r#"{"view":7,"do":{"type":"start"},"x":1}"#,
            r#"{"view":7,"do":{"type":"start"}} {}"#,
        ] {
            assert_eq!(Touch::parse(bad), Err(TouchRefused::Malformed), "{bad}");
        }
    }

    #[test]
    fn a_long_message_is_not_even_looked_at() {
        let long = format!(r#"{{"view":7,"do":{{"type":"start"}}}}{}"#, " ".repeat(256));
        assert_eq!(Touch::parse(&long), Err(TouchRefused::TooLong(long.len())));
    }

    #[test]
    fn debug_shows_no_digit() {
        for secret in [
            r#"{"type":"digit","digit":4}"#,
            r#"{"type":"staff-code","code":"444"}"#,
        ] {
            let shown = format!("{:?}", done(secret).unwrap());
            assert!(
                shown.contains("redacted") && !shown.contains('4'),
                "{shown}"
            );
        }
    }
}
