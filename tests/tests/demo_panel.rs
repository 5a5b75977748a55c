//! `make demo KEEP=1`: somebody who has never seen it clicks through the whole product, with a
//! real browser on the kiosk's page and the buttons of the development panel.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::path::{Path, PathBuf};
use std::process::Command;

use certificate::read_back;
use fixtures::stage::browser::{Browser, Window};
use fixtures::stage::process::{Program, wait_for};
use fixtures::stage::programs::built;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The demonstration, and both hands of whoever tries it.
struct Demo {
    kiosk: Browser,
    panel: String,
    runtime: Runtime,
    http: reqwest::Client,
    program: Program,
    folder: tempfile::TempDir,
}

impl Demo {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let demo = folder.path().join("demo");
        let mut command = Command::new(built("fixtures").unwrap());
        command
            .args(["demo", "--keep", "--screens-only", "--folder"])
            .arg(&demo);
        let program = Program::start("demo", &mut command, folder.path()).unwrap();
        let screens = wait_for("the screens", || {
            let text = std::fs::read(demo.join("screens.json")).ok()?;
            serde_json::from_slice::<Value>(&text).ok()
        });
        let screens = screens.unwrap();
        let address = |page: &str| screens[page].as_str().unwrap().to_owned();
        let kiosk = Browser::start(&folder.path().join("browser"), Window::KIOSK).unwrap();
        kiosk.open(&address("kiosk")).unwrap();
        Self {
            kiosk,
            panel: address("panel"),
            runtime: Runtime::new().unwrap(),
            http: reqwest::Client::new(),
            program,
            folder,
        }
    }

    /// Presses a button of the panel; gives how everything is then, or why not.
    fn press(&self, action: &Value) -> Result<Value, String> {
        let press = self
            .http
            .post(format!("{}do", self.panel))
            .header("content-type", "application/json")
            .body(action.to_string());
        let (done, said) = self.runtime.block_on(async {
            let answer = press.send().await.unwrap();
            let done = answer.status().is_success();
            (done, answer.bytes().await.unwrap())
        });
        let said: Value = serde_json::from_slice(&said).unwrap();
        if done {
            Ok(said)
        } else {
            Err(said["error"].as_str().unwrap().to_owned())
        }
    }

    fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let get = self.http.get(format!("{}{path}", self.panel));
        self.runtime.block_on(async {
            let answer = get.send().await.unwrap();
            (
                answer.status().as_u16(),
                answer.bytes().await.unwrap().to_vec(),
            )
        })
    }

    fn state(&self) -> Value {
        serde_json::from_slice(&self.get("state").1).unwrap()
    }

    /// Which resident of the panel's list is of this kind.
    fn resident(&self, kind: &str) -> usize {
        let state = self.state();
        let residents = state["residents"].as_array().unwrap();
        let found = residents.iter().position(|one| one["kind"] == kind);
        found.unwrap()
    }

    #[track_caller]
    fn wait_for(&self, screen: &str) {
        let shown = format!("return document.body?.dataset.screen === '{screen}'");
        let said = || self.kiosk.run("return document.body.innerText", Vec::new());
        if self.kiosk.wait_until("screen", &shown).is_err() {
            panic!("no {screen}, but {:?}", said());
        }
    }

    fn touch(&self, key: &str) {
        self.touch_selector(&format!("[data-key=\"{key}\"]"));
    }

    fn touch_selector(&self, selector: &str) {
        let there = format!(
            "return document.body.dataset.settled === 'yes'
                && document.querySelector({}) !== null",
            json!(selector)
        );
        self.kiosk.wait_until(selector, &there).unwrap();
        self.kiosk.touch(selector).unwrap();
    }

    /// From the start to the question how to pay.
    fn come_to_payment(&self, resident: usize, kind: &str) {
        self.wait_for("start");
        self.touch("choice-start");
        self.wait_for("terms");
        self.touch("choice-agree");
        self.wait_for("card");
        let laid = json!({"do": "lay-card", "resident": resident});
        let state = self.press(&laid).unwrap();
        assert_eq!(state["card"], resident);
        self.wait_for("pin");
        let pin = state["residents"][resident]["pin"]
            .as_str()
            .unwrap()
            .to_owned();
        for digit in pin.chars() {
            self.touch(&format!("digit-{digit}"));
        }
        self.touch("enter");
        self.wait_for("take-card");
        let state = self.press(&json!({"do": "take-card"})).unwrap();
        assert_eq!(state["card"], Value::Null);
        self.wait_for("municipality");
        self.touch_selector("#ask .choice.main");
        self.wait_for("offer");
        self.touch(&format!("choice-{kind}"));
        self.wait_for("preview");
        let painted = "return document.querySelector('canvas')?.dataset.painted === 'yes'";
        self.kiosk.wait_until("the preview", painted).unwrap();
        self.kiosk.keep_picture("demo/preview").unwrap();
        self.touch("choice-confirm");
        self.wait_for("copies");
        self.touch("choice-1");
        self.wait_for("pay");
        self.touch("choice-confirm");
    }

    /// What came out of the printer last, through the panel.
    fn last_page(&self) -> Vec<u8> {
        let state = self.state();
        let name = state["printed"].as_array().unwrap().last().unwrap();
        let (status, page) = self.get(&format!("printed/{}", name.as_str().unwrap()));
        assert_eq!(status, 200);
        page
    }
}

