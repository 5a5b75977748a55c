//! `kiosk-agent check`: what works and what does not, for staff.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use domain::{Clock, SystemClock};
use time::Duration;

use super::parts;
use crate::card::CardReaders;
use crate::hardening::Hardened;
use crate::printer::{IppPrinter, Printer as _};
use crate::server_link::Server as _;
use crate::session::Ending;
use crate::settings::Settings;

/// Looks at memory protection, certificate, reader, printer and server, and says for each what is
/// wrong. No card is needed and none is read.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 everything works, 1 something does not, 2 the settings")]
pub(super) struct Check {
    /// The kiosk's settings
    #[arg(long, value_name = "FILE")]
    settings: PathBuf,
}

/// Staff is warned so long before the certificate's end.
const WARNING: Duration = Duration::days(30);

/// One line for each part.
struct Findings {
    all_good: bool,
}

impl Findings {
    fn say(&self, verdict: &str, part: &str, what: &str) {
        // Whoever reads no further has the exit code.
        let _ = writeln!(std::io::stdout(), "{verdict}  {part}: {what}");
    }

    fn good(&self, part: &str, what: &str) {
        self.say("ok  ", part, what);
    }

    fn bad(&mut self, part: &str, what: &str) {
        self.all_good = false;
        self.say("FAIL", part, what);
    }

    fn warning(&self, part: &str, what: &str) {
        self.say("warn", part, what);
    }
}

impl Check {
    pub(super) fn run(self, hardened: Hardened) -> ExitCode {
        let settings = match Settings::read(&self.settings) {
            Ok(settings) => settings,
            Err(error) => {
                eprintln!("kiosk-agent: {error}");
                return ExitCode::from(2);
            }
        };
        let mut findings = Findings { all_good: true };
        memory(hardened, &mut findings);
        reader(&settings, &mut findings);
        let runtime = match tokio::runtime::Runtime::new() {
            Ok(runtime) => runtime,
            Err(error) => {
                findings.bad("process", &error.to_string());
                return ExitCode::FAILURE;
            }
        };
        runtime.block_on(async {
            printer(&settings, &mut findings).await;
            server(&settings, &mut findings).await;
        });
        if findings.all_good {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn memory(hardened: Hardened, findings: &mut Findings) {
    if hardened.not_dumpable {
        findings.good("memory", "no core dumps, no debuggers of the same user");
    } else {
        findings.bad("memory", "core dumps could not be turned off");
    }
    if !hardened.locked_in_memory {
        findings.warning(
            "memory",
            "not locked (needs LimitMEMLOCK=infinity): see that swap is off or encrypted",
        );
    }
}

fn reader(settings: &Settings, findings: &mut Findings) {
    let names = match CardReaders::open().and_then(|readers| readers.list()) {
        Ok(names) => names,
        Err(error) => return findings.bad("reader", &error.to_string()),
    };
    let names: Vec<String> = names.iter().map(crate::card::ReaderName::to_text).collect();
    let listed = names.join(", ");
    match &settings.reader.name {
        _ if names.is_empty() => findings.bad("reader", "none is there"),
        Some(wanted) if !names.iter().any(|name| name.starts_with(wanted)) => {
            findings.bad("reader", &format!("no {wanted} among: {listed}"));
        }
        Some(_) | None => findings.good("reader", &listed),
    }
}

async fn printer(settings: &Settings, findings: &mut Findings) {
    match parts::printer(settings) {
        Err(error) => findings.bad("printer", &error.to_string()),
        Ok(printer) => match printer.ready().await {
            Ok(()) => two_steps(&printer, settings, findings).await,
            Err(fault) => findings.bad("printer", &fault.to_string()),
        },
    }
}

async fn two_steps(printer: &IppPrinter, settings: &Settings, findings: &mut Findings) {
    match printer.takes_jobs_in_two_steps().await {
        Ok(true) => findings.good("printer", &settings.printer.uri),
        Ok(false) => findings.bad(
            "printer",
            "does not support Create-Job and Send-Document, without which the kiosk prints nothing",
        ),
        Err(fault) => findings.bad("printer", &fault.to_string()),
    }
}

async fn server(settings: &Settings, findings: &mut Findings) {
    match parts::trust(settings) {
        Ok(_) => findings.good("issuer", &settings.issuer.url),
        Err(error) => findings.bad("issuer", &error.to_string()),
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let identity = match parts::identity(settings) {
        Ok(identity) => identity,
        Err(error) => return findings.bad("certificate", &error.to_string()),
    };
    match parts::validity(&identity, settings) {
        Err(error) => findings.bad("certificate", &error.to_string()),
        Ok((from, until)) => {
            let now = clock.now();
            let end = until.date();
            if now < from || now > until {
                findings.bad("certificate", &format!("valid {} to {end}", from.date()));
            } else if until - now < WARNING {
                findings.warning("certificate", &format!("ends soon, on {end}"));
            } else {
                findings.good("certificate", &format!("valid until {end}"));
            }
        }
    }
    match parts::server_link(settings, &identity, clock) {
        Err(error) => findings.bad("server", &error.to_string()),
        Ok(mut link) => match link.call(&application::messages::OpenRequest {}).await {
            Ok(open) => findings.good(
                "server",
                &format!(
                    "{}, {} municipalities{}",
                    settings.server.url,
                    open.municipalities.len(),
                    if open.specimen {
                        ", issues specimens"
                    } else {
                        ""
                    }
                ),
            ),
            Err(error) => {
                let code = Ending::from(error).staff_code();
                findings.bad("server", &format!("{error} [{code}]"));
            }
        },
    }
}
