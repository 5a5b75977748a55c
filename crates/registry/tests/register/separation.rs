//! A handle reaches its own municipality and no other (C11): every method of every handle is asked
//! through another municipality's handle, by every name that could lead to this one's data.
//!
//! The methods are read out of the source: a new one fails here until it is walked.

use std::collections::BTreeSet;
use std::path::Path;

use declaration::{Declared, Export, Retention};
use domain::{CertificateId, CertificateKind};
use registry::{
    Actor, ApprovalId, ApprovalScope, ApprovalSubject, AuditArea, AuditHead, AuditVerdict,
    CsvEncoding, Delivery, ErasureRecorded, ErasureRefused, ImportSource, LedgerEncoding,
    LedgerScope, MunicipalityRegister, OutcomeRecorded, Purpose, RegistryError, ReissueRecorded,
    RevocationRecorded,
};
use time::macros::date;

use super::counts;
use super::inquiry_towns::{self, resident};
use super::support::*;

/// Methods that are no way to a municipality's data by themselves, or are asked elsewhere, and
/// why.
const NOT_WALKED: [(&str, &str); 9] = [
    (
        "Registry::municipality",
        "makes the handle; names its municipality",
    ),
    (
        "Registry::upkeep",
        "makes the handle; names its municipality",
    ),
    ("Registry::add_municipality", "makes an empty register"),
    ("Registry::municipalities", "gives codes"),
    ("Registry::close", "gives nothing"),
    (
        "Registry::anchor_audit",
        "the whole installation's, by its operator: heads alone",
    ),
    (
        "Registry::verify_audit_area",
        "names its area; `verify_audit` is walked",
    ),
    (
        "Registry::inquiry_exchange",
        "the one way between two, by both one's declaration: inquiry.rs",
    ),
    (
        "RecordedCertificate::commit",
        "what `record_certificate` gave: nothing here",
    ),
];

/// Types whose methods are no handle's on one municipality.
const NO_HANDLES: [(&str, &str); 4] = [
    ("SystemRegister", "what belongs to no municipality"),
    (
        "InquiryExchange",
        "between two that both declared it: inquiry.rs",
    ),
    ("SentInquiry", "a step of the exchange"),
    ("AnsweredInquiry", "a step of the exchange"),
];

/// Another municipality's handles, and what they were asked.
pub struct Walk<'a> {
    pub test: &'a TestRegistry,
    asked: BTreeSet<String>,
}

