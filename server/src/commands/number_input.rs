//! Numbers of people from standard input: never an argument, which others on the machine see.

use std::fs::File;
use std::io::Read;
use std::os::fd::AsFd as _;

use clap::Args;
use domain::MyNumber;
use registry::{ResidentNumber, Whom};
use zeroize::Zeroizing;

use super::Failure;

/// Most bytes read: the longest number (a resident number has up to 20 characters), the end of the
/// line, and room to see that it is too long.
const MOST: usize = 24;

/// By which number a resident is named on standard input.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct WhomOnInput {
    /// Read the individual number (個人番号) from standard input: there is no other way.
    #[arg(long)]
    pub number_from_stdin: bool,
    /// Read the resident number (宛名番号) from standard input.
    #[arg(long)]
    pub resident_number_from_stdin: bool,
}

impl WhomOnInput {
    /// Reads the number.
    pub(super) fn read(&self) -> Result<Whom, Failure> {
        if self.number_from_stdin {
            return Ok(Whom::Number(individual_number()?));
        }
        Ok(Whom::Resident(resident_number()?))
    }
}

/// By which number a person is named on standard input, where one is meant at all.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct PersonOnInput {
    /// About the person whose individual number (個人番号) is on standard input.
    #[arg(long)]
    number_from_stdin: bool,
    /// About the person whose resident number (宛名番号) is on standard input.
    #[arg(long)]
    resident_number_from_stdin: bool,
}

impl PersonOnInput {
    /// Reads the number, where one is given.
    pub(super) fn read(&self) -> Result<Option<Whom>, Failure> {
        let (number_from_stdin, resident_number_from_stdin) =
            (self.number_from_stdin, self.resident_number_from_stdin);
        if !number_from_stdin && !resident_number_from_stdin {
            return Ok(None);
        }
        let whom = WhomOnInput {
            number_from_stdin,
            resident_number_from_stdin,
        };
        whom.read().map(Some)
    }
}

/// Reads one line with an individual number.
pub(super) fn individual_number() -> Result<MyNumber, Failure> {
    Ok(MyNumber::parse(line(input()?)?.trim_ascii())?)
}

/// Reads one line with a resident number (宛名番号).
pub(super) fn resident_number() -> Result<ResidentNumber, Failure> {
    let line = line(input()?)?;
    let text = std::str::from_utf8(line.trim_ascii()).unwrap_or_default();
    Ok(ResidentNumber::parse(text)?)
}

fn input() -> std::io::Result<File> {
    // Not through the standard library's buffer: what it holds is not wiped.
    Ok(File::from(std::io::stdin().as_fd().try_clone_to_owned()?))
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
            ("1234567890181234567890189", "123456789018123456789018"),
            ("", ""),
        ] {
            assert_eq!(*line(input.as_bytes()).unwrap(), *read.as_bytes());
        }
    }
}
