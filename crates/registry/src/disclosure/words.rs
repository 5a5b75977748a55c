//! The record's names in Japanese, for people.

use crate::access::Purpose;
use crate::audit::AuditEvent;

/// Entries that tell of a flag, or of what was asked for because of one: on the complete sheet only.
pub(super) const SENSITIVE_EVENTS: [&str; 10] = [
    AuditEvent::FlagSet.as_str(),
    AuditEvent::FlagLifted.as_str(),
    AuditEvent::FlagsRead.as_str(),
    AuditEvent::ApprovalRequested.as_str(),
    AuditEvent::ApprovalsRead.as_str(),
    AuditEvent::ApprovalGiven.as_str(),
    AuditEvent::ApprovalDeclined.as_str(),
    AuditEvent::ApprovalWithdrawn.as_str(),
    AuditEvent::ApprovalRefused.as_str(),
    AuditEvent::ApprovalUsed.as_str(),
];

/// A kind of actor, a purpose or an event in Japanese; one without a word of its own stays as the
/// record names it.
#[must_use]
pub fn in_words_of_the_record(name: &str) -> &str {
    let words = ACTORS.iter().chain(PURPOSES).chain(EVENTS);
    let found = words.copied().find(|(known, _)| *known == name);
    found.map_or(name, |(_, word)| word)
}

const ACTORS: &[(&str, &str)] = &[
    ("kiosk", "キオスク端末（本人の申請）"),
    ("phone", "スマートフォン（本人の申請）"),
    ("counter", "窓口"),
    ("venue", "接種会場"),
    ("staff", "職員"),
    ("municipality", "他の市区町村"),
    ("server", "システムの自動処理"),
];

const PURPOSES: &[(&str, &str)] = &[
    (Purpose::Issuing.as_str(), "証明書の交付"),
    (Purpose::CounterReissue.as_str(), "窓口での再交付"),
    (Purpose::Import.as_str(), "記録の取込み"),
    (Purpose::Audit.as_str(), "監査"),
    (Purpose::Inquiry.as_str(), "他の市区町村への照会"),
    (Purpose::Provision.as_str(), "他の市区町村への提供"),
    (Purpose::Flags.as_str(), "フラグの管理"),
    (Purpose::Disclosure.as_str(), "本人への開示"),
    (Purpose::Approval.as_str(), "承認"),
];

const EVENTS: &[(&str, &str)] = &[
    (AuditEvent::LookedUp.as_str(), "記録を照会した"),
    (
        AuditEvent::Previewed.as_str(),
        "交付前の証明書の表示のため照会した",
    ),
    (AuditEvent::CertificateIssued.as_str(), "証明書を交付した"),
    (
        AuditEvent::OfferRefused.as_str(),
        "交付できなかった（申込み時）",
    ),
    (
        AuditEvent::OrderRefused.as_str(),
        "交付できなかった（注文時）",
    ),
    (
        AuditEvent::CertificateRead.as_str(),
        "証明書の記録を閲覧した",
    ),
    (AuditEvent::CertificateDelivered.as_str(), "証明書が届いた"),
    (
        AuditEvent::CertificateNotDelivered.as_str(),
        "証明書が届かなかった",
    ),
    (
        AuditEvent::CertificateRevoked.as_str(),
        "証明書を失効させた",
    ),
    (
        AuditEvent::CertificateReissued.as_str(),
        "証明書を再交付した",
    ),
    (AuditEvent::FlagSet.as_str(), "フラグを設定した"),
    (AuditEvent::FlagLifted.as_str(), "フラグを解除した"),
    (AuditEvent::FlagsRead.as_str(), "フラグを閲覧した"),
    (AuditEvent::ApprovalRequested.as_str(), "承認を申請した"),
    (AuditEvent::ApprovalsRead.as_str(), "承認の申請を閲覧した"),
    (AuditEvent::ApprovalGiven.as_str(), "承認した"),
    (AuditEvent::ApprovalDeclined.as_str(), "承認しなかった"),
    (
        AuditEvent::ApprovalWithdrawn.as_str(),
        "承認の申請を取り下げた",
    ),
    (AuditEvent::ApprovalUsed.as_str(), "承認に基づき実施した"),
    (AuditEvent::AuditSearched.as_str(), "アクセス記録を検索した"),
    (AuditEvent::AuditExported.as_str(), "アクセス記録を出力した"),
    (AuditEvent::Disclosed.as_str(), "開示した"),
];
