//! Structured logs of a program: one JSON object a line, on standard error. What may stand in them
//! is in `docs/LOGGING.md`.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// The variable that sets the level of a program's own lines: `error` to `trace`.
const LEVEL: &str = "AKASHI_LOG";

/// Starts logging. Only lines of these targets follow the variable: everything else is held at
/// `warn`, whatever it says, for libraries below us trace key material.
///
/// # Errors
/// Where logging was started before, in the same process.
pub fn start(own: &[&str]) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(std::io::stderr)
        .with_env_filter(filter(std::env::var(LEVEL).ok().as_deref(), own))
        .try_init()
}

/// What is written: of these targets what the level says, `info` where it says none.
fn filter(level: Option<&str>, own: &[&str]) -> EnvFilter {
    let level = level
        .and_then(|text| text.parse::<LevelFilter>().ok())
        .unwrap_or(LevelFilter::INFO);
    let own: String = own
        .iter()
        .map(|target| format!(",{target}={level}"))
        .collect();
    EnvFilter::new(format!("warn{own}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    /// Where the lines of a test go.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn written(level: Option<&str>) -> String {
        let kept = Kept::default();
        let to = kept.clone();
        let logs = tracing_subscriber::fmt()
            .with_writer(move || to.clone())
            .with_env_filter(filter(level, &["ours", "ours_too"]))
            .finish();
        tracing::subscriber::with_default(logs, || {
            tracing::trace!(target: "ours", "our-trace");
            tracing::info!(target: "ours_too", "our-info");
            tracing::trace!(target: "library", "its-trace");
            tracing::info!(target: "library", "its-info");
            tracing::warn!(target: "library", "its-warning");
        });
        let bytes = kept.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_library_says_no_more_than_warnings_at_any_level() {
        for level in [Some("trace"), Some("debug"), Some("info"), None] {
            let lines = written(level);
            assert!(lines.contains("its-warning"), "{level:?}");
            assert!(!lines.contains("its-info") && !lines.contains("its-trace"));
        }
    }

    #[test]
    fn our_own_lines_follow_the_variable_and_a_wrong_one_is_none() {
        assert!(written(Some("trace")).contains("our-trace"));
        assert!(!written(Some("error")).contains("our-info"));
        for level in [None, Some("loud"), Some("library=trace")] {
            let lines = written(level);
            assert!(lines.contains("our-info") && !lines.contains("our-trace"));
        }
    }
}
