//! A kiosk without a server, and with nobody's card: what its screen does when it serves nobody.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use application::messages::RequestMessage;
use certificate::read_back::Trust;
use certificate::shc::{IssuerUrl, Jwks, RevocationCheck, TrustedIssuer};
use crypto::SystemRandom;
use domain::{ChannelId, Clock, SystemClock};
use fixtures::stage::ground::ISSUER;
use kiosk_agent::browser::{Browser, BrowserError};
use kiosk_agent::payment::AtTheStore;
use kiosk_agent::printer::{Job, PrintFailure, Printer, PrinterFault, PrinterState};
use kiosk_agent::server_link::{LinkError, Server};
use kiosk_agent::serving::{Serving, Validity};
use kiosk_agent::session::{CardPlace, CodeVerifier, Kiosk, Patience, PcscReader};
use kiosk_agent::settings::{ScreenSettings, TimeSettings};
use kiosk_agent::staff::{StaffDesk, StaffSettings};
use kiosk_agent::stop::{StopSignal, stop_switch};
use kiosk_agent::touch_screen::{AtScreen, Display, Seat, Touch, View};
use serde_json::{Value, json};

/// A server that is not there: the kiosk is out of order, and staff comes to see why.
struct Gone;

impl Server for Gone {
    async fn call<R: RequestMessage + Sync>(&mut self, _: &R) -> Result<R::Reply, LinkError> {
        Err(LinkError::Unreachable)
    }

    fn channel(&self) -> ChannelId {
        ChannelId([7; 32])
    }
}

/// A printer that keeps what it is given, and whose toner is low.
#[derive(Debug, Clone, Default)]
pub struct Keeps(Arc<Mutex<Vec<Vec<u8>>>>);

impl Keeps {
    /// The documents.
    #[must_use]
    pub fn documents(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap().clone()
    }
}

impl Printer for Keeps {
    async fn ready(&self) -> Result<(), PrinterFault> {
        Ok(())
    }

    async fn state(&self) -> PrinterState {
        PrinterState {
            toner_low: true,
            ..PrinterState::default()
        }
    }

    async fn print(&self, job: Job<'_>, _: &StopSignal) -> Result<(), PrintFailure> {
        self.0.lock().unwrap().push(job.document.to_vec());
        Ok(())
    }
}

/// Whoever stands in front of the screen.
pub struct Somebody {
    seat: Seat,
    /// What came out of the printer.
    pub printed: Keeps,
}

impl Somebody {
    /// What is on the screen.
    #[must_use]
    pub fn view(&self) -> Value {
        let view: &View = &self.seat.view();
        serde_json::to_value(view).unwrap()
    }

    /// Touches, and waits until the kiosk has done what it does.
    pub async fn does(&self, action: Value) -> Value {
        let message = json!({"view": self.view()["number"], "do": action}).to_string();
        self.seat.touch(Touch::parse(&message).unwrap());
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.view()
    }

    /// Enters a staff code.
    pub async fn types(&self, code: &str) -> Value {
        self.does(json!({"type": "staff-code", "code": code})).await
    }

    /// Makes a choice.
    pub async fn chooses(&self, id: &str) -> Value {
        self.does(json!({"type": "choose", "id": id})).await
    }
}

/// Serves while somebody does this, with this browser to be replaced after each session. Where the
/// kiosk ends by itself meanwhile, so does this.
///
/// # Errors
/// How the kiosk ended.
pub async fn served(
    settings: &StaffSettings,
    browser: Option<Browser>,
    does: impl AsyncFnOnce(&Somebody),
) -> Result<(), BrowserError> {
    let patience = Patience::new();
    let display = Display::new(patience.clone());
    let (switch, stop) = stop_switch();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let trust = Trust {
        issuer: TrustedIssuer {
            url: IssuerUrl::parse(ISSUER).unwrap(),
            keys: Jwks::parse(br#"{"keys":[]}"#).unwrap(),
            revocation: RevocationCheck::NotChecked,
        },
        cscas: Vec::new(),
    };
    let printed = Keeps::default();
    let now = clock.now();
    let mut serving = Serving {
        kiosk: Kiosk {
            server: Gone,
            cards: CardPlace::new(PcscReader::new(None)),
            printer: printed.clone(),
            payment: Arc::new(AtTheStore),
            resident: AtScreen::new(display.clone()),
            verifier: CodeVerifier::new(trust, clock.clone()),
            clock,
            random: Arc::new(SystemRandom),
            times: TimeSettings::default(),
            patience,
            stop: stop.clone(),
        },
        display: display.clone(),
        browser,
        settings: ScreenSettings::default(),
        validity: Validity {
            from: now - time::Duration::days(1),
            until: now + time::Duration::days(1),
        },
        staff: StaffDesk::new(settings).unwrap(),
    };
    let somebody = Somebody {
        seat: display.take_seat().unwrap(),
        printed,
    };
    let alone = async {
        does(&somebody).await;
        switch.stop();
    };
    let mut serves = std::pin::pin!(serving.run(&stop, async |_: &_| {}));
    let mut alone = std::pin::pin!(alone);
    tokio::select! {
        biased;
        ended = &mut serves => return ended,
        () = &mut alone => {}
    }
    serves.await
}
