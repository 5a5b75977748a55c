//! `server suspend`, `server release`

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::MyNumber;
use encrypted_file::DecryptingReader;
use registry::Actor;
use zeroize::Zeroizing;

use super::approvals::{TwoPersons, approval_or_request};
use super::number_input::{WhomOnInput, individual_number};
use super::{Failure, Opened, flag, open, operator};
use crate::cli::{ByStaff, SettingsFile};
use crate::secrets;

/// No line of a list is longer, its end included.
const LONGEST_LINE: u64 = 64;
/// Most lines of a list.
const MOST_LINES: usize = 1_000_000;
/// Most bad lines that are named.
const MOST_NAMED: usize = 20;

/// Whose cards to suspend.
#[derive(Debug, Args)]
pub struct Suspension {
    /// Read the individual number (個人番号) from standard input.
    #[arg(long, required_unless_present = "list", conflicts_with = "list")]
    number_from_stdin: bool,
    /// A list, one individual number a line, encrypted to the server's identity (`imports.identity`).
    #[arg(long, value_name = "FILE.age")]
    list: Option<PathBuf>,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

/// Whose card may be used again.
#[derive(Debug, Args)]
pub struct Release {
    /// Asked for, or approved.
    #[command(flatten)]
    two: TwoPersons,
    /// Whose card.
    #[command(flatten)]
    whom: WhomOnInput,
    /// Which municipality the person is registered in, who does it, which settings.
    #[command(flatten)]
    by: ByStaff,
}

pub(super) async fn suspend(asked: &Suspension) -> Result<ExitCode, Failure> {
    let opened = open(&asked.settings).await?;
    let done = match &asked.list {
        Some(file) => list(&opened, file).await,
        None => one(&opened).await,
    };
    opened.registry.close().await;
    done
}

async fn one(opened: &Opened) -> Result<ExitCode, Failure> {
    let system = opened.registry.system(Actor::Staff(operator()?));
    let new = system.suspend_card(&individual_number()?).await?;
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

async fn list(opened: &Opened, file: &Path) -> Result<ExitCode, Failure> {
    let input = File::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let input = BufReader::new(input);
    let identity = opened.settings.imports.identity.as_ref();
    let Some(identity) = identity else {
        return Err("a list is encrypted to the server's identity: set imports.identity".into());
    };
    let identity = secrets::identity(&identity.relative())?;
    let Numbers { good, bad } = numbers(DecryptingReader::open(input, &identity)?)?;
    let system = opened.registry.system(Actor::Staff(operator()?));
    let new = system.suspend_cards(&good).await?;
    println!(
        "{} cards are on the list, {new} were not suspended before",
        good.len()
    );
    if bad.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let named: Vec<String> = bad.iter().take(MOST_NAMED).map(u64::to_string).collect();
    println!(
        "{} lines are no individual number and were left out; the first: {}",
        bad.len(),
        named.join(", ")
    );
    Ok(ExitCode::FAILURE)
}

/// The numbers of a list, and the lines that are none.
struct Numbers {
    good: Vec<MyNumber>,
    bad: Vec<u64>,
}

fn numbers(input: impl Read) -> Result<Numbers, Failure> {
    let mut reader = BufReader::new(input);
    let mut numbers = Numbers {
        good: Vec::new(),
        bad: Vec::new(),
    };
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_LINE as usize));
    for at in 1.. {
        line.clear();
        let mut bounded = (&mut reader).take(LONGEST_LINE);
        if bounded.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if numbers.good.len() + numbers.bad.len() == MOST_LINES {
            return Err(format!("a list has at most {MOST_LINES} lines: divide it").into());
        }
        match MyNumber::parse(line.trim_ascii()) {
            Ok(number) => numbers.good.push(number),
            Err(_) if line.trim_ascii().is_empty() => {}
            Err(_) => numbers.bad.push(at),
        }
    }
    Ok(numbers)
}

pub(super) async fn release(asked: &Release) -> Result<ExitCode, Failure> {
    let (opened, register) = flag::begin(&asked.by).await?;
    let whom = asked.whom.read()?;
    let scope = register.release_card_scope(&whom).await?;
    let approval = approval_or_request(&opened, &asked.by, &asked.two, &scope).await?;
    let done = match approval {
        Some(id) => Some(register.release_card(&whom, id).await),
        None => None,
    };
    opened.registry.close().await;
    if done.transpose()?.is_some() {
        println!("the card may be used again");
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_line_by_line_and_bad_lines_are_counted() {
        let text = "123456789018\r\n\n12345\n 123456789018 \n123456789019\n123456789018";
        let numbers = numbers(text.as_bytes()).unwrap();
        assert_eq!(numbers.good.len(), 3);
        assert_eq!(numbers.bad, [3, 5]);
    }
}
