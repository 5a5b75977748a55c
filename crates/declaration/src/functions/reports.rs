//! `[reports]`: reports to the security officer.

use serde::Deserialize;

use crate::municipality::Minute;
use crate::section::Function;

/// Reports of off-hours access and of unusual volume (C20).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    /// First minute of office hours.
    pub office_opens_at: Minute,
    /// Last minute of office hours.
    pub office_closes_at: Minute,
}

impl Function for Reports {
    const SECTION: &'static str = "reports";
    const MEANING: &'static str = "reports of off-hours access and unusual volume";

    fn in_words(&self) -> Vec<String> {
        vec![format!(
            "office hours are {} to {}",
            self.office_opens_at, self.office_closes_at
        )]
    }
}
