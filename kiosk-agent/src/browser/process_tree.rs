//! The processes below one, as `/proc` shows them, and their end.
//!
//! Chromium's crash handlers detach themselves from their parent and from its process group, so
//! neither group nor parent finds them. Whoever wants to find everything is made the *subreaper*
//! first: then what detaches itself becomes its child.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, waitpid,
};

/// Between two looks at processes that were told to end.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// One process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub id: Pid,
    parent: i32,
    /// Ended, and not yet waited for by its parent.
    is_zombie: bool,
}

/// From now on whatever detaches itself below this process becomes its child.
///
/// # Errors
/// Where the operating system refuses.
pub fn become_subreaper() -> io::Result<()> {
    Ok(set_child_subreaper(Some(getpid()))?)
}

/// Every process below this one that lives.
///
/// # Errors
/// Where `/proc` cannot be read.
pub fn living_below(root: Pid) -> io::Result<Vec<Pid>> {
    let below = below(root)?.into_iter();
    Ok(below
        .filter(|process| !process.is_zombie)
        .map(|process| process.id)
        .collect())
}

/// Kills whatever is below this very process, except these and what is below them, until nothing
/// of it lives; waits for those that became its children. Gives how many are left when time is
/// over.
///
/// # Errors
/// Where `/proc` cannot be read.
pub fn end_everything_below_me(except: &[Pid], limit: Duration) -> io::Result<usize> {
    let me = getpid();
    let deadline = Instant::now() + limit;
    loop {
        let mut spared = except.to_vec();
        for child in except {
            spared.extend(below(*child)?.into_iter().map(|process| process.id));
        }
        let mut left = 0;
        for process in below(me)? {
            if spared.contains(&process.id) {
                continue;
            }
            if process.is_zombie {
                wait_for(process, me);
            } else {
                left += 1;
                // Ended meanwhile, or another user's: the next look tells.
                let _ = kill_process(process.id, Signal::KILL);
            }
        }
        if left == 0 || Instant::now() >= deadline {
            return Ok(left);
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// Takes a zombie off the table of processes, where it is a child of this one.
fn wait_for(process: Process, me: Pid) {
    if process.parent == me.as_raw_nonzero().get() {
        // Somebody else may have waited for it meanwhile.
        let _ = waitpid(Some(process.id), WaitOptions::NOHANG);
    }
}

fn below(root: Pid) -> io::Result<Vec<Process>> {
    let all = all()?;
    let mut found: Vec<Process> = Vec::new();
    let mut parents = vec![root.as_raw_nonzero().get()];
    while let Some(parent) = parents.pop() {
        let children = all.iter().filter(|process| process.parent == parent);
        for child in children {
            parents.push(child.id.as_raw_nonzero().get());
            found.push(*child);
        }
    }
    Ok(found)
}

fn all() -> io::Result<Vec<Process>> {
    let mut processes = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let id = name.to_str().and_then(|name| name.parse().ok());
        // One that ended while this was read has no entry any more.
        processes.extend(id.and_then(Pid::from_raw).and_then(look_at));
    }
    Ok(processes)
}

fn look_at(id: Pid) -> Option<Process> {
    let path = Path::new("/proc").join(id.as_raw_nonzero().to_string());
    let stat = std::fs::read(path.join("stat")).ok()?;
    let (is_zombie, parent) = state_and_parent(&stat)?;
    Some(Process {
        id,
        parent,
        is_zombie,
    })
}

/// Out of `pid (name) state parent …`; the name may hold anything, also brackets.
fn state_and_parent(stat: &[u8]) -> Option<(bool, i32)> {
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    let mut fields = std::str::from_utf8(stat.get(end + 1..)?)
        .ok()?
        .split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    Some((matches!(state, "Z" | "X"), parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_is_no_state() {
        assert_eq!(
            state_and_parent(b"12 (a) Z 1 (b)) S 7 12 12"),
            Some((false, 7))
        );
        assert_eq!(state_and_parent(b"12 (a) Z 3 1"), Some((true, 3)));
        assert_eq!(state_and_parent(b"12 (a"), None);
    }

    #[test]
    fn what_is_below_init_holds_this_process() {
        let init = Pid::from_raw(1).unwrap();
        assert!(living_below(init).unwrap().contains(&getpid()));
        assert!(!living_below(getpid()).unwrap().contains(&getpid()));
    }
}
