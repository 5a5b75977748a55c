//! `make load`: many kiosks against one server, told as it goes on.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use system_tests::load::{Findings, Load, Progress, Swaps};

/// Many kiosks against one server, killed and cut off at random; the codes of every page are read
/// from its bytes and compared with who stood there.
#[derive(Debug, Parser)]
struct Arguments {
    /// Kiosks at once.
    #[arg(long, default_value_t = 200)]
    agents: u16,
    /// Pages to come out.
    #[arg(long, default_value_t = 20_000)]
    certificates: usize,
    /// Residents of the municipality.
    #[arg(long, default_value_t = 2_000)]
    residents: u64,
    /// How often the server is killed and started anew.
    #[arg(long, default_value_t = 12)]
    restarts: usize,
    /// One session in so many is killed with its agent.
    #[arg(long, default_value_t = 20)]
    one_killed_in: u64,
    /// Pages that are also rendered by poppler and scanned by zbar.
    #[arg(long, default_value_t = 500)]
    scanned: usize,
}

#[tokio::main]
async fn main() -> std::io::Result<ExitCode> {
    let arguments = Arguments::parse();
    let load = Load {
        agents: arguments.agents,
        certificates: arguments.certificates,
        residents: arguments.residents,
        restarts: arguments.restarts,
        one_killed_in: arguments.one_killed_in,
        scanned: arguments.scanned,
        real_printer: true,
        swaps: Swaps::None,
    };
    let folder = tempfile::tempdir()?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{} kiosks against one server, until {} pages came out; laying the ground",
        load.agents, load.certificates
    )?;
    let tell = move |progress| told(&progress, load.certificates);
    let findings = load.run(folder.path(), Duration::from_secs(5), tell).await;
    report(&mut out, &findings)?;
    Ok(if findings.is_right() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn told(progress: &Progress, goal: usize) {
    let seconds = progress.since.as_secs_f64().max(0.001);
    let rate = progress.pages as f64 / seconds;
    let left = goal.saturating_sub(progress.pages) as f64 / rate.max(0.001);
    let _ = writeln!(
        std::io::stdout(),
        "{seconds:5.0} s: {} of {goal} pages, {rate:.0} a second, {left:.0} s left; {} checked, {} \
         wrong; {} sessions, {} killed; server killed {} times",
        progress.pages,
        progress.checked,
        progress.wrong,
        progress.sessions,
        progress.killed,
        progress.restarts
    );
}

fn report(out: &mut impl std::io::Write, findings: &Findings) -> std::io::Result<()> {
    let seconds = findings.took.as_secs_f64();
    writeln!(
        out,
        "{} pages to {} people in {seconds:.0} s, {:.0} a second; {} of them scanned by zbar too; {} \
         wrong",
        findings.pages,
        findings.people,
        findings.pages as f64 / seconds,
        findings.scanned,
        findings.wrong.len()
    )?;
    let agents = &findings.agents;
    writeln!(
        out,
        "{} sessions: {} killed with their agent; server killed {} times; the others ended {:?}",
        agents.sessions, agents.killed, agents.restarts, agents.endings
    )?;
    writeln!(
        out,
        "register: {} certificates = {} delivered + {} not delivered + {} of which nobody told",
        findings.issued, findings.delivered, findings.not_delivered, findings.open
    )?;
    for wrong in &findings.wrong {
        writeln!(out, "WRONG PAGE: {wrong:?}")?;
    }
    for contradiction in findings.contradictions() {
        writeln!(out, "DOES NOT HOLD: {contradiction}")?;
    }
    Ok(())
}
