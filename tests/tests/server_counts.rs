//! `server counts`, for bodies that have no access.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use system_tests::server_stage::Ground;

fn counts(ground: &Ground, body: &str, from: &str) -> (bool, String) {
    let words = [
        "counts",
        "--for",
        body,
        "--from",
        from,
        "--until",
        "2024-03",
        "--municipality",
        "122271",
        "--staff",
        "sato",
    ];
    ground.command_with_input(&words, "")
}

#[tokio::test]
async fn counts_are_given_to_declared_bodies_and_few_people_are_in_none() {
    let ground = Ground::lay().await;
    let (ended_well, said) = counts(&ground, "見本県", "2021-01");
    assert!(!ended_well);
    assert!(said.contains("[counts] is not declared"), "{said}");

    let file = ground.path("data/122271/municipality.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let section =
        "[counts]\nlegal_basis = \"見本条例\"\nfrom = 2021-01-01\nbodies = [\"見本県\"]\n";
    std::fs::write(file, format!("{text}\n{section}")).unwrap();
    let (ended_well, said) = counts(&ground, "他県", "2021-01");
    assert!(!ended_well);
    assert!(said.contains("does not name this body"), "{said}");
    let (ended_well, said) = counts(&ground, "見本県", "2024-04");
    assert!(!ended_well, "{said}");

    // Thirty residents of many ages, over years: nowhere are ten in one count.
    let (ended_well, said) = counts(&ground, "見本県", "2021-01");
    assert!(ended_well, "{said}");
    let rows: Vec<&str> = said.lines().collect();
    assert_eq!(rows[0], "month,disease,manufacturer,product,age,doses");
    assert_eq!(rows.len(), 2, "{said}");
    assert!(
        rows[1].ends_with("what is not listed is 0 or few"),
        "{said}"
    );
}
