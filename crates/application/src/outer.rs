//! The HTTP around the seal, between channel, relay and server: names and sizes only. Whoever
//! relays needs nothing else of this crate.

use crate::call::REQUEST_LENGTH;

/// Where sealed requests are posted (RFC 9458, section 5).
pub const GATEWAY_PATH: &str = "/v1/gateway";
/// Where a venue's sealed requests are posted: whoever relays passes them on to another listener of
/// the server than a phone's.
pub const VENUE_GATEWAY_PATH: &str = "/v1/venue-gateway";
/// Where the signed sealing configuration is got.
pub const SEALING_CONFIGURATION_PATH: &str = "/v1/sealing-configuration";

/// Media type of a sealed request (RFC 9458, section 9.2).
pub const SEALED_REQUEST_TYPE: &str = "message/ohttp-req";
/// Media type of a sealed reply (RFC 9458, section 9.3).
pub const SEALED_REPLY_TYPE: &str = "message/ohttp-res";
/// Media type of a signed sealing configuration.
pub const SEALING_CONFIGURATION_TYPE: &str = "application/json";
/// Media type of a problem (RFC 9457).
pub const PROBLEM_TYPE: &str = "application/problem+json";

/// What sealing adds to a request, in bytes: key id 1, KEM 2, KDF 2 and AEAD 2, encapsulated
/// X25519 key 32, tag 16 (RFC 9458, section 4.3).
const REQUEST_OVERHEAD: usize = 7 + 32 + 16;
/// What sealing adds to a reply, in bytes: nonce 16, tag 16 (RFC 9458, section 4.4).
pub(crate) const REPLY_OVERHEAD: usize = 16 + 16;

/// Length of every sealed request, in bytes: whatever it asks, and for whom.
pub const SEALED_REQUEST_LENGTH: usize = REQUEST_LENGTH + REQUEST_OVERHEAD;
/// Longest sealed reply, in bytes.
pub const LONGEST_SEALED_REPLY: usize = crate::call::LONGEST_REPLY + REPLY_OVERHEAD;
/// Longest signed sealing configuration, in bytes.
pub const LONGEST_SEALING_CONFIGURATION: usize = 4096;