impl Walk<'_> {
    pub async fn handle(&self, purpose: Purpose, actor: Actor) -> MunicipalityRegister {
        let handle = self.test.registry.municipality(urayasu(), purpose, actor);
        handle.await.unwrap()
    }

    /// A method of a handle was asked, and this is whether it gave nothing.
    pub fn asked(&mut self, method: &str, nothing: bool) {
        assert!(nothing, "{method} gave something of another municipality");
        self.asked.insert(method.to_owned());
    }

    async fn issuing(&mut self, id: CertificateId) {
        let handle = self.handle(Purpose::Issuing, kiosk(1)).await;
        let dossier = handle.dossier(&number_of(1)).await.unwrap();
        self.asked("MunicipalityRegister::dossier", dossier.is_none());
        let dossier = handle.dossier_for_preview(&number_of(1)).await.unwrap();
        self.asked(
            "MunicipalityRegister::dossier_for_preview",
            dossier.is_none(),
        );
        // Recorded without a subject: the chain is looked at below.
        handle
            .record_offer_refused(&number_of(1), "x")
            .await
            .unwrap();
        self.asked("MunicipalityRegister::record_offer_refused", true);
        let certificate = handle.certificate(id).await.unwrap();
        self.asked("MunicipalityRegister::certificate", certificate.is_none());
        let outcome = handle.record_outcome(id, Delivery::NotDelivered).await;
        let unknown = outcome.unwrap() == OutcomeRecorded::UnknownCertificate;
        self.asked("MunicipalityRegister::record_outcome", unknown);

        let mut transaction = handle.begin_issue().await.unwrap();
        self.asked("MunicipalityRegister::begin_issue", true);
        let found = transaction.find_order(&order(1)).await.unwrap();
        self.asked("IssuingTransaction::find_order", found.is_none());
        let dossier = transaction.dossier(&number_of(1)).await.unwrap();
        self.asked("IssuingTransaction::dossier", dossier.is_none());
        let mut new = certificate_replacing(id);
        let refused = transaction.record_certificate(&order(1), &new).await;
        let refused = refused.err() == Some(RegistryError::NoDossierRead);
        self.asked("IssuingTransaction::record_certificate", refused);
        let transaction = handle.begin_issue().await.unwrap();
        transaction.refuse("x", None).await.unwrap();
        self.asked("IssuingTransaction::refuse", true);

        // Nor with a resident of one's own who has the same number: what is replaced is another's.
        self.import_own().await;
        let mut transaction = handle.begin_issue().await.unwrap();
        let own = transaction.dossier(&number_of(1)).await.unwrap().unwrap();
        self.asked("IssuingTransaction::dossier", own.undelivered.is_empty());
        new.fee = domain::Yen(0);
        let refused = transaction.record_certificate(&order(1), &new).await;
        let refused = refused.err() == Some(RegistryError::NotReplaceable);
        self.asked("IssuingTransaction::record_certificate", refused);
    }

    /// The rows of this one's residents, brought in: a dose for somebody who is not there does not
    /// land, and a resident who is there twice is two residents.
    async fn import_own(&mut self) {
        let handle = self.handle(Purpose::Import, staff()).await;
        let [residents, rest @ ..] = files(1);
        for (file, text) in rest {
            let reader = std::io::Cursor::new(text);
            let source = ImportSource::plain(file, CsvEncoding::Utf8, reader);
            let report = bring_in(&handle, vec![source]).await.unwrap();
            let nothing = (report.added(), report.changed()) == (0, 0);
            self.asked("MunicipalityRegister::check_import", nothing);
            self.asked("MunicipalityRegister::land_import", nothing);
        }
        let reader = std::io::Cursor::new(residents.1);
        let source = ImportSource::plain(residents.0, CsvEncoding::Utf8, reader);
        let report = bring_in(&handle, vec![source]).await;
        assert_eq!(report.unwrap().added(), 1);
        // The batches are this one's own four, and none of another's closes.
        let own = handle.import_batches(false).await.unwrap();
        self.asked("MunicipalityRegister::import_batches", own.len() == 4);
        let elsewhere = self.test.handle(Purpose::Import, staff()).await;
        let anothers = elsewhere.import_batches(false).await.unwrap();
        let closed = handle
            .record_erasure(anothers[0].id, "burnt")
            .await
            .unwrap();
        let unknown = closed == ErasureRecorded::UnknownBatch;
        self.asked("MunicipalityRegister::record_erasure", unknown);
        let id = "00010203fcfdfeff".parse().unwrap();
        let landed = handle.batch_of_approval(id).await.unwrap();
        self.asked("MunicipalityRegister::batch_of_approval", landed.is_none());
    }

    async fn counter(&mut self, id: CertificateId) {
        let handle = self.handle(Purpose::CounterReissue, staff()).await;
        let reissued = handle.record_reissue(id, &because("lost")).await.unwrap();
        let unknown = reissued == ReissueRecorded::UnknownCertificate;
        self.asked("MunicipalityRegister::record_reissue", unknown);
        let revoked = handle.revoke(id, "error").await.unwrap();
        let unknown = revoked == RevocationRecorded::UnknownCertificate;
        self.asked("MunicipalityRegister::revoke", unknown);
        let handle = self.handle(Purpose::Publishing, Actor::Server).await;
        let revocations = handle.revocations().await.unwrap();
        let nothing = revocations.revoked.is_empty() && revocations.counter == 0;
        self.asked("MunicipalityRegister::revocations", nothing);
    }

    async fn audit(&mut self, others_head: AuditHead) {
        let handle = self.handle(Purpose::Audit, staff()).await;
        let head = handle.audit_head().await.unwrap();
        self.asked("MunicipalityRegister::audit_head", head != others_head);
        let entries = handle.audit_entries(0, 1000).await.unwrap();
        let nothing = |entry: &registry::AuditEntry| entry.certificate.is_none();
        let nothing = entries.iter().all(nothing);
        self.asked("MunicipalityRegister::audit_entries", nothing);
        let verdict = handle.verify_audit(Some(&others_head)).await.unwrap();
        let broken = matches!(verdict, AuditVerdict::Broken(_));
        self.asked("MunicipalityRegister::verify_audit", broken);
        let notes = handle.refusal_notes(1000).await.unwrap();
        let own = notes.iter().all(|note| note.note.expose() == "x");
        self.asked("MunicipalityRegister::refusal_notes", own);
    }

    async fn approvals(&mut self, id: ApprovalId) {
        let handle = self.handle(Purpose::Approval, staff_named("sato")).await;
        let approval = handle.approval(id).await.unwrap();
        self.asked("MunicipalityRegister::approval", approval.is_none());
        let approvals = handle.approvals(false).await.unwrap();
        let nothing = approvals.iter().all(|one| one.id != id);
        self.asked("MunicipalityRegister::approvals", nothing);
        for (method, decided) in [
            ("MunicipalityRegister::approve", handle.approve(id).await),
            (
                "MunicipalityRegister::decline",
                handle.decline(id, None).await,
            ),
            ("MunicipalityRegister::withdraw", handle.withdraw(id).await),
        ] {
            self.asked(method, decided.is_err());
        }
        let own = handle.request_approval(&scope(), "own").await.unwrap();
        self.asked("MunicipalityRegister::request_approval", own != id);
    }

    async fn disclosure(&mut self) {
        let handle = self.handle(Purpose::Disclosure, staff()).await;
        let records = handle.disclosure_records(&resident(1)).await.unwrap();
        self.asked(
            "MunicipalityRegister::disclosure_records",
            records.is_empty(),
        );
    }

    /// With an approval and a declaration of its own; with this one's approval it is refused.
    async fn ledger(&mut self, others: ApprovalId) {
        let identity = encrypted_file::Identity::generate();
        let recipients = format!("recipients = [\"{}\"]\n", identity.recipient().trim());
        let declared = declaring(urayasu(), "export", &recipients);
        let declared: Declared<Export> = declared.declared(date!(2025 - 04 - 01)).unwrap();
        let scope = LedgerScope {
            from: date!(2021 - 01 - 01),
            until: date!(2025 - 01 - 01),
            disease: inquiry_towns::COVID.to_owned(),
            encoding: LedgerEncoding::Utf8,
        };
        let approval = scope.approval_scope(&declared);
        let own = inquiry_towns::approved(self.test, urayasu(), &approval).await;
        let handle = self.handle(Purpose::LedgerExport, staff()).await;
        let length = handle.ledger_length().await.unwrap();
        self.asked("MunicipalityRegister::ledger_length", length == 1);
        let write = async |approval| {
            let written = handle.write_ledger(&declared, &scope, approval, Vec::new(), |_| {});
            written.await
        };
        assert!(write(others).await.is_err());
        let written = write(own).await.unwrap();
        let nothing = written.summary().doses == 0;
        self.asked("MunicipalityRegister::write_ledger", nothing);
        let (_, summary) = written.record().await.unwrap();
        self.asked("WrittenLedger::record", summary.doses == 0);
    }

    /// With a declaration and an approval of its own it erases its own rows alone.
    async fn erasure(&mut self) {
        let keys = "doses = \"1 day\"\npassports = \"1 day\"\nvouchers = \"1 day\"\n";
        let today = date!(2025 - 04 - 01);
        let declared: Declared<Retention> = declaring(urayasu(), "retention", keys)
            .declared(today)
            .unwrap();
        let handle = self.handle(Purpose::Retention, staff()).await;
        let plan = handle
            .plan_retention(&declared, today, |_| {})
            .await
            .unwrap();
        self.asked("MunicipalityRegister::plan_retention", plan.is_empty());
        let own = plan.approval_scope(&declared);
        let own = inquiry_towns::approved(self.test, urayasu(), &own).await;
        let done = handle
            .erase_retained(&declared, today, own, |_| {})
            .await
            .unwrap();
        self.asked("MunicipalityRegister::erase_retained", done.is_empty());
        // Its own resident has the same number, and nothing else.
        let plan = handle
            .plan_resident_erasure(&declared, &resident(1))
            .await
            .unwrap();
        let own_alone = |(table, rows): &(&str, u64)| *rows == u64::from(*table == "resident");
        let nothing = plan.rows().iter().all(own_alone);
        self.asked("MunicipalityRegister::plan_resident_erasure", nothing);
        let own = plan.approval_scope();
        let own = inquiry_towns::approved(self.test, urayasu(), &own).await;
        let done = handle
            .erase_resident(&declared, &resident(1), own)
            .await
            .unwrap();
        self.asked("MunicipalityRegister::erase_resident", done == plan);
        let nobody = handle.plan_resident_erasure(&declared, &resident(1)).await;
        let unknown = RegistryError::Erasure(ErasureRefused::UnknownResident);
        assert_eq!(nobody.err(), Some(unknown));
    }

    async fn counts(&mut self) {
        let handle = self.handle(Purpose::Counts, staff()).await;
        let (own, body) = (counts::declared(urayasu()), counts::BODY);
        let counted = handle.dose_counts(&own, body, counts::ALL.into(), |_, _| {});
        let counted = counted.await.unwrap();
        let nothing = counted.counts.is_empty() && counted.left_out == 0;
        self.asked("MunicipalityRegister::dose_counts", nothing);
    }

    /// Of an inquiry each side has its own record, and neither reaches the other's.
    async fn inquiries(&mut self) {
        let test = inquiry_towns::towns(1).await;
        let protected = ",,20250101";
        inquiry_towns::changed_in_urayasu(&test, 1, &inquiry_towns::person(1), protected).await;
        let (id, _) = inquiry_towns::asked(&test, 1).await;
        let waiting = inquiry_towns::last_received(&test).await;

        let there = Purpose::Inquiry;
        let there = inquiry_towns::handle_of(&test, urayasu(), there, "tester").await;
        let made = there.inquiries().await.unwrap();
        self.asked("MunicipalityRegister::inquiries", made.is_empty());
        let made = there.inquiry(id).await.unwrap();
        self.asked("MunicipalityRegister::inquiry", made.is_none());
        let scope = there.inquiry_scope(id).await.unwrap();
        self.asked("MunicipalityRegister::inquiry_scope", scope.is_none());

        let here = Purpose::Provision;
        let here = inquiry_towns::handle_of(&test, setagaya(), here, "tester").await;
        let received = here.received_inquiries().await.unwrap();
        self.asked(
            "MunicipalityRegister::received_inquiries",
            received.is_empty(),
        );
        let scope = here.release_scope(waiting.id).await.unwrap();
        self.asked("MunicipalityRegister::release_scope", scope.is_none());
        let refused = here.refuse_inquiry(waiting.id, "no").await;
        self.asked("MunicipalityRegister::refuse_inquiry", refused.is_err());
        let approval = ApprovalScope::new(ApprovalSubject::Release, "a".to_owned());
        let approval = inquiry_towns::approved(&test, setagaya(), &approval).await;
        let declared = inquiry_towns::declared(setagaya());
        let released = here.release_inquiry(&declared, waiting.id, approval).await;
        self.asked("MunicipalityRegister::release_inquiry", released.is_err());
        let still = inquiry_towns::last_received(&test).await;
        assert_eq!(still.state, registry::AnswerState::Waiting);
    }

    async fn upkeep(&mut self) {
        let area = AuditArea::Municipality(urayasu());
        let upkeep = self.test.registry.upkeep(area, staff()).await.unwrap();
        let status = upkeep.key_status().await.unwrap();
        self.asked("Upkeep::key_status", status.data.len() == 1);
        let rewrapped = upkeep.rewrap_keys().await.unwrap();
        self.asked("Upkeep::rewrap_keys", rewrapped == 0);
        upkeep.rotate_keys(|_| ()).await.unwrap();
        self.asked("Upkeep::rotate_keys", true);
    }
}

