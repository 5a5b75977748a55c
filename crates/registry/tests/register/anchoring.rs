//! Heads signed and anchored outside: the past cannot be rewritten unnoticed by somebody who has
//! the database and the master key (C19).

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crypto::Es256SigningKey;
use registry::{
    Actor, AnchorFault, Anchored, Anchoring, AnchoringError, Anchors, AuditArea, AuditFault,
    AuditKeys, AuditSigner, AuditVerdict, AuditWriter, ChainVerdict, Purpose,
};
use tempfile::TempDir;

use super::support::*;

/// A register with entries, and its anchor in another folder.
struct Anchorage {
    test: TestRegistry,
    medium: TempDir,
    anchoring: Arc<Anchoring>,
}

fn anchoring_in(medium: &TempDir) -> Arc<Anchoring> {
    let signer = AuditSigner::new(Es256SigningKey::generate().unwrap().0);
    Arc::new(Anchoring {
        keys: AuditKeys::new(vec![signer.public_key().clone()]),
        signer,
        folder: medium.path().to_owned(),
    })
}

impl Anchorage {
    async fn new() -> Self {
        let medium = TempDir::new().unwrap();
        Self {
            test: TestRegistry::with_residents(2).await,
            anchoring: anchoring_in(&medium),
            medium,
        }
    }

    async fn look_up(&self) {
        let handle = self.test.issuing().await;
        handle.dossier(&number_of(1)).await.unwrap().unwrap();
    }

    async fn anchor(&self) -> Anchored {
        let anchored = self.test.registry.anchor_audit(&self.anchoring).await;
        anchored.unwrap()
    }

    fn anchors(&self) -> Anchors {
        Anchors::read(self.medium.path(), &self.anchoring.keys).unwrap()
    }

    fn log(&self) -> PathBuf {
        self.medium.path().join("main.jsonl")
    }

    fn change_log(&self, change: impl FnOnce(&mut Vec<String>)) {
        let text = fs::read_to_string(self.log()).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        change(&mut lines);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(self.log(), text).unwrap();
    }

    async fn verdict(&self) -> ChainVerdict {
        let (registry, keys) = (&self.test.registry, &self.anchoring.keys);
        let area = AuditArea::Municipality(setagaya());
        let anchors = self.anchors();
        let verdicts = registry.verify_audit_area(area, &anchors, keys).await;
        let verdicts = verdicts.unwrap();
        assert_eq!(verdicts.unmatched, None);
        assert_eq!(verdicts.chains.len(), 1);
        verdicts.chains.into_iter().next().unwrap()
    }
}

fn ends_at(verdict: &ChainVerdict) -> u64 {
    match verdict.verdict {
        AuditVerdict::Holds(head) => head.sequence,
        AuditVerdict::Broken(fault) => panic!("{fault}"),
    }
}

#[tokio::test]
async fn what_moved_is_anchored_and_the_tail_is_named() {
    let it = Anchorage::new().await;
    // The system's chain, and two municipalities'.
    assert_eq!(it.anchor().await.heads, 3);
    assert_eq!(it.anchor().await.heads, 0);
    it.look_up().await;
    let verdict = it.verdict().await;
    assert_eq!((ends_at(&verdict), verdict.anchored), (6, 5));
    assert_eq!(it.anchor().await.heads, 1);
    let verdict = it.verdict().await;
    assert_eq!((ends_at(&verdict), verdict.anchored), (6, 6));
    let anchors = it.anchors();
    assert_eq!((anchors.lines, anchors.faults.len()), (4, 0));
}

#[tokio::test]
async fn a_database_that_was_rolled_back_is_found() {
    let it = Anchorage::new().await;
    it.anchor().await;
    it.look_up().await;
    it.anchor().await;
    // As it was before the last entry: what is left holds in itself, every head in it is signed.
    it.test
        .tamper_with_audit(
            "DELETE FROM audit WHERE sequence > 5; DELETE FROM audit_head WHERE sequence > 5;",
        )
        .await;
    let own = it.test.auditing().await.verify_audit(None).await.unwrap();
    assert!(matches!(own, AuditVerdict::Holds(head) if head.sequence == 5));
    assert_eq!(
        it.verdict().await.verdict,
        AuditVerdict::Broken(AuditFault::CutShort { found: 5, known: 6 })
    );
}

