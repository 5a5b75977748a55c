//! `[venues]`: doses registered by venues (接種会場) through vouchers.

use serde::Deserialize;

use crate::section::Function;

/// Longest word for a disease, in characters: the register's column.
const LONGEST_DISEASE: usize = 40;
/// Most diseases.
const MOST_DISEASES: usize = 50;

/// Doses from venues by voucher (C15).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Venues {
    /// Against what venues give doses: the register's own words, so that one disease has one.
    pub diseases: DiseaseWords,
    /// Most doses one venue registers a day.
    pub doses_per_day: u32,
    /// Most entries one venue makes within a minute.
    #[serde(default = "doses_per_minute")]
    pub doses_per_minute: u32,
    /// After how many refused entries within an hour a venue is held: whoever guesses vouchers
    /// gets no more.
    #[serde(default = "refusals_per_hour")]
    pub refusals_per_hour: u32,
    /// For how many days after registering a dose its venue may cancel or correct it itself.
    pub correction_days: u16,
}

const fn doses_per_minute() -> u32 {
    60
}

const fn refusals_per_hour() -> u32 {
    20
}

/// The diseases (疾病) that venues give doses against: 1 to 50 words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct DiseaseWords(Vec<String>);

impl DiseaseWords {
    /// Whether this is one of them, by the name the register stores.
    #[must_use]
    pub fn contains(&self, disease: &str) -> bool {
        self.0.iter().any(|word| word == disease)
    }
}

impl TryFrom<Vec<String>> for DiseaseWords {
    type Error = &'static str;

    fn try_from(words: Vec<String>) -> Result<Self, Self::Error> {
        let fits = |word: &String| {
            (1..=LONGEST_DISEASE).contains(&word.chars().count())
                && word.trim() == word
                && !word.chars().any(char::is_control)
        };
        if (1..=MOST_DISEASES).contains(&words.len()) && words.iter().all(fits) {
            let name = |word: &String| certificate::diseases::name_of(word).to_owned();
            Ok(Self(words.iter().map(name).collect()))
        } else {
            Err("diseases are 1 to 50 words of at most 40 characters, as the register has them")
        }
    }
}

impl Function for Venues {
    const SECTION: &'static str = "venues";
    const MEANING: &'static str = "doses registered by venues by voucher";

    fn in_words(&self) -> Vec<String> {
        vec![
            format!("against {}", self.diseases.0.join(", ")),
            format!(
                "at most {} doses a venue and day, {} a minute",
                self.doses_per_day, self.doses_per_minute
            ),
            format!(
                "a venue is held after {} refused entries within an hour",
                self.refusals_per_hour
            ),
            format!(
                "a venue corrects its own doses for {} days",
                self.correction_days
            ),
        ]
    }
}
