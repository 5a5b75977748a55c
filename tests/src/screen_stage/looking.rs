//! What is on the screen.

use fixtures::stage::browser::Demands;
use serde_json::{Value, json};

use super::{AtKiosk, LOOK_AGAIN};

impl AtKiosk {
    /// The screen's name in the agent's view; empty where the page is covered.
    #[must_use]
    pub fn shown(&self) -> String {
        self.text_of("return document.body.dataset.screen")
    }

    /// Waits for a screen.
    ///
    /// # Panics
    /// Where it does not come; says what is shown instead.
    #[track_caller]
    pub fn wait_for(&self, screen: &str) {
        let shown = format!("return document.body?.dataset.screen === '{screen}'");
        if self.browser.wait_until("screen", &shown).is_err() {
            panic!("no {screen}, but {}: {}", self.shown(), self.said());
        }
    }

    /// Waits until the page takes touches.
    pub fn settle(&self) {
        let settled = "return document.body.dataset.settled === 'yes'";
        self.browser
            .wait_until("the settled screen", settled)
            .unwrap();
    }

    /// Waits until the screen says this, anywhere.
    #[track_caller]
    pub fn wait_for_words(&self, words: &str) {
        let said = format!("return document.body.innerText.includes({})", json!(words));
        if self.browser.wait_until("words", &said).is_err() {
            panic!("not said: {words}\n{}", self.said());
        }
    }

    /// Everything on the screen.
    #[must_use]
    pub fn said(&self) -> String {
        self.text_of("return document.body.innerText")
    }

    /// The heading.
    #[must_use]
    pub fn title(&self) -> String {
        self.text_of("return document.getElementById('title').innerText")
    }

    /// The code for staff, where one is shown.
    #[must_use]
    pub fn staff_code(&self) -> Option<String> {
        let code = self.value("return document.querySelector('.code b')?.innerText ?? null");
        code.as_str().map(str::to_owned)
    }

    /// Whether what has this key is on the screen.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        let there = format!("return document.querySelector('[data-key=\"{key}\"]') !== null");
        self.value(&there) == json!(true)
    }

    /// What a script in the page returns.
    #[must_use]
    pub fn value(&self, body: &str) -> Value {
        self.browser.run(body, Vec::new()).unwrap()
    }

    /// The same, as text.
    #[must_use]
    pub fn text_of(&self, body: &str) -> String {
        self.value(body).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the screen is in this language.
    #[track_caller]
    pub fn wait_for_language(&self, tag: &str) {
        let so = format!("return document.documentElement.lang === '{tag}'");
        self.browser.wait_until("language", &so).unwrap();
    }

    /// Waits until the preview's picture is on the screen.
    pub fn wait_until_painted(&self) {
        let painted = "return document.querySelector('canvas')?.dataset.painted === 'yes'";
        self.browser.wait_until("the preview", painted).unwrap();
    }

    /// The key of what has the focus.
    #[must_use]
    pub fn focused(&self) -> String {
        self.text_of("return document.activeElement.dataset.key ?? ''")
    }

    /// Whether a ring of 3 pixels at least is around what has the focus.
    #[must_use]
    pub fn focus_is_seen(&self) -> bool {
        let ring = "const ring = getComputedStyle(document.activeElement);
            return ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 3";
        self.value(ring) == json!(true)
    }

    /// Seconds that the countdown shows.
    #[must_use]
    pub fn seconds_left(&self) -> u64 {
        let number = self.text_of("return document.querySelector('.clock-number')?.innerText");
        number
            .parse()
            .unwrap_or_else(|_| panic!("no countdown: {}", self.said()))
    }

    /// Waits until the countdown shows fewer seconds than that.
    pub fn wait_until_fewer_than(&self, seconds: u64) {
        while self.seconds_left() >= seconds {
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Waits until it shows more.
    pub fn wait_until_more_than(&self, seconds: u64) {
        while self.seconds_left() <= seconds {
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Waits for what has this key.
    #[track_caller]
    pub fn wait_for_key(&self, key: &str) {
        let there = format!("return document.querySelector('[data-key=\"{key}\"]') !== null");
        if self.browser.wait_until("key", &there).is_err() {
            panic!("no {key} in {}: {}", self.shown(), self.said());
        }
    }

    /// Waits until what has this key is gone.
    pub fn wait_until_gone(&self, key: &str) {
        let gone = format!("return document.querySelector('[data-key=\"{key}\"]') === null");
        self.browser.wait_until("its end", &gone).unwrap();
    }

    /// Waits for another heading.
    pub fn wait_until_title_is_not(&self, title: &str) {
        let other = format!(
            "return document.getElementById('title').innerText !== {}",
            json!(title)
        );
        self.browser.wait_until("another heading", &other).unwrap();
    }

    /// Sees that everybody can use this screen, and keeps a picture of it.
    #[track_caller]
    pub fn look_at(&self, name: &str) {
        self.settle();
        let picture = self.browser.keep_picture(name).unwrap();
        let found = self.browser.audit(Demands::KIOSK).unwrap();
        assert!(
            found.is_empty(),
            "{name}, see {}:\n{}",
            picture.display(),
            found.join("\n")
        );
    }
}
