//! After a completed session and a cancelled one nothing of the residents is in the memory of the
//! agent or of its browser, nor in any file; and what is planted there is found (control C06).
//! `make forensics` does the whole.

use std::process::Command;

use rustix::process::geteuid;
use system_tests::forensics::{Extent, examine};

/// Set for a test that was started again as root of its own user namespace: only root may read
/// the memory of the agent, which is not dumpable.
const AGAIN: &str = "AKASHI_FORENSICS_AGAIN";

#[test]
fn nothing_of_anybody_is_left_and_what_is_planted_is_found() {
    if !geteuid().is_root() && std::env::var_os(AGAIN).is_none() {
        let test = "nothing_of_anybody_is_left_and_what_is_planted_is_found";
        let status = Command::new("unshare")
            .args(["--user", "--map-root-user", "--"])
            .arg(std::env::current_exe().expect("a test knows its program"))
            .args([test, "--exact", "--nocapture"])
            .env(AGAIN, "1")
            .status()
            .expect("util-linux is there");
        assert!(status.success());
        return;
    }
    let report = examine(Extent::Small, &mut |_| ());
    let path = report.keep("report-small.md");
    assert_eq!(
        report.problems(),
        [""; 0],
        "see {}\n{}",
        path.display(),
        report.text()
    );
}