fn scope() -> ApprovalScope {
    ApprovalScope::new(ApprovalSubject::Retention, "a".to_owned())
}

fn certificate_replacing(id: CertificateId) -> registry::NewCertificate {
    let mut new = certificate(CertificateKind::Domestic, b"signed");
    new.replaces = Some(id);
    new
}

#[tokio::test]
async fn every_method_of_another_municipality_s_handle_gives_nothing() {
    let test = TestRegistry::with_residents(1).await;
    let issuing = test.issuing().await;
    let id = issue(&issuing, 1, &order(1)).await.unwrap();
    let undelivered = issuing.record_outcome(id, Delivery::NotDelivered).await;
    assert_eq!(undelivered.unwrap(), OutcomeRecorded::Recorded);
    let yamada = test.handle(Purpose::Approval, staff_named("yamada")).await;
    let approval = yamada.request_approval(&scope(), "needed").await.unwrap();
    let auditing = test.auditing().await;
    let head = auditing.audit_head().await.unwrap();

    let asked = BTreeSet::new();
    let mut walk = Walk { test: &test, asked };
    walk.flags(approval).await;
    walk.told(approval).await;
    walk.issuing(id).await;
    walk.counter(id).await;
    walk.audit(head).await;
    walk.audit_read(id, approval).await;
    walk.approvals(approval).await;
    walk.disclosure().await;
    walk.ledger(approval).await;
    walk.counts().await;
    walk.erasure().await;
    walk.inquiries().await;
    walk.venues().await;
    walk.upkeep().await;

    // Nothing was read or written here: whatever is would be recorded.
    let verdict = auditing.verify_audit(None).await.unwrap();
    assert_eq!(verdict, AuditVerdict::Holds(head));
    let waiting = yamada.approvals(true).await.unwrap();
    assert!(waiting.iter().any(|one| one.id == approval));

    let expected: BTreeSet<String> = methods().difference(&not_walked()).cloned().collect();
    let forgotten: Vec<_> = expected.difference(&walk.asked).collect();
    assert!(forgotten.is_empty(), "not walked yet: {forgotten:?}");
    let gone: Vec<_> = walk.asked.difference(&expected).collect();
    assert!(gone.is_empty(), "no longer there: {gone:?}");
}

