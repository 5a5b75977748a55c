//! The holder of a card that was verified.

use std::fmt;

use domain::{Address, BasicAttributes, BirthDate, MyNumber, PersonName, Sex};
use time::Month;
use zeroize::Zeroizing;

/// First byte of a state: its version.
const STATE_VERSION: u8 = 1;

/// Number and attributes of a person whose card was verified. Only [`crate::verify`] makes one;
/// a function that takes one need not check anything about the card.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedHolder {
    my_number: MyNumber,
    attributes: BasicAttributes,
    card_key_sha256: [u8; 32],
}

/// Bytes that no [`VerifiedHolder::to_state`] wrote. Never holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no state of a verified holder")]
pub struct InvalidHolderState;

impl VerifiedHolder {
    pub(crate) const fn new(
        my_number: MyNumber,
        attributes: BasicAttributes,
        card_key_sha256: [u8; 32],
    ) -> Self {
        Self {
            my_number,
            attributes,
            card_key_sha256,
        }
    }

    /// The individual number (個人番号).
    #[must_use]
    pub const fn my_number(&self) -> &MyNumber {
        &self.my_number
    }

    /// The basic attributes (基本4情報).
    #[must_use]
    pub const fn attributes(&self) -> &BasicAttributes {
        &self.attributes
    }

    /// SHA-256 of the modulus of the key in EF 0007: tells one card from another.
    #[must_use]
    pub const fn card_key_sha256(&self) -> &[u8; 32] {
        &self.card_key_sha256
    }

    /// The holder as bytes, **for the server's own AEAD-sealed ticket only**: they are the
    /// person's data in the clear, and [`Self::from_sealed_state`] believes them.
    #[must_use]
    pub fn to_state(&self) -> Zeroizing<Vec<u8>> {
        let attributes = &self.attributes;
        let (name, address) = (attributes.name.expose(), attributes.address.expose());
        let date = attributes.birth_date.date();
        // Room for everything, so that no reallocation leaves a copy behind.
        let mut state = Zeroizing::new(Vec::with_capacity(64 + name.len() + address.len()));
        state.push(STATE_VERSION);
        state.extend_from_slice(self.my_number.expose_digits());
        state.extend_from_slice(&self.card_key_sha256);
        // A birth date's year has four digits.
        state.extend_from_slice(&(date.year() as u16).to_be_bytes());
        state.extend_from_slice(&[u8::from(date.month()), date.day()]);
        state.extend_from_slice(attributes.sex.code().as_bytes());
        // Names and addresses have at most 1024 bytes.
        state.extend_from_slice(&(name.len() as u16).to_be_bytes());
        state.extend_from_slice(name.as_bytes());
        state.extend_from_slice(address.as_bytes());
        state
    }

    /// Takes back what [`Self::to_state`] gave. **Only for bytes that were just opened under the
    /// server's own key**: whoever can choose them can be anybody.
    ///
    /// # Errors
    /// [`InvalidHolderState`].
    pub fn from_sealed_state(state: &[u8]) -> Result<Self, InvalidHolderState> {
        Self::read_state(state).ok_or(InvalidHolderState)
    }

    fn read_state(state: &[u8]) -> Option<Self> {
        let (version, rest) = state.split_first()?;
        if *version != STATE_VERSION {
            return None;
        }
        let (number, rest) = rest.split_at_checked(12)?;
        let (card_key_sha256, rest) = rest.split_first_chunk::<32>()?;
        let ([high, low, month, day, sex], rest) = rest.split_first_chunk::<5>()?;
        let (name_length, rest) = rest.split_first_chunk::<2>()?;
        let (name, address) = rest.split_at_checked(u16::from_be_bytes(*name_length).into())?;
        let date = time::Date::from_calendar_date(
            u16::from_be_bytes([*high, *low]).into(),
            Month::try_from(*month).ok()?,
            *day,
        );
        Some(Self {
            my_number: MyNumber::parse(number).ok()?,
            attributes: BasicAttributes {
                name: PersonName::parse(std::str::from_utf8(name).ok()?).ok()?,
                address: Address::parse(std::str::from_utf8(address).ok()?).ok()?,
                birth_date: BirthDate::from_date(date.ok()?),
                sex: Sex::parse(&[*sex]).ok()?,
            },
            card_key_sha256: *card_key_sha256,
        })
    }
}

impl fmt::Debug for VerifiedHolder {
    /// Nothing at all: the digest of the card's key is a number for life of one person's card.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifiedHolder")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder() -> VerifiedHolder {
        VerifiedHolder::new(
            MyNumber::parse(b"123456789018").unwrap(),
            BasicAttributes {
                name: PersonName::parse("試験\u{3000}花子").unwrap(),
                address: Address::parse("試験県試験市１－２").unwrap(),
                birth_date: BirthDate::parse(b"19991231").unwrap(),
                sex: Sex::Female,
            },
            [9; 32],
        )
    }

    #[test]
    fn the_state_is_the_holder() {
        assert_eq!(
            VerifiedHolder::from_sealed_state(&holder().to_state()),
            Ok(holder())
        );
    }

    #[test]
    fn a_state_cut_anywhere_in_its_fixed_part_or_of_another_version_is_none() {
        let state = holder().to_state();
        for length in 0..52 + holder().attributes.name.expose().len() {
            assert_eq!(
                VerifiedHolder::from_sealed_state(&state[..length]),
                Err(InvalidHolderState),
                "{length} bytes"
            );
        }
        let mut other = state.to_vec();
        other[0] = 2;
        assert_eq!(
            VerifiedHolder::from_sealed_state(&other),
            Err(InvalidHolderState)
        );
    }

    #[test]
    fn debug_tells_nothing_about_the_person() {
        let shown = format!("{:?}", holder());
        // The last is how the digest of the card's key begins.
        for personal in ["123456789018", "花子", "試験県", "1999", "9, 9"] {
            assert!(!shown.contains(personal));
        }
    }
}
