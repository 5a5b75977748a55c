//! `server suspend`, `server release`

use std::fs::File;
use std::io::Read;
use std::os::fd::AsFd as _;
use std::process::ExitCode;

use domain::MyNumber;
use registry::Actor;
use zeroize::Zeroizing;

use super::{Failure, Opened, open, operator};
use crate::cli::CardNumber;

/// Most bytes read: twelve digits, the end of the line, and room to see that it is too long.
const MOST: usize = 16;

pub(super) async fn suspend(card: &CardNumber) -> Result<ExitCode, Failure> {
    let (opened, number) = begin(card).await?;
    let system = opened.registry.system(Actor::Staff(operator()?));
    let new = system.suspend_card(&number).await?;
    opened.registry.close().await;
    println!(
        "{}",
        if new {
            "the card is suspended"
        } else {
            "the card was suspended before"
        }
    );
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn release(card: &CardNumber) -> Result<ExitCode, Failure> {
    let (opened, number) = begin(card).await?;
    let system = opened.registry.system(Actor::Staff(operator()?));
    let was_suspended = system.release_card(&number).await?;
    opened.registry.close().await;
    if !was_suspended {
        return Err("the card was not suspended".into());
    }
    println!("the card may be used again");
    Ok(ExitCode::SUCCESS)
}

async fn begin(card: &CardNumber) -> Result<(Opened, MyNumber), Failure> {
    let opened = open(&card.settings).await?;
    // Not through the standard library's buffer: what it holds is not wiped.
    let input = File::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    let line = line(input)?;
    Ok((opened, MyNumber::parse(line.trim_ascii())?))
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
