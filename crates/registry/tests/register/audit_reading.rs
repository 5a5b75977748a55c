//! Staff and auditors read the record (C19, C20): found, exported, reported, and recorded.

use crypto::Es256SigningKey;
use declaration::{Declared, Municipality, Reports};
use domain::Redacted;
use registry::{
    Anchoring, ApprovalId, ApprovalRefused, AuditEvent, AuditKeys, AuditQuery, AuditSigner,
    ExportFault, ExportSummary, FlagKind, FlagOrder, Purpose, RegistryError, ResidentNumber,
    StaffId, Whom, verify_audit_export,
};
use std::sync::Arc;
use time::macros::{date, datetime};

use super::support::*;

fn all() -> AuditQuery {
    AuditQuery {
        from: datetime!(2025-03-01 0:00 UTC),
        until: datetime!(2025-05-01 0:00 UTC),
        event: None,
        staff: None,
        certificate: None,
    }
}

fn resident(n: u64) -> Whom {
    Whom::Resident(ResidentNumber::parse(&format!("{n:015}")).unwrap())
}

/// 1 created, 2–5 imports, 6–7 lookups, 8 an issue.
async fn with_entries() -> TestRegistry {
    let test = TestRegistry::with_residents(2).await;
    let handle = test.issuing().await;
    handle.dossier(&number_of(1)).await.unwrap();
    handle.dossier(&number_of(2)).await.unwrap();
    issue(&handle, 1, &order(1)).await.unwrap();
    test
}

#[tokio::test]
async fn entries_are_found_by_what_is_asked_and_asking_is_recorded() {
    let test = with_entries().await;
    let officer = test.handle(Purpose::Audit, staff()).await;
    let found = async |query: AuditQuery, whom: Option<Whom>| {
        let found = officer.search_audit(&query, whom.as_ref(), 100).await;
        let found = found.unwrap().into_iter();
        found.map(|one| one.entry.sequence).collect::<Vec<_>>()
    };
    let id = {
        let entries = test.auditing().await.audit_entries(7, 1).await.unwrap();
        entries[0].certificate.clone().unwrap()
    };
    assert_eq!(found(all(), None).await, [1, 2, 3, 4, 5, 6, 7, 8]);
    let looked_up = AuditQuery {
        event: Some(AuditEvent::LookedUp),
        ..all()
    };
    assert_eq!(found(looked_up, None).await, [6, 7]);
    assert_eq!(found(all(), Some(resident(2))).await, [7]);
    assert_eq!(found(all(), Some(Whom::Number(number_of(1)))).await, [6, 8]);
    let certificate = AuditQuery {
        certificate: Some(domain::CertificateId::parse(&id).unwrap()),
        ..all()
    };
    assert_eq!(found(certificate, None).await, [8]);
    let by_staff = AuditQuery {
        staff: Some(StaffId::parse("tester").unwrap()),
        ..all()
    };
    // The imports, and the searches of before.
    assert_eq!(found(by_staff, None).await, [2, 3, 4, 5, 9, 10, 11, 12, 13]);
    let early = AuditQuery {
        until: datetime!(2025-04-01 0:00 UTC),
        ..all()
    };
    assert!(found(early, None).await.is_empty());
    // Recorded: by what, how many, about whom; no number and no name.
    let entries = test.auditing().await.audit_entries(8, 100).await.unwrap();
    assert_eq!(entries.len(), 7);
    assert!(entries.iter().all(|entry| entry.event == "audit-searched"));
    assert_eq!(entries[2].detail.as_deref(), Some("time+subject: 1 found"));
    assert!(entries[2].subject.is_some());
    let unknown = officer.search_audit(&all(), Some(&resident(99)), 10).await;
    assert!(matches!(unknown, Err(RegistryError::Flag(_))));
    // Only staff, only for this purpose.
    for (purpose, actor) in [(Purpose::Audit, kiosk(1)), (Purpose::Flags, staff())] {
        let handle = test.handle(purpose, actor).await;
        let refused = handle.search_audit(&all(), None, 10).await.err();
        assert_eq!(refused, Some(RegistryError::NotForThisPurpose(purpose)));
    }
}

/// An exported file of one person's entries, and the keys to verify it with.
struct Exported {
    file: Vec<u8>,
    keys: AuditKeys,
    summary: ExportSummary,
}

const RECIPIENTS: [&str; 1] = ["age1auditor"];

