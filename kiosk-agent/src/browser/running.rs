//! One browser with its keeper, as the agent holds them.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::Pid;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::{Instant, timeout};

use super::command_line;
use super::entrance::Pass;
use super::group::Group;
use super::keeper::KeeperEnd;
use super::settings::BrowserSettings;

/// How long a keeper may take to end its browser and wipe the profile.
const END_LIMIT: Duration = Duration::from_secs(10);

/// A browser, killed when dropped: its keeper's standard input ends then.
#[derive(Debug)]
pub(super) struct Running {
    keeper: Child,
    /// What the keeper waits for the end of.
    _hold: ChildStdin,
    group: Option<Group>,
    pub(super) profile: PathBuf,
    pub(super) pass: Pass,
    pub(super) since: Instant,
}

impl Running {
    /// Starts a keeper and its browser. The address, which holds the pass, is told through a pipe.
    pub(super) async fn start(
        program: &Path,
        settings: &BrowserSettings,
        name: &str,
        address: &str,
        pass: Pass,
    ) -> io::Result<Self> {
        let profile = settings.profiles.join(name);
        let mut command = keeper(program, settings);
        command
            .arg("--profile")
            .arg(&profile)
            .arg("--")
            .args(command_line::words(settings, &profile))
            .stdin(Stdio::piped());
        let mut child = command.spawn()?;
        let mut hold = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let group = child
            .id()
            .and_then(|id| Some((id, Group::below_mine(name)?)))
            .and_then(|(id, group)| group.take_in(id).is_ok().then_some(group));
        hold.write_all(format!("{address}\n").as_bytes()).await?;
        Ok(Self {
            keeper: child,
            _hold: hold,
            group,
            profile,
            pass,
            since: Instant::now(),
        })
    }

    /// The keeper's process id, as long as it runs.
    pub(super) fn keeper_id(&self) -> Option<Pid> {
        self.keeper
            .id()
            .and_then(|id| Pid::from_raw(id.cast_signed()))
    }

    /// Waits until the browser, or its keeper, ends by itself.
    pub(super) async fn ended(&mut self) {
        // An error means that there is nothing to wait for.
        let _ = self.keeper.wait().await;
    }

    /// Ends browser and keeper. Says whether the keeper left nothing; where not, the agent's own
    /// search is next.
    pub(super) async fn end(self) -> bool {
        let Self {
            mut keeper,
            _hold: hold,
            group,
            profile,
            ..
        } = self;
        drop(hold);
        let end = match timeout(END_LIMIT, keeper.wait()).await {
            Ok(Ok(status)) => KeeperEnd::of(status.code()),
            Ok(Err(_)) | Err(_) => KeeperEnd::SomethingLeft,
        };
        if end == KeeperEnd::SomethingLeft {
            // It ended by itself, or is killed here.
            let _ = keeper.kill().await;
        }
        if let Some(group) = group {
            // Removing it may wait for its last process.
            let _ = tokio::task::spawn_blocking(move || drop(group)).await;
        }
        end != KeeperEnd::SomethingLeft && !profile.exists()
    }
}

/// Wipes and removes these profiles, whose keepers are gone. Says whether nothing is left.
pub(super) async fn wipe(program: &Path, settings: &BrowserSettings, profiles: &[PathBuf]) -> bool {
    let mut command = keeper(program, settings);
    for profile in profiles {
        command.arg("--wipe").arg(profile);
    }
    let status = command.stdin(Stdio::null()).status().await;
    matches!(status, Ok(status) if KeeperEnd::of(status.code()) == KeeperEnd::Told)
}

/// A keeper's command, as the user that the browser runs as: so it may kill and wipe what is the
/// browser's.
fn keeper(program: &Path, settings: &BrowserSettings) -> Command {
    let mut command = match &settings.user {
        None => Command::new(program),
        Some(user) => {
            let group = settings.group.as_ref().unwrap_or(user);
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid", user, "--regid", group, "--init-groups"])
                .args(["--inh-caps=-all", "--ambient-caps=-all", "--"])
                .arg(program);
            command
        }
    };
    command.arg("keep-browser");
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A key pressed at the agent's terminal is not the keeper's.
        .as_std_mut()
        .process_group(0);
    command
}

/// Where this program lies, for starting it again.
///
/// # Errors
/// Where the operating system does not tell.
pub fn this_program() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?.into_os_string();
    // So the kernel says that it was replaced, by an update: the new one keeps browsers as well.
    let replaced = program
        .to_str()
        .and_then(|program| program.strip_suffix(" (deleted)"))
        .map(OsString::from);
    Ok(replaced.unwrap_or(program).into())
}
