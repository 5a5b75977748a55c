//! Binary HTTP (RFC 9292) in the one form that the protocol uses: known length, no trailers, no
//! informational responses, padded with zeros.

use std::io::Cursor;

use bhttp::{Message, Mode, StatusCode};
use zeroize::Zeroizing;

use crate::call::Call;

/// Not binary HTTP in the form that the protocol uses. Holds no input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedBinaryHttp {
    /// Truncated, or not binary HTTP at all.
    #[error("not binary HTTP")]
    Unreadable,
    /// A response instead of a request or the other way round, or of indeterminate length.
    #[error("not a message of known length in this direction")]
    WrongFraming,
    /// Trailers or informational responses.
    #[error("trailers or informational responses")]
    MoreThanHeaderAndContent,
    /// Something else than zeros behind the message.
    #[error("the padding is not zero at byte {0}")]
    PaddingNotZero(usize),
    /// A header field that is missing, doubled or not of the protocol.
    #[error("a header field is missing, doubled or not of the protocol")]
    HeaderFields,
}

/// The message takes more bytes than it may be padded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong(pub(crate) usize);

const REQUEST_FRAMING: u8 = 0;
const RESPONSE_FRAMING: u8 = 1;

/// A request to a call, without fields and content.
pub(crate) fn request(call: Call) -> Message {
    Message::request(
        b"POST".to_vec(),
        b"https".to_vec(),
        Vec::new(),
        call.path().as_bytes().to_vec(),
    )
}

/// A response, without fields and content.
pub(crate) fn response(status: StatusCode) -> Message {
    Message::response(status)
}

/// Writes a message and zeros up to the next whole multiple of `bucket`, at most `longest`.
pub(crate) fn write_padded(
    message: &Message,
    bucket: usize,
    longest: usize,
) -> Result<Zeroizing<Vec<u8>>, TooLong> {
    // Reserved once: growing would leave copies behind. Field lines and framing fit 4096 bytes.
    let mut written = Zeroizing::new(Vec::with_capacity(
        (message.content().len() + 4096).next_multiple_of(bucket),
    ));
    // Writing to memory does not fail; a message that did would be empty and too short to read.
    message
        .write_bhttp(Mode::KnownLength, &mut *written)
        .map_err(|_| TooLong(usize::MAX))?;
    let length = written.len().next_multiple_of(bucket);
    if length > longest {
        return Err(TooLong(written.len()));
    }
    written.resize(length, 0);
    Ok(written)
}

/// Reads a padded request.
pub(crate) fn read_request(bytes: &[u8]) -> Result<Message, MalformedBinaryHttp> {
    read(bytes, REQUEST_FRAMING)
}

/// Reads a padded response.
pub(crate) fn read_response(bytes: &[u8]) -> Result<Message, MalformedBinaryHttp> {
    read(bytes, RESPONSE_FRAMING)
}

fn read(bytes: &[u8], framing: u8) -> Result<Message, MalformedBinaryHttp> {
    if bytes.first() != Some(&framing) {
        return Err(MalformedBinaryHttp::WrongFraming);
    }
    let mut cursor = Cursor::new(bytes);
    let message = Message::read_bhttp(&mut cursor).map_err(|_| MalformedBinaryHttp::Unreadable)?;
    if !message.trailer().is_empty() || !message.informational().is_empty() {
        return Err(MalformedBinaryHttp::MoreThanHeaderAndContent);
    }
    // The cursor never goes past the end of the bytes.
    let end = usize::try_from(cursor.position()).unwrap_or(bytes.len());
    match bytes[end..].iter().position(|byte| *byte != 0) {
        Some(offset) => Err(MalformedBinaryHttp::PaddingNotZero(end + offset)),
        None => Ok(message),
    }
}

/// The values of exactly these header fields, each there once and no other with them.
pub(crate) fn exact_fields<'a, const N: usize>(
    message: &'a Message,
    names: [&str; N],
) -> Result<[&'a [u8]; N], MalformedBinaryHttp> {
    let fields = message.header().fields();
    if fields.len() != N {
        return Err(MalformedBinaryHttp::HeaderFields);
    }
    let mut values = [&[][..]; N];
    for (value, name) in values.iter_mut().zip(names) {
        // As many fields as names, and each name found: none is doubled, none is another.
        *value = fields
            .iter()
            .find(|field| field.name() == name.as_bytes())
            .map(bhttp::Field::value)
            .ok_or(MalformedBinaryHttp::HeaderFields)?;
    }
    Ok(values)
}
