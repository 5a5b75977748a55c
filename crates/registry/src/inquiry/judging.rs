//! What an inquiry is to be answered with: a pure function of question and register.

use domain::{BirthDate, MunicipalityCode, MyNumber, NormalizedName, Sex};

use super::question::{Diseases, GroundKind, InquiryId};
use crate::model::{Disagreement, Dose, Dossier, Resident};

/// What one municipality asks another: the only thing about a person that passes between two
/// areas, and it is kept in neither.
pub(crate) struct Question {
    pub(crate) id: InquiryId,
    pub(crate) from: MunicipalityCode,
    pub(crate) number: MyNumber,
    pub(crate) person: ClaimedPerson,
    pub(crate) diseases: Diseases,
    pub(crate) ground: GroundKind,
}

/// Who the asking register says it is.
pub(crate) struct ClaimedPerson {
    birth_date: BirthDate,
    sex: Sex,
    names: Vec<NormalizedName>,
}

impl ClaimedPerson {
    /// The person of the asking register's row: every registered name counts (domain rule 12).
    pub(crate) fn of(resident: &Resident) -> Self {
        Self {
            birth_date: resident.birth_date,
            sex: resident.sex,
            names: resident.accepted_names().collect(),
        }
    }

    /// Whether birth date, sex and a name are this resident's.
    fn is(&self, resident: &Resident) -> Result<(), Disagreement> {
        if self.birth_date != resident.birth_date {
            return Err(Disagreement::BirthDate);
        }
        if self.sex != resident.sex {
            return Err(Disagreement::Sex);
        }
        if resident
            .accepted_names()
            .any(|name| self.names.contains(&name))
        {
            Ok(())
        } else {
            Err(Disagreement::Name)
        }
    }
}

/// Why an inquiry waits for a superior (C27).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitReason {
    /// Under protection (支援措置・自動応答不可フラグ).
    Protected,
    /// Registered as deceased: the data of the dead is protected like that of the living (C38).
    Deceased,
    /// The card of this individual number is suspended: somebody else may be using it.
    Suspended,
    /// The person had the use of their data suspended (利用停止).
    UseSuspended,
}

impl WaitReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [
        Self::Protected,
        Self::Deceased,
        Self::Suspended,
        Self::UseSuspended,
    ];

    /// The stable name in records, and what staff read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Deceased => "deceased",
            Self::Suspended => "suspended",
            Self::UseSuspended => "use-suspended",
        }
    }

    /// The reason of that name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// What an inquiry is to be answered with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Nobody has this number here.
    NoMatch,
    /// Somebody has, and is not who the other register says.
    Mismatch(Disagreement),
    /// The person is here, without a dose of what was asked.
    NoDoses,
    /// Nothing is answered before a superior has decided.
    Waits(Vec<WaitReason>),
    /// These doses.
    Provides(Vec<Dose>),
}

/// Judges. Whether somebody is flagged makes a difference only where there is something to
/// provide: everything else is the same "nothing" to who asks.
pub(crate) fn judge(
    dossier: Option<&Dossier>,
    question: &Question,
    is_suspended: bool,
) -> Judgement {
    let Some(Dossier {
        resident, doses, ..
    }) = dossier
    else {
        return Judgement::NoMatch;
    };
    if let Err(disagreement) = question.person.is(resident) {
        return Judgement::Mismatch(disagreement);
    }
    let doses = asked_for(doses, &question.diseases);
    if doses.is_empty() {
        return Judgement::NoDoses;
    }
    let reasons = [
        (resident.protected_since.is_some(), WaitReason::Protected),
        (resident.deceased_on.is_some(), WaitReason::Deceased),
        (is_suspended, WaitReason::Suspended),
        (
            resident.use_suspended_since.is_some(),
            WaitReason::UseSuspended,
        ),
    ];
    let reasons: Vec<WaitReason> = reasons
        .into_iter()
        .filter_map(|(holds, reason)| holds.then_some(reason))
        .collect();
    if reasons.is_empty() {
        Judgement::Provides(doses)
    } else {
        Judgement::Waits(reasons)
    }
}

/// The doses against what was asked.
pub(crate) fn asked_for(doses: &[Dose], diseases: &Diseases) -> Vec<Dose> {
    doses
        .iter()
        .filter(|dose| diseases.contain(&dose.disease))
        .cloned()
        .collect()
}
