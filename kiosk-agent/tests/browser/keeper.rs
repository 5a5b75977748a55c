//! The keeper, with a shell for a browser that does all that makes processes hard to find.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kiosk_agent::browser::keeper::KeeperEnd;
use kiosk_agent::browser::living_below;
use rustix::process::{Pid, Signal, kill_process};

use super::{AGENT, entries, in_memory, lives, until};

/// A child, a grandchild whose parent is gone, one in a session of its own, and a file.
const TREE: &str = "echo of somebody > \"$HOME/file\"; sleep 1000 & (sleep 1000 &) ; \
                    setsid sleep 1000 & setsid sh -c 'sleep 1000 & sleep 1000' & ";

/// What the agent says when the browser may start.
const ADDRESS: &[u8] = b"http://127.0.0.1:9/\n";

/// A shell, three sleeping below it, one detached shell and two below that.
const PROCESSES: usize = 7;

fn start(profile: &Path, script: &str) -> Child {
    let mut keeper = Command::new(AGENT)
        .args(["keep-browser", "--profile"])
        .arg(profile)
        .args(["--", "sh", "-c", script])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    keeper.stdin.as_mut().unwrap().write_all(ADDRESS).unwrap();
    keeper
}

fn id(child: &Child) -> Pid {
    Pid::from_child(child)
}

fn tree_of(keeper: &Child) -> Vec<Pid> {
    until("the tree stands", || {
        living_below(id(keeper)).unwrap().len() == PROCESSES
    });
    living_below(id(keeper)).unwrap()
}

#[test]
fn nothing_lives_when_the_agent_lets_go() {
    let base = in_memory();
    let mut keeper = start(&base.path().join("1"), &format!("{TREE} wait"));
    let tree = tree_of(&keeper);
    assert!(base.path().join("1/file").exists());
    drop(keeper.stdin.take());
    let end = KeeperEnd::of(keeper.wait().unwrap().code());
    assert_eq!(end, KeeperEnd::Told);
    assert!(!tree.into_iter().any(lives));
    assert_eq!(entries(base.path()), 0);
}

#[test]
fn nothing_lives_when_the_browser_ended_by_itself_or_the_keeper_is_told_to_end() {
    let base = in_memory();
    let mut keeper = start(&base.path().join("1"), &format!("{TREE} read x; wait"));
    let tree = tree_of(&keeper);
    // The shell is the browser.
    let shell = tree.iter().copied().find(|process| {
        let parent = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero()));
        parent
            .is_ok_and(|stat| stat.contains("(sh)") && stat.contains(&format!(" {} ", keeper.id())))
    });
    let _hold = keeper.stdin.take();
    kill_process(shell.unwrap(), Signal::KILL).unwrap();
    let end = KeeperEnd::of(keeper.wait().unwrap().code());
    assert_eq!(end, KeeperEnd::BrowserEnded);
    assert!(!tree.into_iter().any(lives));

    let mut keeper = start(&base.path().join("2"), &format!("{TREE} wait"));
    let tree = tree_of(&keeper);
    kill_process(id(&keeper), Signal::TERM).unwrap();
    let end = KeeperEnd::of(keeper.wait().unwrap().code());
    assert_eq!(end, KeeperEnd::Told);
    assert!(!tree.into_iter().any(lives));
    assert_eq!(entries(base.path()), 0);
}

#[test]
fn a_killed_keeper_takes_the_browser_along() {
    let base = in_memory();
    let mut keeper = start(&base.path().join("1"), "sleep 1000; true");
    until("the browser runs", || {
        living_below(id(&keeper)).unwrap().len() == 2
    });
    let browser = living_below(id(&keeper)).unwrap()[0];
    keeper.kill().unwrap();
    keeper.wait().unwrap();
    until("the browser is gone", || !lives(browser));
    assert_eq!(KeeperEnd::of(None), KeeperEnd::SomethingLeft);
}

#[test]
fn a_profile_that_is_there_and_a_program_that_is_not_end_the_keeper() {
    let base = in_memory();
    let mut keeper = start(base.path(), "sleep 1000");
    let end = KeeperEnd::of(keeper.wait().unwrap().code());
    assert_eq!(end, KeeperEnd::NotStarted);

    // setpriv is there and says that the program is not.
    let mut keeper = Command::new(AGENT)
        .args(["keep-browser", "--profile"])
        .arg(base.path().join("1"))
        .args(["--", "/no/such/browser"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // Held: waiting would let go of it.
    let mut hold = keeper.stdin.take().unwrap();
    hold.write_all(ADDRESS).unwrap();
    let end = KeeperEnd::of(keeper.wait().unwrap().code());
    assert_eq!(end, KeeperEnd::BrowserEnded);
    assert_eq!(entries(base.path()), 0);
}

#[test]
fn an_agent_that_never_says_go_gets_no_browser() {
    let base = in_memory();
    let mut keeper = Command::new(AGENT)
        .args(["keep-browser", "--profile"])
        .arg(base.path().join("1"))
        .args([
            "--",
            "sh",
            "-c",
            "echo started > /dev/shm/must-not-be; sleep 1000",
        ])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    drop(keeper.stdin.take());
    assert!(KeeperEnd::of(keeper.wait().unwrap().code()) != KeeperEnd::BrowserEnded);
    assert!(!Path::new("/dev/shm/must-not-be").exists());
    assert_eq!(entries(base.path()), 0);
}
