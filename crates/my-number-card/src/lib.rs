//! The card-info-input AP (券面事項入力補助AP) of the My Number Card: reading it over any
//! transport, and verifying what was read.
//!
//! The reader's side is [`CardInfoInputAp`]: select, ask the tries left, present the PIN once,
//! read, have a digest signed. The verifier's side is [`SignedBasicInformation::from_files`] and
//! [`verify`], whose result, [`VerifiedHolder`], cannot be had any other way.
//!
//! No public specification of the application exists. What is said here about its files and
//! answers was observed on cards; `docs/adr/0003-own-card-reader.md` names the sources.
//!
//! No input or output but through [`CardTransport`]. Errors carry offsets, lengths and status
//! words, never bytes of a card.

mod apdu;
mod card_error;
mod card_info_input_ap;
mod exchange;
mod files;
mod holder;
mod key_id;
mod malformation;
mod presence;
mod signed_basic_information;
mod tlv;
mod transport;
mod trusted_card_cas;
mod verification;

pub use apdu::{CommandName, StatusWord};
pub use card_error::{CardError, PinError};
pub use card_info_input_ap::{CardInfoInputAp, PinPresented, PinTries, ReadProgress};
pub use files::{CardFiles, ElementaryFile};
pub use holder::{InvalidHolderState, VerifiedHolder};
pub use key_id::{InvalidKeyId, KeyId};
pub use malformation::{Malformation, MalformedFile};
pub use presence::{Presence, presence_digest};
pub use signed_basic_information::SignedBasicInformation;
pub use transport::{CardTransport, LONGEST_ANSWER, TransportError};
pub use trusted_card_cas::{TrustedCardCas, UntrustworthyCa};
pub use verification::{VerificationError, verify};
