//! Doses from venues: by voucher and birth date together, once, and one refusal for everything.

use domain::Redacted;
use registry::{
    Actor, AttemptOutcome, CheckedDose, DoseFault, DoseReceipt, DoseRegistered, ImportFile,
    Purpose, ReceiptState, RegistryError, TextFault, VenueHeld, VenueName,
};
use time::Duration;
use time::macros::{date, datetime};

use super::support::*;
use super::venue_visit::*;

#[tokio::test]
async fn a_dose_by_voucher_and_birth_date_stands_among_the_others() {
    let test = TestRegistry::with_vouchers(2).await;
    let receipt = test.entered(Entered::third_dose_of(2)).await;
    let dossier = test.issuing().await.dossier(&number_of(2)).await.unwrap();
    let doses = dossier.unwrap().doses;
    assert_eq!(doses.len(), 3);
    let dose = &doses[2];
    assert_eq!((dose.number, dose.date), (3, TODAY));
    assert_eq!(dose.registered_at, datetime!(2025-04-01 12:00));
    assert_eq!(dose.voucher.as_ref().unwrap().expose(), voucher_of(2, 3));
    assert_eq!(dose.venue.as_ref().unwrap().expose(), "中央保健センター");
    // The product's own type, not typed by anybody.
    assert_eq!(dose.vaccine_type.as_deref(), Some("COVID-19 mRNAワクチン"));
    let other = test.issuing().await.dossier(&number_of(1)).await.unwrap();
    assert_eq!(other.unwrap().doses.len(), 2);
    let recorded = test.recorded("dose-registered").await;
    assert_eq!(recorded, [(Some(receipt.to_string()), true)]);
}

#[tokio::test]
async fn a_voucher_s_kind_need_not_be_read() {
    let test = TestRegistry::with_vouchers(1).await;
    let entry = Entered {
        kind: None,
        ..Entered::third_dose_of(1)
    };
    test.entered(entry).await;
    // A number that two kinds have is not clear without the kind.
    let number = voucher_of(1, 4);
    let rows = format!("{VOUCHERS}{:015},{number},7,4\n", 1);
    test.import(ImportFile::Vouchers, rows).await.unwrap();
    let entry = Entered {
        voucher: number,
        number: 4,
        kind: None,
        key: 2,
        given: date!(2025 - 03 - 01),
        ..Entered::third_dose_of(1)
    };
    let refused = test.enter(entry.clone()).await;
    assert_eq!(refused, Ok(DoseRegistered::Refused));
    let recorded = test.recorded("dose-refused").await;
    assert_eq!(recorded, [(Some("voucher-ambiguous".to_owned()), false)]);
}

#[tokio::test]
async fn the_same_entry_again_is_the_same_dose() {
    let test = TestRegistry::with_vouchers(1).await;
    let receipt = test.entered(Entered::third_dose_of(1)).await;
    let again = test.enter(Entered::third_dose_of(1)).await;
    assert_eq!(again, Ok(DoseRegistered::Again(receipt)));
    let other = Entered {
        digest: 2,
        ..Entered::third_dose_of(1)
    };
    assert_eq!(test.enter(other).await, Err(RegistryError::OrderKeyReused));
    // Another venue's key is another key.
    let elsewhere = Entered {
        venue: 2,
        ..Entered::third_dose_of(1)
    };
    assert_eq!(test.enter(elsewhere).await, Ok(DoseRegistered::Refused));
    assert_eq!(test.recorded("dose-registered").await.len(), 1);
}

