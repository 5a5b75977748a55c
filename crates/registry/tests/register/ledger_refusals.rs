//! When no ledger is exported (C21): without its approval, its declaration, or staff.

use declaration::{Declared, Export};
use encrypted_file::Identity;
use registry::{
    Actor, ApprovalRefused, LedgerEncoding, LedgerScope, Purpose, RegistryError, WriteFault,
};
use time::macros::date;

use super::ledger::*;
use super::support::*;

/// A disk with place for the file's head and not for its content.
struct FullDisk {
    free: usize,
}

impl std::io::Write for FullDisk {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        let left = self.free.checked_sub(buffer.len());
        self.free = left.ok_or(std::io::ErrorKind::StorageFull)?;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn without_its_approval_nothing_is_written() {
    let test = TestRegistry::with_residents(2).await;
    let (identity, other) = (Identity::generate(), Identity::generate());
    let declared = declared(&identity);
    let wanted = scope(LedgerEncoding::Cp932);
    let approval = approved(&test, &declared, &wanted).await;
    let handle = test.handle(Purpose::LedgerExport, staff()).await;
    let refused = async |declared: &Declared<Export>, scope: &LedgerScope, approval| {
        let mut output = Vec::new();
        let result = handle
            .write_ledger(declared, scope, approval, &mut output, |_| {})
            .await;
        let Err(RegistryError::Approval(refused)) = result.map(drop) else {
            panic!("not refused");
        };
        assert!(
            output.is_empty(),
            "nothing is written before the approval is seen"
        );
        refused
    };
    // Another period, disease, encoding or recipient is another export.
    for other in [
        LedgerScope {
            until: date!(2024 - 04 - 01),
            ..wanted.clone()
        },
        LedgerScope {
            from: date!(2021 - 02 - 16),
            ..wanted.clone()
        },
        LedgerScope {
            disease: "麻しん".to_owned(),
            ..wanted.clone()
        },
        LedgerScope {
            encoding: LedgerEncoding::Utf8,
            ..wanted.clone()
        },
    ] {
        assert_eq!(
            refused(&declared, &other, approval).await,
            ApprovalRefused::AnotherAct
        );
    }
    let to_other = declared_to(&other).declared(date!(2025 - 04 - 01)).unwrap();
    assert_eq!(
        refused(&to_other, &wanted, approval).await,
        ApprovalRefused::AnotherAct
    );

    let yamada = test.handle(Purpose::Approval, staff_named("yamada")).await;
    let pending = yamada
        .request_approval(&wanted.approval_scope(&declared), "needed")
        .await
        .unwrap();
    assert_eq!(
        refused(&declared, &wanted, pending).await,
        ApprovalRefused::Pending
    );
    let unknown = "0000000000000000".parse().unwrap();
    assert_eq!(
        refused(&declared, &wanted, unknown).await,
        ApprovalRefused::Unknown
    );
    let sato = test.handle(Purpose::Approval, staff_named("sato")).await;
    sato.decline(pending, None).await.unwrap();
    assert_eq!(
        refused(&declared, &wanted, pending).await,
        ApprovalRefused::Declined
    );
    let withdrawn = yamada
        .request_approval(&wanted.approval_scope(&declared), "needed")
        .await
        .unwrap();
    yamada.withdraw(withdrawn).await.unwrap();
    assert_eq!(
        refused(&declared, &wanted, withdrawn).await,
        ApprovalRefused::Withdrawn
    );

    let good = handle
        .write_ledger(&declared, &wanted, approval, Vec::new(), |_| {})
        .await
        .unwrap();
    good.record().await.unwrap();
    assert_eq!(
        refused(&declared, &wanted, approval).await,
        ApprovalRefused::Spent
    );
    let late = approved(&test, &declared, &wanted).await;
    test.clock.advance(7 * 86_400);
    assert_eq!(
        refused(&declared, &wanted, late).await,
        ApprovalRefused::Expired
    );
}

#[tokio::test]
async fn of_two_uses_at_once_one_is_recorded() {
    let test = TestRegistry::with_residents(2).await;
    let declared = declared(&Identity::generate());
    let wanted = scope(LedgerEncoding::Cp932);
    let approval = approved(&test, &declared, &wanted).await;
    let handle = test.handle(Purpose::LedgerExport, staff()).await;
    let write = async || {
        handle
            .write_ledger(&declared, &wanted, approval, Vec::new(), |_| {})
            .await
            .unwrap()
    };
    // Both are written while the approval is still good; only one is recorded.
    let (one, other) = (write().await, write().await);
    let (one, other) = tokio::join!(one.record(), other.record());
    let spent = |result: Result<_, RegistryError>| match result.map(drop) {
        Ok(()) => false,
        Err(RegistryError::Approval(ApprovalRefused::Spent)) => true,
        Err(other) => panic!("{other}"),
    };
    assert_ne!(spent(one), spent(other));
}

#[tokio::test]
async fn a_written_file_that_is_not_recorded_leaves_the_approval_good() {
    let test = TestRegistry::with_residents(600).await;
    let declared = declared(&Identity::generate());
    let wanted = scope(LedgerEncoding::Cp932);
    let approval = approved(&test, &declared, &wanted).await;
    let handle = test.handle(Purpose::LedgerExport, staff()).await;
    for _ in 0..2 {
        let written = handle
            .write_ledger(&declared, &wanted, approval, Vec::new(), |_| {})
            .await
            .unwrap();
        drop(written);
    }
    let full = handle
        .write_ledger(
            &declared,
            &wanted,
            approval,
            FullDisk { free: 8192 },
            |_| {},
        )
        .await
        .map(drop);
    assert!(matches!(
        full,
        Err(RegistryError::UnwritableFile(WriteFault::Full))
    ));
    let again = handle
        .write_ledger(&declared, &wanted, approval, Vec::new(), |_| {})
        .await
        .unwrap();
    again.record().await.unwrap();
}

#[tokio::test]
async fn another_s_declaration_and_one_that_ended_are_none() {
    let test = TestRegistry::with_residents(1).await;
    let identity = Identity::generate();
    let wanted = scope(LedgerEncoding::Cp932);
    let key = identity.recipient();
    let export = format!("until = 2025-04-30\nrecipients = [\"{}\"]\n", key.trim());
    let other = declaring(urayasu(), "export", &export);
    let ending = declaring(setagaya(), "export", &export);
    let handle = test.handle(Purpose::LedgerExport, staff()).await;
    let today = date!(2025 - 04 - 01);
    for (declaration, days, is_on) in [(&other, 0, false), (&ending, 0, true), (&ending, 30, false)]
    {
        let declared = declaration.declared::<Export>(today).unwrap();
        test.clock.advance(days * 86_400);
        let approval = approved(&test, &declared, &wanted).await;
        let result = handle
            .write_ledger(&declared, &wanted, approval, Vec::new(), |_| {})
            .await;
        match result.map(drop) {
            Ok(()) => assert!(is_on),
            Err(RegistryError::NotDeclared(_)) => assert!(!is_on),
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn only_staff_export_and_only_for_that_purpose() {
    let test = TestRegistry::with_residents(1).await;
    let declared = declared(&Identity::generate());
    let wanted = scope(LedgerEncoding::Cp932);
    let approval = approved(&test, &declared, &wanted).await;
    for (purpose, actor) in [
        (Purpose::LedgerExport, Actor::Server),
        (Purpose::LedgerExport, kiosk(1)),
        (Purpose::Import, staff()),
        (Purpose::Audit, staff()),
    ] {
        let handle = test.handle(purpose, actor).await;
        let result = handle
            .write_ledger(&declared, &wanted, approval, Vec::new(), |_| {})
            .await;
        assert!(matches!(
            result.map(drop),
            Err(RegistryError::NotForThisPurpose(_))
        ));
    }
}