#[tokio::test]
async fn a_past_that_was_written_anew_with_every_key_is_found() {
    // Somebody with database and master key has the register write another past: the chain holds
    // in itself, and the anchor says otherwise.
    let it = Anchorage::new().await;
    it.look_up().await;
    it.anchor().await;
    it.test
        .tamper_with_audit("DELETE FROM audit WHERE sequence = 6; DELETE FROM audit_head;")
        .await;
    let handle = it.test.issuing().await;
    assert_eq!(handle.dossier(&number_of(99)).await.unwrap(), None);
    let own = it.test.auditing().await.verify_audit(None).await.unwrap();
    assert!(matches!(own, AuditVerdict::Holds(head) if head.sequence == 6));
    assert_eq!(
        it.verdict().await.verdict,
        AuditVerdict::Broken(AuditFault::OtherHead(6))
    );
}

#[tokio::test]
async fn a_chain_that_is_gone_altogether_is_found() {
    let it = Anchorage::new().await;
    it.anchor().await;
    it.test
        .tamper_with_audit("DELETE FROM audit; DELETE FROM audit_head;")
        .await;
    assert_eq!(
        it.verdict().await.verdict,
        AuditVerdict::Broken(AuditFault::CutShort { found: 0, known: 5 })
    );
}

#[tokio::test]
async fn forged_heads_are_not_believed() {
    let it = Anchorage::new().await;
    it.anchor().await;
    // In the database.
    it.test
        .tamper_with_audit("UPDATE audit_head SET signature = zeroblob(64)")
        .await;
    assert_eq!(
        it.verdict().await.verdict,
        AuditVerdict::Broken(AuditFault::ForgedHead(5))
    );
    it.look_up().await;
    let anchored = it.anchor().await;
    assert_eq!(anchored.heads, 0, "nothing is signed on a forged head");
    assert_eq!(anchored.broken[0].1, AuditFault::ForgedHead(5));
    // In the anchor: signed by somebody else's key.
    let other = Anchorage::new().await;
    let foreign = anchoring_in(&other.medium);
    other.test.registry.anchor_audit(&foreign).await.unwrap();
    let anchors = other.anchors();
    let forged = [("main.jsonl".to_owned(), AnchorFault::Forged(1))];
    assert_eq!(anchors.faults, forged);
    assert_eq!(anchors.lines, 0);
}

#[tokio::test]
async fn an_anchor_log_is_changed_cut_or_reordered_by_nobody_unnoticed() {
    type Change = fn(&mut Vec<String>);
    let changes: [(Change, AnchorFault); 5] = [
        (
            |lines| lines[2] = lines[2].replace("\"sequence\":5", "\"sequence\":4"),
            AnchorFault::Forged(3),
        ),
        (|lines| drop(lines.remove(1)), AnchorFault::OutOfPlace(2)),
        (|lines| lines.swap(1, 2), AnchorFault::OutOfPlace(2)),
        (
            |lines| lines.insert(1, lines[0].clone()),
            AnchorFault::OutOfPlace(2),
        ),
        (
            |lines| lines[1] = "nothing".to_owned(),
            AnchorFault::OutOfPlace(3),
        ),
    ];
    for (at, (change, fault)) in changes.into_iter().enumerate() {
        let it = Anchorage::new().await;
        it.anchor().await;
        it.change_log(change);
        let faults = it.anchors().faults;
        assert_eq!(faults, [("main.jsonl".to_owned(), fault)], "change {at}");
    }
    // Cut at its end, it holds in itself; the database knows that there was more.
    let it = Anchorage::new().await;
    it.anchor().await;
    it.look_up().await;
    it.anchor().await;
    it.change_log(|lines| drop(lines.pop()));
    assert_eq!(it.anchors().faults, []);
    assert_eq!(
        it.verdict().await.verdict,
        AuditVerdict::Broken(AuditFault::NotAnchored(6))
    );
}

