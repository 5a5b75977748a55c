//! Structured logs: one JSON object a line, on standard error. No line is about a resident: what
//! may stand in them is in `docs/LOGGING.md`.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// The variable that sets the level of this program's own lines: `error` to `debug`.
const LEVEL: &str = "AKASHI_LOG";

/// Starts logging. Libraries are held at `warn`, whatever the variable says.
///
/// # Errors
/// Where logging was started before, in the same process.
pub(super) fn start() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let level = std::env::var(LEVEL)
        .ok()
        .and_then(|text| text.parse::<LevelFilter>().ok())
        .unwrap_or(LevelFilter::INFO);
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::new(format!("warn,kiosk_agent={level}")))
        .try_init()
}
