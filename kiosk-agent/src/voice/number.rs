//! Numbers up to 9,999, put together from recorded pieces.

use domain::Yen;

use super::Heard;

/// The largest number that is said.
const LARGEST: u32 = 9_999;

/// The pieces: values, each with the words that are recorded for it.
pub(super) fn pieces(heard: Heard) -> Vec<(u32, String)> {
    let words = |written: &[(u32, &str)]| {
        written
            .iter()
            .map(|(value, word)| (*value, (*word).to_owned()))
            .collect()
    };
    match heard {
        // 三百 and 八千 change their sound: each is a piece of its own, read by the voice.
        Heard::Japanese => [1, 10, 100, 1000]
            .into_iter()
            .flat_map(|place| (1..=9).map(move |digit| digit * place))
            .map(|value| (value, value.to_string()))
            .chain([(0, "ゼロ".to_owned())])
            .collect(),
        Heard::English => words(&[
            (0, "zero"),
            (1, "one"),
            (2, "two"),
            (3, "three"),
            (4, "four"),
            (5, "five"),
            (6, "six"),
            (7, "seven"),
            (8, "eight"),
            (9, "nine"),
            (10, "ten"),
            (11, "eleven"),
            (12, "twelve"),
            (13, "thirteen"),
            (14, "fourteen"),
            (15, "fifteen"),
            (16, "sixteen"),
            (17, "seventeen"),
            (18, "eighteen"),
            (19, "nineteen"),
            (20, "twenty"),
            (30, "thirty"),
            (40, "forty"),
            (50, "fifty"),
            (60, "sixty"),
            (70, "seventy"),
            (80, "eighty"),
            (90, "ninety"),
            (100, "hundred"),
            (1000, "thousand"),
        ]),
    }
}

/// What is said after an amount.
pub(super) const fn unit(heard: Heard) -> &'static str {
    match heard {
        Heard::Japanese => "円です。",
        Heard::English => "yen.",
    }
}

pub(super) fn piece_file(heard: Heard, value: u32) -> String {
    super::recordings::file(heard, "number", Some(value))
}

pub(super) fn unit_file(heard: Heard) -> String {
    super::recordings::file(heard, "yen", None)
}

/// The files that say a number from 1; none for one that is too large.
pub(super) fn said(number: u32, heard: Heard) -> Vec<String> {
    if number > LARGEST {
        return Vec::new();
    }
    let values = match heard {
        Heard::Japanese => japanese(number),
        Heard::English => english(number),
    };
    values
        .into_iter()
        .map(|value| piece_file(heard, value))
        .collect()
}

/// The files that say an amount; none for one that is too large.
pub(super) fn yen(amount: Yen, heard: Heard) -> Vec<String> {
    let mut files = said(amount.0, heard);
    if !files.is_empty() {
        files.push(unit_file(heard));
    }
    files
}

fn japanese(number: u32) -> Vec<u32> {
    [1000, 100, 10, 1]
        .into_iter()
        .map(|place| number / place % 10 * place)
        .filter(|value| *value > 0)
        .collect()
}

fn english(number: u32) -> Vec<u32> {
    let mut values = Vec::new();
    let mut rest = number;
    for place in [1000, 100] {
        if rest >= place {
            values.extend([rest / place, place]);
            rest %= place;
        }
    }
    if rest >= 20 {
        values.push(rest / 10 * 10);
        rest %= 10;
    }
    if rest > 0 {
        values.push(rest);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_put_together_as_people_say_them() {
        assert_eq!(japanese(1_320), [1000, 300, 20]);
        assert_eq!(japanese(120), [100, 20]);
        assert_eq!(english(1_320), [1, 1000, 3, 100, 20]);
        assert_eq!(english(115), [1, 100, 15]);
        assert_eq!(
            yen(Yen(120), Heard::Japanese),
            ["ja-number-100.opus", "ja-number-20.opus", "ja-yen.opus"]
        );
        assert_eq!(yen(Yen(10_000), Heard::English), Vec::<String>::new());
        assert_eq!(yen(Yen(0), Heard::English), Vec::<String>::new());
    }
}
