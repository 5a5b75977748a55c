//! A resident in front of the kiosk: real reader, printer, server and agent, and a real browser
//! that shows the agent's page.

mod going;
mod hearing;
mod looking;
mod own_browser;
pub mod ways;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use fixtures::card::{InsertedCard, VirtualCard};
use fixtures::municipality::{Kind, Person};
use fixtures::stage::Stage;
use fixtures::stage::browser::{Browser, Window};
use fixtures::stage::ground::Plan;
use fixtures::stage::kiosk::EMPTY_AGAIN;
use fixtures::stage::printer::Behaviour;
use fixtures::stage::programs::built;
use fixtures::stage::serving_kiosk::ServingKiosk;

pub use going::STAFF_CODE;

/// How long something is shown at least where a test looks at it twice.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A kiosk with a touch screen and somebody in front of it. What stands first is dropped first.
pub struct AtKiosk {
    /// What the resident looks at.
    pub browser: Browser,
    /// The agent.
    pub agent: ServingKiosk,
    /// Server, printer and reader.
    pub stage: Stage,
    card: Option<InsertedCard>,
    touches: usize,
    profiles: Option<tempfile::TempDir>,
    folder: tempfile::TempDir,
}

impl AtKiosk {
    /// Raises everything, and waits for the start.
    #[must_use]
    pub fn come(printer: Behaviour) -> Self {
        Self::come_with(printer, |_| ())
    }

    /// The same with something changed before the agent starts: the kiosk's settings are at
    /// [`Stage::kiosk_settings`].
    #[must_use]
    pub fn come_with(printer: Behaviour, change: impl FnOnce(&mut Stage)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan {
            residents: 26,
            ..Plan::default()
        };
        let mut stage = Stage::raise(folder.path(), &plan, printer).unwrap();
        // Somebody who is looked at on the way needs longer than a program does.
        for times in ["card_seconds", "pin_seconds", "take_card_seconds"] {
            set(&stage, &format!("{times} = 10"), &format!("{times} = 60"));
        }
        change(&mut stage);
        let agent = ServingKiosk::start(&stage.kiosk_settings, &stage.pcscd).unwrap();
        let browser = Browser::start(&folder.path().join("browser"), Window::KIOSK).unwrap();
        browser.open(&agent.page()).unwrap();
        let kiosk = Self {
            browser,
            agent,
            stage,
            card: None,
            touches: 0,
            profiles: None,
            folder,
        };
        kiosk.wait_for("start");
        kiosk
    }

    /// The first resident of a kind.
    #[must_use]
    pub fn person(&self, kind: Kind) -> Person {
        self.stage.ground.person(kind).unwrap().clone()
    }

    /// The card of the first resident of a kind.
    #[must_use]
    pub fn card_of(&self, kind: Kind) -> VirtualCard {
        let card = self.stage.ground.card_of(&self.person(kind)).unwrap();
        VirtualCard::new(card)
    }

    /// Puts a card on the reader.
    pub fn put(&mut self, card: VirtualCard) {
        self.card = Some(self.stage.insert(card).unwrap());
    }

    /// Takes the card off the reader.
    pub fn take_card(&mut self) {
        self.card.take().expect("a card is there").eject();
        std::thread::sleep(EMPTY_AGAIN);
    }

    /// Whether a card is on the reader.
    #[must_use]
    pub const fn card_is_there(&self) -> bool {
        self.card.is_some()
    }

    /// Touches what has this key, once the screen has settled.
    pub fn touch(&mut self, key: &str) {
        self.settle();
        self.browser
            .touch(&format!("[data-key=\"{key}\"]"))
            .unwrap_or_else(|error| panic!("{error}\n{}", self.said()));
        self.touches += 1;
    }

    /// Presses keys, once the screen has settled.
    pub fn press(&self, keys: &str) {
        self.settle();
        self.browser.press(keys).unwrap();
    }

