//! `[inquiry]`: inquiry between municipalities (照会・提供).

use serde::Deserialize;

use crate::section::Function;

/// Inquiry to other municipalities, and provision to them (C24, C25). Lawful for a period only:
/// by individual number for COVID-19 it ended in 2024.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inquiry {
    /// The diseases (疾病) whose doses are asked for and provided, as the register names them.
    pub diseases: Vec<String>,
}

impl Function for Inquiry {
    const SECTION: &'static str = "inquiry";
    const MEANING: &'static str = "inquiry to other municipalities, and provision to them";
    const FOR_A_TIME_ONLY: bool = true;

    fn in_words(&self) -> Vec<String> {
        vec![format!("doses against {}", self.diseases.join(", "))]
    }
}
