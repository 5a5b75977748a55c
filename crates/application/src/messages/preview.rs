//! The certificate as it will print, shown before it is paid for.
//!
//! A preview is worth nothing: it has no signature, no code and no certificate id, and is crossed
//! out. It is personal data all the same, so it names its holder beside the page, for the kiosk
//! to compare with the card before it shows anything (domain rule 11).

use domain::{BirthDate, CertificateKind, MunicipalityCode, NormalizedName, Redacted};
use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;

/// What will be printed? Call `preview`, of a kiosk only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// The holder's ticket.
    pub ticket: Bytes,
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// The kind.
    pub kind: CertificateKind,
}

/// The reply to `preview`: padded to one length, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case", try_from = "WrittenPreview")]
pub enum PreviewReply {
    /// The page.
    Page {
        /// The A4 page or pages, PDF.
        #[serde(with = "domain::exposed")]
        document: Redacted<Bytes>,
        /// Whose it is.
        holder: PreviewedHolder,
    },
    /// Not here: please ask the counter. As in an offer, one and the same for every reason
    /// (domain rule 7).
    NotHere,
}

/// Whose page it is, out of the same draft as the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewedHolder {
    /// Every form in which a card may bear the holder's name, normalised.
    pub names: Vec<NormalizedName>,
    /// The birth date.
    #[serde(with = "super::birth_date")]
    pub birth_date: BirthDate,
}

// serde's own reading of tagged enums lets unknown members of a variant without any pass.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPreview {
    result: PreviewResult,
    document: Option<Bytes>,
    holder: Option<PreviewedHolder>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PreviewResult {
    Page,
    NotHere,
}

impl TryFrom<WrittenPreview> for PreviewReply {
    type Error = &'static str;

    fn try_from(written: WrittenPreview) -> Result<Self, Self::Error> {
        match (written.result, written.document, written.holder) {
            (PreviewResult::Page, Some(document), Some(holder)) => Ok(Self::Page {
                document: Redacted::new(document),
                holder,
            }),
            (PreviewResult::NotHere, None, None) => Ok(Self::NotHere),
            (PreviewResult::Page, _, _) => Err("a preview without page or holder"),
            (PreviewResult::NotHere, _, _) => Err("a page without a preview"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn previews_are_read_strictly() {
        let page = PreviewReply::Page {
            document: Redacted::new(Bytes(vec![1, 2, 3])),
            holder: PreviewedHolder {
                names: vec![NormalizedName::of("試験 花子")],
                birth_date: BirthDate::from_date(date!(1980 - 01 - 02)),
            },
        };
        for reply in [page, PreviewReply::NotHere] {
            let json = serde_json::to_string(&reply).unwrap();
            assert_eq!(serde_json::from_str::<PreviewReply>(&json).unwrap(), reply);
        }
        for bad in [
            r#"{"result":"page"}"#,
            r#"{"result":"page","document":"AQID"}"#,
            r#"{"result":"page","document":"AQID","holder":{"names":[],"birth_date":"19800231"}}"#,
            r#"{"result":"not-here","document":"AQID"}"#,
            r#"{"result":"not-here","reason":"protected"}"#,
            r#"{"result":"protected"}"#,
        ] {
            assert!(serde_json::from_str::<PreviewReply>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn debug_tells_nothing() {
        let holder = PreviewedHolder {
            names: vec![NormalizedName::of("試験花子")],
            birth_date: BirthDate::from_date(date!(1980 - 01 - 02)),
        };
        let debug = format!("{holder:?}");
        assert!(
            !debug.contains("試験") && !debug.contains("1980"),
            "{debug}"
        );
    }
}
