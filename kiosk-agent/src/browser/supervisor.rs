//! Starts the browser, starts it again when it dies, and replaces it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crypto::SecureRandom;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::entrance::{Entrance, PASS, Pass};
use super::process_tree::{become_subreaper, end_everything_below_me};
use super::profile::{entries_of, is_in_memory};
use super::running::{Running, wipe};
use super::settings::BrowserSettings;
use crate::settings::seconds;

/// The first wait before a browser that died is started again; then twice as long each time.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The longest.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A browser that lived so long was no failure.
const LIVED: Duration = Duration::from_secs(60);

/// The next browser has so long before the old one, which a resident used, goes without it.
const HANDOVER: Duration = Duration::from_secs(5);

/// How long what a killed keeper left may take to be gone.
const END_LIMIT: Duration = Duration::from_secs(5);

/// What an earlier run left is wiped so often, and so long apart.
const WIPE_TRIES: u32 = 50;
const WIPE_AGAIN: Duration = Duration::from_millis(200);

/// Why there is no browser, or why an old one is not certainly gone.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The folder for profiles cannot be looked at.
    #[error("[browser] profiles: {0}")]
    Profiles(#[source] io::Error),
    /// The folder for profiles is on a disk.
    #[error("[browser] profiles: not in memory (tmpfs), so what is wiped there may stay")]
    NotInMemory,
    /// What an earlier run left in the folder for profiles cannot be wiped.
    #[error("[browser] profiles: what an earlier run left cannot be wiped")]
    Leftovers,
    /// The browser's program is not there.
    #[error("[browser] program: {0}")]
    Program(#[source] io::Error),
    /// The agent cannot look after processes.
    #[error("cannot look after processes: {0}")]
    Processes(#[source] io::Error),
    /// Processes or files of the old browser may be left: nobody else may use this kiosk.
    #[error("the old browser is not gone: {processes} processes live, profile wiped: {wiped}")]
    StillThere {
        /// So many processes live.
        processes: usize,
        /// Whether its profile was wiped.
        wiped: bool,
    },
    /// The task that looks after the browser has ended.
    #[error("nobody looks after the browser")]
    NoSupervisor,
}

/// The browser, looked after. Dropped, it is ended.
#[derive(Debug)]
pub struct Browser {
    requests: mpsc::Sender<oneshot::Sender<Result<(), BrowserError>>>,
    supervisor: JoinHandle<()>,
}

impl Browser {
    /// Starts the browser at the page served on this address (`http://127.0.0.1:port/`), with
    /// this program ([`super::this_program`]) as its keeper. It may not be connected yet when this
    /// returns, and is started again whenever it dies.
    ///
    /// # Errors
    /// [`BrowserError`]: what the settings name is not there, or not in memory.
    pub async fn start(
        program: PathBuf,
        settings: BrowserSettings,
        page: String,
        entrance: Entrance,
        random: Arc<dyn SecureRandom>,
    ) -> Result<Self, BrowserError> {
        if !is_in_memory(&settings.profiles).map_err(BrowserError::Profiles)? {
            return Err(BrowserError::NotInMemory);
        }
        std::fs::metadata(&settings.program).map_err(BrowserError::Program)?;
        become_subreaper().map_err(BrowserError::Processes)?;
        wipe_leftovers(&program, &settings).await?;
        let (requests, incoming) = mpsc::channel(1);
        let supervisor = Supervisor {
            program,
            settings,
            page,
            entrance,
            random,
            current: None,
            start_at: Instant::now(),
            next_wait: FIRST_WAIT,
            started: 0,
            left: None,
        };
        Ok(Self {
            requests,
            supervisor: tokio::spawn(supervisor.run(incoming)),
        })
    }

    /// Replaces the browser. When this returns, no process of the old one lives and its profile
    /// is wiped; the next one, which was started before, shows the page already.
    ///
    /// # Errors
    /// [`BrowserError::StillThere`]: then nobody else may use this kiosk.
    pub async fn replace(&self) -> Result<(), BrowserError> {
        let (done, replaced) = oneshot::channel();
        let asked = self.requests.send(done).await;
        asked.map_err(|_| BrowserError::NoSupervisor)?;
        replaced.await.map_err(|_| BrowserError::NoSupervisor)?
    }

    /// Ends the browser and waits until it is gone.
    pub async fn stop(self) {
        drop(self.requests);
        // One that panicked has dropped its browser.
        let _ = self.supervisor.await;
    }
}

struct Supervisor {
    program: PathBuf,
    settings: BrowserSettings,
    page: String,
    entrance: Entrance,
    random: Arc<dyn SecureRandom>,
    current: Option<Running>,
    /// When the next is started, where there is none.
    start_at: Instant,
    next_wait: Duration,
    started: u64,
    /// Why a browser that died by itself is not certainly gone: told when the next one is asked
    /// for, since whoever used it may stand there still.
    left: Option<BrowserError>,
}

impl Supervisor {
    async fn run(
        mut self,
        mut requests: mpsc::Receiver<oneshot::Sender<Result<(), BrowserError>>>,
    ) {
        loop {
            tokio::select! {
                request = requests.recv() => {
                    let Some(done) = request else { break };
                    // Nobody waits any more: replaced it is all the same.
                    let _ = done.send(self.replace().await);
                }
                () = ended(&mut self.current) => self.after_death().await,
                () = sleep_until(self.start_at), if self.current.is_none() => {
                    let next = self.start().await;
                    self.current = self.connected(next).await;
                }
            }
        }
        self.entrance.close();
        // The agent ends: whoever starts it next wipes what is left.
        let _ = self.end_old(None).await;
    }

    async fn replace(&mut self) -> Result<(), BrowserError> {
        let next = self.start().await;
        if let Some(next) = &next {
            // Late or dead, the old one goes; what becomes of the next is seen below.
            let _ = timeout(HANDOVER, self.entrance.has_entered(&next.pass)).await;
        }
        let ended = self.end_old(next.as_ref()).await;
        self.current = self.connected(next).await;
        self.left.take().map_or(ended, Err)
    }

    /// Starts the next browser: from now on only it may come in.
    async fn start(&mut self) -> Option<Running> {
        self.started += 1;
        let pass = Pass::new(&*self.random);
        self.entrance.expect(pass.clone());
        let address = format!("{}?{PASS}={}", self.page, pass.as_str());
        let name = format!("browser-{}-{}", std::process::id(), self.started);
        match Running::start(&self.program, &self.settings, &name, &address, pass).await {
            Ok(running) => Some(running),
            Err(error) => {
                tracing::error!(error = %error.kind(), "the browser cannot be started");
                None
            }
        }
    }

    /// Waits until its page is connected. One that does not come so far is ended, and started
    /// again later.
    async fn connected(&mut self, next: Option<Running>) -> Option<Running> {
        let Some(mut next) = next else {
            self.wait_longer();
            return None;
        };
        let limit = seconds(self.settings.start_seconds);
        let entrance = self.entrance.clone();
        let pass = next.pass.clone();
        let connected = tokio::select! {
            () = entrance.has_entered(&pass) => true,
            () = next.ended() => false,
            () = sleep(limit) => false,
        };
        if connected {
            return Some(next);
        }
        tracing::error!(
            started = self.started,
            "the browser's page is not connected"
        );
        self.current = Some(next);
        // A browser that showed nothing left nothing of anybody; what is left of it is said.
        let _ = self.end_old(None).await;
        self.wait_longer();
        None
    }

    async fn after_death(&mut self) {
        let lived = self.current.as_ref().map(|current| current.since.elapsed());
        tracing::error!(started = self.started, "the browser ended by itself");
        self.entrance.close();
        // The resident who used it gets a browser to be told by; the next one does not.
        if let Err(error) = self.end_old(None).await {
            self.left = Some(error);
        }
        if lived.is_some_and(|lived| lived >= LIVED) {
            self.next_wait = FIRST_WAIT;
        }
        self.wait_longer();
    }

    fn wait_longer(&mut self) {
        self.start_at = Instant::now() + self.next_wait;
        self.next_wait = (self.next_wait * 2).min(LONGEST_WAIT);
    }

    /// Ends the current browser, and where its keeper could not, whatever it left below the
    /// agent, which starts nothing but keepers. `next` is spared.
    async fn end_old(&mut self, next: Option<&Running>) -> Result<(), BrowserError> {
        let Some(old) = self.current.take() else {
            return Ok(());
        };
        let profile = old.profile.clone();
        if old.end().await {
            return Ok(());
        }
        let spared = Vec::from_iter(next.and_then(Running::keeper_id));
        let ending = move || end_everything_below_me(&spared, END_LIMIT);
        let processes = match tokio::task::spawn_blocking(ending).await {
            Ok(left) => left.map_err(BrowserError::Processes)?,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        let wiped = wipe(&self.program, &self.settings, &[profile]).await;
        if processes == 0 && wiped {
            tracing::warn!("the browser's keeper had died; the agent did its work");
            return Ok(());
        }
        tracing::error!(processes, wiped, "the old browser is not gone");
        Err(BrowserError::StillThere { processes, wiped })
    }
}

/// Wipes what an earlier run left. The keeper of an agent that was killed a moment ago may be at
/// it still: it is given time.
async fn wipe_leftovers(program: &Path, settings: &BrowserSettings) -> Result<(), BrowserError> {
    for _ in 0..WIPE_TRIES {
        let leftovers = entries_of(&settings.profiles).map_err(BrowserError::Profiles)?;
        if leftovers.is_empty() {
            return Ok(());
        }
        if !wipe(program, settings, &leftovers).await {
            sleep(WIPE_AGAIN).await;
        }
    }
    Err(BrowserError::Leftovers)
}

/// Waits for the end of a browser; for ever where there is none.
async fn ended(current: &mut Option<Running>) {
    match current {
        Some(current) => current.ended().await,
        None => std::future::pending().await,
    }
}