impl Drop for Demo {
    /// Ends it as Ctrl-C does: killed, it could not stop what it started.
    fn drop(&mut self) {
        let id = self.program.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = wait_for("the demonstration's end", || self.program.ended());
    }
}

#[test]
fn a_newcomer_clicks_through_the_whole_product() {
    let demo = Demo::start();
    let (status, page) = demo.get("");
    assert_eq!(status, 200);
    assert!(
        String::from_utf8(page)
            .unwrap()
            .contains("FOR DEVELOPMENT ONLY")
    );
    demo.wait_for("start");
    demo.kiosk.keep_picture("demo/start").unwrap();
    // No coin is let in before there is anything to pay.
    let too_early = demo.press(&json!({"do": "coin", "yen": 100}));
    assert!(too_early.unwrap_err().contains("fell through"));

    demo.come_to_payment(demo.resident("three-doses"), "abroad");
    demo.touch("choice-coins");
    demo.wait_for("paying");
    for yen in [100, 10, 10] {
        let inserted = wait_for("a coin", || {
            demo.press(&json!({"do": "coin", "yen": yen})).ok()
        });
        inserted.unwrap();
    }
    demo.wait_for("take-paper");
    let found = read_back::from_pdf(&demo.last_page()).unwrap();
    assert_eq!(found.len(), 2, "both codes are on the paper");
    assert_eq!(demo.state()["till"]["coins"]["taken"], 120);
    panel_in_a_browser(&demo);
    demo.touch("choice-taken");
    demo.wait_for("another");
    demo.touch("choice-done");
    demo.wait_for("ending");
    demo.touch("choice-done");
    demo.wait_for("start");

    // What goes wrong at a real one goes wrong here: the server is gone, the printer jams.
    let stopped = demo.press(&json!({"do": "stop-server"})).unwrap();
    assert_eq!(stopped["server"], false);
    let started = demo.press(&json!({"do": "start-server"})).unwrap();
    assert_eq!(started["server"], true);
    let jammed = demo.press(&json!({"do": "printer", "to": "jams"})).unwrap();
    assert_eq!(jammed["printer"], "jams");
    let repaired = demo
        .press(&json!({"do": "printer", "to": "ready"}))
        .unwrap();
    assert_eq!(repaired["printer"], "ready");
    an_empty_tray(&demo);
    assert_eq!(demo.get("printed/..%2Fbehaviour").0, 404);
    assert_eq!(demo.get("printed/none.pdf").0, 404);
}

/// A job finds the tray empty, and then the kiosk is out of order until paper is there.
fn an_empty_tray(demo: &Demo) {
    demo.press(&json!({"do": "printer", "to": "tray-empty"}))
        .unwrap();
    demo.come_to_payment(demo.resident("two-doses"), "domestic");
    demo.touch("choice-cashless");
    demo.wait_for("paying");
    let pays = wait_for("the reader of cards", || {
        demo.press(&json!({"do": "cashless", "pays": true})).ok()
    });
    pays.unwrap();
    demo.wait_for("ending");
    demo.touch("choice-done");
    demo.wait_for("out-of-order");
    demo.kiosk.keep_picture("demo/tray-empty").unwrap();
    demo.press(&json!({"do": "printer", "to": "ready"}))
        .unwrap();
    demo.wait_for("start");
}

/// The panel's page itself, in a browser of its own: a button does what it says.
fn panel_in_a_browser(demo: &Demo) {
    let folder: PathBuf = Path::new(demo.folder.path()).join("panel");
    let window = Window {
        width: 1280,
        height: 1000,
    };
    let panel = Browser::start(&folder, window).unwrap();
    panel.open(&demo.panel).unwrap();
    let listed = "return document.querySelectorAll('#residents tr').length > 20";
    panel.wait_until("the residents", listed).unwrap();
    panel.touch("#residents tr:nth-child(2) button").unwrap();
    let laid = "return document.querySelector('tr.laid') !== null";
    panel.wait_until("the card", laid).unwrap();
    panel.run("scrollTo(0, 0)", Vec::new()).unwrap();
    panel.keep_picture("demo/panel").unwrap();
    panel.touch("#take").unwrap();
    let taken = "return document.querySelector('tr.laid') === null";
    panel.wait_until("no card", taken).unwrap();
}
