//! What residents do at the kiosk: come as far as a state, and end there in one way or another.

use std::time::{Duration, Instant};

use base64::Engine as _;
use domain::Yen;
use fixtures::card::{Fault, Faults, VirtualCard};
use fixtures::municipality::Person;
use fixtures::stage::printer::Behaviour;
use fixtures::stage::process::wait_for;
use kiosk_agent::touch_screen::ScreenName;

use super::stand::Stand;
use super::states::{State, Stays};

/// The longest that a limit of somebody else's takes: an order is made five times.
const LONGEST: Duration = Duration::from_secs(60);

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Between two touches on the same thing.
const TOUCH_AGAIN: Duration = Duration::from_millis(300);

impl Stand {
    /// From the start as far as this state, in which the kiosk stays.
    pub(super) fn come_to(&mut self, person: &Person, state: State) {
        if state.stays == Stays::SlowPrinter {
            self.at
                .stage
                .printer
                .behave(Behaviour::StopsMidJob)
                .unwrap();
        }
        self.walk(&state.way(), person, state);
    }

    /// A whole session; gives the preview's PNG, as it came to the browser.
    pub(super) fn complete(&mut self, person: &Person) -> Vec<u8> {
        let [preview, ending] = [ScreenName::Preview, ScreenName::Ending]
            .map(|screen| State::of(screen).expect("somebody is there"));
        self.walk(&preview.way(), person, preview);
        let picture = self.picture();
        self.walk(&ending.way()[preview.way().len()..], person, ending);
        self.leave(ending);
        picture
    }

    /// These steps on the way to the last one.
    fn walk(&mut self, steps: &[State], person: &Person, last: State) {
        for step in steps {
            let is_last = *step == last;
            if is_last && step.stays == Stays::SlowServer {
                self.around.server.hold_back();
            }
            self.step_to(step.screen, person, last);
            // Nobody pays for a print that is free; what does not stay may be over.
            if is_last || step.stays == Stays::ForTheResident {
                self.at.wait_for(step.screen.name());
            }
            if step.screen == ScreenName::Preview {
                self.at.wait_until_painted();
            }
        }
    }

    /// What a resident does to come to this screen from the one before.
    fn step_to(&mut self, screen: ScreenName, person: &Person, last: State) {
        match screen {
            ScreenName::Start | ScreenName::OutOfOrder | ScreenName::Staff => {}
            ScreenName::Terms => {
                self.at.wait_for(ScreenName::Start.name());
                self.at.touch("choice-start");
            }
            ScreenName::Card => self.at.touch("choice-agree"),
            ScreenName::Pin => {
                let card = self.at.stage.ground.card_of(person).unwrap();
                let card = VirtualCard::new(card);
                self.at.put(if last.stays == Stays::SlowCard {
                    card.with_faults(slow_reading())
                } else {
                    card
                });
            }
            ScreenName::Reading => self.at.enter_pin(person.pin.expose()),
            ScreenName::Municipality => self.at.take_card(),
            ScreenName::LookingUp => self.at.touch_selector("#ask .choice.main"),
            ScreenName::Preview => {
                self.keep_picture();
                self.at.touch("choice-abroad");
            }
            ScreenName::Copies | ScreenName::Paying => self.at.touch("choice-confirm"),
            ScreenName::Pay => self.at.touch("choice-1"),
            ScreenName::Issuing => self.put_coin_in(),
            ScreenName::Another => self.take_paper(),
            ScreenName::Ending => self.at.touch("choice-done"),
            // These come by themselves.
            ScreenName::TakeCard
            | ScreenName::Offer
            | ScreenName::Printing
            | ScreenName::TakePaper => {}
        }
    }

    /// Puts a coin in as soon as it is let in, where a fee is asked for.
    fn put_coin_in(&self) {
        // Between touch and payment the printer is asked.
        let waits = [ScreenName::Pay, ScreenName::LookingUp, ScreenName::Paying];
        let waits = waits.map(ScreenName::name);
        wait_for("a coin that is let in, or nothing to pay", || {
            let is_paid = self.around.coins.insert(Yen(500));
            (is_paid || !waits.contains(&self.at.shown().as_str())).then_some(())
        })
        .unwrap();
    }

    /// Says that the paper is taken, until it counts: the reminder draws the screen anew every second,
    /// and on a full machine a touch may begin before that and end after it.
    fn take_paper(&self) {
        while self.at.shown() == ScreenName::TakePaper.name() {
            // Gone meanwhile: the touch before counted.
            let _ = self.at.browser.touch("[data-key=\"choice-taken\"]");
            std::thread::sleep(TOUCH_AGAIN);
        }
    }

    /// The page's picture is kept aside when it comes, for [`Stand::picture`].
    fn keep_picture(&self) {
        let keep = "const draw = window.createImageBitmap;
            window.createImageBitmap = blob => { window.kept = blob; return draw(blob); };
            return true";
        assert!(self.at.value(keep).as_bool().unwrap());
    }

    fn picture(&self) -> Vec<u8> {
        let read = "return window.kept.arrayBuffer().then(buffer => {
            let text = '';
            for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
            return btoa(text); })";
        let text = self.at.text_of(read);
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap()
    }

    /// Cancels; whoever kept the kiosk waiting goes on.
    pub(super) fn cancel(&mut self) {
        let card_is_asked_for = self.at.shown() == ScreenName::TakeCard.name();
        self.at.touch("cancel");
        self.around.server.let_go();
        if card_is_asked_for {
            // It is asked for all the same.
            self.at.wait_until_gone("cancel");
            self.at.take_card();
        }
    }

    /// Whether "cancel" is on the screen.
    pub(super) fn has_cancel(&self) -> bool {
        self.at.has("cancel")
    }

    /// Whether the resident's time is seen to run.
    pub(super) fn has_countdown(&self) -> bool {
        let clock = "return document.querySelector('.clock-number') !== null";
        self.at.value(clock).as_bool().unwrap_or_default()
    }

    /// Waits until this state is over, takes the card where one is left, sees how it ended, and
    /// waits for the next browser.
    pub(super) fn leave(&mut self, state: State) {
        let profile = self.at.profile();
        self.wait_long_for(|shown| shown != state.screen.name() || state.is_the_end());
        if self.at.card_is_there() {
            let asks = [ScreenName::TakeCard, ScreenName::Ending].map(ScreenName::name);
            self.wait_long_for(|shown| asks.contains(&shown));
            self.at.take_card();
        }
        self.wait_long_for(|shown| shown == ScreenName::Ending.name());
        self.at.touch("choice-done");
        self.at.look_at_the_next(profile.as_deref());
        self.all_in_order();
    }

    /// Does nothing until the next browser is there.
    pub(super) fn leave_alone(&mut self) {
        let profile = self.at.profile();
        self.at.look_at_the_next(profile.as_deref());
    }

    /// Waits until the screen is such a one.
    fn wait_long_for(&self, is_it: impl Fn(&str) -> bool) {
        let until = Instant::now() + LONGEST;
        loop {
            let shown = self.at.shown();
            if is_it(&shown) {
                return;
            }
            assert!(Instant::now() < until, "it stays at {shown}");
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

/// A card on which everything after the PIN takes its time.
fn slow_reading() -> Faults {
    /// Selecting, asking for the tries left, presenting the PIN.
    const BEFORE: usize = 6;
    const ALL: usize = 200;
    Faults::default().from_to(BEFORE, ALL, &Fault::Slow(Duration::from_millis(400)))
}
