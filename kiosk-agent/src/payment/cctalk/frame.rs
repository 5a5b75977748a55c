//! A ccTalk message: `[destination] [length] [source] [header] [data…] [checksum]`, all bytes
//! together 0 modulo 256 (ccTalk Generic Specification, part 1, simple checksum).

/// The master's address.
pub(super) const MASTER: u8 = 1;

/// Bytes of a message without data.
const FRAMING: usize = 5;

/// What is asked of a device (part 2: headers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Header {
    RequestEquipmentCategory = 245,
    RequestSerialNumber = 242,
    PerformSelfCheck = 232,
    ModifyInhibitStatus = 231,
    ReadBufferedCredit = 229,
    ModifyMasterInhibit = 228,
    RequestPayoutLevel = 217,
    RequestCoinId = 184,
    RequestDispenseCount = 168,
    DispenseCoins = 167,
    RequestHopperStatus = 166,
    EnableHopper = 164,
    TestHopper = 163,
}

/// What a device answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// Header 0: done, with this data.
    Acknowledged(Vec<u8>),
    /// Header 5: refused.
    Refused,
    /// Header 6: not now.
    Busy,
}

/// A whole message that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) to: u8,
    pub(super) from: u8,
    header: u8,
    data: Vec<u8>,
}

/// Bytes that are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrongChecksum;

/// Writes a request; at most 255 bytes of data.
pub(super) fn request(to: u8, header: Header, data: &[u8]) -> Vec<u8> {
    let data = data.get(..data.len().min(255)).unwrap_or_default();
    // Bounded by the line above.
    let length = u8::try_from(data.len()).unwrap_or(u8::MAX);
    let mut bytes = vec![to, length, MASTER, header as u8];
    bytes.extend_from_slice(data);
    bytes.push(0u8.wrapping_sub(sum(&bytes)));
    bytes
}

/// The first message of these bytes and how many they are; `None` while some are missing.
pub(super) fn first(bytes: &[u8]) -> Result<Option<(Frame, usize)>, WrongChecksum> {
    let [to, length, from, header, ..] = *bytes else {
        return Ok(None);
    };
    let end = FRAMING + usize::from(length);
    let Some(whole) = bytes.get(..end) else {
        return Ok(None);
    };
    if sum(whole) != 0 {
        return Err(WrongChecksum);
    }
    let data = whole.get(FRAMING - 1..end - 1).unwrap_or_default().to_vec();
    let frame = Frame {
        to,
        from,
        header,
        data,
    };
    Ok(Some((frame, end)))
}

impl Frame {
    /// What it answers; `None` for a message that is no answer.
    pub(super) fn into_reply(self) -> Option<Reply> {
        match self.header {
            0 => Some(Reply::Acknowledged(self.data)),
            5 => Some(Reply::Refused),
            6 => Some(Reply::Busy),
            _ => None,
        }
    }
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification, part 1: the serial number of the device at address 2.
    #[test]
    fn the_example_of_the_specification() {
        let asked = request(2, Header::RequestSerialNumber, &[]);
        assert_eq!(asked, [2, 0, 1, 242, 11]);
        let answer = [1, 3, 2, 0, 78, 97, 188, 143];
        let (frame, used) = first(&answer).unwrap().unwrap();
        assert_eq!((frame.to, frame.from, used), (MASTER, 2, 8));
        let data = vec![78, 97, 188];
        assert_eq!(frame.into_reply(), Some(Reply::Acknowledged(data)));
    }

    #[test]
    fn a_wrong_bit_is_found_and_a_short_message_waited_for() {
        let answer = [1, 3, 2, 0, 78, 97, 188, 143];
        for length in 0..answer.len() {
            assert_eq!(first(&answer[..length]), Ok(None), "{length}");
        }
        for bit in 0..8 {
            let mut wrong = answer;
            wrong[5] ^= 1 << bit;
            assert_eq!(first(&wrong), Err(WrongChecksum));
        }
    }
}
