//! The text inside a change of a dose: the dose as it stood before, and why it was changed.

use std::borrow::Cow;

use domain::Redacted;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::model::{Dose, DoseForm, SealedForm, text_of_records};

/// A dose as it stood before a change, and the reason for the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DoseBefore {
    pub(crate) before: Dose,
    pub(crate) reason: Redacted<String>,
}

#[derive(Serialize, Deserialize)]
struct Form<'a> {
    #[serde(borrow)]
    before: DoseForm<'a>,
    reason: Cow<'a, str>,
}

impl SealedForm for DoseBefore {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        text_of_records(
            2,
            &Form {
                before: DoseForm::of(&self.before),
                reason: self.reason.expose().into(),
            },
        )
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: Form<'_> = serde_json::from_slice(text).ok()?;
        Some(Self {
            before: form.before.dose()?,
            reason: Redacted::new(form.reason.into_owned()),
        })
    }
}
