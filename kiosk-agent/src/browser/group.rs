//! A control group of its own for each browser, where the agent may make one: under systemd with
//! `Delegate=yes`. Killing the group kills whatever is in it at once, whoever it belongs to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Between two tries to remove a group whose last process is just ending.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// So often it is tried.
const TRIES: usize = 200;

/// A control group (version 2), killed and removed when dropped.
#[derive(Debug)]
pub struct Group(PathBuf);

impl Group {
    /// A group below the agent's own; none where the agent may not make one.
    #[must_use]
    pub fn below_mine(name: &str) -> Option<Self> {
        let mine = my_group(
            &fs::read_to_string("/proc/self/mountinfo").ok()?,
            &fs::read_to_string("/proc/self/cgroup").ok()?,
        )?;
        Self::make(&mine, name).ok()
    }

    fn make(parent: &Path, name: &str) -> io::Result<Self> {
        let folder = parent.join(name);
        fs::create_dir(&folder)?;
        let group = Self(folder);
        // Linux before 5.14 cannot kill a group; such a group is of no use here.
        fs::metadata(group.0.join("cgroup.kill"))?;
        Ok(group)
    }

    /// Takes a process in; what it starts from now on is in the group too.
    ///
    /// # Errors
    /// Where the operating system refuses.
    pub fn take_in(&self, process: u32) -> io::Result<()> {
        fs::write(self.0.join("cgroup.procs"), process.to_string())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // An empty group is killed without effect; a gone one needs none.
        let _ = fs::write(self.0.join("cgroup.kill"), "1");
        for _ in 0..TRIES {
            if fs::remove_dir(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

/// The folder of this process's group. In the root group, which nobody delegates, there is none.
fn my_group(mounts: &str, groups: &str) -> Option<PathBuf> {
    let mount_point = mounts.lines().find_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let is_version_2 = kind.starts_with("cgroup2 ");
        is_version_2.then(|| place.split(' ').nth(4)).flatten()
    })?;
    let path = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    (!path.is_empty()).then(|| Path::new(mount_point).join(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Command;

    const MOUNTS: &str = "24 1 0:22 / /sys rw - sysfs sysfs rw\n\
                          35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n";

    #[test]
    fn a_service_has_a_group_and_the_root_is_nobodys() {
        assert_eq!(
            my_group(
                MOUNTS,
                "1:name=systemd:/x\n0::/system.slice/kiosk.service\n"
            ),
            Some("/sys/fs/cgroup/system.slice/kiosk.service".into())
        );
        assert_eq!(my_group(MOUNTS, "0::/\n"), None);
        assert_eq!(my_group("", "0::/a\n"), None);
    }

    /// Where this machine lets the test make a group; where not, the agent has none either.
    #[test]
    fn a_group_that_is_dropped_takes_everything_along() {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
        let Some(root) = my_group(&mounts, "0::/.\n") else {
            return;
        };
        let name = format!("akashi-test-{}", std::process::id());
        let Ok(group) = Group::make(&root, &name) else {
            return;
        };
        let mut shell = Command::new("sh")
            .args(["-c", "read go; setsid sleep 1000 & wait"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        group.take_in(shell.id()).unwrap();
        drop(shell.stdin.take());
        let folder = group.0.clone();
        drop(group);
        assert_eq!(shell.wait().unwrap().signal(), Some(9));
        assert!(!folder.exists());
    }
}
