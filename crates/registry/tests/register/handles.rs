//! A handle reaches one municipality, for one purpose (C11, C23).

use domain::MunicipalityCode;
use registry::{CsvEncoding, Delivery, ImportFile, ImportSource, Purpose, RegistryError};

use super::support::*;

#[tokio::test]
async fn a_handle_does_what_its_purpose_includes_and_nothing_else() {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let residents = || {
        let (file, encoding) = (ImportFile::Residents, CsvEncoding::Utf8);
        ImportSource::plain(file, encoding, RESIDENTS.as_bytes())
    };
    for purpose in Purpose::ALL {
        let handle = test.handle(purpose, staff()).await;
        let refused = RegistryError::NotForThisPurpose(purpose);
        let includes = |done: Option<RegistryError>| done != Some(refused);
        let done = [
            handle.dossier(&number_of(1)).await.err(),
            handle.certificate(id).await.err(),
            handle.record_outcome(id, Delivery::Delivered).await.err(),
            handle.record_reissue(id, &because("lost")).await.err(),
            handle.revocations().await.err(),
            bring_in(&handle, vec![residents()]).await.err(),
            handle.audit_entries(0, 1).await.err(),
            handle.verify_audit(None).await.err(),
            handle.revoke(id, "error").await.err(),
        ]
        .map(includes);
        let may = |acts: &[usize]| std::array::from_fn(|at| acts.contains(&at));
        let expected: [bool; 9] = match purpose {
            Purpose::Issuing => may(&[0, 1, 2]),
            Purpose::CounterReissue => may(&[1, 3, 8]),
            Purpose::Publishing => may(&[4]),
            Purpose::Import => may(&[5]),
            Purpose::Audit => may(&[6, 7]),
            Purpose::System
            | Purpose::Venue
            | Purpose::DoseCorrection
            | Purpose::Flags
            | Purpose::Disclosure
            | Purpose::Counts
            | Purpose::Inquiry
            | Purpose::Provision
            | Purpose::Upkeep
            | Purpose::Approval
            | Purpose::LedgerExport
            | Purpose::Retention => may(&[]),
        };
        assert_eq!(done, expected, "{purpose:?}");
        let issuing = test.handle(purpose, kiosk(1)).await.begin_issue().await;
        assert_eq!(issuing.is_ok(), purpose == Purpose::Issuing);
    }
}

#[tokio::test]
async fn a_municipality_without_a_register_has_no_handle() {
    let test = TestRegistry::empty().await;
    let sapporo = MunicipalityCode::parse("011002").unwrap();
    let refused = test
        .registry
        .municipality(sapporo, Purpose::Issuing, kiosk(1))
        .await;
    assert_eq!(
        refused.err(),
        Some(RegistryError::NoSuchMunicipality(sapporo))
    );
    assert_eq!(
        test.registry.municipalities().await.unwrap(),
        [urayasu(), setagaya()]
    );
}
