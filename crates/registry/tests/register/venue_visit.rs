//! A venue, its entries, and residents with vouchers for their third and fourth dose.

use std::sync::LazyLock;

use declaration::{Declared, Venues};
use domain::{BirthDate, ChannelId, MunicipalityCode, Redacted, VoucherNumber};
use registry::{
    Actor, CheckedDose, DoseDraft, DoseReceipt, DoseRegistered, ImportFile, MunicipalityRegister,
    Purpose, RegistryError, VenueEntry, VoucherSought,
};
use time::Date;
use time::macros::date;

use super::support::*;

pub const TODAY: Date = date!(2025 - 04 - 01);
pub const DISEASE: &str = "新型コロナウイルス感染症";
pub const LIMITS: &str = "diseases = [\"新型コロナウイルス感染症\"]\ndoses_per_day = 4\n\
                          doses_per_minute = 6\nrefusals_per_hour = 3\ncorrection_days = 2\n";

pub fn declared_by(code: MunicipalityCode) -> Declared<Venues> {
    declaring(code, "venues", LIMITS).declared(TODAY).unwrap()
}

pub fn declared() -> &'static Declared<Venues> {
    static DECLARED: LazyLock<Declared<Venues>> = LazyLock::new(|| declared_by(setagaya()));
    &DECLARED
}

pub const fn venue(n: u8) -> Actor {
    Actor::Venue(ChannelId([n; 32]))
}

/// The number of a resident's voucher for a dose.
pub fn voucher_of(resident: u64, dose: u8) -> String {
    // No run of zeros: as packed digits it would stand in any database's files by chance. The
    // factor shares none with the modulus, so that each resident has a number of their own.
    let mixed = resident * 37_846_291 % 100_000_000;
    format!("9{mixed:08}{dose}")
}

impl TestRegistry {
    /// Residents with two doses, born on 1980-01-01, and vouchers of kind 2 for two more.
    pub async fn with_vouchers(residents: u64) -> Self {
        let test = Self::with_residents(residents).await;
        let mut rows = VOUCHERS.to_owned();
        for n in 1..=residents {
            for dose in [3, 4] {
                rows += &format!("{n:015},{},2,{dose}\n", voucher_of(n, dose));
            }
        }
        let report = test.import(ImportFile::Vouchers, rows).await.unwrap();
        assert_eq!(report.rows, []);
        test
    }

    pub fn now(&self) -> time::OffsetDateTime {
        domain::Clock::now(&*self.clock)
    }

    pub async fn venue(&self, n: u8) -> MunicipalityRegister {
        self.handle(Purpose::Venue, venue(n)).await
    }

    pub async fn enter(&self, entry: Entered) -> Result<DoseRegistered, RegistryError> {
        let register = self.venue(entry.venue).await;
        register.register_dose(declared(), &entry.entry()).await
    }

    /// The receipt of an entry that is taken.
    pub async fn entered(&self, entry: Entered) -> DoseReceipt {
        let outcome = self.enter(entry).await.unwrap();
        let DoseRegistered::Registered(receipt) = outcome else {
            panic!("{outcome:?}");
        };
        receipt
    }

    /// The details of what the audit record says happened, oldest first.
    pub async fn recorded(&self, event: &str) -> Vec<(Option<String>, bool)> {
        let entries = self.auditing().await.audit_entries(0, 1000).await.unwrap();
        let of_event = entries.into_iter().filter(|entry| entry.event == event);
        of_event
            .map(|entry| (entry.detail, entry.subject.is_some()))
            .collect()
    }
}

/// An entry as it is typed; the third dose of the first resident, today, unless said otherwise.
#[derive(Clone)]
pub struct Entered {
    pub venue: u8,
    pub voucher: String,
    pub kind: Option<u8>,
    pub number: u8,
    pub born: Date,
    pub given: Date,
    pub lot: &'static str,
    pub key: u8,
    pub digest: u8,
}

impl Entered {
    pub fn third_dose_of(resident: u64) -> Self {
        Self {
            venue: 1,
            voucher: voucher_of(resident, 3),
            kind: Some(2),
            number: 3,
            born: date!(1980 - 01 - 01),
            given: TODAY,
            lot: "LOT3",
            key: u8::try_from(resident).unwrap(),
            digest: 1,
        }
    }

    pub fn entry(&self) -> VenueEntry {
        let voucher = VoucherSought {
            number: VoucherNumber::parse(&self.voucher).unwrap(),
            kind: self.kind,
            dose: self.number,
        };
        let dose = CheckedDose::of_venue(draft(self.given, self.lot), declared(), TODAY);
        VenueEntry::new(
            voucher,
            BirthDate::from_date(self.born),
            dose.unwrap(),
            "中央保健センター",
            [self.key; 16],
            [self.digest; 32],
        )
        .unwrap()
    }
}

pub fn draft(given: Date, lot: &str) -> DoseDraft {
    DoseDraft {
        date: given,
        disease: DISEASE.to_owned(),
        manufacturer: "ファイザー".to_owned(),
        product: "コミナティ筋注".to_owned(),
        lot: lot.to_owned(),
        physician: Some(Redacted::new("カナリア医師".to_owned())),
        amount_microlitres: Some(300),
    }
}
