//! Staff at the kiosk: behind a code, from the idle screen only. They see how the devices are and
//! what was counted since midnight, print a test page, and note what they paid out by hand. Of
//! residents there is nothing to see.

mod counters;
mod gate;
mod sheet;
mod test_page;

use crypto::{CodeHash, InvalidCodeHash};
use serde::Deserialize;

pub use counters::Counters;
pub use gate::Gate;
#[cfg(test)]
pub(crate) use sheet::tests::sheet as example_sheet;
pub use sheet::{Act, StaffSheet, TestPrint};
pub use test_page::TestPage;

/// `[staff]`: who opens the staff screen, and for how long it stays.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StaffSettings {
    /// The hash of the code, as `kiosk-agent staff-code` prints it. Left out: no staff screen.
    pub code_hash: Option<String>,
    /// Left alone for so long, the staff screen closes by itself.
    pub leave_seconds: u16,
}

impl Default for StaffSettings {
    fn default() -> Self {
        Self {
            code_hash: None,
            leave_seconds: 60,
        }
    }
}

/// What staff's side of the kiosk remembers.
#[derive(Debug)]
pub struct StaffDesk {
    /// Opens for the code; `None` where none is configured.
    pub gate: Option<Gate>,
    /// What was counted.
    pub counters: Counters,
    /// Closed after so many seconds without a touch.
    pub leave_seconds: u16,
}

impl StaffDesk {
    /// Staff's side by the settings.
    ///
    /// # Errors
    /// [`InvalidCodeHash`].
    pub fn new(settings: &StaffSettings) -> Result<Self, InvalidCodeHash> {
        let hash: Option<CodeHash> = settings.code_hash.as_deref().map(str::parse).transpose()?;
        Ok(Self {
            gate: hash.map(Gate::new),
            counters: Counters::default(),
            leave_seconds: settings.leave_seconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;

    #[test]
    fn a_code_s_hash_opens_a_gate_and_anything_else_in_its_place_is_refused() {
        let desk = |code_hash: Option<&str>| {
            StaffDesk::new(&StaffSettings {
                code_hash: code_hash.map(str::to_owned),
                ..StaffSettings::default()
            })
        };
        let hash = CodeHash::of(b"48151623", &SystemRandom).to_string();
        assert!(desk(Some(&hash)).unwrap().gate.is_some());
        assert!(desk(None).unwrap().gate.is_none());
        for bad in ["", "48151623", &hash[1..]] {
            assert!(desk(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_misspelt_leaves_no_staff_screen_unnoticed() {
        assert!(toml::from_str::<StaffSettings>("leave_seconds = 30").is_ok());
        assert!(toml::from_str::<StaffSettings>("code-hash = \"x\"").is_err());
    }
}
