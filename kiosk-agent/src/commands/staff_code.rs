//! `kiosk-agent staff-code`: makes the line for the settings that opens the staff screen.

use std::io::{IsTerminal as _, Read as _};
use std::process::ExitCode;

use clap::Args;
use crypto::{CodeHash, SystemRandom};
use zeroize::Zeroizing;

/// Reads a code of 6 to 16 digits from standard input, and prints its hash for the settings:
/// `[staff] code_hash`. The code itself is written nowhere
#[derive(Debug, Args)]
pub(super) struct StaffCode {}

/// The longest input read, in bytes.
const LONGEST: u64 = 64;

/// Digits of a code.
const DIGITS: std::ops::RangeInclusive<usize> = 6..=16;

impl StaffCode {
    pub(super) fn run(self) -> ExitCode {
        match read() {
            Ok(code) if is_code(&code) => {
                let hash = CodeHash::of(code.as_bytes(), &SystemRandom);
                println!("code_hash = \"{hash}\"");
                ExitCode::SUCCESS
            }
            Ok(_) => {
                eprintln!("kiosk-agent: a code has 6 to 16 digits");
                ExitCode::from(2)
            }
            Err(error) => {
                eprintln!("kiosk-agent: cannot read the code: {error}");
                ExitCode::from(2)
            }
        }
    }
}

fn read() -> std::io::Result<Zeroizing<String>> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Code, 6 to 16 digits: ").map(Zeroizing::new);
    }
    let mut code = Zeroizing::new(String::new());
    std::io::stdin().take(LONGEST).read_to_string(&mut code)?;
    let end = code.trim_end().len();
    code.truncate(end);
    Ok(code)
}

fn is_code(text: &str) -> bool {
    DIGITS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_to_sixteen_digits() {
        assert!(is_code("123456") && is_code("1234567890123456"));
        for bad in ["", "12345", "12345678901234567", "12345a", "１２３４５６"] {
            assert!(!is_code(bad), "{bad}");
        }
    }
}
