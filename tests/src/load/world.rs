//! What every agent shares: the ground with its server, the residents and their cards, where pages
//! go, and the counts.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use certificate::read_back::Trust;
use domain::{BirthDate, NormalizedName, Redacted, SystemClock};
use fixtures::card::IssuedCard;
use fixtures::municipality::{Kind, Person, RegisterEntry};
use fixtures::stage::ground::{Ground, Plan};
use fixtures::stage::in_memory::{kiosk_link, trust};
use fixtures::stage::services::Server;
use kiosk_agent::server_link::ServerLink;
use kiosk_agent::session::CodeVerifier;
use tokio::sync::mpsc;

use super::findings::Tally;
use super::paper::Printed;
use super::swap::Swapper;
use super::{Load, Progress, dice, disturbance};
use crate::cutting_proxy::cutting_proxy;
use crate::server_stage;

/// Pages on their way to the checker; an agent waits beyond it, as at a slow printer.
const PAGES_WAITING: usize = 64;

/// A resident with a card.
pub(super) struct Holder {
    pub(super) card: IssuedCard,
    pub(super) pin: Redacted<String>,
    pub(super) name: NormalizedName,
    pub(super) birth_date: BirthDate,
    pub(super) passport: bool,
}

/// What every agent shares.
pub(super) struct World {
    pub(super) load: Load,
    pub(super) folder: PathBuf,
    pub(super) ground: Arc<Ground>,
    /// Everybody who may come, no two of one name and birth date.
    pub(super) holders: Vec<Holder>,
    pub(super) trust: Trust,
    pub(super) verifier: CodeVerifier,
    pub(super) swapper: Swapper,
    tally: Mutex<Tally>,
    /// Where agents find the server: behind somebody who cuts connections.
    port: u16,
    pages: AtomicUsize,
    checked: AtomicUsize,
    wrong: AtomicUsize,
    /// How long a session takes that ends well, in milliseconds, of late.
    usual: AtomicU64,
    checker: Mutex<Option<mpsc::Sender<Printed>>>,
}

impl World {
    /// Lays the ground and starts the server.
    pub(super) fn lay(load: Load, folder: &Path) -> (Self, Server, mpsc::Receiver<Printed>) {
        let plan = Plan {
            residents: load.residents,
            kiosks: load.agents,
            ..Plan::default()
        };
        let ground = Ground::lay(folder, &plan).unwrap();
        let server = Server::start(&ground).unwrap();
        let (sender, pages) = mpsc::channel(PAGES_WAITING);
        let trusted = || trust(&ground).unwrap();
        let world = Self {
            load,
            folder: folder.to_owned(),
            holders: holders(&ground),
            trust: trusted(),
            verifier: CodeVerifier::new(trusted(), Arc::new(SystemClock)),
            swapper: Swapper::default(),
            tally: Mutex::default(),
            port: cutting_proxy(server.kiosk, disturbance::cuts).port(),
            pages: AtomicUsize::new(0),
            checked: AtomicUsize::new(0),
            wrong: AtomicUsize::new(0),
            usual: AtomicU64::new(1000),
            checker: Mutex::new(Some(sender)),
            ground: Arc::new(ground),
        };
        assert!(world.holders.len() > 5, "different people at once");
        (world, server, pages)
    }

    /// A kiosk's link.
    pub(super) fn link(&self, kiosk: u16) -> ServerLink {
        kiosk_link(&self.ground, kiosk, self.port, Arc::new(SystemClock)).unwrap()
    }

    /// Any resident.
    pub(super) fn somebody(&self) -> usize {
        usize::try_from(dice::below(self.holders.len() as u64)).unwrap()
    }

    /// When this session's agent is killed, if it is: at any moment of a session, and a little
    /// beyond.
    pub(super) fn death(&self) -> Option<Duration> {
        let usual = self.usual.load(Ordering::Relaxed);
        dice::one_in(self.load.one_killed_in)
            .then(|| Duration::from_millis(dice::below(usual * 5 / 4 + 1)))
    }

    /// A session that ended well took so long.
    pub(super) fn took(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let before = self.usual.load(Ordering::Relaxed);
        self.usual
            .store((before * 15 + time) / 16, Ordering::Relaxed);
    }

    /// A page came out.
    pub(super) async fn came_out(&self, page: Printed) {
        let sender = self.checker.lock().unwrap().clone();
        let place = sender.unwrap().reserve_owned().await.unwrap();
        // From here on it lies in the tray: nothing between this and the count waits.
        self.pages.fetch_add(1, Ordering::SeqCst);
        place.send(page);
    }

    /// Pages that came out.
    pub(super) fn pages(&self) -> usize {
        self.pages.load(Ordering::SeqCst)
    }

    /// Whether enough came out.
    pub(super) fn is_done(&self) -> bool {
        self.pages() >= self.load.certificates
    }

    /// No further page comes out.
    pub(super) fn close(&self) {
        self.checker.lock().unwrap().take();
    }

    /// A page was checked.
    pub(super) fn checked(&self, is_right: bool) {
        self.checked.fetch_add(1, Ordering::Relaxed);
        self.wrong
            .fetch_add(usize::from(!is_right), Ordering::Relaxed);
    }

    /// Counts something, or looks at the counts.
    pub(super) fn tally<T>(&self, count: impl FnOnce(&mut Tally) -> T) -> T {
        count(&mut self.tally.lock().unwrap())
    }

    /// How far it is.
    pub(super) fn progress(&self, since: Duration) -> Progress {
        self.tally(|tally| Progress {
            pages: self.pages(),
            checked: self.checked.load(Ordering::Relaxed),
            wrong: self.wrong.load(Ordering::Relaxed),
            sessions: tally.sessions,
            killed: tally.killed,
            restarts: tally.restarts,
            since,
        })
    }
}

/// Ordinary residents of 浦安市, which issues at kiosks at any hour.
fn holders(ground: &Ground) -> Vec<Holder> {
    let city = server_stage::Ground::urayasu();
    let ordinary = |person: &&Person| {
        let registered = |at: &RegisterEntry| at.municipality == city && at.doses > 0;
        person.kind == Kind::Ordinary && person.registers.first().is_some_and(registered)
    };
    let mut known = HashSet::new();
    let people = ground.people().people.iter().filter(ordinary);
    people
        .filter(|person| {
            let name = NormalizedName::of(person.name.expose())
                .expose()
                .to_string();
            known.insert((name, person.birth_date.expose().clone()))
        })
        .map(|person| Holder {
            card: ground.card_of(person).unwrap(),
            pin: person.pin.clone(),
            name: NormalizedName::of(person.name.expose()),
            birth_date: BirthDate::parse(person.birth_date.expose().as_bytes()).unwrap(),
            passport: person.registers[0].passport,
        })
        .collect()
}
