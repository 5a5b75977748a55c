//! The register from outside: what any storage behind it has to keep. Each test here runs on both
//! databases, as `sqlite::…` and as `postgres::…`; what only one of them can show lies in the
//! folder of its name.
//!
//! `scripts/with-postgres.sh cargo nextest run -p registry`

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed
#![allow(clippy::duplicate_mod)] // that is the point: the same tests on both

mod databases;
mod support;

/// Every test of the contract. A new file is added here, and only here.
macro_rules! contract {
    () => {
        #[path = "../anchoring.rs"]
        mod anchoring;
        #[path = "../approvals.rs"]
        mod approvals;
        #[path = "../audit.rs"]
        mod audit;
        #[path = "../audit_reading.rs"]
        mod audit_reading;
        #[path = "../backup.rs"]
        mod backup;
        #[path = "../canaries.rs"]
        mod canaries;
        #[path = "../certificates.rs"]
        mod certificates;
        #[path = "../concurrency.rs"]
        mod concurrency;
        #[path = "../counts.rs"]
        mod counts;
        #[path = "../directory.rs"]
        mod directory;
        #[path = "../disclosure.rs"]
        mod disclosure;
        #[path = "../disclosure_of_inquiries.rs"]
        mod disclosure_of_inquiries;
        #[path = "../faults.rs"]
        mod faults;
        #[path = "../flags.rs"]
        mod flags;
        #[path = "../handles.rs"]
        mod handles;
        #[path = "../import.rs"]
        mod import;
        #[path = "../import_batches.rs"]
        mod import_batches;
        #[path = "../import_killed.rs"]
        mod import_killed;
        #[path = "../import_media.rs"]
        mod import_media;
        #[path = "../import_rotation.rs"]
        mod import_rotation;
        #[path = "../imported_doses.rs"]
        mod imported_doses;
        #[path = "../inquiry.rs"]
        mod inquiry;
        #[path = "../inquiry_sequences.rs"]
        mod inquiry_sequences;
        #[path = "../inquiry_towns.rs"]
        mod inquiry_towns;
        #[path = "../inquiry_traces.rs"]
        mod inquiry_traces;
        #[path = "../inquiry_waiting.rs"]
        mod inquiry_waiting;
        #[path = "../issuing.rs"]
        mod issuing;
        #[path = "../killed.rs"]
        mod killed;
        #[path = "../ledger.rs"]
        mod ledger;
        #[path = "../ledger_refusals.rs"]
        mod ledger_refusals;
        #[path = "../lookup.rs"]
        mod lookup;
        #[path = "../retention.rs"]
        mod retention;
        #[path = "../retention_flags.rs"]
        mod retention_flags;
        #[path = "../retention_whole.rs"]
        mod retention_whole;
        #[path = "../rotation.rs"]
        mod rotation;
        #[path = "../separation.rs"]
        mod separation;
        #[path = "../separation_staff.rs"]
        mod separation_staff;
        #[path = "../separation_venue.rs"]
        mod separation_venue;
        #[path = "../system.rs"]
        mod system;
        #[path = "../venue.rs"]
        mod venue;
        #[path = "../venue_changes.rs"]
        mod venue_changes;
        #[path = "../venue_visit.rs"]
        mod venue_visit;
    };
}

mod sqlite {
    contract!();
    mod erasure;
    mod files;
    mod restored;

    /// `crate::support` on a folder of files.
    mod support {
        pub use crate::support::*;
        pub type TestRegistry = crate::support::TestRegistry<crate::databases::SqliteFolder>;
    }
}

mod postgres {
    contract!();
    mod apart;
    mod erasure;
    mod fitness;
    mod full_disk;
    mod import_beside;
    mod moving;
    mod schema;
    mod suspended_work;

    /// `crate::support` on a database of its own.
    mod support {
        pub use crate::support::*;
        pub type TestRegistry = crate::support::TestRegistry<crate::databases::PostgresDatabase>;
    }
}

#[test]
fn every_file_of_tests_runs_on_both_databases() {
    let here = include_str!("main.rs");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/register");
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let Some(module) = name.strip_suffix(".rs") else {
            continue;
        };
        let listed = here.contains(&format!("#[path = \"../{name}\"]\n        mod {module};"));
        let shared = ["main", "databases", "support"].contains(&module);
        assert!(listed || shared, "{name} is not in contract!");
    }
}
