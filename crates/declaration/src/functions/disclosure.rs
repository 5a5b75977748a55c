//! `[disclosure]`: telling a person what is held on them.

use serde::Deserialize;

use crate::section::Function;

/// Disclosure to the person (開示請求, C34).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {}

impl Function for Disclosure {
    const SECTION: &'static str = "disclosure";
    const MEANING: &'static str = "disclosure to the person of what is held on them";

    fn in_words(&self) -> Vec<String> {
        Vec::new()
    }
}
