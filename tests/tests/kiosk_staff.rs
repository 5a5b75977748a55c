//! The staff screen: it opens for the code alone, from the idle screen alone, prints a test page,
//! and closes by itself.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::sync::{Arc, Mutex};
use std::time::Duration;

use application::messages::RequestMessage;
use certificate::read_back::Trust;
use certificate::shc::{IssuerUrl, Jwks, RevocationCheck, TrustedIssuer};
use crypto::{CodeHash, SystemRandom};
use domain::{ChannelId, Clock, SystemClock};
use fixtures::stage::ground::ISSUER;
use kiosk_agent::payment::AtTheStore;
use kiosk_agent::printer::{Job, PrintFailure, Printer, PrinterFault, PrinterState};
use kiosk_agent::server_link::{LinkError, Server};
use kiosk_agent::serving::{Serving, Validity};
use kiosk_agent::session::{CodeVerifier, Kiosk, Patience, PcscReader};
use kiosk_agent::settings::{ScreenSettings, TimeSettings};
use kiosk_agent::staff::{StaffDesk, StaffSettings};
use kiosk_agent::stop::{StopSignal, stop_switch};
use kiosk_agent::touch_screen::{AtScreen, Display, Seat, Touch, View};
use serde_json::{Value, json};

const CODE: &str = "4815162342";

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
#[derive(Clone, Default)]
struct Keeps(Arc<Mutex<Vec<Vec<u8>>>>);

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
struct Somebody {
    seat: Seat,
    printed: Keeps,
}

impl Somebody {
    fn view(&self) -> Value {
        let view: &View = &self.seat.view();
        serde_json::to_value(view).unwrap()
    }

    /// Touches, and waits until the kiosk has done what it does.
    async fn does(&self, action: Value) -> Value {
        let message = json!({"view": self.view()["number"], "do": action}).to_string();
        self.seat.touch(Touch::parse(&message).unwrap());
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.view()
    }

    async fn types(&self, code: &str) -> Value {
        self.does(json!({"type": "staff-code", "code": code})).await
    }

    async fn chooses(&self, id: &str) -> Value {
        self.does(json!({"type": "choose", "id": id})).await
    }
}

/// Serves while somebody does this.
async fn served(settings: StaffSettings, does: impl AsyncFnOnce(&Somebody)) {
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
            cards: Arc::new(Mutex::new(PcscReader::new(None))),
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
        browser: None,
        settings: ScreenSettings::default(),
        validity: Validity {
            from: now - time::Duration::days(1),
            until: now + time::Duration::days(1),
        },
        staff: StaffDesk::new(&settings).unwrap(),
    };
    let somebody = Somebody {
        seat: display.take_seat().unwrap(),
        printed,
    };
    let alone = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        does(&somebody).await;
        switch.stop();
    };
    let (ended, ()) = tokio::join!(serving.run(&stop, async |_: &_| {}), alone);
    ended.unwrap();
}

fn with_code() -> StaffSettings {
    StaffSettings {
        code_hash: Some(CodeHash::of(CODE.as_bytes(), &SystemRandom).to_string()),
        ..StaffSettings::default()
    }
}

#[tokio::test(start_paused = true)]
async fn staff_sees_why_it_is_out_of_order_and_prints_a_test_page() {
    served(with_code(), async |staff| {
        assert_eq!(staff.view()["screen"], "out-of-order");
        assert_eq!(staff.types("000000").await["screen"], "out-of-order");
        let sheet = staff.types(CODE).await;
        assert_eq!(sheet["screen"], "staff");
        let lines = sheet["lines"].to_string();
        assert!(lines.contains("server-unreachable"), "{lines}");
        assert!(lines.contains("トナーが残りわずか"), "{lines}");
        let sheet = staff.chooses("test-print").await;
        assert!(sheet["lines"].to_string().contains("印刷できました"));
        let printed = staff.printed.0.lock().unwrap().clone();
        let page = String::from_utf8_lossy(&printed[0]).into_owned();
        assert!(printed.len() == 1 && page.contains("AKASHI TEST PAGE"));
        assert_eq!(staff.chooses("leave").await["screen"], "out-of-order");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn left_alone_it_closes_by_itself() {
    served(with_code(), async |staff| {
        assert_eq!(staff.types(CODE).await["screen"], "staff");
        tokio::time::sleep(Duration::from_secs(61)).await;
        assert_eq!(staff.view()["screen"], "out-of-order");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn without_a_configured_code_none_opens_it() {
    served(StaffSettings::default(), async |staff| {
        for code in [CODE, "0", "0000000000000000"] {
            assert_eq!(staff.types(code).await["screen"], "out-of-order");
        }
    })
    .await;
}
