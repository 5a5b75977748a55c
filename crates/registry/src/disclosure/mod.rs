//! Disclosure (開示請求, C34): everything held on a person, and who looked at it, as one report.
//!
//! The report lists every table that holds something about a person ([`parts`]); a test compares
//! that list with the schema and with `docs/DATA.md`. There are two sheets. The **usual** sheet
//! leaves out what leads a pursuer to somebody under protection: address, flags and what was
//! recorded about them, and through which kiosk somebody went. It leaves them out for everybody, so
//! that what is missing says nothing. The **complete** sheet has them, for the person alone. Either
//! is approved by a second person.

mod formats;
mod parts;
mod words;

use declaration::{Declared, Disclosure};
use domain::{ChannelId, Redacted};
use time::{Duration, OffsetDateTime};

use crate::access::Act;
use crate::approval::{ApprovalId, ApprovalScope, ApprovalSubject};
use crate::audit::{self, AuditEvent, FoundEntry, SubjectId};
use crate::counter_identity::CounterIdentity;
use crate::error::RegistryError;
use crate::keys::RowId;
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::Whom;
use crate::resident_flags::open_flagged;
use crate::storage::{self, Transaction};

pub use words::in_words_of_the_record;

/// Which sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// Without what leads a pursuer to somebody.
    Usual,
    /// With everything: never for a representative.
    Complete,
}

/// What a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureReport {
    /// When it was put together.
    pub made_at: OffsetDateTime,
    /// Which sheet it is.
    pub sheet: Sheet,
    /// The person's records were erased. What is left by law is the record of what was provided to
    /// others, for its seven years; who looked cannot be told any more: nothing ties the random id
    /// in the audit record to anybody.
    pub erased: bool,
    /// What is held, a section a table; without rows where nothing is.
    pub sections: Vec<DisclosureSection>,
    /// Who looked at it, oldest first.
    pub accesses: Vec<DisclosedAccess>,
}

/// A row as labels and values.
pub type DisclosedFields = Vec<(&'static str, Redacted<String>)>;

/// What one table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureSection {
    /// What it is, in Japanese.
    pub title: &'static str,
    /// Its rows, each as labels and values.
    pub rows: Vec<DisclosedFields>,
}

/// Who looked at the person's data, when and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosedAccess {
    /// When.
    pub at: OffsetDateTime,
    /// The kind of actor, as the record names it.
    pub actor_kind: String,
    /// Who, where the sheet tells: staff's name for signing in, a municipality's code.
    pub actor: Option<String>,
    /// Which kiosk, phone or venue, on the complete sheet.
    pub channel: Option<ChannelId>,
    /// What for, as the record names it.
    pub purpose: String,
    /// What was done, as the record names it.
    pub event: String,
    /// What staff wrote, on the complete sheet.
    pub note: Option<Redacted<String>>,
}

/// Why nothing is disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureRefused {
    /// A representative does not get the complete sheet.
    #[error(
        "the complete sheet tells where somebody lives and whether they are protected: it is for \
         the person alone, not for a representative"
    )]
    NotForARepresentative,
    /// The record is longer than one report.
    #[error("more entries are about this person than a report takes: search the record instead")]
    TooMany,
    /// Nothing is held under this number.
    #[error(
        "nothing is held under this number: nobody was registered with it, or all of it was erased. \
         What was provided to other municipalities is told for seven years, by resident number"
    )]
    NothingHeld,
}

/// Whose data: the row, the name in the record unless it was erased, and the resident number for a
/// second person.
struct Person {
    id: RowId,
    subject: Option<SubjectId>,
    number: String,
}

