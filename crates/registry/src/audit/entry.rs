//! One entry of the audit record.

use domain::{CertificateId, Redacted};
use time::OffsetDateTime;

use crate::access::{Actor, Purpose};

/// Whom an entry is about: random, drawn when the resident was first imported and stored sealed
/// in the resident's row. Nothing in it is derived from any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubjectId(pub [u8; 16]);

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditEvent {
    /// The register was made.
    RegisterCreated,
    /// A file was imported.
    Imported,
    /// The erasure of an import batch's medium was recorded.
    MediumErased,
    /// A resident's dossier was looked up by individual number; without a subject: not found.
    LookedUp,
    /// A resident's dossier was looked up for a preview of a certificate; without a subject: not
    /// found.
    Previewed,
    /// A certificate was issued.
    CertificateIssued,
    /// What was looked up may not be signed, so that nothing is offered; the note says why.
    OfferRefused,
    /// An order read a dossier and was refused.
    OrderRefused,
    /// Staff read the notes of what was refused.
    RefusalNotesRead,
    /// A certificate's record was read.
    CertificateRead,
    /// A certificate was reported as delivered.
    CertificateDelivered,
    /// A certificate was reported as not delivered.
    CertificateNotDelivered,
    /// A certificate was revoked.
    CertificateRevoked,
    /// A certificate was issued again at the counter.
    CertificateReissued,
    /// Counts of doses were given to a body without access; the note says to which.
    CountsProvided,
    /// An inquiry to another municipality was prepared, or was refused to be: the detail says which.
    InquiryPrepared,
    /// An inquiry was sent.
    InquirySent,
    /// Doses were received by inquiry.
    DosesReceived,
    /// Staff read what was received by inquiry.
    ReceivedDosesRead,
    /// An inquiry of another municipality was answered, or waits: the detail says which.
    InquiryAnswered,
    /// Staff read whom an inquiry that waits is about.
    WaitingInquiryRead,
    /// An inquiry that waited was released: doses were provided.
    InquiryReleased,
    /// An inquiry that waited was refused.
    InquiryRefused,
    /// A venue registered a dose; the detail is its receipt.
    DoseRegistered,
    /// A venue's dose was refused: the detail says why, which the venue is not told.
    DoseRefused,
    /// A dose that a venue registered was corrected; the detail is its receipt.
    DoseCorrected,
    /// A dose that a venue registered was cancelled; the detail is its receipt.
    DoseCancelled,
    /// Staff read what became of a dose that a venue registered.
    DoseHistoryRead,
    /// A venue was registered.
    VenueRegistered,
    /// A venue was blocked: too many of its entries were refused; the detail is its id.
    VenueBlocked,
    /// A venue's entry was refused: it has registered as many doses today as were declared. The
    /// detail is its id.
    VenueQuotaRefused,
    /// A kiosk was registered.
    KioskRegistered,
    /// A kiosk's key was replaced by its next one; the detail is the old one's id.
    KioskKeyReplaced,
    /// A relay was registered.
    RelayRegistered,
    /// A kiosk or a relay is registered no longer.
    ChannelUnregistered,
    /// A device was registered.
    DeviceRegistered,
    /// A card was suspended.
    CardSuspended,
    /// A card's suspension ended.
    CardReleased,
    /// A data key was made; the detail is its version.
    DataKeyMade,
    /// A data key was destroyed: nothing is sealed under it any more.
    DataKeyDestroyed,
    /// Keys were wrapped by another master key.
    KeysRewrapped,
    /// A backup was written.
    BackedUp,
    /// This register was restored from a backup.
    Restored,
    /// A request was refused before a municipality was known.
    RequestRefused,
    /// Cards were suspended from a list.
    CardsSuspendedFromList,
    /// Staff set a flag on a resident.
    FlagSet,
    /// Staff lifted a flag.
    FlagLifted,
    /// Staff read a resident's flags and their history.
    FlagsRead,
    /// Staff searched this record.
    AuditSearched,
    /// Staff exported a part of this record.
    AuditExported,
    /// A report of unusual access was made from this record.
    AuditReported,
    /// Everything held on a resident was put together for disclosure (開示).
    Disclosed,
    /// Staff asked for an approval.
    ApprovalRequested,
    /// A second person agreed.
    ApprovalGiven,
    /// A second person did not agree.
    ApprovalDeclined,
    /// Who asked withdrew.
    ApprovalWithdrawn,
    /// Somebody decided who may not: who asked, or who did not.
    ApprovalRefused,
    /// Staff read what waits for approval.
    ApprovalsRead,
    /// An approval was spent on its act.
    ApprovalUsed,
    /// The ledger was written out.
    LedgerExported,
    /// What is kept no longer was counted, or a resident looked up to be erased.
    ErasurePlanned,
    /// What was kept for its period was erased.
    Erased,
    /// Everything held on a resident was erased.
    ResidentErased,
}

