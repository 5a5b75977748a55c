//! The calls inside the seal, and how long their messages are made.

/// Length of every request before sealing, in bytes. One length for all calls and all people: a
/// relay learns from it neither what is asked nor how long a name is.
///
/// The largest request is an application: with the other files as they were observed, an EF 0002
/// of 4,096 bytes fits, the most that a reader takes.
pub const REQUEST_LENGTH: usize = 10 * 1024;

/// Longest reply to any call before sealing, in bytes.
pub(crate) const LONGEST_REPLY: usize = 1024 * 1024;

/// A call inside the seal, always `POST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// Terms and participating municipalities.
    Open,
    /// A challenge for the card.
    Challenge,
    /// What the card gave and its holder agreed to, for a holder ticket.
    Apply,
    /// More time for a ticket.
    Extend,
    /// What a municipality can issue.
    Offer,
    /// The page as it will print, crossed out.
    Preview,
    /// One certificate.
    Order,
    /// What became of a certificate.
    Outcome,
    /// A venue's dose.
    RegisterDose,
    /// What a venue's entry is to say instead.
    CorrectDose,
    /// A venue's entry, taken back.
    CancelDose,
    /// A venue's own entries of today.
    Receipts,
}

impl Call {
    /// Every call, in the order in which a channel makes them; then those of venues.
    pub const ALL: [Self; 12] = [
        Self::Open,
        Self::Challenge,
        Self::Apply,
        Self::Extend,
        Self::Offer,
        Self::Preview,
        Self::Order,
        Self::Outcome,
        Self::RegisterDose,
        Self::CorrectDose,
        Self::CancelDose,
        Self::Receipts,
    ];

    /// The path inside the seal.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Open => "/v1/open",
            Self::Challenge => "/v1/challenge",
            Self::Apply => "/v1/apply",
            Self::Extend => "/v1/extend",
            Self::Offer => "/v1/offer",
            Self::Preview => "/v1/preview",
            Self::Order => "/v1/order",
            Self::Outcome => "/v1/outcome",
            Self::RegisterDose => "/v1/register-dose",
            Self::CorrectDose => "/v1/correct-dose",
            Self::CancelDose => "/v1/cancel-dose",
            Self::Receipts => "/v1/receipts",
        }
    }

    /// The call of a path; `None` where there is none.
    #[must_use]
    pub fn from_path(path: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|call| call.path().as_bytes() == path)
    }

    /// Length before sealing to which a request is padded, in bytes, and at the same time the
    /// longest that fits: [`REQUEST_LENGTH`] for every call.
    #[must_use]
    pub const fn request_length(self) -> usize {
        REQUEST_LENGTH
    }

    /// Replies are padded, before sealing, to a whole multiple of so many bytes. Wherever a
    /// reply tells something about a person, every reply that can occur fits the first multiple,
    /// problems included; only a kiosk's order, with its page, takes more.
    #[must_use]
    pub const fn reply_bucket(self) -> usize {
        match self {
            // What it says is public.
            Self::Open => 16 * 1024,
            Self::Challenge
            | Self::Outcome
            | Self::RegisterDose
            | Self::CorrectDose
            | Self::CancelDose => 1024,
            Self::Apply | Self::Extend | Self::Receipts => 8 * 1024,
            Self::Offer => 2 * 1024,
            // The longest page there is: a refusal is as long as any preview.
            Self::Preview => 136 * 1024,
            Self::Order => 32 * 1024,
        }
    }

    /// Longest reply before sealing, in bytes.
    #[must_use]
    pub const fn longest_reply(self) -> usize {
        match self {
            Self::Open => LONGEST_REPLY,
            Self::Order => 256 * 1024,
            Self::Challenge
            | Self::Apply
            | Self::Extend
            | Self::Offer
            | Self::Preview
            | Self::Outcome
            | Self::RegisterDose
            | Self::CorrectDose
            | Self::CancelDose
            | Self::Receipts => self.reply_bucket(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_its_call() {
        for call in Call::ALL {
            assert_eq!(Call::from_path(call.path().as_bytes()), Some(call));
        }
        assert_eq!(Call::from_path(b"/v1/opens"), None);
        assert_eq!(Call::from_path(b""), None);
    }

    #[test]
    fn a_longest_reply_is_whole_buckets() {
        for call in Call::ALL {
            assert_eq!(call.longest_reply() % call.reply_bucket(), 0, "{call:?}");
            assert!(call.longest_reply() <= LONGEST_REPLY, "{call:?}");
        }
    }
}