async fn approved(test: &TestRegistry, whom: Option<&Whom>) -> ApprovalId {
    let officer = test.handle(Purpose::Audit, staff()).await;
    let recipients = RECIPIENTS.map(str::to_owned);
    let scope = officer.audit_export_scope(&all(), whom, &recipients).await;
    let asking = test.handle(Purpose::Approval, staff()).await;
    let scope = scope.unwrap();
    let id = asking.request_approval(&scope, "court order 12").await;
    let id = id.unwrap();
    let second = test.handle(Purpose::Approval, staff_named("second")).await;
    second.approve(id).await.unwrap();
    id
}

async fn exported(test: &TestRegistry, whom: Option<&Whom>) -> Exported {
    let signer = AuditSigner::new(Es256SigningKey::generate().unwrap().0);
    let keys = AuditKeys::new(vec![signer.public_key().clone()]);
    let medium = tempfile::TempDir::new().unwrap();
    let anchoring = Arc::new(Anchoring {
        signer,
        keys: keys.clone(),
        folder: medium.path().to_owned(),
    });
    // A head in the middle, so that an export need not begin at the start.
    test.registry.anchor_audit(&anchoring).await.unwrap();
    let issuing = test.issuing().await;
    issuing.dossier(&number_of(2)).await.unwrap();
    let id = approved(test, whom).await;
    test.registry.anchor_audit(&anchoring).await.unwrap();
    let officer = test.handle(Purpose::Audit, staff()).await;
    let mut file = Vec::new();
    let recipients = RECIPIENTS.map(str::to_owned);
    let signer = &anchoring.signer;
    let summary = officer
        .export_audit(&all(), whom, &recipients, id, signer, &mut file)
        .await
        .unwrap();
    Exported {
        file,
        keys,
        summary,
    }
}