impl AuditEvent {
    /// Every event.
    pub const ALL: [Self; 63] = [
        Self::RegisterCreated,
        Self::Imported,
        Self::MediumErased,
        Self::LookedUp,
        Self::Previewed,
        Self::CertificateIssued,
        Self::OfferRefused,
        Self::OrderRefused,
        Self::RefusalNotesRead,
        Self::CertificateRead,
        Self::CertificateDelivered,
        Self::CertificateNotDelivered,
        Self::CertificateRevoked,
        Self::CertificateReissued,
        Self::CountsProvided,
        Self::InquiryPrepared,
        Self::InquirySent,
        Self::DosesReceived,
        Self::ReceivedDosesRead,
        Self::InquiryAnswered,
        Self::WaitingInquiryRead,
        Self::InquiryReleased,
        Self::InquiryRefused,
        Self::DoseRegistered,
        Self::DoseRefused,
        Self::DoseCorrected,
        Self::DoseCancelled,
        Self::DoseHistoryRead,
        Self::VenueRegistered,
        Self::VenueBlocked,
        Self::VenueQuotaRefused,
        Self::KioskRegistered,
        Self::KioskKeyReplaced,
        Self::RelayRegistered,
        Self::ChannelUnregistered,
        Self::DeviceRegistered,
        Self::CardSuspended,
        Self::CardReleased,
        Self::DataKeyMade,
        Self::DataKeyDestroyed,
        Self::KeysRewrapped,
        Self::BackedUp,
        Self::Restored,
        Self::RequestRefused,
        Self::CardsSuspendedFromList,
        Self::FlagSet,
        Self::FlagLifted,
        Self::FlagsRead,
        Self::AuditSearched,
        Self::AuditExported,
        Self::AuditReported,
        Self::Disclosed,
        Self::ApprovalRequested,
        Self::ApprovalGiven,
        Self::ApprovalDeclined,
        Self::ApprovalWithdrawn,
        Self::ApprovalRefused,
        Self::ApprovalsRead,
        Self::ApprovalUsed,
        Self::LedgerExported,
        Self::ErasurePlanned,
        Self::Erased,
        Self::ResidentErased,
    ];

