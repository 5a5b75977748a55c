//! What came of it: what agents say, what the checker read, what the register recorded, and
//! whether the three agree.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use kiosk_agent::session::{Ending, SessionReport};
use registry::{Actor, AuditEntry, AuditEvent, AuditVerdict, Purpose};

use super::checker::{Checked, WrongPage};
use super::world::World;
use crate::server_stage::{Ground, open_register};

/// Entries read at once.
const PAGE: u32 = 1000;

/// What agents say.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Sessions begun.
    pub sessions: usize,
    /// Sessions killed with their agent.
    pub killed: usize,
    /// Times that the server was killed.
    pub restarts: usize,
    /// How the others ended, by staff code.
    pub endings: BTreeMap<&'static str, usize>,
    delivered: HashSet<String>,
    /// Not delivered, and the server could not be told.
    unreported: HashSet<String>,
    uncertain_orders: usize,
}

impl Tally {
    pub(super) fn ended(&mut self, report: &SessionReport) {
        *self.endings.entry(report.ending.staff_code()).or_default() += 1;
        let ids = report.delivered.iter().map(ToString::to_string);
        self.delivered.extend(ids);
        if let Ending::OrderUncertain(_) = report.ending {
            self.uncertain_orders += 1;
        }
        if let Ending::NotDelivered {
            reported: false, ..
        } = report.ending
        {
            let id = report.not_delivered.map(|id| id.to_string());
            self.unreported.extend(id);
        }
    }
}

/// What the register recorded.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// Certificates, each with the random id of whoever it was issued to.
    issued: HashMap<String, Vec<u8>>,
    delivered: HashSet<String>,
    not_delivered: HashSet<String>,
    /// Whether the record holds from its first entry.
    holds: bool,
}

impl Recorded {
    /// Reads the audit record, the server gone.
    pub(super) async fn read(world: &World) -> Self {
        let registry = open_register(&world.ground.server_settings(), world.ground.pki()).await;
        let register = registry
            .municipality(Ground::urayasu(), Purpose::Audit, Actor::Server)
            .await
            .unwrap();
        let verdict = register.verify_audit(None).await.unwrap();
        let mut recorded = Self {
            holds: matches!(verdict, AuditVerdict::Holds(_)),
            ..Self::default()
        };
        let mut after = 0;
        loop {
            let entries = register.audit_entries(after, PAGE).await.unwrap();
            let Some(last) = entries.last() else { break };
            after = last.sequence;
            entries.into_iter().for_each(|entry| recorded.add(entry));
        }
        registry.close().await;
        recorded
    }

    fn add(&mut self, entry: AuditEntry) {
        let Some(certificate) = entry.certificate else {
            return;
        };
        if entry.event == AuditEvent::CertificateIssued.as_str() {
            let subject = entry.subject.map(|subject| subject.0.to_vec());
            self.issued.insert(certificate, subject.unwrap_or_default());
        } else if entry.event == AuditEvent::CertificateDelivered.as_str() {
            self.delivered.insert(certificate);
        } else if entry.event == AuditEvent::CertificateNotDelivered.as_str() {
            self.not_delivered.insert(certificate);
        }
    }

