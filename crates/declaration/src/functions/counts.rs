//! `[counts]`: counts for bodies that have no access.

use serde::Deserialize;

use crate::section::Function;

/// Counts of doses for the state, the prefecture and others who have no access to the register
/// (C14).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Who gets them, by name.
    pub bodies: Vec<String>,
}

impl Function for Counts {
    const SECTION: &'static str = "counts";
    const MEANING: &'static str = "counts of doses for bodies without access";

    fn in_words(&self) -> Vec<String> {
        vec![format!("for {}", self.bodies.join(", "))]
    }
}