#[tokio::test]
async fn a_line_that_was_interrupted_is_vouched_for_by_the_next() {
    let it = Anchorage::new().await;
    it.anchor().await;
    let mut torn = fs::read(it.log()).unwrap();
    torn.extend_from_slice(b"{\"line\":4,\"prev");
    fs::write(it.log(), torn).unwrap();
    let unfinished = AnchorFault::Unfinished(4);
    assert_eq!(it.anchors().faults, [("main.jsonl".to_owned(), unfinished)]);
    it.look_up().await;
    it.anchor().await;
    assert_eq!(it.anchors().faults, []);
    assert_eq!(it.verdict().await.anchored, 6);
    // And who spoils it afterwards is found.
    it.change_log(|lines| lines[3].push('x'));
    let spoiled = AnchorFault::OutOfPlace(5);
    assert_eq!(it.anchors().faults, [("main.jsonl".to_owned(), spoiled)]);
}

#[tokio::test]
async fn nothing_is_stored_that_was_not_anchored() {
    let it = Anchorage::new().await;
    let nowhere = Arc::new(Anchoring {
        signer: AuditSigner::new(Es256SigningKey::generate().unwrap().0),
        keys: it.anchoring.keys.clone(),
        folder: it.medium.path().join("not mounted"),
    });
    let refused = it.test.registry.anchor_audit(&nowhere).await;
    assert!(matches!(refused, Err(AnchoringError::Anchor(_))));
    // The next time, with its medium, everything is anchored.
    assert_eq!(it.anchor().await.heads, 3);
    assert_eq!(it.verdict().await.anchored, 5);
}

#[tokio::test]
async fn each_installation_has_a_chain_of_its_own() {
    let it = Anchorage::new().await;
    let writer = AuditWriter::parse("second").unwrap();
    let registry = it.test.open_again().await.with_audit_writer(writer);
    let issuing = registry.municipality(setagaya(), Purpose::Issuing, kiosk(1));
    let issuing = issuing.await.unwrap();
    issue(&issuing, 1, &order(1)).await.unwrap();
    let audit = registry.municipality(setagaya(), Purpose::Audit, Actor::Server);
    let audit = audit.await.unwrap();
    assert_eq!(audit.audit_head().await.unwrap().sequence, 1);
    let entries = audit.audit_entries(0, 10).await.unwrap();
    assert_eq!(entries[0].writer, "second");
    registry.anchor_audit(&it.anchoring).await.unwrap();
    let area = AuditArea::Municipality(setagaya());
    let keys = &it.anchoring.keys;
    let verdicts = registry.verify_audit_area(area, &it.anchors(), keys).await;
    let ends: Vec<_> = verdicts.unwrap().chains.iter().map(ends_at).collect();
    assert_eq!(ends, [5, 1]);
    // No entry moves from one chain into the other.
    it.test
        .tamper_with_audit(
            "DELETE FROM audit WHERE writer = 'second'; INSERT INTO audit (writer, sequence, at, \
         actor_kind, actor, purpose, event, subject, certificate, detail, note_digest, hash) \
         SELECT 'second', sequence, at, actor_kind, actor, purpose, event, subject, certificate, \
         detail, note_digest, hash FROM audit WHERE sequence = 1;",
        )
        .await;
    let nothing = Anchors::default();
    let verdicts = registry.verify_audit_area(area, &nothing, keys).await;
    let verdicts = verdicts.unwrap();
    assert_eq!(
        verdicts.chains[1].verdict,
        AuditVerdict::Broken(AuditFault::Changed(1))
    );
}

#[tokio::test]
async fn an_area_holds_only_with_each_certificate_and_the_entry_of_its_issue() {
    let it = Anchorage::new().await;
    let (registry, keys) = (&it.test.registry, &it.anchoring.keys);
    let area = AuditArea::Municipality(setagaya());
    let issuing = it.test.issuing().await;
    let first = issue(&issuing, 1, &order(71)).await.unwrap();
    registry.anchor_audit(&it.anchoring).await.unwrap();
    let unmatched = async || {
        let verdicts = registry.verify_audit_area(area, &it.anchors(), keys).await;
        let verdicts = verdicts.unwrap();
        for chain in &verdicts.chains {
            assert!(matches!(chain.verdict, AuditVerdict::Holds(_)), "{chain:?}");
        }
        verdicts.unmatched
    };
    assert_eq!(unmatched().await, None);
    it.test
        .tamper(format!("DELETE FROM certificate WHERE id = '{first}'"))
        .await;
    assert_eq!(unmatched().await, Some(first));
}