    fn open(&self) -> impl Iterator<Item = &String> {
        let told =
            |id: &&String| !self.delivered.contains(*id) && !self.not_delivered.contains(*id);
        self.issued.keys().filter(told)
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Findings {
    /// What agents say.
    pub agents: Tally,
    /// Certificates in the register.
    pub issued: usize,
    /// Of them, reported as delivered.
    pub delivered: usize,
    /// Reported as not delivered.
    pub not_delivered: usize,
    /// Of which nobody told: killed in between, or the report was lost.
    pub open: usize,
    /// Pages that came out.
    pub pages: usize,
    /// Different people who got one.
    pub people: usize,
    /// Pages that were also rendered and scanned by others' programs.
    pub scanned: usize,
    /// Pages that are not their holder's, or cannot be read.
    pub wrong: Vec<WrongPage>,
    /// Swaps that were planted.
    pub planted: usize,
    /// From the first session to the last.
    pub took: Duration,
    contradictions: Vec<String>,
}

impl Findings {
    pub(super) fn of(world: &World, read: Checked, recorded: Recorded, took: Duration) -> Self {
        let agents = world.tally(|tally| tally.clone());
        let mut contradictions = Vec::new();
        let mut holds = |what: &str, is_so: bool| {
            if !is_so {
                contradictions.push(what.to_owned());
            }
        };
        let printed = &read.certificates;
        holds("the audit record holds", recorded.holds);
        holds(
            "every page came out once",
            printed.values().all(|residents| residents.len() == 1),
        );
        let is_issued = |id: &String| recorded.issued.contains_key(id);
        holds(
            "every page's certificate is in the register",
            printed.keys().all(is_issued),
        );
        holds(
            "every page that came out was read",
            printed.values().map(Vec::len).sum::<usize>() + read.wrong.len() >= world.pages(),
        );
        let is_printed = |id: &String| printed.contains_key(id);
        // A page that is not its holder's is in no list of pages.
        let all_right = read.wrong.is_empty();
        holds(
            "what was reported as delivered came out",
            !all_right || recorded.delivered.iter().all(is_printed),
        );
        holds(
            "what a session says was delivered came out",
            !all_right || agents.delivered.iter().all(is_printed),
        );
        holds(
            "nothing that was reported as not delivered came out",
            !recorded.not_delivered.iter().any(is_printed),
        );
        holds(
            "nothing was delivered and not delivered",
            recorded.delivered.is_disjoint(&recorded.not_delivered),
        );
        let told = recorded.delivered.iter().chain(&recorded.not_delivered);
        holds(
            "nothing was reported that was not issued",
            told.clone().all(is_issued),
        );
        // An agent that lives knows which of its reports were lost; one that was killed does not.
        let unknown = recorded
            .open()
            .filter(|id| !agents.delivered.contains(*id) && !agents.unreported.contains(*id));
        holds(
            "every certificate of which nobody told is of a session that was killed or uncertain",
            unknown.count() <= agents.killed + agents.uncertain_orders,
        );
        holds(
            "the register recorded each page for one resident, and each resident under one name",
            is_one_to_one(printed, &recorded.issued),
        );
        let people: HashSet<usize> = printed.values().flatten().copied().collect();
        Self {
            issued: recorded.issued.len(),
            delivered: recorded.delivered.len(),
            not_delivered: recorded.not_delivered.len(),
            open: recorded.open().count(),
            pages: world.pages(),
            people: people.len(),
            scanned: read.scanned,
            wrong: read.wrong,
            planted: world.swapper.planted(),
            took,
            agents,
            contradictions,
        }
    }

    /// What does not hold that must; empty where everything agrees. Wrong pages are
    /// [`Findings::wrong`].
    #[must_use]
    pub fn contradictions(&self) -> &[String] {
        &self.contradictions
    }

    /// Whether everybody got their own, and everything agrees.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.wrong.is_empty() && self.contradictions.is_empty()
    }

    /// How often sessions ended so.
    #[must_use]
    pub fn ended(&self, staff_code: &str) -> usize {
        self.agents.endings.get(staff_code).copied().unwrap_or(0)
    }
}

/// Whether those who stood there and those in the register are the same, one by one.
fn is_one_to_one(printed: &HashMap<String, Vec<usize>>, issued: &HashMap<String, Vec<u8>>) -> bool {
    let (mut subjects, mut residents) = (HashMap::new(), HashMap::new());
    let pairs = printed.iter().filter_map(|(id, residents)| {
        let subject = issued.get(id)?;
        Some((residents.first()?, subject))
    });
    for (resident, subject) in pairs {
        if *subjects.entry(resident).or_insert(subject) != subject
            || *residents.entry(subject).or_insert(resident) != resident
        {
            return false;
        }
    }
    true
}
