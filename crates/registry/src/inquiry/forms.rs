//! The texts inside the sealed rows of inquiries and of the disclosure record.

use domain::{MunicipalityCode, Redacted};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::judging::WaitReason;
use super::question::{Diseases, Ground, GroundKind, InquiryId};
use crate::model::{Dose, DoseForm, SealedForm, text_of, text_of_records};

/// What was asked, as the asking side keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) to: MunicipalityCode,
    pub(crate) diseases: Diseases,
    pub(crate) ground: Ground,
}

/// What was asked, as the answering side keeps it. Neither the number nor any attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) from: MunicipalityCode,
    pub(crate) inquiry: InquiryId,
    pub(crate) diseases: Diseases,
    pub(crate) ground: GroundKind,
    pub(crate) legal_basis: String,
    pub(crate) waits_for: Vec<WaitReason>,
}

/// Doses, as they are provided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProvidedDoses(pub(crate) Vec<Dose>);

/// A dose as received, and from whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DoseFrom {
    pub(crate) from: MunicipalityCode,
    pub(crate) dose: Dose,
}

#[derive(Serialize, Deserialize)]
struct AskedForm {
    to: String,
    diseases: Vec<String>,
    ground: String,
    #[serde(with = "domain::exposed")]
    how: Redacted<String>,
}

#[derive(Serialize, Deserialize)]
struct AnsweredForm {
    from: String,
    inquiry: String,
    diseases: Vec<String>,
    ground: String,
    legal_basis: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    waits_for: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct ProvidedForm<'a> {
    #[serde(borrow)]
    doses: Vec<DoseForm<'a>>,
}

#[derive(Serialize, Deserialize)]
struct DoseFromForm<'a> {
    from: String,
    #[serde(borrow)]
    dose: DoseForm<'a>,
}

impl SealedForm for Asked {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        text_of(&AskedForm {
            to: self.to.as_str().to_owned(),
            diseases: self.diseases.as_slice().to_vec(),
            ground: self.ground.kind().as_str().to_owned(),
            how: self.ground.how().clone(),
        })
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: AskedForm = serde_json::from_slice(text).ok()?;
        let kind = GroundKind::of_name(&form.ground)?;
        Some(Self {
            to: MunicipalityCode::parse(&form.to).ok()?,
            diseases: Diseases::new(form.diseases).ok()?,
            ground: Ground::new(kind, form.how.expose()).ok()?,
        })
    }
}

impl SealedForm for Answered {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        let names = self.waits_for.iter().map(|reason| reason.as_str());
        text_of(&AnsweredForm {
            from: self.from.as_str().to_owned(),
            inquiry: self.inquiry.to_string(),
            diseases: self.diseases.as_slice().to_vec(),
            ground: self.ground.as_str().to_owned(),
            legal_basis: self.legal_basis.clone(),
            waits_for: names.map(str::to_owned).collect(),
        })
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: AnsweredForm = serde_json::from_slice(text).ok()?;
        let reasons = form.waits_for.iter().map(|name| WaitReason::of_name(name));
        Some(Self {
            from: MunicipalityCode::parse(&form.from).ok()?,
            inquiry: form.inquiry.parse().ok()?,
            diseases: Diseases::new(form.diseases).ok()?,
            ground: GroundKind::of_name(&form.ground)?,
            legal_basis: form.legal_basis,
            waits_for: reasons.collect::<Option<_>>()?,
        })
    }
}

impl SealedForm for ProvidedDoses {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        let doses = self.0.iter().map(DoseForm::of).collect();
        text_of_records(self.0.len(), &ProvidedForm { doses })
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: ProvidedForm<'_> = serde_json::from_slice(text).ok()?;
        let doses = form.doses.into_iter().map(DoseForm::dose);
        doses.collect::<Option<_>>().map(Self)
    }
}

impl SealedForm for DoseFrom {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        text_of(&DoseFromForm {
            from: self.from.as_str().to_owned(),
            dose: DoseForm::of(&self.dose),
        })
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: DoseFromForm<'_> = serde_json::from_slice(text).ok()?;
        Some(Self {
            from: MunicipalityCode::parse(&form.from).ok()?,
            dose: form.dose.dose()?,
        })
    }
}
