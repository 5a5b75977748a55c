//! The load test: many kiosks against one server, killed and cut off at random, and a checker that
//! reads the codes of every page from its bytes and asks whose they are (domain rule 11, C06).
//!
//! Each agent is the kiosk's own session with a card in memory, over real TLS to the real server's
//! process. What its printer gets goes to the [`checker`] instead of onto paper. At the end the
//! register's audit record is held against what came out ([`Findings::contradictions`]).
//! `make load` runs it with 200 agents and 20,000 certificates, `make test` with few.

mod agent;
mod checker;
mod dice;
mod disturbance;
mod findings;
mod paper;
mod swap;
mod world;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

pub use checker::WrongPage;
pub use findings::{Findings, Tally};
pub use swap::Swaps;

use checker::Checker;
use findings::Recorded;
use world::World;

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Kiosks at once, each registered with a key of its own.
    pub agents: u16,
    /// Pages to come out before it ends.
    pub certificates: usize,
    /// Residents of the municipality: a few of them are special and stay at home.
    pub residents: u64,
    /// How often the server is killed and started anew.
    pub restarts: usize,
    /// One session in so many is killed with its agent at a random moment; 0: none.
    pub one_killed_in: u64,
    /// Pages that are also rendered and scanned by programs of others.
    pub scanned: usize,
    /// Whether the first agent prints on a real IPP printer.
    pub real_printer: bool,
    /// Swaps that are planted.
    pub swaps: Swaps,
}

/// How far it is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Pages that came out.
    pub pages: usize,
    /// Pages that were read and compared.
    pub checked: usize,
    /// Pages that are not their holder's.
    pub wrong: usize,
    /// Sessions begun.
    pub sessions: usize,
    /// Sessions killed with their agent.
    pub killed: usize,
    /// Times that the server was killed.
    pub restarts: usize,
    /// Time since the first session.
    pub since: Duration,
}

impl Load {
    /// Runs it in an empty folder, and tells how far it is every so often.
    pub async fn run(
        self,
        folder: &Path,
        every: Duration,
        tell: impl Fn(Progress) + Send + 'static,
    ) -> Findings {
        let (world, server, pages) = World::lay(self, folder);
        let world = Arc::new(world);
        let checker = Checker::start(&world, pages);
        let begun = Instant::now();
        let watch = tokio::spawn({
            let world = Arc::clone(&world);
            async move {
                loop {
                    tokio::time::sleep(every).await;
                    tell(world.progress(begun.elapsed()));
                }
            }
        });
        let disturbing = tokio::spawn(disturbance::restart_now_and_then(world.clone(), server));
        // Each on a thread of its own: a session is one kiosk's, and is not handed around.
        let agents = (1..=self.agents).map(|number| {
            let (here, world) = (Handle::current(), Arc::clone(&world));
            std::thread::spawn(move || here.block_on(agent::work(number, world)))
        });
        let agents: Vec<_> = agents.collect();
        let ended = move || agents.into_iter().for_each(|agent| agent.join().unwrap());
        tokio::task::spawn_blocking(ended).await.unwrap();
        let took = begun.elapsed();
        let mut server = disturbing.await.unwrap();
        world.close();
        let checked = tokio::task::spawn_blocking(|| checker.finish()).await;
        let checked = checked.unwrap();
        watch.abort();
        server.kill();
        let recorded = Recorded::read(&world).await;
        Findings::of(&world, checked, recorded, took)
    }
}
