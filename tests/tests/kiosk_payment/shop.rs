//! A till with simulated devices, in a folder of its own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crypto::SystemRandom;
use domain::{SystemClock, Yen};
use fixtures::acceptor::{CashlessMachine, CoinMachine, CoinMachinePlan};
use kiosk_agent::payment::{
    CashlessSettings, CoinSettings, HopperSettings, NotPaid, Paid, Payment as _, PaymentMethod,
    PaymentProgress, PaymentSettings, Till, TillRefused, TillTimes, TillView,
};
use kiosk_agent::stop::{StopSwitch, stop_switch};
use tempfile::TempDir;

/// Everything as in a store, and quicker; answers have their time also where tests fill the machine.
const TIMES: TillTimes = TillTimes {
    answer: Duration::from_millis(200),
    poll: Duration::from_millis(3),
    idle: Duration::from_millis(5),
    patience: Duration::from_millis(1500),
    payout: Duration::from_secs(20),
    authorising: Duration::from_millis(700),
};

/// The longest that anything is waited for.
const LONGEST: Duration = Duration::from_secs(30);

pub struct Shop {
    folder: TempDir,
    pub coins: CoinMachine,
    pub cashless: CashlessMachine,
    pub till: Arc<Till>,
}

/// A payment under way, on a task of its own.
pub struct Paying {
    pub task: tokio::task::JoinHandle<Result<Paid, NotPaid>>,
    pub progress: Arc<Mutex<Vec<PaymentProgress>>>,
    pub stop: StopSwitch,
}

impl Paying {
    /// What came of it.
    pub async fn ended(&mut self) -> Result<Paid, NotPaid> {
        (&mut self.task).await.unwrap()
    }

    /// Whether this was told.
    pub fn saw(&self, what: PaymentProgress) -> bool {
        self.progress.lock().unwrap().contains(&what)
    }

    /// Whoever pays goes away, and what was paid with them.
    pub async fn walk_away(mut self) {
        self.stop.stop();
        drop(self.ended().await);
    }
}

impl Shop {
    pub async fn open() -> Self {
        Self::with(CoinMachinePlan {
            coin_time: Duration::from_millis(2),
            ..CoinMachinePlan::default()
        })
        .await
    }

    pub async fn with(plan: CoinMachinePlan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let coins = CoinMachine::plugged_in(&path.join("coins"), &plan).unwrap();
        let decides = Duration::from_millis(10);
        let cashless = CashlessMachine::plugged_in(&path.join("cashless"), decides).unwrap();
        let till = Arc::new(till(&folder).unwrap());
        let shop = Self {
            folder,
            coins,
            cashless,
            till,
        };
        shop.both_work().await;
        shop
    }

    /// The agent is killed and starts again.
    pub async fn kill_and_start(&mut self) {
        self.kill().await;
        self.till = Arc::new(till(&self.folder).unwrap());
    }

    pub async fn kill(&mut self) {
        self.till.cut_power();
        // Its lines are closed when its task is gone.
        let mut view = self.till.watch();
        while view.changed().await.is_ok() {}
    }

    pub fn journal_file(&self) -> PathBuf {
        self.folder.path().join("payment.journal")
    }

    pub fn journal(&self) -> String {
        std::fs::read_to_string(self.journal_file()).unwrap()
    }

    /// The journal cannot be written any more, or can be again.
    pub fn fill_disk(&self, full: bool) {
        let beside = self.journal_file().with_extension("new");
        if full {
            // The cashier may be writing at this very moment.
            while std::fs::create_dir(&beside).is_err() {
                let _ = std::fs::remove_file(&beside);
            }
        } else {
            std::fs::remove_dir(beside).unwrap();
        }
    }

    /// Another agent is started beside this one.
    pub fn second_till(&self) -> Result<Till, TillRefused> {
        till(&self.folder)
    }

    pub async fn both_work(&self) {
        let both = [PaymentMethod::Coins, PaymentMethod::Cashless];
        self.until(|view| view.methods == both).await;
    }

    /// Waits until nothing is under way: everything is settled, or owed.
    pub async fn at_rest(&self) -> TillView {
        self.both_work().await;
        self.eventually(|| {
            let journal = self.journal();
            let under_way = ["collecting", "held", "keeping", "returning", "payout"];
            !under_way.iter().any(|stage| journal.contains(stage))
        })
        .await;
        let owed = self.journal().matches("owed").count();
        self.until(|view| view.owed.len() == owed && view.owed.iter().all(|it| !it.uncertain))
            .await
    }

    /// Waits until staff sees this.
    pub async fn until(&self, holds: impl FnMut(&TillView) -> bool) -> TillView {
        let mut view = self.till.watch();
        let seen = tokio::time::timeout(LONGEST, view.wait_for(holds)).await;
        let seen = seen.unwrap_or_else(|_| panic!("stays {:?}", self.till.watch().borrow()));
        seen.unwrap().clone()
    }

    /// Begins a payment.
    pub fn pay(&self, fee: Yen, method: PaymentMethod) -> Paying {
        let (stop, told) = stop_switch();
        let progress = Arc::new(Mutex::new(Vec::new()));
        let seen = progress.clone();
        let asking = self.till.clone();
        let (answer, task) = tokio::sync::oneshot::channel();
        // A payment need not be sent between threads: it has one of its own.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let mut note = |now| seen.lock().unwrap().push(now);
            let paid = runtime.block_on(asking.collect(fee, method, &told, &mut note));
            let _ = answer.send(paid);
        });
        let task = tokio::spawn(async move { task.await.unwrap() });
        Paying {
            task,
            progress,
            stop,
        }
    }

    /// Waits until this coin is let in, and puts it in.
    pub async fn insert(&self, value: u32) {
        self.eventually(|| self.coins.insert(Yen(value))).await;
    }

    pub async fn eventually(&self, mut done: impl FnMut() -> bool) {
        let waiting = async {
            while !done() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = tokio::time::timeout(LONGEST, waiting).await;
        assert!(
            waited.is_ok(),
            "{:?} {:?}",
            self.coins.view(),
            self.till.watch()
        );
    }
}

fn till(folder: &TempDir) -> Result<Till, TillRefused> {
    open(&settings(folder))
}

pub fn settings(folder: &TempDir) -> PaymentSettings {
    let path = folder.path();
    let hopper = |address, yen| HopperSettings { address, yen };
    PaymentSettings {
        journal: Some(path.join("payment.journal")),
        coins: Some(CoinSettings {
            device: path.join("coins"),
            acceptor: 2,
            hoppers: vec![hopper(3, 10), hopper(4, 100)],
        }),
        cashless: Some(CashlessSettings {
            device: path.join("cashless"),
        }),
    }
}

pub fn open(settings: &PaymentSettings) -> Result<Till, TillRefused> {
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    Till::open(settings, TIMES, clock, random)
}