fn lines(file: &[u8]) -> Vec<String> {
    let text = String::from_utf8(file.to_vec()).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_export_is_verified_alone_and_shows_what_was_asked_for() {
    let test = with_entries().await;
    let person = resident(1);
    let it = exported(&test, Some(&person)).await;
    assert_eq!(verify_audit_export(&it.file[..], &it.keys), Ok(it.summary));
    // Looked up, issued, looked up for this export, which was asked for and approved.
    assert_eq!(it.summary.entries, 5);
    assert_eq!(it.summary.entries + it.summary.withheld, 12);
    let text = String::from_utf8(it.file.clone()).unwrap();
    assert_eq!(
        text.matches("looked-up").count(),
        1,
        "the other person's are digests"
    );
    let entries = test.auditing().await.audit_entries(12, 10).await.unwrap();
    let events: Vec<_> = entries.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(events, ["approval-used", "audit-exported"]);
    // Another key is nobody's.
    let foreign = Es256SigningKey::generate().unwrap().0;
    let foreign = AuditKeys::new(vec![foreign.public_key().clone()]);
    let refused = verify_audit_export(&it.file[..], &foreign);
    assert!(matches!(refused, Err(ExportFault::ForgedHead(_))));
}

#[tokio::test]
async fn whatever_is_done_to_an_export_is_found() {
    let test = with_entries().await;
    let it = exported(&test, None).await;
    let whole = lines(&it.file);
    let verified = |lines: &[String]| {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        verify_audit_export(text.as_bytes(), &it.keys)
    };
    assert_eq!(verified(&whole), Ok(it.summary));
    let entry = whole
        .iter()
        .position(|line| line.contains("looked-up"))
        .unwrap();
    type Change = fn(&mut Vec<String>, usize);
    let changes: [(&str, Change); 8] = [
        ("changed", |lines, at| {
            lines[at] = lines[at].replace("looked-up", "disclosed");
        }),
        ("removed", |lines, at| drop(lines.remove(at))),
        ("moved", |lines, at| lines.swap(at, at + 1)),
        ("doubled", |lines, at| lines.insert(at, lines[at].clone())),
        ("cut", |lines, at| lines.truncate(at)),
        ("without its end", |lines, _| drop(lines.pop())),
        ("with something behind", |lines, _| {
            lines.push("{}".to_owned())
        }),
        ("another request", |lines, _| {
            lines[0] = lines[0].replace("2025-03-01", "2025-03-02");
        }),
    ];
    for (what, change) in changes {
        let mut lines = whole.clone();
        change(&mut lines, entry);
        assert!(verified(&lines).is_err(), "{what}");
    }
    // A whole chain left out, too: the file is signed as a whole.
    let without: Vec<String> = [&whole[..1], &whole[whole.len() - 1..]].concat();
    assert_eq!(verified(&without), Err(ExportFault::End));
    let endless = vec![b'x'; 40_000];
    assert_eq!(
        verify_audit_export(&endless[..], &it.keys),
        Err(ExportFault::Form(1))
    );
}

#[tokio::test]
async fn an_export_is_approved_for_its_question_and_recipients() {
    let test = with_entries().await;
    let id = approved(&test, None).await;
    let officer = test.handle(Purpose::Audit, staff()).await;
    let signer = AuditSigner::new(Es256SigningKey::generate().unwrap().0);
    let person = resident(1);
    for (whom, recipient) in [(Some(&person), RECIPIENTS[0]), (None, "age1somebody")] {
        let mut file = Vec::new();
        let to = [recipient.to_owned()];
        let query = all();
        let refused = officer.export_audit(&query, whom, &to, id, &signer, &mut file);
        let refused = refused.await.err();
        let another = RegistryError::Approval(ApprovalRefused::AnotherAct);
        assert_eq!(refused, Some(another));
    }
}

fn reports() -> Declared<Reports> {
    let text = "code = \"131121\"\nname = \"試験\"\nkana = \"しけん\"\nroman_name = \"Test\"\n\
         prefecture = \"東京都\"\nhead_title = \"試験長\"\nhead_title_english = \"Mayor\"\n\
         fee_yen = 0\nchannels = []\n[reports]\nlegal_basis = \"条例\"\nfrom = 2020-01-01\n\
         office_opens_at = \"08:30\"\noffice_closes_at = \"17:15\"\n";
    let municipality = Municipality::parse(text).unwrap();
    municipality.declared(date!(2025 - 04 - 01)).unwrap()
}

#[tokio::test]
async fn a_night_and_a_day_of_too_much_are_reported_and_nobody_is_named() {
    // The clock stands at noon in Japan, on a Tuesday.
    let test = with_entries().await;
    let officer = test.handle(Purpose::Audit, staff_named("officer")).await;
    let (from, until) = (
        datetime!(2025-03-31 15:00 UTC),
        datetime!(2025-05-01 0:00 UTC),
    );
    let report = async || officer.audit_report(&reports(), from, until).await.unwrap();
    let quiet = report().await;
    assert_eq!((quiet.off_hours.len(), quiet.unusual.len()), (0, 0));
    assert_eq!(quiet.refused, []);
    // Somebody at 02:00, and on Saturday at noon.
    let night = test.handle(Purpose::Flags, staff_named("night-owl")).await;
    for hours in [14, 86] {
        test.clock.advance(hours * 3600);
        night.flags(&resident(1)).await.unwrap();
    }
    let found = report().await.off_hours;
    let told: Vec<_> = found
        .iter()
        .map(|one| (one.staff.as_str(), one.event.as_str(), one.count))
        .collect();
    assert_eq!(
        told,
        [
            ("night-owl", "flags-read", 1),
            ("night-owl", "flags-read", 1)
        ]
    );
    assert_eq!(found[0].first, datetime!(2025-04-01 17:00 UTC));
    // A kiosk that looks up 120 people in a day.
    let issuing = test.handle(Purpose::Issuing, kiosk(9)).await;
    for n in 0..120 {
        issuing.dossier(&number_of(n)).await.unwrap();
    }
    let mut transaction = issuing.begin_issue().await.unwrap();
    transaction.dossier(&number_of(1)).await.unwrap();
    transaction.refuse("fee-changed", None).await.unwrap();
    let report = report().await;
    assert_eq!(report.unusual.len(), 1);
    assert_eq!(report.unusual[0].count, 121);
    assert_eq!(report.unusual[0].actor_kind, "kiosk");
    assert_eq!(report.refused[0].detail.as_deref(), Some("fee-changed"));
    let debug = format!("{report:?}");
    assert!(!debug.contains("見本") && !debug.contains(&digits_of(1)));
    // Without hours declared for this municipality there is none.
    let other = test
        .registry
        .municipality(urayasu(), Purpose::Audit, staff());
    let refused = other
        .await
        .unwrap()
        .audit_report(&reports(), from, until)
        .await;
    assert!(matches!(refused, Err(RegistryError::NotDeclared(_))));
}

#[tokio::test]
async fn notes_of_staff_are_found_with_their_entries() {
    let test = with_entries().await;
    let order = FlagOrder {
        ordered_by: StaffId::parse("head").unwrap(),
        ground: Redacted::new("a request".to_owned()),
    };
    let flags = test.handle(Purpose::Flags, staff()).await;
    flags
        .set_flag(&resident(1), FlagKind::Protected, &order)
        .await
        .unwrap();
    let officer = test.handle(Purpose::Audit, staff()).await;
    let query = AuditQuery {
        event: Some(AuditEvent::FlagSet),
        ..all()
    };
    let found = officer.search_audit(&query, None, 10).await.unwrap();
    let note = found[0].note.as_ref().unwrap();
    assert_eq!(note.expose(), "protected (ordered by head): a request");
}
