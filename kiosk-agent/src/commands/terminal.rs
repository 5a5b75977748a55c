//! The terminal: lines out, answers in, the PIN without echo.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::path::PathBuf;

use domain::Pin;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::oneshot;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::session::NoAnswer;

/// So often a question is asked whose answers make no sense.
const MOST_ATTEMPTS: u8 = 3;

/// Longest answer taken, in bytes.
const LONGEST_ANSWER: u64 = 64;

/// Where screens are shown and answers typed. When dropped it leaves the terminal as it was,
/// also where a PIN was being typed when the session ended.
pub(super) struct Terminal {
    to_stderr: bool,
    asks: bool,
    before: Option<Termios>,
}

impl Terminal {
    /// Screens go to standard error where standard output is for a result line. Without `asks`
    /// nothing is ever asked.
    pub(super) fn new(to_stderr: bool, asks: bool) -> Self {
        Self {
            to_stderr,
            asks: asks && std::io::stdin().is_terminal(),
            before: tcgetattr(std::io::stdin()).ok(),
        }
    }

    /// Whether there is somebody to ask.
    pub(super) const fn asks(&self) -> bool {
        self.asks
    }

    pub(super) fn line(&self, text: &str) {
        self.write(&format!("{text}\n"));
    }

    fn prompt(&self, text: &str) {
        self.write(text);
    }

    /// A terminal that is gone must not end a session before what became of it is reported.
    fn write(&self, text: &str) {
        let _ = if self.to_stderr {
            std::io::stderr().write_all(text.as_bytes())
        } else {
            let mut screen = std::io::stdout();
            screen
                .write_all(text.as_bytes())
                .and_then(|()| screen.flush())
        };
    }

    /// One line, trimmed; letters and digits as typed with a Japanese keyboard, full-width, are
    /// the same as others.
    pub(super) async fn text(&self, question: &str) -> Result<String, NoAnswer> {
        if !self.asks {
            return Err(NoAnswer);
        }
        self.prompt(&format!("{question}: "));
        detached(|| {
            let mut line = String::new();
            std::io::stdin()
                .lock()
                .take(LONGEST_ANSWER)
                .read_line(&mut line)
                .ok()
                .filter(|read| *read > 0)
                .map(|_| line.trim().nfkc().collect())
        })
        .await
    }

    /// One line that makes sense; what does not is asked again a few times, with a word why.
    pub(super) async fn understood<T>(
        &self,
        question: &str,
        otherwise: &str,
        understand: impl Fn(&str) -> Option<T>,
    ) -> Result<T, NoAnswer> {
        for _ in 0..MOST_ATTEMPTS {
            if let Some(answer) = understand(&self.text(question).await?) {
                return Ok(answer);
            }
            self.line(otherwise);
        }
        Err(NoAnswer)
    }

    /// Yes or no; no answer typed is no.
    pub(super) async fn yes(&self, question: &str, otherwise: &str) -> Result<bool, NoAnswer> {
        self.understood(&format!("{question} [y/N]"), otherwise, yes_or_no)
            .await
    }

    /// The PIN, without echo. What is not four digits is asked again, and never presented.
    pub(super) async fn pin(&self, prompt: &str, otherwise: &str) -> Result<Pin, NoAnswer> {
        if !self.asks {
            return Err(NoAnswer);
        }
        for _ in 0..MOST_ATTEMPTS {
            self.prompt(prompt);
            let typed = detached(|| rpassword::read_password().ok().map(Zeroizing::new)).await?;
            self.line("");
            if let Ok(pin) = Pin::parse(typed.as_bytes()) {
                return Ok(pin);
            }
            self.line(otherwise);
        }
        Err(NoAnswer)
    }
}

/// Yes or no; no answer typed is no.
fn yes_or_no(answer: &str) -> Option<bool> {
    match answer.to_lowercase().as_str() {
        "y" | "yes" | "はい" => Some(true),
        "n" | "no" | "いいえ" | "" => Some(false),
        _ => None,
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // A terminal that is gone needs nothing restored.
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// The PIN out of a file descriptor, once: four digits, and at most an end of line.
pub(super) async fn pin_from(path: PathBuf) -> Result<Pin, NoAnswer> {
    detached(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(8));
        std::fs::File::open(path)
            .ok()?
            .take(7)
            .read_to_end(&mut bytes)
            .ok()?;
        Pin::parse(bytes.trim_ascii_end()).ok()
    })
    .await
}

/// Runs what blocks without end on a thread that nobody waits for at the end of the program.
async fn detached<T: Send + 'static>(
    work: impl FnOnce() -> Option<T> + Send + 'static,
) -> Result<T, NoAnswer> {
    let (sender, receiver) = oneshot::channel();
    std::thread::Builder::new()
        .name("answer".to_owned())
        .spawn(move || {
            // Nobody waits any more: the session is over.
            let _ = sender.send(work());
        })
        .map_err(|_| NoAnswer)?;
    receiver.await.ok().flatten().ok_or(NoAnswer)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pin_in(content: &[u8]) -> Result<Pin, NoAnswer> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fd");
        std::fs::write(&path, content).unwrap();
        pin_from(path).await
    }

    #[tokio::test]
    async fn a_pin_is_four_digits_and_an_end_of_line() {
        for good in [&b"1234"[..], b"1234\n", b"1234\r\n"] {
            assert!(pin_in(good).await.is_ok());
        }
        for bad in [&b""[..], b"123", b"12345", b" 1234", b"1234\n5678\n"] {
            assert!(pin_in(bad).await.is_err());
        }
    }

    #[test]
    fn what_is_neither_yes_nor_no_is_no_answer() {
        for (typed, expected) in [
            ("Y", Some(true)),
            ("はい", Some(true)),
            ("", Some(false)),
            ("No", Some(false)),
            ("u", None),
        ] {
            assert_eq!(yes_or_no(typed), expected, "{typed}");
        }
    }
}