#[tokio::test]
async fn every_reason_is_one_refusal_and_the_record_says_which() {
    let test = TestRegistry::with_vouchers(6).await;
    let moved = |n: u64, columns: &str| {
        let number = digits_of(n);
        format!("{n:015},{number},見本\u{3000}{n}号,,19800101,2,どこか,,{columns}\n")
    };
    let rows = [
        moved(2, "20250401,,"),
        moved(3, ",20250331,"),
        moved(4, ",,20240101"),
    ];
    let rows = format!("{RESIDENTS}{}", rows.concat());
    test.import(ImportFile::Residents, rows).await.unwrap();
    test.entered(Entered::third_dose_of(5)).await;
    let entry = Entered::third_dose_of;
    let cases = [
        (
            "voucher-unknown",
            Entered {
                voucher: "9999999999".to_owned(),
                ..entry(1)
            },
        ),
        (
            // For another dose than the one it was sent for.
            "voucher-unknown",
            Entered {
                number: 4,
                ..entry(1)
            },
        ),
        (
            "voucher-unknown",
            Entered {
                kind: Some(3),
                ..entry(1)
            },
        ),
        (
            "birth-date",
            Entered {
                born: date!(1980 - 01 - 02),
                ..entry(1)
            },
        ),
        ("moved-out", entry(2)),
        ("deceased", entry(3)),
        (
            "voucher-used",
            Entered {
                key: 50,
                venue: 2,
                ..entry(5)
            },
        ),
        (
            // Used for an imported dose.
            "voucher-used",
            Entered {
                voucher: format!("{:010}", 1),
                number: 1,
                ..entry(1)
            },
        ),
        (
            "dose-day-taken",
            Entered {
                given: date!(2021 - 06 - 22),
                ..entry(1)
            },
        ),
        (
            "dose-out-of-order",
            Entered {
                given: date!(2021 - 06 - 10),
                ..entry(1)
            },
        ),
    ];
    let mut codes = Vec::new();
    for (code, mut entered) in cases {
        entered.key = entered.key.max(100) + u8::try_from(codes.len()).unwrap();
        assert_eq!(
            test.enter(entered).await,
            Ok(DoseRegistered::Refused),
            "{code}"
        );
        codes.push(Some(code.to_owned()));
    }
    let recorded = test.recorded("dose-refused").await;
    let found: Vec<_> = recorded.iter().map(|(code, _)| code.clone()).collect();
    assert_eq!(found, codes);
    // Whose record was looked at is recorded; where nobody was found there is nobody to name.
    let named: Vec<bool> = recorded.iter().map(|(_, named)| *named).collect();
    assert_eq!(named[..4], [false, false, false, true]);
    assert!(named[4..].iter().all(|named| *named));
    // People under protection are vaccinated like others.
    test.entered(entry(4)).await;
}

#[tokio::test]
async fn a_dose_of_the_same_number_is_there_once() {
    let test = TestRegistry::with_vouchers(1).await;
    // A third dose came by import, with no voucher.
    let row = "000000000000001,20240101120000,20240101,,,,ファイザー,コミナティ筋注,,\
               新型コロナウイルス感染症,L,3,0.3\n";
    test.import(ImportFile::Doses, format!("{DOSES}{row}"))
        .await
        .unwrap();
    let refused = test.enter(Entered::third_dose_of(1)).await;
    assert_eq!(refused, Ok(DoseRegistered::Refused));
    let recorded = test.recorded("dose-refused").await;
    assert_eq!(recorded, [(Some("dose-number-taken".to_owned()), true)]);
}

#[tokio::test]
async fn another_municipality_s_voucher_is_nobody_s_here() {
    let test = TestRegistry::with_vouchers(1).await;
    let urayasu_s = test
        .registry
        .municipality(urayasu(), Purpose::Venue, venue(1))
        .await
        .unwrap();
    let entry = Entered::third_dose_of(1).entry();
    // Its own register, its own declaration: nobody is found.
    let done = urayasu_s
        .register_dose(&declared_by(urayasu()), &entry)
        .await;
    assert_eq!(done, Ok(DoseRegistered::Refused));
    // Another municipality's declaration is no proof.
    let refused = urayasu_s.register_dose(declared(), &entry).await;
    assert_eq!(
        refused,
        Err(RegistryError::NotForThisPurpose(Purpose::Venue))
    );
    assert_eq!(test.recorded("dose-refused").await, []);
}

#[tokio::test]
async fn only_a_venue_within_its_declaration_registers() {
    let test = TestRegistry::with_vouchers(1).await;
    let entry = Entered::third_dose_of(1).entry();
    for actor in [kiosk(1), staff(), Actor::Server] {
        let register = test.handle(Purpose::Venue, actor).await;
        let refused = register.register_dose(declared(), &entry).await;
        assert_eq!(
            refused,
            Err(RegistryError::NotForThisPurpose(Purpose::Venue))
        );
    }
    for purpose in Purpose::ALL {
        let register = test.handle(purpose, venue(1)).await;
        let done = register.refuse_dose(declared(), &entry).await;
        assert_eq!(done.is_ok(), purpose == Purpose::Venue, "{purpose:?}");
    }
    // A proof of yesterday is asked again today.
    let ended = format!("until = 2025-04-01\n{LIMITS}");
    let ended = declaring(setagaya(), "venues", &ended);
    let ended = ended.declared(TODAY).unwrap();
    test.clock.advance(Duration::days(1).whole_seconds());
    let register = test.venue(1).await;
    let refused = register.register_dose(&ended, &entry).await;
    assert_eq!(
        refused,
        Err(RegistryError::NotForThisPurpose(Purpose::Venue))
    );
}

