//! The natural keys of rows, each in one place: whoever brings a row finds the one that is there.

use domain::VoucherNumber;

use crate::keys::{RegisterKeys, RowId};
use crate::model::{Dose, ResidentNumber};
use crate::table::Table;

impl RegisterKeys {
    /// A resident is known by the resident number.
    pub(crate) fn resident_id(&self, number: &ResidentNumber) -> RowId {
        self.row_id(Table::Resident, &[number.expose().as_bytes()])
    }

    /// A voucher is known by number, kind and dose.
    pub(crate) fn voucher_id(&self, number: &VoucherNumber, kind: u8, dose: u8) -> RowId {
        let key = [number.expose().as_bytes(), &[kind, dose]];
        self.row_id(Table::Voucher, &key)
    }

    /// Nobody is vaccinated against one disease twice in a day: a row of the same resident,
    /// disease and day is the same dose, corrected.
    pub(crate) fn dose_id(&self, resident: RowId, dose: &Dose) -> RowId {
        let day = dose.date.to_julian_day().to_be_bytes();
        let key = [&resident.0[..], dose.disease.as_bytes(), &day];
        self.row_id(Table::Dose, &key)
    }
}
