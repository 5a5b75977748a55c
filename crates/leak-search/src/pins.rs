//! PINs. Four digits stand anywhere by chance, so what tells is what stands around them: where
//! somebody's digits and, another time, somebody else's have the same surroundings, it is the PIN
//! that lies there.

/// So many bytes before and behind the digits are its surroundings.
const BESIDE: usize = 12;

/// Digits of a PIN.
const DIGITS: usize = 4;

/// A search for several PINs at once, in one pass.
#[derive(Debug, Clone)]
pub struct PinSearch {
    /// For each number of four digits which PIN it is.
    by_number: Box<[Option<u16>]>,
}

/// What stands before and behind four digits, and how they are written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Surroundings(Box<[u8]>);

/// How digits are written.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// A character each.
    Text,
    /// A character each, with a zero after it: UTF-16.
    Wide,
    /// A byte each, with the digit's value.
    Values,
}

impl Form {
    const ALL: [Self; 3] = [Self::Text, Self::Wide, Self::Values];

    /// Bytes from one digit to the next.
    const fn stride(self) -> usize {
        match self {
            Self::Text | Self::Values => 1,
            Self::Wide => 2,
        }
    }

    const fn digit(self, byte: u8) -> Option<u8> {
        match (self, byte) {
            (Self::Text | Self::Wide, b'0'..=b'9') => Some(byte - b'0'),
            (Self::Values, 0..=9) => Some(byte),
            (Self::Text | Self::Wide | Self::Values, _) => None,
        }
    }

    /// The four digits that begin here, as a number.
    fn number(self, bytes: &[u8]) -> Option<usize> {
        let mut number = 0;
        for place in 0..DIGITS {
            let at = place * self.stride();
            number = number * 10 + usize::from(self.digit(*bytes.get(at)?)?);
            if self.stride() == 2 && *bytes.get(at + 1)? != 0 {
                return None;
            }
        }
        Some(number)
    }
}

impl PinSearch {
    /// A search for these PINs of four digits, numbered in their order; anything else is left out.
    pub fn of<T: AsRef<str>>(pins: impl IntoIterator<Item = T>) -> Self {
        let mut by_number = vec![None; 10_usize.pow(4)].into_boxed_slice();
        for (pin, number) in pins.into_iter().zip(0..) {
            let place = Form::Text
                .number(pin.as_ref().as_bytes())
                .and_then(|digits| by_number.get_mut(digits));
            if let Some(place) = place {
                *place = Some(number);
            }
        }
        Self { by_number }
    }

    /// Calls `found` with the number of each PIN that lies in these bytes, and what is around it.
    pub fn each(&self, content: &[u8], found: &mut dyn FnMut(usize, Surroundings)) {
        for (at, first) in content.iter().enumerate().skip(BESIDE) {
            // Quick for most bytes.
            if !matches!(first, 0..=9 | b'0'..=b'9') {
                continue;
            }
            for (kind, form) in (0..).zip(Form::ALL) {
                let digits = form.number(&content[at..]);
                let Some(pin) = digits.and_then(|digits| self.by_number[digits]) else {
                    continue;
                };
                let behind = at + DIGITS * form.stride();
                if let Some(after) = content.get(behind..behind + BESIDE) {
                    let around = [&[kind], &content[at - BESIDE..at], after].concat();
                    found(usize::from(pin), Surroundings(around.into()));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pins: &[&str], content: &[u8]) -> Vec<(usize, Surroundings)> {
        let mut all = Vec::new();
        PinSearch::of(pins).each(content, &mut |pin, around| all.push((pin, around)));
        all
    }

    #[test]
    fn the_same_place_is_told_by_what_is_around_it_whoevers_pin_lies_there() {
        let wide = |pin: &str| {
            let units = pin.encode_utf16().flat_map(u16::to_le_bytes);
            units.collect::<Vec<u8>>()
        };
        let values = |pin: &str| pin.bytes().map(|digit| digit - b'0').collect::<Vec<u8>>();
        let text = |pin: &str| pin.as_bytes().to_vec();
        for (first, second) in [
            (text("1728"), text("9305")),
            (wide("1728"), wide("9305")),
            (values("1728"), values("9305")),
        ] {
            let lies = |written: &[u8]| {
                let content = [b"somebody's PIN ".as_slice(), written, b" and the rest"];
                found(&["1728", "9305"], &content.concat())
            };
            let (one, other) = (lies(&first), lies(&second));
            assert_eq!((one.len(), other.len()), (1, 1));
            assert_eq!((one[0].0, other[0].0), (0, 1));
            assert_eq!(one[0].1, other[0].1);
        }
        assert_eq!(found(&["1728"], b"somebody's PIN 1729 and the rest"), []);
    }

    #[test]
    fn another_place_is_another_place() {
        let one = found(&["1728"], b"somebody's PIN 1728 and the rest");
        let other = found(&["1728"], b"the price was  1728 and the rest");
        assert_ne!(one, other);
    }
}