#[test]
fn what_was_typed_is_checked_before_anybody_is_looked_up() {
    let checked = |change: fn(&mut registry::DoseDraft)| {
        let mut draft = draft(TODAY, "LOT3");
        change(&mut draft);
        CheckedDose::of_venue(draft, declared(), TODAY).map(drop)
    };
    assert_eq!(checked(|_| ()), Ok(()));
    let text = DoseFault::Text;
    for (fault, change) in [
        (
            DoseFault::InFuture,
            (|draft: &mut registry::DoseDraft| draft.date = date!(2025 - 04 - 02))
                as fn(&mut registry::DoseDraft),
        ),
        (DoseFault::DiseaseOfAnotherProduct, |draft| {
            draft.disease = "インフルエンザ".to_owned()
        }),
        (DoseFault::UnknownProduct, |draft| {
            draft.product = "水".to_owned()
        }),
        (DoseFault::UnknownProduct, |draft| {
            draft.manufacturer = "モデルナ".to_owned();
        }),
        (DoseFault::Amount, |draft| {
            draft.amount_microlitres = Some(0)
        }),
        (DoseFault::Amount, |draft| {
            draft.amount_microlitres = Some(100_000)
        }),
        (text(TextFault::Missing), |draft| draft.lot = " ".to_owned()),
        (text(TextFault::TooLong(20)), |draft| {
            draft.lot = "1".repeat(21)
        }),
        (text(TextFault::ControlCharacter), |draft| {
            draft.physician = Some(Redacted::new("\u{0}".to_owned()));
        }),
    ] {
        assert_eq!(checked(change), Err(fault));
    }
    // Declared for something else; the spelling does not count.
    for (declared_for, fits) in [("麻しん", Err(DoseFault::Disease)), ("COVID-19", Ok(()))] {
        let keys = LIMITS.replace("新型コロナウイルス感染症", declared_for);
        let declared = declaring(setagaya(), "venues", &keys);
        let declared = declared.declared(TODAY).unwrap();
        let checked = CheckedDose::of_venue(draft(TODAY, "LOT3"), &declared, TODAY);
        assert_eq!(checked.map(drop), fits);
    }
    let early = Entered {
        born: date!(2025 - 04 - 02),
        ..Entered::third_dose_of(1)
    };
    let entry = std::panic::catch_unwind(|| early.entry());
    assert!(entry.is_err(), "a dose before birth is none");
}

#[tokio::test]
async fn a_venue_sees_its_own_receipts_of_today_and_nothing_else() {
    let test = TestRegistry::with_vouchers(3).await;
    let first = test.entered(Entered::third_dose_of(1)).await;
    let second = test.entered(Entered::third_dose_of(2)).await;
    let other = Entered {
        venue: 2,
        ..Entered::third_dose_of(3)
    };
    test.entered(other).await;
    let register = test.venue(1).await;
    let midnight = datetime!(2025-04-01 0:00 +9);
    let since = async |since, after: Option<DoseReceipt>, limit| {
        let receipts = register.receipts_since(declared(), since, after, limit);
        receipts.await.unwrap()
    };
    let registered = ReceiptState::Registered;
    let both = [(first, registered), (second, registered)];
    assert_eq!(since(midnight, None, 100).await, both);
    assert_eq!(since(midnight, None, 1).await, both[..1]);
    assert_eq!(since(midnight, Some(first), 100).await, both[1..]);
    assert_eq!(since(midnight + Duration::DAY, None, 100).await, []);
}

#[tokio::test]
async fn a_venue_is_registered_for_its_municipalities() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(Actor::Server);
    let Actor::Venue(id) = venue(1) else {
        unreachable!()
    };
    assert_eq!(system.venue(id).await.unwrap(), None);
    let name = VenueName::parse("中央保健センター").unwrap();
    let operator = registry::StaffId::parse("operator").unwrap();
    let register = async |codes: &[_]| {
        let done = system.register_venue(id, &name, codes, &operator);
        done.await.unwrap();
        system.venue(id).await.unwrap()
    };
    let registered = register(&[setagaya(), urayasu(), setagaya()])
        .await
        .unwrap();
    assert_eq!(registered.municipalities, [urayasu(), setagaya()]);
    assert_eq!(registered.name, name);
    let registered = register(&[urayasu()]).await.unwrap();
    assert_eq!(registered.municipalities, [urayasu()]);
    assert!(system.unregister(id).await.unwrap());
    assert_eq!(system.venue(id).await.unwrap(), None);
}

