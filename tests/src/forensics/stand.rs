//! The kiosk that is looked at, with a printer, a till and a server that can be made to wait.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::Yen;
use fixtures::acceptor::{CoinMachine, CoinMachinePlan};
use fixtures::stage::Stage;
use fixtures::stage::printer::Behaviour;
use kiosk_agent::browser::living_below;
use rustix::process::Pid;

use crate::cutting_proxy::HoldingProxy;
use crate::screen_stage::{AtKiosk, set};

/// Where the till keeps its journal, below the stage: the only file that a kiosk writes.
const TILL: &str = "till";

/// The kiosk and what surrounds it. What stands first is dropped first.
pub(super) struct Stand {
    /// Somebody in front of it.
    pub(super) at: AtKiosk,
    pub(super) around: Around,
}

/// The till's machine, and who stands between kiosk and server.
pub(super) struct Around {
    pub(super) coins: CoinMachine,
    pub(super) server: HoldingProxy,
}

impl Around {
    /// Beside a stage whose kiosk has not started yet: from now on its settings name these.
    fn beside(stage: &Stage) -> Self {
        let folder = stage.ground.folder();
        // All that residents pay with is change for the next.
        let plan = CoinMachinePlan {
            hoppers: vec![(3, Yen(10), 10_000), (4, Yen(100), 10_000)],
            coin_time: Duration::from_millis(2),
            ..CoinMachinePlan::default()
        };
        let coins = CoinMachine::plugged_in(&folder.join("coins"), &plan).unwrap();
        let server = HoldingProxy::before(stage.server.kiosk);
        let (from, to) = (stage.server.kiosk.port(), server.address().port());
        set(
            stage,
            &format!("localhost:{from}"),
            &format!("localhost:{to}"),
        );
        std::fs::create_dir(folder.join(TILL)).unwrap();
        let settings = std::fs::read_to_string(&stage.kiosk_settings).unwrap();
        let payment = format!(
            "\n[payment]\njournal = \"{TILL}/payment.journal\"\n\n[payment.coins]\n\
             device = \"coins\"\nacceptor = 2\n\
             hoppers = [{{ address = 3, yen = 10 }}, {{ address = 4, yen = 100 }}]\n"
        );
        std::fs::write(&stage.kiosk_settings, [settings, payment].concat()).unwrap();
        Self { coins, server }
    }
}

impl Stand {
    /// Raises everything, with residents whose data stand nowhere else.
    pub(super) fn raise(seed: u64) -> Self {
        let mut around = None;
        let at = AtKiosk::come_to_own_browser(seed, |stage| around = Some(Around::beside(stage)));
        Self {
            at,
            around: around.expect("the stage was changed before the kiosk started"),
        }
    }

    /// The folder of the one file that the kiosk may write: the journal of money.
    pub(super) fn till(&self) -> PathBuf {
        self.at.folder().join(TILL)
    }

    /// Server and printer as on a good day.
    pub(super) fn all_in_order(&mut self) {
        self.around.server.let_go();
        let spool = self.at.stage.printer.spool();
        let left = leak_search::files_below(&spool).unwrap();
        if !left.is_empty() {
            self.at.stage.printer.repair(Behaviour::Prints).unwrap();
        }
        // What a printer without power keeps of a job is the printer's.
        for file in left {
            let _ = std::fs::remove_file(file);
        }
        self.at.stage.printer.behave(Behaviour::Prints).unwrap();
    }

    /// Kills the agent. Gives how long it took until nothing of it and of its browser lived, and
    /// whether the profile was gone.
    pub(super) fn kill(&mut self) -> (Duration, bool) {
        const LIMIT: Duration = Duration::from_secs(20);
        let tree = self.processes();
        let killed = Instant::now();
        self.at.agent.kill();
        while tree.iter().any(|process| lives(*process)) && killed.elapsed() < LIMIT {
            std::thread::sleep(Duration::from_millis(2));
        }
        let took = killed.elapsed();
        let left = std::fs::read_dir(self.at.profiles()).unwrap().count();
        (took, took < LIMIT && left == 0)
    }

    /// Starts the agent again, with everything around it in order.
    pub(super) fn start_again(&mut self) {
        self.all_in_order();
        if self.at.card_is_there() {
            self.at.take_card();
        }
        self.at.start_again();
    }

    /// The agent's process id, and all that live below it.
    pub(super) fn processes(&self) -> Vec<Pid> {
        let agent = self.agent();
        [vec![agent], living_below(agent).unwrap()].concat()
    }

    /// The agent's process id.
    pub(super) fn agent(&self) -> Pid {
        let id = i32::try_from(self.at.agent.id()).ok();
        id.and_then(Pid::from_raw).unwrap()
    }

    /// From its next start on the kiosk waits for so many seconds.
    pub(super) fn hurry(&self, times: &[(&str, u16)]) {
        let settings = std::fs::read_to_string(self.settings()).unwrap();
        let is_one = |line: &&str| {
            let key = line.split(' ').next();
            times.iter().any(|(name, _)| key == Some(*name))
        };
        let mut lines: Vec<String> = settings
            .lines()
            .filter(|line| !is_one(line))
            .map(str::to_owned)
            .collect();
        for (section, in_it) in [("[times]", true), ("[screen]", false)] {
            let keys = times
                .iter()
                .filter(|(name, _)| (*name != "ending_seconds") == in_it);
            let keys = keys.map(|(name, seconds)| format!("{name} = {seconds}"));
            let place = lines.iter().position(|line| line == section);
            let place = place.expect("the section is there") + 1;
            lines.splice(place..place, keys);
        }
        std::fs::write(self.settings(), lines.join("\n")).unwrap();
    }

    /// The kiosk's settings file.
    pub(super) fn settings(&self) -> &Path {
        &self.at.stage.kiosk_settings
    }
}

/// Whether a process lives; one that ended and was not waited for does not.
pub(super) fn lives(process: Pid) -> bool {
    let stat = format!("/proc/{}/stat", process.as_raw_nonzero());
    std::fs::read_to_string(stat).is_ok_and(|stat| {
        !stat
            .rsplit(") ")
            .next()
            .unwrap_or("")
            .starts_with(['Z', 'X'])
    })
}