impl MunicipalityRegister {
    /// What has to be approved before a person is told; that they were looked up for it is
    /// recorded.
    ///
    /// # Errors
    /// [`RegistryError::Disclosure`], also where nothing is held under that number;
    /// [`RegistryError::NotDeclared`], [`RegistryError::NotForThisPurpose`] (also where the actor is
    /// not staff), [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn disclosure_scope(
        &self,
        declared: &Declared<Disclosure>,
        whom: &Whom,
        identity: &CounterIdentity,
        sheet: Sheet,
    ) -> Result<ApprovalScope, RegistryError> {
        self.permit_disclosure(declared, identity, sheet)?;
        let mut transaction = self.begin().await?;
        let person = self.disclosed_person(&mut transaction, whom).await?;
        let mut entry = self.entry(AuditEvent::Disclosed);
        entry.subject = person.subject;
        entry.detail = Some("asked for".to_owned());
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(scope(&person, identity, sheet))
    }

    /// Puts together what a person is told, as a second person approved; recorded, with who stands
    /// at the counter.
    ///
    /// # Errors
    /// [`RegistryError::Approval`]; as [`MunicipalityRegister::disclosure_scope`].
    pub async fn disclose(
        &self,
        declared: &Declared<Disclosure>,
        whom: &Whom,
        identity: &CounterIdentity,
        sheet: Sheet,
        approval: ApprovalId,
    ) -> Result<DisclosureReport, RegistryError> {
        self.permit_disclosure(declared, identity, sheet)?;
        let mut transaction = self.begin().await?;
        let person = self.disclosed_person(&mut transaction, whom).await?;
        let scope = scope(&person, identity, sheet);
        self.use_approval(&mut transaction, approval, &scope)
            .await?;
        let mut sections = Vec::new();
        let complete = sheet == Sheet::Complete;
        for part in parts::PARTS
            .iter()
            .filter(|part| complete || !part.sensitive)
        {
            let section = self.section(&mut transaction, &person, part, sheet).await?;
            sections.push(section);
        }
        let accesses = match person.subject {
            Some(subject) => self.accesses(&mut transaction, subject, sheet).await?,
            None => Vec::new(),
        };
        let note = identity.in_words();
        let mut entry = self.entry(AuditEvent::Disclosed);
        entry.subject = person.subject;
        entry.detail = Some(format!("{} {approval}", sheet.as_str()));
        entry.note = Some(&note);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(DisclosureReport {
            made_at: self.shared.clock.now(),
            sheet,
            erased: person.subject.is_none(),
            sections,
            accesses,
        })
    }

    fn permit_disclosure(
        &self,
        declared: &Declared<Disclosure>,
        identity: &CounterIdentity,
        sheet: Sheet,
    ) -> Result<(), RegistryError> {
        self.permit(Act::Disclose)?;
        self.permit_staff_only()?;
        self.permit_declared(declared)?;
        if sheet == Sheet::Complete && identity.is_a_representative() {
            return Err(DisclosureRefused::NotForARepresentative.into());
        }
        Ok(())
    }

    async fn disclosed_person(
        &self,
        transaction: &mut Transaction,
        whom: &Whom,
    ) -> Result<Person, RegistryError> {
        let key = self.key_of_whom(whom).await?;
        let Some(row) = storage::resident(transaction, key).await? else {
            return self.erased_person(transaction, whom).await;
        };
        let found = open_flagged(&self.municipality.keys, &row)?;
        Ok(Person {
            id: found.id,
            subject: Some(found.subject),
            number: found.resident.number.expose().to_owned(),
        })
    }

    /// Somebody of whom only the record of provision is left. An individual number leads to nobody
    /// here any more.
    async fn erased_person(
        &self,
        transaction: &mut Transaction,
        whom: &Whom,
    ) -> Result<Person, RegistryError> {
        let Whom::Resident(number) = whom else {
            return Err(DisclosureRefused::NothingHeld.into());
        };
        let id = self.municipality.keys.resident_id(number);
        if self
            .disclosure_records_of(transaction, id)
            .await?
            .is_empty()
        {
            return Err(DisclosureRefused::NothingHeld.into());
        }
        Ok(Person {
            id,
            subject: None,
            number: number.expose().to_owned(),
        })
    }

    async fn section(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        part: &parts::Part,
        sheet: Sheet,
    ) -> Result<DisclosureSection, RegistryError> {
        let rows = storage::rows_about(transaction, part.rows_about(), person.id).await?;
        let keys = &self.municipality.keys;
        let told = rows.into_iter().map(|row| part.told(keys, row, sheet));
        let rows = told.collect::<Result<Vec<_>, _>>()?;
        Ok(DisclosureSection {
            title: part.title,
            rows: rows.into_iter().flatten().collect(),
        })
    }

    async fn accesses(
        &self,
        transaction: &mut Transaction,
        subject: SubjectId,
        sheet: Sheet,
    ) -> Result<Vec<DisclosedAccess>, RegistryError> {
        let filter = audit::all_about(subject, self.shared.clock.now() + Duration::days(1));
        let keys = &self.municipality.keys;
        let most = crate::audit_reading::MOST_FOUND;
        let found = audit::find(transaction, keys, &filter, most).await?;
        if found.len() == most as usize {
            return Err(DisclosureRefused::TooMany.into());
        }
        let told = found.into_iter().filter_map(|found| access(found, sheet));
        Ok(told.collect())
    }
}

/// What is told about one entry; on the usual sheet nothing about flags.
fn access(FoundEntry { entry, note }: FoundEntry, sheet: Sheet) -> Option<DisclosedAccess> {
    let complete = sheet == Sheet::Complete;
    if !complete && words::SENSITIVE_EVENTS.contains(&entry.event.as_str()) {
        return None;
    }
    let channel = <[u8; 32]>::try_from(&entry.actor[..]).ok().map(ChannelId);
    let is_named = matches!(entry.actor_kind.as_str(), "staff" | "municipality");
    Some(DisclosedAccess {
        at: entry.at,
        actor: is_named.then(|| String::from_utf8_lossy(&entry.actor).into_owned()),
        actor_kind: entry.actor_kind,
        channel: channel.filter(|_| complete && !is_named),
        purpose: entry.purpose,
        event: entry.event,
        note: note.filter(|_| complete),
    })
}

impl Sheet {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Usual => "usual-sheet",
            Self::Complete => "complete-sheet",
        }
    }
}

fn scope(person: &Person, identity: &CounterIdentity, sheet: Sheet) -> ApprovalScope {
    let words = format!(
        "disclosure, {}, of everything held on the resident with resident number {}; at the \
         counter: {}",
        sheet.as_str(),
        person.number,
        identity.in_words()
    );
    ApprovalScope::new(ApprovalSubject::Disclosure, words).about(person.id)
}
