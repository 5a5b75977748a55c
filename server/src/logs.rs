//! Structured logs: one JSON object a line, on standard error. What may stand in them:
//! `docs/LOGGING.md`.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// The variable that sets the level of this workspace's own lines: `error` to `trace`.
const LEVEL: &str = "AKASHI_LOG";

/// Starts logging. Targets outside this workspace are held at `warn`, whatever the variable
/// says: libraries below us trace key material.
///
/// # Errors
/// Where logging was started before, in the same process.
pub fn start() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let level = std::env::var(LEVEL)
        .ok()
        .and_then(|text| text.parse::<LevelFilter>().ok())
        .unwrap_or(LevelFilter::INFO);
    let own = [
        "server",
        "registry",
        "application",
        "issuance",
        "certificate",
    ]
    .map(|target| format!("{target}={level}"))
    .join(",");
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::new(format!("warn,{own}")))
        .try_init()
}
