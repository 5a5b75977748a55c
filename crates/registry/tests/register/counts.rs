//! Counts for bodies that have no access (C14): nothing about few people, and recorded.

use declaration::{Counts, Declared, NotDeclared};
use domain::MunicipalityCode;
use registry::{CountsRefused, DoseCounts, FEWEST_PEOPLE, ImportFile, Purpose, RegistryError};
use time::Month;
use time::macros::date;

use super::support::*;

pub const BODY: &str = "見本県";

pub fn declared(code: MunicipalityCode) -> Declared<Counts> {
    let keys = format!("until = 2025-12-31\nbodies = [\"{BODY}\"]\n");
    let municipality = declaring(code, "counts", &keys);
    municipality.declared(date!(2025 - 04 - 01)).unwrap()
}

async fn counted(
    test: &TestRegistry,
    months: [(i32, Month); 2],
) -> Result<DoseCounts, RegistryError> {
    let handle = test.handle(Purpose::Counts, staff()).await;
    let mut gone_through = (0, 0);
    let counts = handle
        .dose_counts(&declared(setagaya()), BODY, months.into(), |done, all| {
            gone_through = (done, all);
        })
        .await;
    assert_eq!(gone_through.0, gone_through.1);
    counts
}

pub const ALL: [(i32, Month); 2] = [(2021, Month::January), (2021, Month::December)];

#[tokio::test]
async fn few_people_are_left_out_as_if_they_were_none() {
    let ten = TestRegistry::with_residents(FEWEST_PEOPLE).await;
    // Ten people, two doses each in one month, all of one age.
    let counts = counted(&ten, ALL).await.unwrap();
    assert_eq!(counts.left_out, 0);
    let [(doses, count)] = &counts.counts[..] else {
        panic!("{counts:?}");
    };
    assert_eq!((doses.year, doses.month, *count), (2021, 6, 20));
    assert_eq!((doses.age.from, doses.age.until), (40, Some(49)));
    assert_eq!(doses.product, "コミナティ筋注");

    // Nine people have eighteen doses; they are too few all the same.
    let nine = TestRegistry::with_residents(FEWEST_PEOPLE - 1).await;
    let counts = counted(&nine, ALL).await.unwrap();
    assert_eq!(counts.counts, []);
    assert_eq!(counts.left_out, 1);
    let before = [(2021, Month::January), (2021, Month::May)];
    let counts = counted(&ten, before).await.unwrap();
    assert_eq!((counts.counts.len(), counts.left_out), (0, 0));
}

#[tokio::test]
async fn each_month_product_and_age_is_a_count_of_its_own() {
    let test = TestRegistry::with_residents(FEWEST_PEOPLE).await;
    let mut doses = DOSES.to_owned();
    for n in 1..=FEWEST_PEOPLE {
        let row = |day, number, manufacturer, product| {
            format!(
                "{n:015},{day}120000,{day},,,,{manufacturer},{product},,新型コロナウイルス感染症,\
                 L,{number},0.3\n"
            )
        };
        doses += &row("20210720", 3, "ファイザー", "コミナティ筋注");
        // Nine people's is too few.
        if n > 1 {
            doses += &row("20210820", 4, "モデルナ", "スパイクバックス筋注");
        }
    }
    let report = test.import(ImportFile::Doses, doses).await.unwrap();
    assert_eq!(report.rows, []);
    let counts = counted(&test, ALL).await.unwrap();
    assert_eq!(counts.left_out, 1);
    let months: Vec<_> = counts
        .counts
        .iter()
        .map(|(doses, count)| (doses.month, *count))
        .collect();
    assert_eq!(months, [(6, 20), (7, 10)]);
}

#[tokio::test]
async fn counts_are_for_declared_bodies_by_staff_and_recorded() {
    let test = TestRegistry::with_residents(FEWEST_PEOPLE).await;
    let handle = test.handle(Purpose::Counts, staff()).await;
    let refused = async |proof: Declared<Counts>, body: &str| {
        let counts = handle.dose_counts(&proof, body, ALL.into(), |_, _| {});
        counts.await.err()
    };
    let not = |refused| Some(RegistryError::Counts(refused));
    let ours = || declared(setagaya());
    assert_eq!(
        refused(declared(urayasu()), BODY).await,
        not(CountsRefused::OtherMunicipality)
    );
    assert_eq!(
        refused(ours(), "他県").await,
        not(CountsRefused::UnknownBody)
    );
    for purpose in Purpose::ALL {
        let other = test.handle(purpose, staff()).await;
        let counts = other
            .dose_counts(&ours(), BODY, ALL.into(), |_, _| {})
            .await;
        assert_eq!(counts.is_ok(), purpose == Purpose::Counts);
    }
    let server = test.handle(Purpose::Counts, registry::Actor::Server).await;
    let counts = server
        .dose_counts(&ours(), BODY, ALL.into(), |_, _| {})
        .await;
    assert_eq!(
        counts.err(),
        Some(RegistryError::NotForThisPurpose(Purpose::Counts))
    );
    let entries = test.auditing().await.audit_entries(0, 1000).await.unwrap();
    let provided: Vec<_> = entries
        .iter()
        .filter(|entry| entry.event == "counts-provided")
        .collect();
    assert_eq!(provided.len(), 1);
    assert_eq!(provided[0].detail.as_deref(), Some("1 0"));

    test.clock.advance(275 * 24 * 3600);
    let ended = NotDeclared::NoLonger {
        section: "counts",
        until: date!(2025 - 12 - 31),
    };
    assert_eq!(
        refused(ours(), BODY).await,
        not(CountsRefused::NotDeclared(ended))
    );
}
