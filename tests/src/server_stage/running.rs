//! A server that runs: in this process with a clock of the test's, or as the real program.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use crypto::SystemRandom;
use domain::{Clock, FixedClock};
use serde::Deserialize;
use server::Service;
use server::serve::Server;
use server::settings::Settings;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{Ground, noon};

/// A server in this process, on real sockets. It stands still at noon until its clock is moved.
pub struct Running {
    /// The kiosk listener.
    pub kiosk: SocketAddr,
    /// The relay listener.
    pub relay: SocketAddr,
    /// The venue listener, where it is on.
    pub venue: Option<SocketAddr>,
    /// The health listener.
    pub health: SocketAddr,
    /// Its clock, and its channels'.
    pub clock: Arc<FixedClock>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// Starts a server with the ground's usual settings.
    pub async fn start(ground: &Ground) -> Self {
        Self::start_with(&ground.settings()).await
    }

    /// Starts a server with these settings.
    pub async fn start_with(settings: &Path) -> Self {
        Self::try_start(settings).await.unwrap()
    }

    /// Starts a server with these settings, if it starts.
    pub async fn try_start(
        settings: &Path,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let clock = Arc::new(FixedClock::at(noon()));
        let shown: Arc<dyn Clock> = Arc::clone(&clock) as _;
        let settings = Settings::load(settings)?;
        let service = Service::start(settings, shown, Arc::new(SystemRandom)).await?;
        let server = Server::bind(service).await?;
        let ready = server.ready()?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(server.serve(async {
            let _ = stopped.await;
        }));
        Ok(Self {
            kiosk: ready.kiosk,
            relay: ready.relay,
            venue: ready.venue,
            health: ready.health,
            clock,
            stop,
            task,
        })
    }

    /// Stops it as a signal would, and waits for its end.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        self.task.await.unwrap();
    }
}

/// The real program in a process of its own. Killed when dropped.
pub struct SpawnedServer {
    child: Child,
    /// The kiosk listener.
    pub kiosk: SocketAddr,
    /// The venue listener, where it is on.
    pub venue: Option<SocketAddr>,
    /// The health listener.
    pub health: SocketAddr,
}

#[derive(Deserialize)]
struct Ready {
    ready: bool,
    kiosk: SocketAddr,
    venue: Option<SocketAddr>,
    health: SocketAddr,
}

impl SpawnedServer {
    /// Starts `server serve` with these settings and waits for its ready line; its log goes to
    /// `log`.
    pub fn start(settings: &Path, log: &Path) -> Self {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .unwrap();
        let mut child = Command::new(program("server"))
            .args(["serve", "--settings"])
            .arg(settings)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let ready: Ready = serde_json::from_str(&line).expect("the server says where it listens");
        assert!(ready.ready);
        Self {
            child,
            kiosk: ready.kiosk,
            venue: ready.venue,
            health: ready.health,
        }
    }

    /// Kills it on the spot (SIGKILL) and waits for its end.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop (SIGTERM) and waits for its end; whether it ended well.
    pub fn terminate(&mut self) -> bool {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for SpawnedServer {
    fn drop(&mut self) {
        // It may have been killed before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One of this workspace's programs, beside the test that runs.
///
/// # Panics
/// Where it was not built: `make test` builds every program before any test.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    // target/<profile>/deps/<test>
    let folder = test.parent().and_then(Path::parent).unwrap();
    let program = folder.join(name);
    assert!(
        program.is_file(),
        "{} is missing: run `cargo build --bins` first, as `make test` does",
        program.display()
    );
    program
}
