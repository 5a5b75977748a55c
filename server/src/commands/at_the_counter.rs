//! Who stands at the counter (C41).

use clap::Args;
use registry::{CounterIdentity, IdentityDocument};

use super::Failure;

/// The identity document that was shown, and a representative's ground.
#[derive(Debug, Args)]
pub struct AtTheCounter {
    /// The identity document that whoever stands at the counter showed; recorded.
    #[arg(long, value_name = "DOCUMENT", value_parser = document)]
    pub identity_document: IdentityDocument,
    /// Where a representative stands there: whom they act for, and by what; recorded. 1 to 500
    /// bytes.
    #[arg(long, value_name = "GROUND")]
    pub representative: Option<String>,
}

impl AtTheCounter {
    /// As it is recorded.
    pub(super) fn identity(&self) -> Result<CounterIdentity, Failure> {
        let document = self.identity_document;
        Ok(match &self.representative {
            None => CounterIdentity::of_the_person(document),
            Some(ground) => CounterIdentity::of_a_representative(document, ground)?,
        })
    }
}

fn document(name: &str) -> Result<IdentityDocument, String> {
    IdentityDocument::of_name(name).ok_or_else(|| {
        let names = IdentityDocument::ALL.map(IdentityDocument::as_str);
        format!("one of {}", names.join(", "))
    })
}
