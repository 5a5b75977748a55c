//! `kiosk-agent serve`: the kiosk with its touch screen.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use crypto::SystemRandom;
use domain::{Clock, SystemClock};

use super::health::Counted;
use super::issue::stop_by_signal;
use super::parts;
use crate::browser::{Browser, Entrance, this_program};
use crate::hardening::Hardened;
use crate::service_manager::ServiceManager;
use crate::serving::{Serving, Validity};
use crate::session::{CardPlace, CodeVerifier, Kiosk, Patience, PcscReader, SessionReport};
use crate::settings::Settings;
use crate::stop::{StopSignal, stop_switch};
use crate::touch_screen::{AtScreen, Display, PageServer};

/// Serves residents at the touch screen, one after the other: a page on a loopback address, for
/// one browser on this machine. SIGTERM ends it; a session that is under way is cancelled first,
/// and what was issued meanwhile is reported.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The kiosk's settings; settings.example.toml describes them
    #[arg(long, value_name = "FILE")]
    settings: PathBuf,
}

impl Serve {
    pub(super) fn run(self, hardened: Hardened) -> ExitCode {
        match self.prepare(hardened) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("kiosk-agent: {error}");
                ExitCode::from(2)
            }
        }
    }

    fn prepare(self, hardened: Hardened) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        json_logs::start(&["kiosk_agent"])?;
        let settings = Settings::read(&self.settings)?;
        if !hardened.locked_in_memory {
            tracing::warn!("memory is not locked; see that swap is off or encrypted");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let served = runtime.block_on(serve(&settings));
        // A thread that waits for a card is left behind.
        runtime.shutdown_background();
        served
    }
}

async fn serve(settings: &Settings) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (switch, stop) = stop_switch();
    let patience = Patience::new();
    let display = Display::new(patience.clone());
    let mut serving = serving(settings, display.clone(), patience)?;
    let entrance = match &settings.browser {
        Some(_) => Entrance::for_the_started(),
        None => Entrance::for_anybody(),
    };
    let page = PageServer::bind(settings.screen.address, display, entrance.clone()).await?;
    let address = page.address()?;
    tracing::info!(%address, "serving the touch screen");
    let signals = tokio::spawn(stop_by_signal(switch));
    let page = tokio::spawn(page.serve(stop.clone()));
    if let Some(browser) = settings.browser.clone() {
        let shown = format!("http://{address}/");
        let random = Arc::new(SystemRandom);
        let started = Browser::start(this_program()?, browser, shown, entrance, random);
        serving.browser = Some(started.await?);
    }
    let mut counted = Counted::told_to(settings.health.counters.clone());
    let manager = ServiceManager::of_environment();
    manager.ready();
    let serving_on = serving.run(&stop, async |report| {
        tell(report);
        counted.count(report);
    });
    // In one task: whatever holds up the serving holds up the sign of life, too.
    let served = tokio::select! {
        served = serving_on => served,
        never = manager.keep_alive() => match never {},
    };
    manager.stopping();
    if let Some(browser) = serving.browser.take() {
        browser.stop().await;
    }
    served?;
    signals.abort();
    page.await?;
    tracing::info!("stopped");
    Ok(())
}

fn serving(
    settings: &Settings,
    display: Display,
    patience: Patience,
) -> Result<
    Serving<crate::server_link::ServerLink, PcscReader, crate::printer::IppPrinter>,
    parts::PartRefused,
> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let identity = parts::identity(settings)?;
    let (from, until) = parts::validity(&identity, settings)?;
    let kiosk = Kiosk {
        server: parts::server_link(settings, &identity, clock.clone())?,
        cards: CardPlace::new(PcscReader::new(settings.reader.name.clone())),
        printer: parts::printer(settings)?,
        payment: parts::payment(settings, clock.clone(), Arc::new(SystemRandom))?,
        resident: AtScreen::new(display.clone()),
        verifier: CodeVerifier::new(parts::trust(settings)?, clock.clone()),
        clock,
        random: Arc::new(SystemRandom),
        times: settings.times.clone(),
        patience,
        stop: never(),
    };
    Ok(Serving {
        kiosk,
        display,
        browser: None,
        settings: settings.screen.clone(),
        validity: Validity { from, until },
        staff: parts::staff(settings)?,
    })
}

/// A signal that nobody gives: each session has its own.
fn never() -> StopSignal {
    stop_switch().1
}

/// What operators may know of a session: how it ended, and how many certificates it came to.
fn tell(report: &SessionReport) {
    tracing::info!(
        outcome = report.ending.staff_code(),
        delivered = report.delivered.len(),
        not_delivered = report.not_delivered.is_some(),
        pin_to_offer_ms = report.pin_to_offer_ms,
        "session ended"
    );
}
