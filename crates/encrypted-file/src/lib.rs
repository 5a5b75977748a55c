//! Files that come and go encrypted (import, export, backup), in the age format
//! (<https://age-encryption.org/v1>): the one door to that library. Only the server links it.
//!
//! ```
//! use encrypted_file::{DecryptingReader, EncryptingWriter, Identity, Recipients};
//! use std::io::{Read as _, Write as _};
//!
//! let identity = Identity::generate();
//! let recipients = Recipients::parse(&identity.recipient())?;
//! let mut writer = EncryptingWriter::new(Vec::new(), &recipients)?;
//! writer.write_all(b"residents")?;
//! let file = writer.finish()?;
//!
//! let mut content = Vec::new();
//! DecryptingReader::open(&file[..], &identity)?.read_to_end(&mut content)?;
//! assert_eq!(content, b"residents");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Both directions stream, 64 KiB at a time. What a reader gives before its end was authenticated
//! piece by piece, in order; that nothing is missing is known only at the end, so whoever acts on a
//! file acts after its end. Key pairs are those of `age-keygen` (X25519); files encrypted to a
//! passphrase are refused. File keys are drawn from the operating system by the library itself.

mod identity;
mod reader;
mod recipients;
mod writer;

pub use identity::{Identity, InvalidIdentity};
pub use reader::{DecryptingReader, Fault, MAGIC};
pub use recipients::{InvalidRecipients, Recipients};
pub use writer::EncryptingWriter;
