//! Records with everything in them, for the test of `docs/DATA.md`.

use domain::{MunicipalityCode, Redacted};
use time::macros::datetime;

use super::forms::{Answered, Asked, DoseFrom, ProvidedDoses};
use super::judging::WaitReason;
use super::question::{Diseases, Ground, GroundKind, InquiryId};
use crate::disclosure_record::{DisclosureEvent, DisclosureRecord};
use crate::model::{Dose, SealedForm as _};

fn other() -> MunicipalityCode {
    MunicipalityCode::parse("131121").unwrap()
}

fn diseases() -> Diseases {
    Diseases::new(vec!["麻しん \"\\".to_owned(), "風しん".to_owned()]).unwrap()
}

pub(crate) fn asked() -> Asked {
    Asked {
        to: other(),
        diseases: diseases(),
        ground: Ground::new(GroundKind::Consent, "署名 \"\\").unwrap(),
    }
}

pub(crate) fn answered() -> Answered {
    Answered {
        from: other(),
        inquiry: InquiryId([0xab; 16]),
        diseases: diseases(),
        ground: GroundKind::ResidentRegister,
        legal_basis: "条例".to_owned(),
        waits_for: WaitReason::ALL.to_vec(),
    }
}

pub(crate) fn provided(dose: Dose) -> ProvidedDoses {
    ProvidedDoses(vec![dose.clone(), dose])
}

pub(crate) fn received(dose: Dose) -> DoseFrom {
    DoseFrom {
        from: other(),
        dose,
    }
}

pub(crate) fn disclosed() -> DisclosureRecord {
    DisclosureRecord {
        recorded_at: datetime!(2025-04-01 00:00 UTC),
        event: DisclosureEvent::Refused,
        other: other().as_str().to_owned(),
        inquiry: InquiryId([0xab; 16]).to_string(),
        diseases: diseases().as_slice().to_vec(),
        doses: 2,
        ground: GroundKind::Consent.as_str().to_owned(),
        legal_basis: "条例".to_owned(),
        reason: Some(Redacted::new("理由".to_owned())),
    }
}

#[test]
fn what_is_written_is_read_again() {
    assert_eq!(Asked::from_text(&asked().to_text()), Some(asked()));
    assert_eq!(Answered::from_text(&answered().to_text()), Some(answered()));
    let record = disclosed();
    let again = DisclosureRecord::of_text(&record.to_text(), record.recorded_at);
    assert_eq!(again, Some(record));
}