    /// The stable name in the record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RegisterCreated => "register-created",
            Self::Imported => "imported",
            Self::MediumErased => "medium-erased",
            Self::LookedUp => "looked-up",
            Self::Previewed => "previewed",
            Self::CertificateIssued => "certificate-issued",
            Self::OfferRefused => "offer-refused",
            Self::OrderRefused => "order-refused",
            Self::RefusalNotesRead => "refusal-notes-read",
            Self::CertificateRead => "certificate-read",
            Self::CertificateDelivered => "certificate-delivered",
            Self::CertificateNotDelivered => "certificate-not-delivered",
            Self::CertificateRevoked => "certificate-revoked",
            Self::CertificateReissued => "certificate-reissued",
            Self::CountsProvided => "counts-provided",
            Self::InquiryPrepared => "inquiry-prepared",
            Self::InquirySent => "inquiry-sent",
            Self::DosesReceived => "doses-received",
            Self::ReceivedDosesRead => "received-doses-read",
            Self::InquiryAnswered => "inquiry-answered",
            Self::WaitingInquiryRead => "waiting-inquiry-read",
            Self::InquiryReleased => "inquiry-released",
            Self::InquiryRefused => "inquiry-refused",
            Self::DoseRegistered => "dose-registered",
            Self::DoseRefused => "dose-refused",
            Self::DoseCorrected => "dose-corrected",
            Self::DoseCancelled => "dose-cancelled",
            Self::DoseHistoryRead => "dose-history-read",
            Self::VenueRegistered => "venue-registered",
            Self::VenueBlocked => "venue-blocked",
            Self::VenueQuotaRefused => "venue-quota-refused",
            Self::KioskRegistered => "kiosk-registered",
            Self::KioskKeyReplaced => "kiosk-key-replaced",
            Self::RelayRegistered => "relay-registered",
            Self::ChannelUnregistered => "channel-unregistered",
            Self::DeviceRegistered => "device-registered",
            Self::CardSuspended => "card-suspended",
            Self::CardReleased => "card-released",
            Self::DataKeyMade => "data-key-made",
            Self::DataKeyDestroyed => "data-key-destroyed",
            Self::KeysRewrapped => "keys-rewrapped",
            Self::BackedUp => "backed-up",
            Self::Restored => "restored",
            Self::RequestRefused => "request-refused",
            Self::CardsSuspendedFromList => "cards-suspended-from-list",
            Self::FlagSet => "flag-set",
            Self::FlagLifted => "flag-lifted",
            Self::FlagsRead => "flags-read",
            Self::AuditSearched => "audit-searched",
            Self::AuditExported => "audit-exported",
            Self::AuditReported => "audit-reported",
            Self::Disclosed => "disclosed",
            Self::ApprovalRequested => "approval-requested",
            Self::ApprovalGiven => "approval-given",
            Self::ApprovalDeclined => "approval-declined",
            Self::ApprovalWithdrawn => "approval-withdrawn",
            Self::ApprovalRefused => "approval-refused",
            Self::ApprovalsRead => "approvals-read",
            Self::ApprovalUsed => "approval-used",
            Self::LedgerExported => "ledger-exported",
            Self::ErasurePlanned => "erasure-planned",
            Self::Erased => "erased",
            Self::ResidentErased => "resident-erased",
        }
    }
}

/// An entry to be appended.
#[derive(Debug, Clone)]
pub(crate) struct NewEntry<'a> {
    pub(crate) at: OffsetDateTime,
    pub(crate) actor: &'a Actor,
    pub(crate) purpose: Purpose,
    pub(crate) event: AuditEvent,
    pub(crate) subject: Option<SubjectId>,
    pub(crate) certificate: Option<CertificateId>,
    /// A code or a count, never about a person.
    pub(crate) detail: Option<String>,
    /// What staff wrote, or are to read; sealed.
    pub(crate) note: Option<&'a str>,
}

impl<'a> NewEntry<'a> {
    /// An entry about nobody and no certificate.
    pub(crate) const fn new(
        at: OffsetDateTime,
        actor: &'a Actor,
        purpose: Purpose,
        event: AuditEvent,
    ) -> Self {
        Self {
            at,
            actor,
            purpose,
            event,
            subject: None,
            certificate: None,
            detail: None,
            note: None,
        }
    }
}

/// An entry as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The installation that recorded it.
    pub writer: String,
    /// Its place in that installation's chain, 1 for the first.
    pub sequence: u64,
    /// When.
    pub at: OffsetDateTime,
    /// The kind of actor: a channel's kind, `staff`, `municipality` or `server`.
    pub actor_kind: String,
    /// Which one: a channel's 32 bytes, a staff member's name for signing in, or nothing.
    pub actor: Vec<u8>,
    /// For which purpose.
    pub purpose: String,
    /// What happened.
    pub event: String,
    /// About whom.
    pub subject: Option<SubjectId>,
    /// About which certificate.
    pub certificate: Option<String>,
    /// A code or a count.
    pub detail: Option<String>,
}

/// Why something was refused, for staff: it may hold a character of a person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalNote {
    /// The place of its entry in the chain.
    pub sequence: u64,
    /// When.
    pub at: OffsetDateTime,
    /// What was recorded: `offer-refused` or `order-refused`.
    pub event: String,
    /// Why.
    pub note: Redacted<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_its_own_name() {
        let names: std::collections::HashSet<_> =
            AuditEvent::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!(names.len(), AuditEvent::ALL.len());
    }
}