#[tokio::test]
async fn whoever_guesses_is_held_and_others_are_not() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(Actor::Server);
    let (guesser, other) = (id(1), id(2));
    let declared = declared();
    let begin = async |venue| {
        let begun = system.begin_venue_attempt(venue, declared.function());
        begun.await.unwrap()
    };
    let refuse = async |venue| {
        let attempt = begin(venue).await.unwrap();
        let ended = system.end_venue_attempt(attempt, AttemptOutcome::Refused);
        ended.await.unwrap()
    };
    assert!(!refuse(guesser).await);
    assert!(!refuse(guesser).await);
    test.clock.advance(Duration::minutes(10).whole_seconds());
    assert!(refuse(guesser).await, "the third is one too many");
    assert_eq!(begin(guesser).await, Err(VenueHeld::Blocked(50 * 60)));
    assert!(begin(other).await.is_ok());
    // It stays so over a restart, and ends when the oldest is an hour old.
    let again = test.open_again().await;
    let system_again = again.system(Actor::Server);
    let held = system_again.begin_venue_attempt(guesser, declared.function());
    assert_eq!(held.await.unwrap(), Err(VenueHeld::Blocked(50 * 60)));
    again.close().await;
    test.clock.advance(Duration::minutes(50).whole_seconds());
    assert!(begin(guesser).await.is_ok());
}

#[tokio::test]
async fn the_security_officer_s_report_says_what_was_refused_and_who_was_held() {
    let test = TestRegistry::with_vouchers(1).await;
    let wrong = Entered {
        born: date!(1980 - 01 - 02),
        ..Entered::third_dose_of(1)
    };
    test.enter(wrong).await.unwrap();
    test.venue(1).await.record_venue_blocked().await.unwrap();
    let over_quota = test.venue(2).await;
    over_quota.record_venue_over_quota().await.unwrap();
    let hours = "office_opens_at = \"08:30\"\noffice_closes_at = \"17:15\"\n";
    let reports = declaring(setagaya(), "reports", hours)
        .declared(TODAY)
        .unwrap();
    let (from, until) = (test.now() - Duration::DAY, test.now() + Duration::DAY);
    let officer = test.handle(Purpose::Audit, staff()).await;
    let report = officer.audit_report(&reports, from, until).await.unwrap();
    let said: Vec<_> = report.refused.iter().collect();
    let said = |event: &str| {
        said.iter()
            .find(|one| one.event == event)
            .unwrap()
            .detail
            .clone()
    };
    assert_eq!(said("dose-refused").as_deref(), Some("birth-date"));
    assert_eq!(said("venue-blocked"), Some("01".repeat(32)));
    assert_eq!(said("venue-quota-refused"), Some("02".repeat(32)));
}

#[tokio::test]
async fn no_burst_gets_more_guesses_than_the_hour_allows() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(Actor::Server);
    let declared = declared();
    let mut open = Vec::new();
    for _ in 0..3 {
        let begun = system.begin_venue_attempt(id(1), declared.function());
        open.push(begun.await.unwrap().unwrap());
    }
    let begun = system.begin_venue_attempt(id(1), declared.function());
    assert_eq!(begun.await.unwrap(), Err(VenueHeld::TooFast(2)));
    // What was never ended counts as refused once a minute has passed: its server died over it.
    drop(open);
    test.clock.advance(Duration::minutes(2).whole_seconds());
    let begun = system.begin_venue_attempt(id(1), declared.function());
    assert_eq!(begun.await.unwrap(), Err(VenueHeld::Blocked(58 * 60)));
}

#[tokio::test]
async fn so_many_doses_a_day_and_so_many_a_minute() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(Actor::Server);
    let declared = declared();
    let attempt = async |outcome| {
        let begun = system.begin_venue_attempt(id(1), declared.function());
        let begun = begun.await.unwrap()?;
        system.end_venue_attempt(begun, outcome).await.unwrap();
        Ok(())
    };
    for _ in 0..4 {
        assert_eq!(attempt(AttemptOutcome::Registered).await, Ok(()));
    }
    // 12:00 in Japan: the day ends in twelve hours.
    let reached = VenueHeld::QuotaReached(12 * 60 * 60);
    assert_eq!(attempt(AttemptOutcome::Registered).await, Err(reached));
    // Asking on and on is too fast, as anything else is.
    assert_eq!(attempt(AttemptOutcome::Registered).await, Err(reached));
    let fast = attempt(AttemptOutcome::Registered).await;
    assert_eq!(fast, Err(VenueHeld::TooFast(60)));
    test.clock.advance(Duration::hours(12).whole_seconds());
    for _ in 0..6 {
        assert_eq!(attempt(AttemptOutcome::Other).await, Ok(()));
    }
    let fast = attempt(AttemptOutcome::Other).await;
    assert_eq!(fast, Err(VenueHeld::TooFast(60)));
    test.clock.advance(Duration::minutes(1).whole_seconds());
    assert_eq!(attempt(AttemptOutcome::Registered).await, Ok(()));
}

fn id(n: u8) -> domain::ChannelId {
    domain::ChannelId([n; 32])
}
