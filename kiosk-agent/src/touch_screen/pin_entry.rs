//! The PIN as it is being entered: the only place where its digits are, and they are wiped.

use domain::Pin;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::touch::Digit;

/// Digits of a PIN.
pub(super) const DIGITS: u8 = 4;

/// Up to four digits. Completed it becomes a [`Pin`], once, and is empty again.
#[derive(Default, Zeroize, ZeroizeOnDrop)]
pub(super) struct PinEntry {
    digits: [u8; DIGITS as usize],
    entered: u8,
}

impl PinEntry {
    /// How many digits there are.
    pub(super) const fn entered(&self) -> u8 {
        self.entered
    }

    /// One more digit; a fifth is dropped.
    pub(super) fn add(&mut self, digit: &Digit) {
        if let Some(place) = self.digits.get_mut(usize::from(self.entered)) {
            *place = digit.expose();
            self.entered += 1;
        }
    }

    /// Takes the last digit back.
    pub(super) fn erase(&mut self) {
        self.entered = self.entered.saturating_sub(1);
        self.digits[usize::from(self.entered)].zeroize();
    }

    /// The PIN, where all its digits are there; then nothing of it is left here.
    pub(super) fn complete(&mut self) -> Option<Pin> {
        if self.entered != DIGITS {
            return None;
        }
        let pin = Pin::parse(&self.digits).ok();
        self.zeroize();
        pin
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::touch_screen::{Do, Touch};

    fn enter(entry: &mut PinEntry, digits: &str) {
        for digit in digits.chars() {
            let touch = format!(r#"{{"view":1,"do":{{"type":"digit","digit":{digit}}}}}"#);
            let Do::Digit(digit) = Touch::parse(&touch).unwrap().action else {
                panic!("no digit");
            };
            entry.add(&digit);
        }
    }

    #[test]
    fn four_digits_become_a_pin_once() {
        let mut entry = PinEntry::default();
        enter(&mut entry, "123");
        assert!(entry.complete().is_none());
        entry.erase();
        enter(&mut entry, "789");
        assert_eq!(entry.entered(), 4);
        assert_eq!(entry.complete().unwrap().expose_digits(), b"1278");
        assert_eq!((entry.digits, entry.entered()), ([0; 4], 0));
        assert!(entry.complete().is_none());
    }

    #[test]
    fn what_is_erased_is_wiped() {
        let mut entry = PinEntry::default();
        entry.erase();
        enter(&mut entry, "4");
        entry.erase();
        assert_eq!((entry.digits, entry.entered()), ([0; 4], 0));
    }
}
