//! Problem details (RFC 9457): one stable type for each thing that can be wrong.

use serde::{Deserialize, Serialize};

/// What every type's URI begins with. It names and need not resolve (RFC 9457, section 3.1.1).
const TYPE_PREFIX: &str = "https://akashi.example/problems/";

/// Longest problem read, in bytes.
pub const LONGEST_PROBLEM: usize = 4096;

macro_rules! problem_types {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $status:literal, $title:literal;)+) => {
        /// What is wrong. `docs/PROTOCOL.md` says for each what the channel shows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemType {
            $($(#[$doc])+ $variant,)+
        }

        impl ProblemType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable name, the last segment of the type's URI.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// What is wrong in a few words of English, for people who read logs. A channel shows
            /// words of its own.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

problem_types! {
    /// The kiosk's key is not registered, or no longer.
    KioskNotRegistered = "kiosk-not-registered", 403, "The kiosk is not registered";
    /// The key of the relay in between is not registered, or no longer.
    RelayNotRegistered = "relay-not-registered", 403, "The relay is not registered";
    /// The phone's device key is not accepted.
    DeviceNotAccepted = "device-not-accepted", 403, "The device is not accepted";
    /// The key that signed the request is not the key of the TLS peer.
    ChannelMismatch = "channel-mismatch", 403, "The request is signed by another key than the connection's";
    /// The channel's signature does not hold, or is not of the fixed profile.
    ChannelSignatureInvalid = "channel-signature-invalid", 401, "The channel's signature does not hold";
    /// The request was signed too long ago, or in the future: a clock is wrong.
    RequestExpired = "request-expired", 401, "The request was not signed within two minutes of now";
    /// Sealed under a key or suite that is not, or no longer, known: get the configuration again.
    SealingKeyUnknown = "sealing-key-unknown", 422, "The sealing key is not known";
    /// Not the form that the protocol prescribes.
    MalformedRequest = "malformed-request", 400, "The request is malformed";
    /// Longer than the protocol allows.
    TooLarge = "too-large", 413, "The request is too large";
    /// Too many requests from this channel or address, or too many at once.
    TooManyRequests = "too-many-requests", 429, "Too many requests";
    /// The consent names other terms than those in force.
    TermsNotCurrent = "terms-not-current", 409, "The terms agreed to are not those in force";
    /// The challenge is stale, or was never given to this channel.
    ChallengeUnknown = "challenge-unknown", 409, "The challenge is not known";
    /// The challenge was spent on another application.
    ChallengeSpent = "challenge-spent", 409, "The challenge is spent";
    /// The card's files do not parse.
    CardMalformed = "card-malformed", 422, "The card's files are malformed";
    /// A signature, digest or issuer of the card does not hold. The server's log says which.
    CardNotAuthentic = "card-not-authentic", 422, "The card is not authentic";
    /// The card's signature over the challenge is missing.
    CardPresenceMissing = "card-presence-missing", 422, "The card's signature is missing";
    /// The card's signature over the challenge does not hold.
    CardPresenceInvalid = "card-presence-invalid", 422, "The card's signature does not hold";
    /// The number on the card is no individual number (個人番号): its check digit is wrong.
    IndividualNumberInvalid = "individual-number-invalid", 422, "The individual number is invalid";
    /// The holder ticket is not one of this server for this channel.
    TicketInvalid = "ticket-invalid", 401, "The ticket is invalid";
    /// The holder ticket's time is over.
    TicketExpired = "ticket-expired", 401, "The ticket has expired";
    /// The municipality does not take part through this channel.
    MunicipalityNotParticipating = "municipality-not-participating", 404, "The municipality does not take part";
    /// The municipality does not issue at this hour.
    MunicipalityClosed = "municipality-closed", 409, "The municipality does not issue now";
    /// The idempotency key was used for another order, or for another entry of a venue.
    OrderKeyReused = "order-key-reused", 409, "The order's key was used for another order";
    /// What is ordered cannot be issued, or no longer: ask for an offer again.
    OrderNotAvailable = "order-not-available", 409, "What is ordered is not available";
    /// The fee is not, or no longer, what the resident was shown.
    FeeChanged = "fee-changed", 409, "The fee has changed";
    /// The register cannot be asked now. Never to be shown as "no doses".
    LookupUnavailable = "lookup-unavailable", 503, "The register cannot be asked now";
    /// There is no such certificate of this holder.
    CertificateUnknown = "certificate-unknown", 404, "The certificate is not known";
    /// The venue's key is not registered, or no longer.
    VenueNotRegistered = "venue-not-registered", 403, "The venue is not registered";
    /// What a venue typed can be no dose, whoever got it: told before anything is looked up.
    DoseInvalid = "dose-invalid", 422, "What was entered is no dose";
    /// The dose cannot be registered for this voucher and birth date. One and the same for every
    /// reason there is.
    VoucherNotAccepted = "voucher-not-accepted", 422, "The voucher is not accepted with this entry";
    /// The venue has no such entry, or may not, or no longer, change it so.
    ReceiptNotAccepted = "receipt-not-accepted", 422, "The entry cannot be changed by this venue";
    /// The venue registered as many doses today as the municipality declared.
    VenueQuotaReached = "venue-quota-reached", 429, "The venue has registered its doses of today";
    /// Too many of the venue's entries were refused of late.
    VenueBlocked = "venue-blocked", 429, "Too many entries of the venue were refused";
    /// The server cannot be reached by the relay, or does not take part in anything now.
    ServerUnavailable = "server-unavailable", 503, "The server cannot be reached now";
    /// Anything else, and the server's fault.
    Internal = "internal", 500, "Something went wrong in the server";
}

impl ProblemType {
    /// The type's URI.
    #[must_use]
    pub fn uri(self) -> String {
        format!("{TYPE_PREFIX}{}", self.name())
    }

    /// The type of a URI; `None` for one that this version does not know.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        let name = uri.strip_prefix(TYPE_PREFIX)?;
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl std::fmt::Display for ProblemType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A problem, as the server tells it. It says nothing about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemType,
    /// After how many seconds it makes sense to try again, where the server knows.
    pub retry_after: Option<u32>,
}

/// A problem, as a channel reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportedProblem {
    /// One of the types of this version.
    Known(Problem),
    /// A type that a newer server knows; the status still tells whose fault it is.
    Unknown {
        /// The HTTP status, 100 to 599.
        status: u16,
        /// See [`Problem::retry_after`].
        retry_after: Option<u32>,
    },
}

/// Not a problem document. Holds no input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedProblem {
    /// Longer than [`LONGEST_PROBLEM`].
    #[error("the problem is {0} bytes long")]
    TooLarge(usize),
    /// No JSON object with a type and a status.
    #[error("the problem is not a problem document, column {column}")]
    NotAProblem {
        /// Where reading ended.
        column: usize,
    },
}

