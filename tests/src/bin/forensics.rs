//! `make forensics`: a forensic look at a kiosk after its residents. Needs root, to read memory.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a command line program speaks there

use std::process::ExitCode;
use std::time::Instant;

use system_tests::forensics::{Extent, examine};

fn main() -> ExitCode {
    if !rustix::process::geteuid().is_root() {
        eprintln!("forensics: only root may read the memory of processes; run it with sudo");
        return ExitCode::from(2);
    }
    let begun = Instant::now();
    let report = examine(Extent::Whole, &mut |what| {
        println!("{:>4} s  {what}", begun.elapsed().as_secs());
    });
    let path = report.keep("report.md");
    println!("{}", path.display());
    if report.problems().is_empty() {
        println!("nothing of anybody was found");
        return ExitCode::SUCCESS;
    }
    for problem in report.problems() {
        println!("FOUND  {problem}");
    }
    ExitCode::FAILURE
}
