//! What lies compressed: zlib and gzip streams wherever one may begin, and PNG pictures whose
//! stream is cut into pieces. PDF streams are zlib streams.

use flate2::{Decompress, FlushDecompress, Status};

/// Most bytes that one stream is unpacked to: a page's content, a picture of it.
const MOST: usize = 16 * 1024 * 1024;

/// Unpacked in pieces; what fails early cost no more than one.
const PIECE: usize = 16 * 1024;

/// Fewer bytes than this before a stream breaks off are chance.
const LEAST: usize = 16;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// RFC 1952: two bytes and method 8.
const GZIP: &[u8] = &[0x1f, 0x8b, 8];

/// Calls `found` with each unpacked stream and where it begins, until it says stop. Gives how
/// many streams there were.
pub(crate) fn each_stream(content: &[u8], mut found: impl FnMut(usize, &[u8]) -> bool) -> usize {
    let mut zlib = Decompress::new(true);
    let mut raw = Decompress::new(false);
    let mut unpacked = Vec::new();
    let mut streams = 0;
    for at in 0..content.len().saturating_sub(1) {
        if !BEGINS[usize::from(content[at])] {
            continue;
        }
        let rest = &content[at..];
        unpacked.clear();
        if may_be_zlib(rest) {
            zlib.reset(true);
            unpack(&mut zlib, rest, &mut unpacked);
        } else if let Some(start) = gzip_start(rest) {
            raw.reset(false);
            unpack(&mut raw, &rest[start..], &mut unpacked);
        } else if rest.starts_with(PNG) {
            zlib.reset(true);
            unpack(&mut zlib, &picture_data(rest), &mut unpacked);
        }
        if unpacked.len() >= LEAST {
            streams += 1;
            if !found(at, &unpacked) {
                break;
            }
        }
    }
    streams
}

/// The first bytes that a stream of a known kind may have: most positions end here.
const BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    let mut window = 0;
    while window <= 7 {
        begins[window << 4 | 8] = true;
        window += 1;
    }
    begins[GZIP[0] as usize] = true;
    begins[PNG[0] as usize] = true;
    begins
};

/// RFC 1950: method 8, a window of at most 32 KiB, the check, no dictionary.
fn may_be_zlib(bytes: &[u8]) -> bool {
    let (method, flags) = (bytes[0], bytes[1]);
    method & 0x0f == 8
        && method >> 4 <= 7
        && flags & 0x20 == 0
        && (u16::from(method) << 8 | u16::from(flags)) % 31 == 0
}

/// Where the data begin behind the head of RFC 1952; a head with a name or more is rare, and its
/// strings end in a zero.
fn gzip_start(bytes: &[u8]) -> Option<usize> {
    let rest = bytes.strip_prefix(GZIP)?;
    let flags = *rest.first()?;
    let mut start = 10;
    if flags & 4 != 0 {
        let length = bytes.get(start..start + 2)?;
        start += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let text = bytes.get(start..)?;
            start += text.iter().take(4096).position(|byte| *byte == 0)? + 1;
        }
    }
    start += if flags & 2 == 0 { 0 } else { 2 };
    (start < bytes.len()).then_some(start)
}

/// The pieces of a PNG's stream put together.
fn picture_data(bytes: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut at = PNG.len();
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let Some(chunk) = bytes.get(at + 8..).and_then(|rest| rest.get(..length)) else {
            break;
        };
        match &head[4..] {
            b"IDAT" => data.extend_from_slice(chunk),
            b"IEND" => break,
            _ => {}
        }
        // Length, kind, data, check.
        at += 12 + length;
    }
    data
}

fn unpack(stream: &mut Decompress, packed: &[u8], unpacked: &mut Vec<u8>) {
    let mut piece = [0; PIECE];
    while unpacked.len() < MOST {
        // A stream's own position, which fits: it is inside `packed`.
        let at = usize::try_from(stream.total_in()).unwrap_or(packed.len());
        let before = stream.total_out();
        let Some(rest) = packed.get(at..).filter(|rest| !rest.is_empty()) else {
            return;
        };
        let status = stream.decompress(rest, &mut piece, FlushDecompress::None);
        let written = usize::try_from(stream.total_out() - before).unwrap_or(0);
        unpacked.extend_from_slice(&piece[..written.min(PIECE)]);
        match status {
            Ok(Status::Ok) if written > 0 => {}
            Ok(Status::Ok | Status::BufError | Status::StreamEnd) | Err(_) => return,
        }
    }
}
