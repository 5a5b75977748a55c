//! What can be wrong with a file's bytes, each with the offset from the file's start.

use domain::{InvalidBirthDate, InvalidMyNumber, InvalidText};

use crate::ElementaryFile;

/// A file that is not what its place on the card demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("EF {file}: {malformation}")]
pub struct MalformedFile {
    /// Which file.
    pub file: ElementaryFile,
    /// What is wrong with it, and where.
    pub malformation: Malformation,
}

/// What is wrong. `at` counts bytes from the start of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformation {
    /// Longer than this file may be.
    #[error("{length} bytes long, more than {longest}")]
    TooLong {
        /// Bytes given.
        length: usize,
        /// Bytes allowed.
        longest: usize,
    },
    /// The bytes end within a tag, or where one must be.
    #[error("a tag is cut off at byte {at}")]
    TagCutOff {
        /// Where the tag begins.
        at: usize,
    },
    /// A tag of more than two bytes.
    #[error("the tag at byte {at} is longer than 2 bytes")]
    TagTooLong {
        /// Where the tag begins.
        at: usize,
    },
    /// Another object than the one that belongs here.
    #[error("tag {found:04X} at byte {at} where {expected:04X} belongs")]
    UnexpectedTag {
        /// Where the tag begins.
        at: usize,
        /// The tag that belongs here.
        expected: u16,
        /// The tag that is here.
        found: u16,
    },
    /// The bytes end within a length.
    #[error("the length at byte {at} is cut off")]
    LengthCutOff {
        /// Where the length begins.
        at: usize,
    },
    /// The indefinite form (80), which no card uses.
    #[error("the length at byte {at} is indefinite")]
    LengthIndefinite {
        /// Where the length begins.
        at: usize,
    },
    /// A length of more than two bytes after the first.
    #[error("the length at byte {at} is written with {bytes} bytes, more than 2")]
    LengthTooLong {
        /// Where the length begins.
        at: usize,
        /// How many bytes it claims.
        bytes: u8,
    },
    /// The object claims more bytes than its surroundings hold.
    #[error("the value at byte {at} claims {claimed} bytes of {available}")]
    ValueCutOff {
        /// Where the value begins.
        at: usize,
        /// How long it claims to be.
        claimed: usize,
        /// How many bytes there are.
        available: usize,
    },
    /// A value of another length than its kind has.
    #[error("the value at byte {at} is {found} bytes long, not {expected}")]
    UnexpectedLength {
        /// Where the value begins.
        at: usize,
        /// Bytes it must have.
        expected: usize,
        /// Bytes it has.
        found: usize,
    },
    /// More objects than belong here.
    #[error("bytes after the last object, at byte {at}")]
    TrailingBytes {
        /// Where they begin.
        at: usize,
    },
    /// Filler after the object that is not FF.
    #[error("filler other than FF at byte {at}")]
    Filler {
        /// The first such byte.
        at: usize,
    },
    /// An entry of DF21 that is not the offset of its attribute.
    #[error("the offset at byte {at} does not point to its attribute")]
    Offset {
        /// Where the entry is.
        at: usize,
    },
    /// A text that is no UTF-8.
    #[error("no UTF-8 at byte {at}")]
    NotUtf8 {
        /// The first offending byte.
        at: usize,
    },
    /// A text that is no name or address.
    #[error("the text at byte {at}: {reason}")]
    Text {
        /// Where the text begins.
        at: usize,
        /// What is wrong with it.
        reason: InvalidText,
    },
    /// An impossible birth date.
    #[error("the date at byte {at}: {reason}")]
    BirthDate {
        /// Where the date begins.
        at: usize,
        /// What is wrong with it.
        reason: InvalidBirthDate,
    },
    /// A sex code other than 1, 2 and 3.
    #[error("an unknown code of sex at byte {at}")]
    Sex {
        /// Where the code is.
        at: usize,
    },
    /// No individual number, or a wrong check digit.
    #[error("the individual number at byte {at}: {reason}")]
    IndividualNumber {
        /// Where the digits begin.
        at: usize,
        /// What is wrong with them.
        reason: InvalidMyNumber,
    },
    /// Sixteen bytes that have not a key id's shape.
    #[error("no key id at byte {at}")]
    KeyId {
        /// Where it begins.
        at: usize,
    },
    /// A public exponent other than 65537.
    #[error("a public exponent other than 65537 at byte {at}")]
    Exponent {
        /// Where it begins.
        at: usize,
    },
    /// A modulus that is no odd number of 2048 bits.
    #[error("no RSA-2048 modulus at byte {at}")]
    Modulus {
        /// Where it begins.
        at: usize,
    },
}
