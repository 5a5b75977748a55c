//! What staff read and set, walked through another municipality's handle: part of `separation.rs`.

use declaration::{Declared, Disclosure, Reports};
use domain::{CertificateId, Redacted};
use registry::{
    ApprovalId, AuditQuery, AuditSigner, CounterIdentity, FlagKind, FlagOrder, IdentityDocument,
    Purpose, Sheet, StaffId, Whom,
};
use time::macros::{date, datetime};

use super::inquiry_towns::{self, resident};
use super::separation::Walk;
use super::support::*;

fn query(certificate: Option<CertificateId>) -> AuditQuery {
    AuditQuery {
        from: datetime!(2025-01-01 0:00 UTC),
        until: datetime!(2026-01-01 0:00 UTC),
        event: None,
        staff: None,
        certificate,
    }
}

impl Walk<'_> {
    /// Whose resident it is not has no flags there, and gets none.
    pub async fn flags(&mut self, others: ApprovalId) {
        let handle = self.handle(Purpose::Flags, staff()).await;
        let (whom, kind) = (Whom::Number(number_of(1)), FlagKind::Protected);
        let flags = handle.flags(&whom).await.unwrap();
        self.asked("MunicipalityRegister::flags", flags.is_none());
        let order = FlagOrder {
            ordered_by: StaffId::parse("head").unwrap(),
            ground: Redacted::new("x".to_owned()),
        };
        let set = handle.set_flag(&whom, kind, &order).await;
        self.asked("MunicipalityRegister::set_flag", set.is_err());
        let scope = handle.lift_flag_scope(&whom, kind).await;
        self.asked("MunicipalityRegister::lift_flag_scope", scope.is_err());
        let lifted = handle.lift_flag(&whom, kind, others).await;
        self.asked("MunicipalityRegister::lift_flag", lifted.is_err());
        let scope = handle.release_card_scope(&whom).await;
        self.asked("MunicipalityRegister::release_card_scope", scope.is_err());
        let released = handle.release_card(&whom, others).await;
        self.asked("MunicipalityRegister::release_card", released.is_err());
    }

    /// Nothing is told of whom the municipality does not know, with whosever approval.
    pub async fn told(&mut self, others: ApprovalId) {
        let handle = self.handle(Purpose::Disclosure, staff()).await;
        let declared: Declared<Disclosure> = declaring(urayasu(), "disclosure", "")
            .declared(date!(2025 - 04 - 01))
            .unwrap();
        let identity = CounterIdentity::of_the_person(IdentityDocument::Passport);
        let (whom, sheet) = (Whom::Resident(resident(1)), Sheet::Usual);
        let scope = handle
            .disclosure_scope(&declared, &whom, &identity, sheet)
            .await;
        let own = match &scope {
            Ok(scope) => inquiry_towns::approved(self.test, urayasu(), scope).await,
            Err(_) => others,
        };
        self.asked("MunicipalityRegister::disclosure_scope", true);
        for approval in [others, own] {
            let told = handle
                .disclose(&declared, &whom, &identity, sheet, approval)
                .await;
            let nothing = told.is_err();
            self.asked("MunicipalityRegister::disclose", nothing);
        }
    }

    /// The record that is searched, exported and reported on is its own.
    pub async fn audit_read(&mut self, id: CertificateId, others: ApprovalId) {
        let handle = self.handle(Purpose::Audit, staff()).await;
        let found = handle
            .search_audit(&query(Some(id)), None, 100)
            .await
            .unwrap();
        self.asked("MunicipalityRegister::search_audit", found.is_empty());
        let found = handle.search_audit(&query(None), None, 1000).await.unwrap();
        let own = found.iter().all(|one| one.entry.certificate.is_none());
        self.asked("MunicipalityRegister::search_audit", own);

        let recipients = ["age1auditor".to_owned()];
        let scope = handle
            .audit_export_scope(&query(None), None, &recipients)
            .await;
        self.asked("MunicipalityRegister::audit_export_scope", true);
        let own = inquiry_towns::approved(self.test, urayasu(), &scope.unwrap()).await;
        let signer = AuditSigner::new(crypto::Es256SigningKey::generate().unwrap().0);
        let mut file = Vec::new();
        for (approval, is_own) in [(others, false), (own, true)] {
            let written = handle
                .export_audit(
                    &query(None),
                    None,
                    &recipients,
                    approval,
                    &signer,
                    &mut file,
                )
                .await;
            assert_eq!(written.is_ok(), is_own);
        }
        let text = String::from_utf8(file).unwrap();
        let nothing = !text.contains("certificate-issued") && !text.contains(id.as_str());
        self.asked("MunicipalityRegister::export_audit", nothing);

        let hours = "office_opens_at = \"08:30\"\noffice_closes_at = \"17:15\"\n";
        let declared: Declared<Reports> = declaring(urayasu(), "reports", hours)
            .declared(date!(2025 - 04 - 01))
            .unwrap();
        let (from, until) = (query(None).from, query(None).until);
        let report = handle.audit_report(&declared, from, until).await.unwrap();
        let head = handle.audit_head().await.unwrap();
        let own = report.entries <= head.sequence;
        self.asked("MunicipalityRegister::audit_report", own);
    }
}
