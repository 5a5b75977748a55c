//! What an inquiry leaves behind: of a number without a match, nothing (C24); of a number with
//! one, nothing either.

use domain::MunicipalityCode;
use registry::{DisclosureEvent, ImportFile, InquiryAnswer, Purpose};

use super::inquiry_towns::*;
use super::support::*;

const PERSON: u64 = 777;

/// Setagaya with one resident whom Urayasu does not know.
async fn stranger() -> TestRegistry {
    let test = towns(1).await;
    let row = format!(
        "{RESIDENTS}{PERSON:015},{},{},東京都世田谷区,,,,\n",
        digits_of(PERSON),
        person(PERSON)
    );
    import(&test, setagaya(), ImportFile::Residents, &row).await;
    test
}

/// The bytes that one column of one row holds.
async fn bytes_of(test: &TestRegistry, code: Option<MunicipalityCode>, statement: &str) -> Vec<u8> {
    let mut found = test.database.bytes(code, statement).await;
    assert_eq!(found.len(), 1, "{statement}");
    found.remove(0)
}

fn forms_of(bytes: &[u8]) -> [Vec<u8>; 3] {
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let upper = hexadecimal.to_uppercase();
    [bytes.to_vec(), hexadecimal.into_bytes(), upper.into_bytes()]
}

fn holds(content: &[u8], what: &[u8]) -> bool {
    memchr::memmem::find(content, what).is_some()
}

#[tokio::test]
async fn no_match_leaves_no_trace_of_the_number() {
    let test = stranger().await;
    let (_, answer) = asked(&test, PERSON).await;
    assert_eq!(answer, InquiryAnswer::NothingProvided);
    let snapshot = test.database.everything().await;
    assert!(snapshot.len() > 2);

    // The number itself, in whatever form, is nowhere.
    let number = digits_of(PERSON);
    for (name, content) in &snapshot {
        for form in forms_of(number.as_bytes()) {
            assert!(!holds(content, &form), "the number lies in {name}");
        }
    }
    // Nor is what Urayasu, or the system, would derive from it: made here afterwards to know it.
    let index = "SELECT individual_number_index FROM resident WHERE id NOT IN \
                 (SELECT resident FROM dose)";
    let row = format!(
        "{RESIDENTS}{PERSON:015},{number},{},千葉県浦安市,,,,\n",
        person(PERSON)
    );
    import(&test, urayasu(), ImportFile::Residents, &row).await;
    let of_urayasu = bytes_of(&test, Some(urayasu()), index).await;
    let id = "SELECT id FROM resident WHERE id NOT IN (SELECT resident FROM dose)";
    let id_of_urayasu = bytes_of(&test, Some(urayasu()), id).await;
    let system = test.registry.system(staff());
    system.suspend_card(&number_of(PERSON)).await.unwrap();
    let suspended = "SELECT individual_number_index FROM suspended_card";
    let of_system = bytes_of(&test, None, suspended).await;
    for derived in [
        &of_urayasu,
        &id_of_urayasu,
        &of_system,
        &of_system[..16].to_vec(),
    ] {
        assert!(derived.len() >= 16);
        for (name, content) in &snapshot {
            for form in forms_of(derived) {
                assert!(!holds(content, &form), "something derived lies in {name}");
            }
        }
    }
    // The search finds what is there: the same afterwards.
    let after = test.database.everything().await;
    assert!(after.iter().any(|(_, content)| holds(content, &of_urayasu)));

    // Setagaya's own index of its own resident stands in its row and nowhere else.
    let own = "SELECT individual_number_index FROM resident WHERE id = \
               (SELECT resident FROM inquiry)";
    let own = bytes_of(&test, Some(setagaya()), own).await;
    for column in [
        "SELECT id FROM inquiry",
        "SELECT resident FROM inquiry",
        "SELECT sealed FROM inquiry",
        "SELECT resident FROM disclosure_record",
        "SELECT sealed FROM disclosure_record",
        "SELECT digest FROM approval",
        "SELECT sealed FROM approval",
    ] {
        for content in test.database.bytes(Some(setagaya()), column).await {
            assert!(!holds(&content, &own), "{column}");
        }
    }
}

#[tokio::test]
async fn no_match_is_recorded_as_an_answer_about_nobody() {
    let test = stranger().await;
    asked(&test, PERSON).await;
    let there = answering(&test).await.received_inquiries().await.unwrap();
    assert_eq!(there.len(), 1);
    assert_eq!(there[0].state, registry::AnswerState::NoMatch);
    assert_eq!(there[0].resident, None);
    let audit = handle_of(&test, urayasu(), Purpose::Audit, "auditor").await;
    let entries = audit.audit_entries(0, 1000).await.unwrap();
    let answered: Vec<_> = entries
        .iter()
        .filter(|entry| entry.event == "inquiry-answered")
        .collect();
    assert_eq!(answered.len(), 1);
    assert_eq!(answered[0].detail.as_deref(), Some("no-match"));
    assert_eq!(answered[0].subject, None);
    assert_eq!(answered[0].actor_kind, "municipality");
    assert_eq!(answered[0].actor, b"131121");
    let records = test
        .database
        .bytes(Some(urayasu()), "SELECT id FROM disclosure_record")
        .await;
    assert!(records.is_empty());
}

#[tokio::test]
async fn the_two_registers_share_nothing_by_which_rows_could_be_tied_together() {
    let test = towns(1).await;
    let (id, _) = asked(&test, 1).await;
    let columns = [
        "SELECT id FROM inquiry",
        "SELECT resident FROM inquiry",
        "SELECT inquiry FROM received_dose",
        "SELECT id FROM answered_inquiry",
        "SELECT resident FROM answered_inquiry",
        "SELECT id FROM disclosure_record",
        "SELECT resident FROM disclosure_record",
    ];
    let mut both = Vec::new();
    for code in [setagaya(), urayasu()] {
        let mut ids = std::collections::BTreeSet::new();
        for column in columns {
            ids.extend(test.database.bytes(Some(code), column).await);
        }
        assert!(ids.len() >= 3);
        both.push(ids);
    }
    assert!(both[0].is_disjoint(&both[1]));
    // Urayasu forgot what it provided as soon as Setagaya had it.
    let answers = "SELECT answer FROM answered_inquiry WHERE answer IS NOT NULL";
    let answers = test.database.bytes(Some(urayasu()), answers).await;
    assert!(answers.is_empty());
    // Who may open both sees the same inquiry in both.
    for code in [setagaya(), urayasu()] {
        for record in records(&test, code, 1).await {
            assert_eq!(record.inquiry, id.to_string());
        }
    }
}

#[tokio::test]
async fn the_answer_of_a_restored_backup_is_asked_for_anew_and_not_invented() {
    let test = towns(1).await;
    let (id, _) = asked(&test, 1).await;
    // Setagaya's register is one from before it received the answer.
    let before = "UPDATE inquiry SET state = 'sent'; DELETE FROM received_dose";
    test.database
        .tamper(Some(setagaya()), before)
        .await
        .unwrap();
    let refused = refusal(send(&test, id, None).await);
    assert_eq!(refused, registry::InquiryRefused::AnswerGone);
    let (again, answer) = asked(&test, 1).await;
    assert_ne!(again, id);
    assert_eq!(answer, InquiryAnswer::Provided(2));
    let there = record_events(&test, urayasu(), 1).await;
    assert_eq!(there, [DisclosureEvent::Provided; 2]);
}
