//! One resident after the other at the touch screen: start, session, ending, wiped, start.

mod readiness;
mod staff_screen;

use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

pub use readiness::Validity;

use crate::browser::{Browser, BrowserError};
use crate::card::ReaderError;
use crate::hardening::wipe_stack;
use crate::printer::Printer;
use crate::server_link::Server;
use crate::session::{CardReader, Ending, Kiosk, Over, SessionReport};
use crate::settings::{ScreenSettings, seconds};
use crate::staff::StaffDesk;
use crate::stop::{StopSignal, stop_switch};
use crate::touch_screen::{AtScreen, Display, StaffCode};

/// A kiosk and its screen.
pub struct Serving<S, C, P> {
    /// The devices; its resident stands at the screen, and its stop signal is each session's own.
    pub kiosk: Kiosk<S, C, P, AtScreen>,
    /// The screen.
    pub display: Display,
    /// The browser that shows it, where the agent starts it itself.
    pub browser: Option<Browser>,
    /// Times at the screen.
    pub settings: ScreenSettings,
    /// When the kiosk's own certificate is valid.
    pub validity: Validity,
    /// Staff's side.
    pub staff: StaffDesk,
}

/// A card lies on the reader, and nobody is served.
const CARD_LEFT: Ending = Ending::Reader(ReaderError::CardLeft);

/// Between two looks whether it lies there still.
const CARD_LOOK: Duration = Duration::from_secs(1);

/// What somebody began at the idle screen.
enum Begun {
    Session,
    Staff(StaffCode),
    Stopped,
}

impl<S: Server, C: CardReader, P: Printer + Sync> Serving<S, C, P> {
    /// Serves residents until told to stop; each session's report is told, and nothing of it is
    /// kept. Told to stop inside a session, it is cancelled first.
    ///
    /// # Errors
    /// Where the browser that a resident used may still live: then nobody else is served.
    pub async fn run(
        &mut self,
        stop: &StopSignal,
        mut told: impl AsyncFnMut(&SessionReport),
    ) -> Result<(), BrowserError> {
        let mut trouble = None;
        loop {
            match self.idle(trouble.take(), stop).await {
                Begun::Session => {
                    let report = self.session(stop).await;
                    self.staff
                        .counters
                        .count(&report, self.kiosk.clock.as_ref());
                    told(&report).await;
                    self.ended(report.ending, stop).await;
                    trouble = self.card_left().await;
                    self.replace_browser().await?;
                }
                Begun::Staff(code) => self.staff_screen(code, stop).await?,
                Begun::Stopped => return Ok(()),
            }
        }
    }

    /// Replaces the browser that somebody used, where it is the agent's own. Until the next one is
    /// there nobody is asked to begin: a touch would be lost.
    async fn replace_browser(&self) -> Result<(), BrowserError> {
        let Some(browser) = &self.browser else {
            return Ok(());
        };
        self.display.wipe_for_a_moment();
        browser.replace().await
    }

    /// Shows the start until somebody begins; or what is wrong, until it is right again.
    async fn idle(&mut self, mut trouble: Option<Ending>, stop: &StopSignal) -> Begun {
        self.display.wipe();
        // Nobody waits for the first look: whoever begins before it is served, or told why not.
        let mut next_look = Duration::ZERO;
        let mut reminded = Instant::now();
        loop {
            let display = self.display.clone();
            let mut begun = std::pin::pin!(display.begun(trouble));
            let again = loop {
                let looked = async {
                    tokio::time::sleep(next_look).await;
                    self.trouble().await
                };
                tokio::select! {
                    biased;
                    () = stop.on() => return Begun::Stopped,
                    begun = &mut begun => match begun {
                        Ok(Some(code)) => return Begun::Staff(code),
                        // A card that somebody left is not to become the next one's.
                        Ok(None) => match self.card_left().await {
                            None => return Begun::Session,
                            left => break left,
                        },
                        Err(_) => break trouble,
                    },
                    now = looked => {
                        next_look = self.next_look(now);
                        self.display.forget_language_of_nobody(seconds(self.kiosk.times.decide_seconds));
                        if now != trouble {
                            break now;
                        }
                        let remind = seconds(self.kiosk.times.remind_seconds);
                        if now == Some(CARD_LEFT) && reminded.elapsed() >= remind {
                            reminded = Instant::now();
                            self.display.remind();
                        }
                    }
                }
            };
            trouble = again;
        }
    }

    /// What is wrong now, if anything. A card that lies there is said to at once.
    async fn trouble(&mut self) -> Option<Ending> {
        match self.card_left().await {
            None => self.devices().await.trouble(),
            left => left,
        }
    }

    /// A card on the reader, of nobody knows whom.
    async fn card_left(&mut self) -> Option<Ending> {
        let looked = self.kiosk.cards.look().await;
        (looked == Err(ReaderError::CardLeft)).then_some(CARD_LEFT)
    }

    /// Whoever takes the card that lies there sees the start at once.
    fn next_look(&self, trouble: Option<Ending>) -> Duration {
        if trouble == Some(CARD_LEFT) {
            CARD_LOOK
        } else {
            seconds(self.settings.look_seconds)
        }
    }

    async fn session(&mut self, stop: &StopSignal) -> SessionReport {
        let (switch, signal) = stop_switch();
        self.kiosk.stop = signal;
        self.display.begin(switch);
        let stopping = async {
            stop.on().await;
            self.display.stop_session();
            std::future::pending::<Infallible>().await
        };
        let report = tokio::select! {
            report = self.kiosk.serve() => report,
            never = stopping => match never {},
        };
        self.display.end();
        wipe_stack();
        report
    }

    /// Shows how it ended for a while, as long as somebody sees it.
    async fn ended(&self, ending: Ending, stop: &StopSignal) {
        let turn = self
            .kiosk
            .patience
            .turn(seconds(self.settings.ending_seconds));
        tokio::select! {
            () = stop.on() => {}
            () = gone(self.display.connected()) => {}
            () = self.display.ending_seen(ending) => {}
            over = turn.over() => match over {
                Over::Turn | Over::Last => {}
            },
        }
    }
}

/// Waits until no page is connected.
async fn gone(mut connected: watch::Receiver<bool>) {
    // The display, which holds the sender, lives as long as this.
    let _ = connected.wait_for(|connected| !*connected).await;
}
