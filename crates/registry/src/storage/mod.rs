//! Where the register is stored: a SQLite file for each municipality, or PostgreSQL with rows kept
//! apart by municipality. All SQL is here, once for both, in functions on a [`Transaction`]; what
//! is sealed or hashed is opaque here.

#[macro_use]
mod transaction;

mod answered_inquiries;
mod approvals;
mod audit;
mod audit_reading;
mod bulk;
mod certificates;
mod challenges;
mod channels;
mod disclosed;
mod disclosure_records;
mod dossier;
mod erasure;
#[cfg(test)]
mod full_disk;
mod import_batches;
mod inquiries;
mod keys;
mod kiosk_successors;
mod ledger;
mod municipalities;
mod place;
mod postgres;
mod residents;
mod rows;
mod sealed;
mod sqlite;
mod store;
mod venue_doses;
mod venues;

pub(crate) use answered_inquiries::{
    AnsweredRow, answered, answered_inquiries, decide_answered, doses_of_id, forget_answer,
    insert_answered,
};
pub(crate) use approvals::{
    ApprovalRow, approval, approvals, decide_approval, insert_approval, spend_approval,
};
pub(crate) use audit::{
    AuditHeadRow, AuditRow, append_audit, audit_head, audit_heads, audit_page, erasures, has_audit,
    insert_audit_head, last_audit_head, next_audit_head, next_audit_writer, noted_audit,
    unmatched_certificates,
};
pub(crate) use audit_reading::{
    AuditFilter, DailyRow, OffHoursRow, RefusedRow, audit_by_day, audit_off_hours, audit_refusals,
    audit_span, find_audit, open_batches,
};
pub(crate) use bulk::{
    ChildRow, ChildTable, ResidentRow, Stored, children_of, existing_residents, expect_many_rows,
    numbers_taken, upsert_children, upsert_residents,
};
pub(crate) use certificates::{
    CertificateRow, NewCertificateRow, certificate, find_order, insert_certificate,
    insert_revocation, revocations, set_delivery,
};
pub(crate) use challenges::{
    ChallengeRow, challenge, insert_challenge, mark_challenge_spent, open_challenges,
    sweep_challenges,
};
pub(crate) use channels::{
    KioskRow, count_devices, insert_device, insert_kiosk, insert_relay, insert_suspended_card,
    is_device, is_relay, is_suspended_card, kiosk, remove_channel, remove_suspended_card,
    suspended_since,
};
pub(crate) use disclosed::{DisclosedRow, RowsAbout, rows_about};
pub(crate) use disclosure_records::{DisclosureRow, disclosures, insert_disclosure};
pub(crate) use dossier::{DossierRows, SealedRow, UndeliveredRow, dossier};
pub(crate) use erasure::{
    Dated, erase_approval_words, erase_bare_residents, erase_dated, erase_notes_about,
    erase_resident, erase_rows, resident_row,
};
pub(crate) use import_batches::{
    ImportBatchRow, ImportFileRow, close_import_batch, import_batch, import_batch_of_approval,
    import_batches, import_files, insert_import_batch, insert_import_file, newest_import_batch,
};
pub(crate) use inquiries::{
    InquiryRow, ReceivedDoseRow, inquiries, inquiries_since, inquiry, insert_inquiry,
    insert_received_dose, mark_inquiry_provided, mark_inquiry_sent, received_doses,
};
pub(crate) use keys::{
    WrappedKeyRow, data_key_versions, destroy_data_key, insert_wrapped_key, remove_unversioned_key,
    replace_wrapped_key, wrapped_keys,
};
pub(crate) use kiosk_successors::{
    SuccessorRow, kiosk_predecessor, kiosk_successor, set_kiosk_successor,
};
pub(crate) use ledger::{OwnedRow, count_residents, flags_between, residents_after, rows_between};
pub(crate) use municipalities::{insert_municipality, municipalities};
pub(crate) use place::Place;
pub use place::RegisterPlace;
pub(crate) use place::{MUNICIPALITY_SCHEMA, SYSTEM_SCHEMA};
pub use postgres::{
    InvalidPostgresAddress, PostgresAddress, Preparation, UnfitDatabase, prepare_postgres,
};
pub(crate) use residents::{FlaggedRow, put_resident_flags, resident};
pub(crate) use rows::{StoredColumn, StoredRow, columns, count_rows, insert_rows, rows_after};
pub(crate) use sealed::{
    ResealedCell, SealedCell, count_by_version, replace_sealed, sealed_otherwise,
};
pub(crate) use store::Store;
pub(crate) use transaction::Transaction;
pub(crate) use venue_doses::{
    DoseChangeRow, VenueDoseRow, certificates_since, dose_changes, dose_changes_since,
    insert_dose_change, insert_venue_dose, is_voucher_used, receipts_of_resident, remove_dose,
    set_venue_dose, venue_dose, venue_dose_of_key, venue_receipts, voucher_owners,
};
pub(crate) use venues::{
    CountedSince, VenueRow, count_attempts, end_attempt, insert_attempt, insert_venue, refused_at,
    sweep_attempts, venue,
};
