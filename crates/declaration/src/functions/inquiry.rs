//! `[inquiry]`: inquiry between municipalities (照会・提供).

use certificate::diseases;
use serde::{Deserialize, Deserializer};

use crate::section::Function;

/// Inquiry to other municipalities, and provision to them (C24, C25). Lawful for a period only:
/// by individual number for COVID-19 it ended in 2024.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inquiry {
    /// The diseases (疾病) whose doses are asked for and provided, as the register names them,
    /// however the file spells them.
    #[serde(deserialize_with = "names")]
    pub diseases: Vec<String>,
}

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let spelled = Vec::<String>::deserialize(deserializer)?;
    let name = |word: &String| diseases::name_of(word).to_owned();
    Ok(spelled.iter().map(name).collect())
}

impl Function for Inquiry {
    const SECTION: &'static str = "inquiry";
    const MEANING: &'static str = "inquiry to other municipalities, and provision to them";
    const FOR_A_TIME_ONLY: bool = true;

    fn in_words(&self) -> Vec<String> {
        vec![format!("doses against {}", self.diseases.join(", "))]
    }
}
