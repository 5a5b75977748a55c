//! A municipality's own directory of residents (団体内統合宛名), asked through a program that the
//! municipality gives: one line in, one line out, for as long as the server runs.
//!
//! In: the twelve digits. Out: `= NUMBER` with the resident number, or `-` for nobody. The number
//! goes through a pipe, never through an argument. A program that does not answer in time, answers
//! something else, or says more than it was asked is ended and started again at the next question:
//! what it said too much would be taken for the answer about the next person.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use domain::{MunicipalityCode, MyNumber};
use registry::{DirectoryUnavailable, Located, Locating, ResidentDirectory, ResidentNumber};
use tokio::io::{
    AsyncBufRead as _, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader,
};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::settings::DirectorySettings;

/// An answer has to come in this time: issuing waits for it.
const PATIENCE: Duration = Duration::from_secs(2);
/// No answer is longer, its end included.
const LONGEST_ANSWER: u64 = 32;

/// A directory behind a program.
pub struct DirectoryProgram {
    program: PathBuf,
    arguments: Vec<String>,
    running: Mutex<Option<Running>>,
}

struct Running {
    /// Ended when dropped.
    _child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The directories that the settings name.
pub fn of_settings(
    settings: &BTreeMap<MunicipalityCode, DirectorySettings>,
) -> Vec<(MunicipalityCode, Arc<dyn ResidentDirectory>)> {
    let directory = |(code, one): (&MunicipalityCode, &DirectorySettings)| {
        let program = DirectoryProgram::new(one.program.relative(), one.arguments.clone());
        let directory: Arc<dyn ResidentDirectory> = Arc::new(program);
        (*code, directory)
    };
    settings.iter().map(directory).collect()
}

impl DirectoryProgram {
    fn new(program: PathBuf, arguments: Vec<String>) -> Self {
        Self {
            program,
            arguments,
            running: Mutex::new(None),
        }
    }

    async fn ask(&self, number: &MyNumber) -> Result<Located, DirectoryUnavailable> {
        let mut place = self.running.lock().await;
        // Taken out: whatever goes wrong, the program is ended with it.
        let mut running = match place.take() {
            Some(running) => match running.quiet().await {
                Some(running) => running,
                None => self.start()?,
            },
            None => self.start()?,
        };
        let answer = tokio::time::timeout(PATIENCE, running.ask(number)).await;
        let answer = answer.map_err(|_| DirectoryUnavailable)??;
        *place = Some(running);
        Ok(answer)
    }

    fn start(&self) -> Result<Running, DirectoryUnavailable> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|_| DirectoryUnavailable)?;
        let (questions, answers) = (child.stdin.take(), child.stdout.take());
        let (Some(questions), Some(answers)) = (questions, answers) else {
            return Err(DirectoryUnavailable);
        };
        Ok(Running {
            _child: child,
            questions,
            answers: BufReader::new(answers),
        })
    }
}

impl Running {
    async fn ask(&mut self, number: &MyNumber) -> Result<Located, DirectoryUnavailable> {
        let mut line = Zeroizing::new([b'\n'; 13]);
        line[..12].copy_from_slice(number.expose_digits());
        let failed = |_| DirectoryUnavailable;
        self.questions.write_all(&*line).await.map_err(failed)?;
        self.questions.flush().await.map_err(failed)?;
        let mut answer = Zeroizing::new(String::with_capacity(64));
        let mut bounded = (&mut self.answers).take(LONGEST_ANSWER);
        bounded.read_line(&mut answer).await.map_err(failed)?;
        if !self.answers.buffer().is_empty() {
            return Err(DirectoryUnavailable);
        }
        located(&answer).ok_or(DirectoryUnavailable)
    }

