//! A handle reaches one municipality, for one purpose (C11, C23).

use domain::{CertificateKind, MunicipalityCode};
use registry::{
    Actor, CsvEncoding, Delivery, ImportFile, OutcomeRecorded, Purpose, RegistryError,
    ReissueRecorded, RevocationRecorded,
};

use super::support::*;

#[tokio::test]
async fn another_municipality_s_handle_finds_nothing() {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let other = async |purpose, actor| {
        let handle = test.registry.municipality(urayasu(), purpose, actor);
        handle.await.unwrap()
    };
    let issuing = other(Purpose::Issuing, kiosk(1)).await;
    assert_eq!(issuing.code(), urayasu());
    assert_eq!(issuing.dossier(&number_of(1)).await.unwrap(), None);
    assert_eq!(issuing.certificate(id).await.unwrap(), None);
    let outcome = issuing.record_outcome(id, Delivery::NotDelivered).await;
    assert_eq!(outcome.unwrap(), OutcomeRecorded::UnknownCertificate);
    let mut transaction = issuing.begin_issue().await.unwrap();
    assert_eq!(transaction.find_order(&order(1)).await.unwrap(), None);
    assert_eq!(transaction.dossier(&number_of(1)).await.unwrap(), None);
    let new = certificate(CertificateKind::Domestic, b"signed");
    let refused = transaction.record_certificate(&order(1), &new).await;
    assert_eq!(refused.err(), Some(RegistryError::NoDossierRead));

    let counter = other(Purpose::CounterReissue, staff()).await;
    assert_eq!(
        counter.record_reissue(id, &because("lost")).await.unwrap(),
        ReissueRecorded::UnknownCertificate
    );
    assert_eq!(
        counter.revoke(id, "error").await.unwrap(),
        RevocationRecorded::UnknownCertificate
    );
    let publishing = other(Purpose::Publishing, Actor::Server).await;
    assert_eq!(publishing.revocations().await.unwrap().revoked, []);
    // A dose for another municipality's resident does not land.
    let import = other(Purpose::Import, staff()).await;
    for (file, text) in &files(1)[1..] {
        let reader = std::io::Cursor::new(text.clone());
        let report = import
            .import(*file, CsvEncoding::Utf8, reader)
            .await
            .unwrap();
        assert_eq!((report.added, report.changed), (0, 0));
    }
    let audit = other(Purpose::Audit, Actor::Server).await;
    let entries = audit.audit_entries(0, 1000).await.unwrap();
    assert!(entries.iter().all(|entry| entry.subject.is_none()));
    assert!(entries.iter().all(|entry| entry.certificate.is_none()));
    // A head of one chain does not lie on the other.
    let head = test.auditing().await.audit_head().await.unwrap();
    let verdict = audit.verify_audit(Some(&head)).await.unwrap();
    assert!(matches!(verdict, registry::AuditVerdict::Broken(_)));
    assert_ne!(audit.audit_head().await.unwrap(), head);
}

#[tokio::test]
async fn a_handle_does_what_its_purpose_includes_and_nothing_else() {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
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
            handle
                .import(
                    ImportFile::Residents,
                    CsvEncoding::Utf8,
                    RESIDENTS.as_bytes(),
                )
                .await
                .err(),
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
