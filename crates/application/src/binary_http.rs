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

#[cfg(test)]
mod tests {
    use super::*;

    fn offer() -> Message {
        let mut message = request(Call::Offer);
        message.put_header("content-type", "application/json");
        message.write_content(b"{}");
        message
    }

    fn written(message: &Message, mode: Mode) -> Vec<u8> {
        let mut bytes = Vec::new();
        message.write_bhttp(mode, &mut bytes).unwrap();
        bytes
    }

    fn refusal(bytes: &[u8]) -> MalformedBinaryHttp {
        read_request(bytes).map(drop).unwrap_err()
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = write_padded(&offer(), 512, 512).unwrap();
        assert_eq!(bytes.len(), 512);
        let message = read_request(&bytes).unwrap();
        assert_eq!(message.control().path(), Some(&b"/v1/offer"[..]));
        assert_eq!(message.content(), b"{}");
    }

    #[test]
    fn the_bytes_are_those_of_rfc_9292() {
        let bytes = write_padded(&offer(), 64, 64).unwrap();
        let expected = b"\x00\x04POST\x05https\x00\x09/v1/offer\x1e\x0ccontent-type\x10application/json\x02{}\x00";
        assert_eq!(&bytes[..expected.len()], expected);
        assert_eq!(&bytes[expected.len()..], vec![0; 64 - expected.len()]);
    }

    #[test]
    fn what_is_too_long_is_not_written() {
        let length = written(&offer(), Mode::KnownLength).len();
        assert_eq!(write_padded(&offer(), 32, 32), Err(TooLong(length)));
    }

    #[test]
    fn padding_that_is_not_zero_is_refused() {
        let mut bytes = write_padded(&offer(), 512, 512).unwrap();
        bytes[511] = 1;
        assert_eq!(refusal(&bytes), MalformedBinaryHttp::PaddingNotZero(511));
    }

    #[test]
    fn truncated_messages_are_refused() {
        let bytes = written(&offer(), Mode::KnownLength);
        // RFC 9292, section 3.8, lets a message end before an empty trailer section.
        for end in 1..bytes.len() - 1 {
            let refused = match read_request(&bytes[..end]) {
                Err(MalformedBinaryHttp::Unreadable) => true,
                // Ended before header or content: nothing of it is taken for what it is not.
                Ok(message) => message.content().is_empty(),
                Err(_) => false,
            };
            assert!(refused, "{end}");
        }
        assert_eq!(refusal(b""), MalformedBinaryHttp::WrongFraming);
    }

    #[test]
    fn the_other_direction_and_indeterminate_length_are_refused() {
        let response = response(StatusCode::OK);
        let response = written(&response, Mode::KnownLength);
        assert_eq!(refusal(&response), MalformedBinaryHttp::WrongFraming);
        let indeterminate = written(&offer(), Mode::IndeterminateLength);
        assert_eq!(refusal(&indeterminate), MalformedBinaryHttp::WrongFraming);
        let request = written(&offer(), Mode::KnownLength);
        assert!(read_response(&request).is_err());
    }

    #[test]
    fn trailers_and_informational_responses_are_refused() {
        let mut message = offer();
        message.put_trailer("a", "b");
        assert_eq!(
            refusal(&written(&message, Mode::KnownLength)),
            MalformedBinaryHttp::MoreThanHeaderAndContent
        );
        // Framing, status 103 without fields, status 200, no fields, no content, no trailers.
        assert_eq!(
            read_response(b"\x01\x40\x67\x00\x40\xc8\x00\x00\x00")
                .map(drop)
                .unwrap_err(),
            MalformedBinaryHttp::MoreThanHeaderAndContent
        );
    }

    #[test]
    fn fields_are_exactly_those_asked_for() {
        let mut message = offer();
        assert_eq!(
            exact_fields(&message, ["content-type"]),
            Ok([&b"application/json"[..]])
        );
        assert!(exact_fields(&message, ["content-digest"]).is_err());
        message.put_header("content-type", "application/json");
        assert!(exact_fields(&message, ["content-type"]).is_err());
        assert!(exact_fields(&message, ["content-type", "content-digest"]).is_err());
    }
}
