//! The texts of an approval, which may name a person: sealed.

use std::borrow::Cow;

use domain::Redacted;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::model::SealedForm;

/// What is asked for in words, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApprovalTexts {
    pub(crate) words: Redacted<String>,
    pub(crate) reason: Redacted<String>,
}

#[derive(Serialize, Deserialize)]
struct Form<'a> {
    words: Cow<'a, str>,
    reason: Cow<'a, str>,
}

impl SealedForm for ApprovalTexts {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        let form = Form {
            words: self.words.expose().as_str().into(),
            reason: self.reason.expose().as_str().into(),
        };
        // Enough for the longest, so that no half-written copy is left behind by growing.
        let mut text = Zeroizing::new(Vec::with_capacity(8192));
        serde_json::to_writer(&mut *text, &form).expect("texts always make JSON");
        text
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: Form<'_> = serde_json::from_slice(text).ok()?;
        Some(Self {
            words: Redacted::new(form.words.into_owned()),
            reason: Redacted::new(form.reason.into_owned()),
        })
    }
}
