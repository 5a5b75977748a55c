//! To every place at the screen, and back to the start.

use std::time::Duration;

use fixtures::card::{Fault, Faults, VirtualCard};
use fixtures::municipality::Kind;
use fixtures::stage::printer::Behaviour;

use super::AtKiosk;
use super::ways::At;

/// The command from which a card is read, and the last: [`At::Reading`] lasts.
const READS: (usize, usize) = (5, 60);

/// The code of a kiosk with [`super::staff_settings`] for it.
pub const STAFF_CODE: &str = "482915";

impl At {
    /// The place before, on the straight way.
    const fn before(self) -> Option<Self> {
        Some(match self {
            Self::Start => return None,
            Self::OutOfOrder | Self::Staff | Self::Connecting | Self::Terms => Self::Start,
            Self::Card => Self::Terms,
            Self::Pin => Self::Card,
            Self::WrongPin | Self::Reading | Self::TakeCard => Self::Pin,
            Self::Municipality => Self::TakeCard,
            Self::LookingUp | Self::NotHere | Self::Offer => Self::Municipality,
            Self::Preview => Self::Offer,
            Self::Copies => Self::Preview,
            Self::Confirm => Self::Copies,
            Self::Method | Self::Issuing | Self::Printing | Self::TakePaper => Self::Confirm,
            Self::Paying => Self::Method,
            Self::Another => Self::TakePaper,
            Self::Ending => Self::Another,
        })
    }
}

impl AtKiosk {
    /// From the start to this place. [`At::Method`] and [`At::Paying`] need a till.
    #[track_caller]
    pub fn go_to(&mut self, place: At) {
        let mut way = vec![place];
        while let Some(before) = way.last().and_then(|at| at.before()) {
            way.push(before);
        }
        for at in way.into_iter().rev() {
            self.step(at, place);
            // They have their screens' names in common with the step before.
            if at == At::WrongPin {
                self.wait_for_key("choice-on");
            } else if at == At::Method {
                self.wait_for_key("choice-coins");
            }
            self.wait_for_place(at);
        }
        self.settle();
    }

    /// Waits for a place's screen.
    #[track_caller]
    pub fn wait_for_place(&self, place: At) {
        self.wait_for(place.screen().name());
    }

    /// One step, on the way to a place.
    fn step(&mut self, to: At, goal: At) {
        match to {
            At::Start => {}
            At::OutOfOrder => self.stage.printer.cut_power(),
            At::Staff => {
                self.press("\u{e039}");
                self.press(STAFF_CODE);
                self.press("\u{e007}");
            }
            At::Connecting => {
                self.stage.server.pause();
                self.touch("choice-start");
            }
            At::Terms => self.touch("choice-start"),
            At::Card => self.touch("choice-agree"),
            At::Pin => {
                let card = self.card_for(goal);
                self.put(card);
            }
            At::WrongPin => self.enter_pin("9999"),
            At::Reading | At::TakeCard => self.enter_pin("1234"),
            At::Municipality => self.take_card(),
            At::LookingUp => {
                self.stage.server.pause();
                self.touch_selector("#ask .choice.main");
            }
            At::NotHere | At::Offer => self.touch_selector("#ask .choice.main"),
            At::Preview => self.touch("choice-domestic"),
            At::Copies | At::Method | At::TakePaper => self.touch("choice-confirm"),
            At::Confirm => self.touch("choice-1"),
            At::Paying => self.touch("choice-coins"),
            At::Issuing => {
                self.stage.server.pause();
                self.touch("choice-confirm");
            }
            At::Printing => {
                self.stage.printer.behave(Behaviour::StopsMidJob).unwrap();
                self.touch("choice-confirm");
            }
            At::Another => self.touch("choice-taken"),
            At::Ending => self.touch("choice-done"),
        }
    }

    fn card_for(&self, goal: At) -> VirtualCard {
        if goal == At::NotHere {
            return self.card_of(Kind::Protected);
        }
        let card = self.card_of(Kind::ThreeDoses);
        if goal == At::Reading {
            let slow = Fault::Slow(Duration::from_secs(1));
            return card.with_faults(Faults::default().from_to(READS.0, READS.1, &slow));
        }
        card
    }

    /// What was stopped on the way goes on.
    pub fn let_go(&mut self, place: At) {
        self.stage.server.go_on();
        if matches!(place, At::OutOfOrder | At::Printing) {
            self.stage.printer.repair(Behaviour::Prints).unwrap();
        }
    }

    /// The ending, and back to the start; before it the card is taken, where one is there.
    #[track_caller]
    pub fn leave(&mut self) {
        if self.card_is_there() {
            self.wait_for("take-card");
            self.take_card();
        }
        self.wait_for("ending");
        self.touch("choice-done");
        self.wait_for("start");
    }
}
