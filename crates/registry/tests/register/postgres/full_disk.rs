//! A disk that is full, as PostgreSQL says it: simulated by a trigger with its very code, after so
//! many rows.

use registry::{ImportFile, RegistryError, StorageFault};

use super::support::*;

const FULL: &str = "CREATE FUNCTION public.full_disk() RETURNS TRIGGER LANGUAGE plpgsql AS $$ \
     BEGIN IF (SELECT COUNT(*) FROM resident) > 10 THEN \
     RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END IF; RETURN NEW; \
     END $$; \
     CREATE TRIGGER full_disk BEFORE INSERT ON resident \
     FOR EACH ROW EXECUTE FUNCTION public.full_disk(); \
     GRANT USAGE ON SCHEMA public TO akashi_server";

#[tokio::test]
async fn a_full_disk_leaves_nothing_half_done() {
    let test = TestRegistry::empty().await;
    let [(_, residents), ..] = files(20);
    test.tamper(FULL).await;
    let refused = test.import(ImportFile::Residents, residents.clone()).await;
    let full = RegistryError::LookupUnavailable(StorageFault::Full);
    assert_eq!(refused.err(), Some(full));
    let nobody = test.issuing().await.dossier(&number_of(1)).await;
    assert_eq!(nobody, Ok(None));
    test.tamper("DROP TRIGGER full_disk ON resident").await;
    let report = test.import(ImportFile::Residents, residents).await;
    assert_eq!(report.unwrap().added(), 20);
}