fn not_walked() -> BTreeSet<String> {
    let there = methods();
    for (method, why) in NOT_WALKED {
        assert!(
            there.contains(method),
            "{method} ({why}) is no longer there"
        );
    }
    NOT_WALKED.map(|(method, _)| method.to_owned()).into()
}

/// Every public method that waits for something, of every public type but those that are no
/// handles, as `Type::method`. A method that waits for nothing reads no storage.
fn methods() -> BTreeSet<String> {
    let mut methods = BTreeSet::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut methods,
    );
    assert!(methods.len() > 30, "the source is read");
    methods.retain(|method| {
        NO_HANDLES
            .iter()
            .all(|(handle, _)| !method.starts_with(handle))
    });
    methods
}

fn collect(folder: &Path, methods: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, methods);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut handle = None;
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("impl") {
                // `impl<'a> Type<'a> {`; of a trait the methods are not ours.
                let rest = rest.split_once("> ").map_or(rest, |(generics, after)| {
                    if generics.starts_with('<') {
                        after
                    } else {
                        rest
                    }
                });
                let name: String = rest
                    .trim_start()
                    .chars()
                    .take_while(|char| char.is_alphanumeric())
                    .collect();
                handle = (!rest.contains(" for ")).then_some(name);
            } else if line == "}" {
                handle = None;
            } else if let (Some(handle), Some(method)) =
                (&handle, line.strip_prefix("    pub async fn "))
            {
                let name: String = method
                    .chars()
                    .take_while(|char| char.is_alphanumeric() || *char == '_')
                    .collect();
                // What makes a thing out of nothing is no method of a handle.
                if name != "open" {
                    methods.insert(format!("{handle}::{name}"));
                }
            }
        }
    }
}
