//! A resident who does anything at all at the screen.

use std::time::Duration;

use kiosk_agent::touch_screen::{Display, Seat, Touch, View};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::devices::{Event, Events};

/// How long the kiosk gets between two touches to do what it can.
const BREATH: Duration = Duration::from_millis(100);

/// The resident in front of the screen.
pub struct AtRandom {
    pub display: Display,
    pub seat: Option<Seat>,
    pub events: Events,
    pub pin: String,
}

impl AtRandom {
    /// What is on the screen.
    pub fn view(&mut self) -> Value {
        let display = &self.display;
        let seat = self
            .seat
            .get_or_insert_with(|| display.take_seat().unwrap());
        let view: &View = &seat.view();
        serde_json::to_value(view).unwrap()
    }

    fn touch(&mut self, view: &Value, action: &Value) {
        let message = json!({"view": view["number"], "do": action}).to_string();
        if let (Some(seat), Ok(touch)) = (&self.seat, Touch::parse(&message)) {
            seat.touch(touch);
        }
    }

    /// Does what this byte says.
    pub async fn act(&mut self, byte: u8) {
        let view = self.view();
        match byte % 48 {
            0 => self.touch(&view, &json!({"type": "cancel"})),
            1 | 2 => self.touch(&view, &json!({"type": "back"})),
            3 => {
                let languages = view["languages"].as_array().unwrap();
                let tag = &languages[usize::from(byte) % languages.len()]["tag"];
                self.touch(&view, &json!({"type": "language", "tag": tag}));
            }
            4 => self.touch(&view, &json!({"type": "more-time"})),
            5 => {
                let mut older = view.clone();
                older["number"] = json!(view["number"].as_u64().unwrap().saturating_sub(3));
                self.forward(&older, byte);
            }
            6 => sleep(Duration::from_secs(130)).await,
            7 => self.seat = None,
            8 => self.any_choice(&view, byte),
            9 => {
                self.forward(&view, byte);
                self.forward(&view, byte);
            }
            _ => self.forward(&view, byte),
        }
        sleep(BREATH).await;
    }

    /// What somebody does who wants a certificate.
    fn forward(&mut self, view: &Value, byte: u8) {
        match view["ask"]["type"].as_str().unwrap() {
            "choices" | "preview" | "copies" => {
                let choices = view["ask"]["choices"].as_array().unwrap();
                if let Some(id) = choices
                    .iter()
                    .find(|choice| choice["main"] == true)
                    .or_else(|| choices.first())
                    .map(|choice| choice["id"].clone())
                {
                    self.touch(view, &json!({"type": "choose", "id": id}));
                }
            }
            "terms" => {
                self.note(Event::Agreed);
                self.touch(view, &json!({"type": "agree"}));
            }
            "pin" => self.enter_pin(view, byte),
            "municipality" => {
                let code = &view["ask"]["own"]["code"];
                self.touch(view, &json!({"type": "municipality", "code": code}));
            }
            _ => {}
        }
    }

    /// Mostly the right one; sometimes another; sometimes too short.
    fn enter_pin(&mut self, view: &Value, byte: u8) {
        let pin = match byte % 11 {
            0 => "9999".to_owned(),
            1 => "12".to_owned(),
            _ => self.pin.clone(),
        };
        for digit in pin.bytes() {
            let digit = digit - b'0';
            self.touch(view, &json!({"type": "digit", "digit": digit}));
        }
        self.note(Event::PinEntered);
        self.touch(view, &json!({"type": "enter"}));
    }

    fn any_choice(&mut self, view: &Value, byte: u8) {
        let ids = [
            "abroad",
            "domestic",
            "another-municipality",
            "on",
            "done",
            "3",
        ];
        let id = ids[usize::from(byte / 48) % ids.len()];
        self.touch(view, &json!({"type": "choose", "id": id}));
    }

    fn note(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }
}
