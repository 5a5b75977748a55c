//! Names that are read out for finding a municipality: the prefectures (都道府県) and the rows of the
//! kana table (五十音). Which one somebody chooses is never said.

use super::{Heard, recordings};
use crate::texts::PREFECTURES;

/// By its first kana; as it is said in both languages.
const KANA_ROWS: [(char, &str, &str); 10] = [
    ('あ', "あぎょう", "ah"),
    ('か', "かぎょう", "kah"),
    ('さ', "さぎょう", "sah"),
    ('た', "たぎょう", "tah"),
    ('な', "なぎょう", "nah"),
    ('は', "はぎょう", "hah"),
    ('ま', "まぎょう", "mah"),
    ('や', "やぎょう", "yah"),
    ('ら', "らぎょう", "rah"),
    ('わ', "わぎょう", "wah"),
];

/// Every file of this language, and what it says.
pub(super) fn all(heard: Heard) -> Vec<(String, String)> {
    let said = |japanese: &str, english: &str| match heard {
        Heard::Japanese => japanese.to_owned(),
        Heard::English => english.to_owned(),
    };
    let prefectures = (1..).zip(PREFECTURES);
    let rows = (1..).zip(KANA_ROWS);
    let mut all: Vec<_> = prefectures
        .map(|(code, (japanese, english))| {
            let file = recordings::file(heard, "prefecture", Some(code));
            (file, said(japanese, english))
        })
        .collect();
    all.extend(rows.map(|(row, (_, japanese, english))| {
        let file = recordings::file(heard, "kana-row", Some(row));
        (file, said(japanese, english))
    }));
    all
}

/// The file that says the prefecture with this code; none for a code that no prefecture has.
pub(super) fn prefecture(code: u8, heard: Heard) -> Vec<String> {
    let known = (1..=PREFECTURES.len()).contains(&usize::from(code));
    let file = || recordings::file(heard, "prefecture", Some(u32::from(code)));
    known.then(file).into_iter().collect()
}

/// The file that says the row of this kana.
pub(super) fn kana_row(first: char, heard: Heard) -> Vec<String> {
    (1..)
        .zip(KANA_ROWS)
        .find(|(_, (kana, _, _))| *kana == first)
        .map(|(row, _)| recordings::file(heard, "kana-row", Some(row)))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefectures_and_rows_are_found() {
        assert_eq!(prefecture(13, Heard::Japanese), ["ja-prefecture-13.opus"]);
        assert_eq!(PREFECTURES[12], ("とうきょうと", "Tokyo"));
        assert!(prefecture(0, Heard::English).is_empty());
        assert!(prefecture(48, Heard::English).is_empty());
        assert_eq!(kana_row('は', Heard::English), ["en-kana-row-6.opus"]);
        assert!(kana_row('ア', Heard::English).is_empty());
    }
}
