//! Doses from venues, walked through another municipality's handle: part of `separation.rs`.

use registry::{ChangeRefused, CheckedDose, DoseChanged, DoseCorrection, DoseRegistered, Purpose};

use super::inquiry_towns;
use super::separation::Walk;
use super::support::*;
use super::venue_visit::*;

impl Walk<'_> {
    /// A venue that both municipalities declare reaches, through one, no voucher and no receipt of
    /// the other; nor do that one's staff.
    pub async fn venues(&mut self) {
        let test = TestRegistry::with_vouchers(1).await;
        let entered = Entered::third_dose_of(1);
        let receipt = test.entered(entered.clone()).await;
        let unknown = DoseChanged::Refused(ChangeRefused::Unknown);
        let dose = || CheckedDose::of_venue(draft(TODAY, "LOT9"), declared(), TODAY).unwrap();

        let declared = declared_by(urayasu());
        let there = test
            .registry
            .municipality(urayasu(), Purpose::Venue, venue(1));
        let there = there.await.unwrap();
        let mut another = entered;
        another.key = 99;
        let entry = another.entry();
        let registered = there.register_dose(&declared, &entry).await.unwrap();
        let nothing = registered == DoseRegistered::Refused;
        self.asked("MunicipalityRegister::register_dose", nothing);
        there.refuse_dose(&declared, &entry).await.unwrap();
        self.asked("MunicipalityRegister::refuse_dose", true);
        there.record_venue_blocked().await.unwrap();
        self.asked("MunicipalityRegister::record_venue_blocked", true);
        there.record_venue_over_quota().await.unwrap();
        self.asked("MunicipalityRegister::record_venue_over_quota", true);
        let instead = dose();
        let corrected = there.correct_dose(&declared, receipt, &instead, "mistyped", [9; 16]);
        let nothing = corrected.await.unwrap() == unknown;
        self.asked("MunicipalityRegister::correct_dose", nothing);
        let cancelled = there.cancel_dose(&declared, receipt, "wrong-person").await;
        let nothing = cancelled.unwrap() == unknown;
        self.asked("MunicipalityRegister::cancel_dose", nothing);
        let since = test.now() - time::Duration::days(1);
        let receipts = there
            .receipts_since(&declared, since, None, 100)
            .await
            .unwrap();
        self.asked("MunicipalityRegister::receipts_since", receipts.is_empty());

        let staff_s = test
            .registry
            .municipality(urayasu(), Purpose::DoseCorrection, staff());
        let staff_s = staff_s.await.unwrap();
        let history = staff_s.dose_history(receipt).await.unwrap();
        self.asked("MunicipalityRegister::dose_history", history.is_none());
        let changed = staff_s.changed_doses(since).await.unwrap();
        self.asked("MunicipalityRegister::changed_doses", changed.is_empty());
        let whom = registry::Whom::Number(number_of(1));
        let listed = staff_s.doses_with_receipts(&whom);
        let nothing = listed.await.unwrap().is_none();
        self.asked("MunicipalityRegister::doses_with_receipts", nothing);
        let correction = DoseCorrection::Correct(dose());
        let approval = staff_s.dose_change_scope(receipt, &correction).await;
        let approval = approval.unwrap();
        self.asked("MunicipalityRegister::dose_change_scope", true);
        let approval = inquiry_towns::approved(&test, urayasu(), &approval).await;
        let changed = staff_s.change_dose_as_staff(receipt, &correction, approval);
        let nothing = changed.await.unwrap() == unknown;
        self.asked("MunicipalityRegister::change_dose_as_staff", nothing);

        // The dose stands as its own venue registered it.
        let dossier = test.issuing().await.dossier(&number_of(1)).await.unwrap();
        assert!(dossier.unwrap().doses.iter().any(|dose| dose.lot == "LOT3"));
    }
}