    /// Itself, where it has said nothing since its last answer and still runs; ended otherwise.
    /// What is on its way and comes later than this look is caught by the register, which compares
    /// individual numbers.
    async fn quiet(mut self) -> Option<Self> {
        // The runtime first hears of what has come.
        tokio::task::yield_now().await;
        let look = |context: &mut Context<'_>| {
            let looked = Pin::new(&mut self.answers).poll_fill_buf(context);
            Poll::Ready(looked.is_pending())
        };
        poll_fn(look).await.then_some(self)
    }
}

fn located(answer: &str) -> Option<Located> {
    let answer = answer.strip_suffix('\n')?;
    if answer == "-" {
        return Some(Located::Nowhere);
    }
    let number = answer.strip_prefix("= ")?;
    ResidentNumber::parse(number).ok().map(Located::Under)
}

impl ResidentDirectory for DirectoryProgram {
    fn locate<'a>(&'a self, number: &'a MyNumber) -> Locating<'a> {
        Box::pin(self.ask(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> DirectoryProgram {
        let arguments = ["-c", script].map(str::to_owned).to_vec();
        DirectoryProgram::new("/bin/sh".into(), arguments)
    }

    fn number() -> MyNumber {
        MyNumber::parse(b"123456789018").unwrap()
    }

    #[tokio::test]
    async fn a_line_is_answered_by_a_line_as_often_as_asked() {
        let script =
            "while read -r n; do case $n in 123456789018) echo '= 42';; *) echo -;; esac; done";
        let directory = shell(script);
        let under = Located::Under(ResidentNumber::parse("42").unwrap());
        for _ in 0..3 {
            assert_eq!(directory.locate(&number()).await, Ok(under.clone()));
        }
        let nobody = MyNumber::parse(b"000000000000").or(MyNumber::parse(b"111111111118"));
        if let Ok(nobody) = nobody {
            assert_eq!(directory.locate(&nobody).await, Ok(Located::Nowhere));
        }
    }

    #[tokio::test]
    async fn what_is_no_answer_is_never_nobody() {
        for script in [
            "exit 1",
            "read -r n; echo",
            "read -r n; echo '= '",
            "read -r n; echo '= 12345678901234567890123456789'",
            "read -r n; printf -- -",
            "read -r n; head -c 100000 /dev/zero",
        ] {
            let refused = shell(script).locate(&number()).await;
            assert_eq!(refused, Err(DirectoryUnavailable), "{script}");
        }
        let nowhere = DirectoryProgram::new("/nowhere/at/all".into(), Vec::new());
        assert_eq!(nowhere.locate(&number()).await, Err(DirectoryUnavailable));
    }

    #[tokio::test]
    async fn what_is_said_too_much_answers_nobody_elses_question() {
        // Both lines at once: neither is taken.
        let at_once = shell("while read -r n; do printf '= 1\\n= 2\\n'; done");
        for _ in 0..3 {
            let refused = at_once.locate(&number()).await;
            assert_eq!(refused, Err(DirectoryUnavailable));
        }
        // The second line after the answer was taken: the next question goes to a new program.
        let folder = tempfile::tempdir().unwrap();
        let said = folder.path().join("said");
        let script = format!(
            "read -r n; echo '= 1'; sleep 0.05; echo '= 2'; touch {}; read -r n; echo '= 3'",
            said.display()
        );
        let later = shell(&script);
        let one = Located::Under(ResidentNumber::parse("1").unwrap());
        for _ in 0..3 {
            assert_eq!(later.locate(&number()).await, Ok(one.clone()));
            while !said.exists() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            std::fs::remove_file(&said).unwrap();
        }
    }

    #[tokio::test]
    async fn a_program_that_ended_is_started_again() {
        let directory = shell("read -r n; echo '= 7'");
        let seven = Located::Under(ResidentNumber::parse("7").unwrap());
        assert_eq!(directory.locate(&number()).await, Ok(seven.clone()));
        // It answers one question and ends. A next one may find it gone, or ask a new one.
        let mut answers = Vec::new();
        for _ in 0..2 {
            answers.push(directory.locate(&number()).await);
        }
        assert!(answers.contains(&Ok(seven)));
    }
}
