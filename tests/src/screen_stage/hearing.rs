//! What is heard at the screen: the voice, and what screen readers are told.

use serde_json::json;

use super::AtKiosk;

/// Notes what the voice begins to play, in `window.played`, and each time that screen readers are
/// told something, in `window.told`.
const LISTEN: &str = "
    window.played = [];
    window.told = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        played.push(this.src.split('/').pop());
        return play.call(this);
    };
    const live = document.getElementById('live');
    new MutationObserver(() => {
        if (live.textContent !== '') told.push(live.textContent);
    }).observe(live, { childList: true });";

impl AtKiosk {
    /// Listens from now on.
    pub fn listen(&self) {
        self.browser.run(LISTEN, Vec::new()).unwrap();
    }

    /// Waits until the voice has begun these files, in this order, others between them or not.
    #[track_caller]
    pub fn wait_until_heard(&self, files: &[&str]) {
        let heard = format!(
            "let at = 0;
            for (const file of played) if (file === {0}[at]) at += 1;
            return at === {0}.length",
            json!(files)
        );
        if self.browser.wait_until("the voice", &heard).is_err() {
            panic!("{files:?} not heard: {}", self.value("return played"));
        }
    }

    /// Waits until the voice has begun this file so often, and screen readers were told something as
    /// often.
    #[track_caller]
    pub fn wait_until_heard_again(&self, file: &str, times: usize) {
        let heard = format!(
            "return played.filter((file) => file === {}).length >= {times}
                && told.filter((text) => text === told.at(-1)).length >= {times}",
            json!(file)
        );
        if self.browser.wait_until("reminders", &heard).is_err() {
            let heard = self.value("return [played, told]");
            panic!("{file} not heard {times} times: {heard}");
        }
    }

    /// Waits until screen readers were told this.
    #[track_caller]
    pub fn wait_until_told(&self, words: &str) {
        let said = format!(
            "return told.some((text) => text.includes({}))",
            json!(words)
        );
        if self.browser.wait_until("words", &said).is_err() {
            panic!("not told {words}: {}", self.value("return told"));
        }
    }
}
