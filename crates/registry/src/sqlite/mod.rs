//! The register in SQLite. All SQL is here; what is sealed or hashed is opaque here.

mod audit;
mod certificates;
mod challenges;
mod channels;
mod dossier;
mod file;
mod import;
mod keys;

pub(crate) use audit::{
    AuditRow, append_audit, audit_head, audit_page, noted_audit, unmatched_certificates,
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
    KioskRow, insert_device, insert_kiosk, insert_relay, insert_suspended_card, is_device,
    is_relay, is_suspended_card, kiosk, remove_kiosk_and_relay, remove_suspended_card,
};
pub(crate) use dossier::{DossierRows, SealedRow, UndeliveredRow, dossier};
pub(crate) use file::{SqliteFile, Transaction};
pub(crate) use import::{
    ChildRow, ChildTable, ResidentRow, existing_children, existing_residents, known_residents,
    numbers_taken, upsert_children, upsert_residents,
};
pub(crate) use keys::{insert_wrapped_key, wrapped_key};
