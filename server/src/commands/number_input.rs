//! The individual number from standard input: never an argument, which others on the machine see.

use std::fs::File;
use std::io::Read;
use std::os::fd::AsFd as _;

use domain::MyNumber;
use zeroize::Zeroizing;

use super::Failure;

/// Most bytes read: twelve digits, the end of the line, and room to see that it is too long.
const MOST: usize = 16;

/// Reads one line with an individual number.
pub(super) fn individual_number() -> Result<MyNumber, Failure> {
    // Not through the standard library's buffer: what it holds is not wiped.
    let input = File::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    Ok(MyNumber::parse(line(input)?.trim_ascii())?)
}

/// The first line, or as much of it as may be read.
fn line(mut input: impl Read) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::new(vec![0; MOST]);
    let mut length = 0;
    while length < MOST && !line[..length].contains(&b'\n') {
        match input.read(&mut line[length..])? {
            0 => break,
            read => length += read,
        }
    }
    line.truncate(length);
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_short_line_is_read() {
        for (input, read) in [
            ("123456789018\n", "123456789018\n"),
            ("123456789018", "123456789018"),
            ("1234567890181234567890", "1234567890181234"),
            ("", ""),
        ] {
            assert_eq!(*line(input.as_bytes()).unwrap(), *read.as_bytes());
        }
    }
}