/// The JSON of a problem. Members that a newer server adds are ignored, as RFC 9457, section 3.2
/// demands.
#[derive(Serialize, Deserialize)]
struct Document<'a> {
    #[serde(rename = "type", borrow)]
    kind: std::borrow::Cow<'a, str>,
    #[serde(borrow, default)]
    title: std::borrow::Cow<'a, str>,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    retry_after: Option<u32>,
}

impl Problem {
    /// A problem of this type.
    #[must_use]
    pub const fn new(kind: ProblemType) -> Self {
        Self {
            kind,
            retry_after: None,
        }
    }

    /// The document, JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let document = Document {
            kind: self.kind.uri().into(),
            title: self.kind.title().into(),
            status: self.kind.status(),
            retry_after: self.retry_after,
        };
        // Texts and numbers under text keys: nothing that JSON cannot say.
        serde_json::to_vec(&document).unwrap_or_default()
    }
}

impl From<ProblemType> for Problem {
    fn from(kind: ProblemType) -> Self {
        Self::new(kind)
    }
}

impl ReportedProblem {
    /// Reads a problem document.
    ///
    /// # Errors
    /// [`MalformedProblem`].
    pub fn parse(json: &[u8]) -> Result<Self, MalformedProblem> {
        if json.len() > LONGEST_PROBLEM {
            return Err(MalformedProblem::TooLarge(json.len()));
        }
        let document: Document<'_> =
            serde_json::from_slice(json).map_err(|error| MalformedProblem::NotAProblem {
                column: error.column(),
            })?;
        if !(100..=599).contains(&document.status) {
            return Err(MalformedProblem::NotAProblem { column: 0 });
        }
        let retry_after = document.retry_after;
        Ok(match ProblemType::from_uri(&document.kind) {
            Some(kind) => Self::Known(Problem { kind, retry_after }),
            None => Self::Unknown {
                status: document.status,
                retry_after,
            },
        })
    }

