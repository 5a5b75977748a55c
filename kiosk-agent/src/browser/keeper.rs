//! The keeper: a process of its own between agent and browser. When the agent tells it to, or is
//! no longer there, however it died, it kills everything the browser ever started and wipes the
//! profile; so it does when the browser dies by itself.
//!
//! It is this very program again (`kiosk-agent keep-browser`), knows nothing of any resident, and
//! learns of the agent's end by the end of its standard input, which no signal can prevent.

use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe::Receiver;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use super::command_line::with_few_surroundings;
use super::entry_page::{LONGEST_ADDRESS, write_entry_page};
use super::process_tree::{become_subreaper, end_everything_below_me};
use super::profile::{Profile, wipe_all};

/// How long the browser's processes may take to be gone once they are killed.
const END_LIMIT: Duration = Duration::from_secs(5);

/// What a keeper is to do.
#[derive(Debug)]
pub enum Errand {
    /// Wipe and remove these profile folders, which are nobody's any more.
    Wipe(Vec<PathBuf>),
    /// Keep a browser, in this profile folder, which must not be there.
    Keep {
        /// The profile's folder.
        profile: PathBuf,
        /// The browser's program and arguments.
        browser: Vec<OsString>,
    },
}

/// How it went. The number is the process's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeeperEnd {
    /// As the agent wanted, or because it is gone. Nothing is left.
    Told = 0,
    /// The browser could not be started, or what it needs. Nothing is left.
    NotStarted = 1,
    /// The browser ended by itself. Nothing is left.
    BrowserEnded = 3,
    /// A process could not be killed or a file could not be wiped.
    SomethingLeft = 4,
}

/// Does an errand, to its end.
#[must_use]
pub fn run(errand: Errand) -> KeeperEnd {
    match errand {
        Errand::Wipe(leftovers) => match wipe_all(&leftovers) {
            Ok(()) => KeeperEnd::Told,
            Err(_) => KeeperEnd::SomethingLeft,
        },
        Errand::Keep { profile, browser } => {
            // One thread: the browser dies with the thread that started it.
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            match (runtime, Profile::make(&profile)) {
                (Ok(runtime), Ok(profile)) => runtime.block_on(keep(profile, &browser)),
                (_, Ok(profile)) => after(KeeperEnd::NotStarted, profile),
                (_, Err(_)) => KeeperEnd::NotStarted,
            }
        }
    }
}

async fn keep(profile: Profile, browser: &[OsString]) -> KeeperEnd {
    let end = match watch(&profile, browser).await {
        Ok(end) => end,
        Err(_) => KeeperEnd::NotStarted,
    };
    after(end, profile)
}

/// Runs the browser until somebody's end.
async fn watch(profile: &Profile, browser: &[OsString]) -> io::Result<KeeperEnd> {
    become_subreaper()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut agent = Receiver::from_owned_fd(std::io::stdin().as_fd().try_clone_to_owned()?)?;
    let Some(address) = told_address(&mut agent).await? else {
        return Ok(KeeperEnd::Told);
    };
    write_entry_page(profile.folder(), &address)?;
    let mut browser = start(profile, browser)?;
    Ok(tokio::select! {
        () = has_let_go(&mut agent) => KeeperEnd::Told,
        _ = terminate.recv() => KeeperEnd::Told,
        _ = interrupt.recv() => KeeperEnd::Told,
        _ = hangup.recv() => KeeperEnd::Told,
        _ = browser.wait() => KeeperEnd::BrowserEnded,
    })
}

fn start(profile: &Profile, browser: &[OsString]) -> io::Result<Child> {
    // Where even this keeper is killed without having its say, the browser is killed with it.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).args(browser);
    with_few_surroundings(command.as_std_mut(), profile.folder());
    command
        .stdin(Stdio::null())
        // What a page writes on its console is nobody's business.
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// The page's address, a line that the agent writes when the keeper stands where it belongs;
/// `None` where it lets go instead.
async fn told_address(agent: &mut Receiver) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    loop {
        match agent.read_u8().await {
            Ok(b'\n') => break,
            Ok(byte) if line.len() < LONGEST_ADDRESS => line.push(byte),
            Ok(_) => return Err(io::ErrorKind::InvalidData.into()),
            Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let address = String::from_utf8(line).map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(Some(address))
}

/// Ends with standard input, or with anything in it.
async fn has_let_go(agent: &mut Receiver) {
    // An error is an end as well.
    let _ = agent.read_u8().await;
}

fn after(end: KeeperEnd, profile: Profile) -> KeeperEnd {
    let ended = end_everything_below_me(&[], END_LIMIT);
    let wiped = profile.wipe();
    if matches!(ended, Ok(0)) && wiped.is_ok() {
        end
    } else {
        KeeperEnd::SomethingLeft
    }
}

impl KeeperEnd {
    /// What an exit code says; anything else is a keeper that was killed.
    #[must_use]
    pub fn of(code: Option<i32>) -> Self {
        [Self::Told, Self::NotStarted, Self::BrowserEnded]
            .into_iter()
            .find(|end| code == Some(*end as i32))
            .unwrap_or(Self::SomethingLeft)
    }
}