    /// Enters the PIN by touch. It is not counted among the touches.
    pub fn enter_pin(&mut self, pin: &str) {
        let before = self.touches;
        for digit in pin.chars() {
            self.touch(&format!("digit-{digit}"));
        }
        self.wait_until_entered(pin.len());
        self.touch("enter");
        self.touches = before;
    }

    /// Waits until so many dots are filled.
    pub fn wait_until_entered(&self, digits: usize) {
        let filled = format!("return document.querySelectorAll('.dot.filled').length === {digits}");
        self.browser.wait_until("the digits", &filled).unwrap();
    }

    /// How often something was touched, the PIN apart.
    #[must_use]
    pub const fn touches(&self) -> usize {
        self.touches
    }

    /// Begins to count anew.
    pub const fn forget_touches(&mut self) {
        self.touches = 0;
    }

    /// What came out of the printer.
    #[must_use]
    pub fn papers(&self) -> Vec<PathBuf> {
        self.stage.printer.printed().unwrap()
    }

    /// From the start to the card and its PIN, by touch.
    pub fn identify(&mut self, kind: Kind) {
        self.come_to_pin(kind);
        let pin = self.person(kind).pin;
        self.enter_pin(pin.expose());
        self.wait_for("take-card");
        self.take_card();
    }

    /// From the start to the card that was read and is still on the reader.
    pub fn identify_up_to_card(&mut self) {
        self.come_to_pin(Kind::ThreeDoses);
        self.enter_pin(self.person(Kind::ThreeDoses).pin.expose());
        self.wait_for("take-card");
    }

    /// From the start to the PIN pad.
    pub fn come_to_pin(&mut self, kind: Kind) {
        let card = self.card_of(kind);
        self.come_to_card();
        self.put(card);
        self.wait_for("pin");
    }

    /// From the start to the card.
    pub fn come_to_card(&mut self) {
        self.touch("choice-start");
        self.wait_for("terms");
        self.touch("choice-agree");
        self.wait_for("card");
    }

    /// From the municipality to what it offers: the card's own.
    pub fn choose_own(&mut self) {
        self.wait_for("municipality");
        self.touch_selector("#ask .choice.main");
        self.wait_for("offer");
    }

    /// From the offer to the last question before the order.
    pub fn choose(&mut self, kind: &str) {
        self.wait_for("offer");
        self.touch(&format!("choice-{kind}"));
        self.wait_for("preview");
        self.touch("choice-confirm");
        self.wait_for("copies");
        self.touch("choice-1");
        self.wait_for("pay");
    }

    /// From the last question to the paper, and that it was taken.
    pub fn order_and_take(&mut self) {
        self.touch("choice-confirm");
        self.wait_for("take-paper");
        self.touch("choice-taken");
        self.wait_for("another");
    }

    /// Touches what a CSS selector finds.
    pub fn touch_selector(&mut self, selector: &str) {
        self.settle();
        self.browser.touch(selector).unwrap();
        self.touches += 1;
    }
}

/// Replaces one text in the kiosk's settings.
///
/// # Panics
/// Where it is not there.
pub fn set(stage: &Stage, from: &str, to: &str) {
    let settings = std::fs::read_to_string(&stage.kiosk_settings).unwrap();
    assert!(settings.contains(from), "{from}");
    std::fs::write(&stage.kiosk_settings, settings.replacen(from, to, 1)).unwrap();
}

/// Adds a section to the kiosk's settings.
pub fn add(stage: &Stage, section: &str) {
    let settings = std::fs::read_to_string(&stage.kiosk_settings).unwrap();
    std::fs::write(&stage.kiosk_settings, settings + section).unwrap();
}

/// The section for a staff code, as staff would make it.
#[must_use]
pub fn staff_settings(code: &str) -> String {
    let mut child = Command::new(built("kiosk-agent").unwrap())
        .arg("staff-code")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(code.as_bytes()).unwrap();
    drop(pipe);
    let said = child.wait_with_output().unwrap().stdout;
    format!("\n[staff]\n{}", String::from_utf8(said).unwrap())
}