    /// The type, where this version knows it.
    #[must_use]
    pub const fn kind(&self) -> Option<ProblemType> {
        match self {
            Self::Known(problem) => Some(problem.kind),
            Self::Unknown { .. } => None,
        }
    }
}

impl std::fmt::Display for ReportedProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known(problem) => problem.kind.fmt(f),
            Self::Unknown { status, .. } => write!(f, "unknown problem, status {status}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_round_trips() {
        for kind in ProblemType::ALL.iter().copied() {
            for retry_after in [None, Some(30)] {
                let problem = Problem { kind, retry_after };
                assert_eq!(
                    ReportedProblem::parse(&problem.to_json()),
                    Ok(ReportedProblem::Known(problem))
                );
            }
        }
    }

    #[test]
    fn names_are_kebab_case_and_differ() {
        let mut names: Vec<_> = ProblemType::ALL.iter().map(|kind| kind.name()).collect();
        for name in &names {
            assert!(name.bytes().all(|b| b == b'-' || b.is_ascii_lowercase()));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ProblemType::ALL.len());
    }

    #[test]
    fn the_document_is_the_one_of_the_protocol() {
        let problem = Problem {
            kind: ProblemType::TooManyRequests,
            retry_after: Some(5),
        };
        assert_eq!(
            String::from_utf8(problem.to_json()).unwrap(),
            "{\"type\":\"https://akashi.example/problems/too-many-requests\",\
             \"title\":\"Too many requests\",\"status\":429,\"retry_after\":5}"
        );
    }

    #[test]
    fn a_newer_servers_problem_is_read() {
        let json = br#"{"type":"https://akashi.example/problems/full-moon","status":409,"detail":"d","moon":{"phase":1}}"#;
        let reported = ReportedProblem::parse(json).unwrap();
        assert_eq!(reported.kind(), None);
        assert_eq!(
            reported,
            ReportedProblem::Unknown {
                status: 409,
                retry_after: None
            }
        );
    }

    #[test]
    fn what_is_no_problem_is_refused() {
        for json in [
            &b""[..],
            b"{}",
            b"[]",
            br#"{"type":"about:blank"}"#,
            br#"{"type":"about:blank","status":99999}"#,
            br#"{"type":"about:blank","status":99}"#,
            br#"{"type":"about:blank","status":600}"#,
            br#"{"type":"about:blank","status":400,"status":500}"#,
            br#"{"type":"about:blank","status":400} trailing"#,
        ] {
            assert!(
                matches!(
                    ReportedProblem::parse(json),
                    Err(MalformedProblem::NotAProblem { .. })
                ),
                "{}",
                String::from_utf8_lossy(json)
            );
        }
        let long = [
            br#"{"type":"about:blank","status":400"#.as_slice(),
            &[b' '; 5000],
            b"}",
        ]
        .concat();
        assert_eq!(
            ReportedProblem::parse(&long),
            Err(MalformedProblem::TooLarge(long.len()))
        );
    }
}
