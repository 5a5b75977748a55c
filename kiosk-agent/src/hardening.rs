//! The process keeps its memory to itself (control C06).

use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, geteuid, getrlimit, set_dumpable_behavior, setrlimit,
};

/// How far the operating system went along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hardened {
    /// No core dumps, and no other process of the same user may look into this one.
    pub not_dumpable: bool,
    /// No page of this process is ever swapped to disk.
    pub locked_in_memory: bool,
}

/// Turns off core dumps and debuggers of the same user, and locks all memory, present and
/// future. Locking needs `LimitMEMLOCK=infinity` or root: without, swap has to be off or
/// encrypted, which the caller says to staff.
#[must_use]
pub fn harden() -> Hardened {
    let no_core = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
    let not_dumpable = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    Hardened {
        not_dumpable: no_core.is_ok() && not_dumpable.is_ok(),
        locked_in_memory: lock(),
    }
}

/// Under a limit that holds today's memory but not tomorrow's, a later allocation would fail and
/// end the program in the middle of a session: then nothing is locked at all.
fn lock() -> bool {
    let unlimited = getrlimit(Resource::Memlock).current.is_none() || geteuid().is_root();
    unlimited && mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE).is_ok()
}

/// Half of what a thread of this program has for its stack, in bytes.
const WIPED: usize = 1024 * 1024;

/// Overwrites with zeros what work that is done left on this thread's stack below the caller: a
/// thread that waits for more work keeps it, and no allocator wipes it.
#[inline(never)]
pub fn wipe_stack() {
    let mut left = [0_u8; WIPED];
    // Nobody looks at it, which the compiler must not know.
    std::hint::black_box(&mut left);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::dumpable_behavior;

    #[test]
    fn nothing_is_dumped_afterwards() {
        assert!(harden().not_dumpable);
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(
            dumpable_behavior().ok(),
            Some(DumpableBehavior::NotDumpable)
        );
    }
}
