//! Every screen there is in a real browser, in every language: whether everybody can use it. The
//! page, its server and the drawing are the real ones; only the session is missing, so that also
//! what hardly ever happens is looked at.

mod screens;

use std::thread::JoinHandle;
use std::time::Duration;

use domain::Language;
use fixtures::stage::browser::{Browser, Demands, Window};

use self::screens::screens;
use super::{Ask, Display, Do, PageServer, Touch};
use crate::browser::Entrance;
use crate::session::{Patience, Turn};
use crate::stop::{StopSwitch, stop_switch};

/// A display that is served, and a browser that shows it.
struct Gallery {
    browser: Browser,
    display: Display,
    _turn: Turn,
    stop: StopSwitch,
    server: Option<JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Gallery {
    fn open(window: Window, language: Language) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let patience = Patience::new();
        // Every screen has its countdown.
        let turn = patience.turn(Duration::from_secs(600));
        let display = Display::new(patience);
        let (stop, stopped) = stop_switch();
        let (told, address) = std::sync::mpsc::channel();
        let served = display.clone();
        let server = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let anywhere = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
                let page = PageServer::bind(anywhere, served, Entrance::for_anybody())
                    .await
                    .unwrap();
                told.send(page.address().unwrap()).unwrap();
                page.serve(stopped).await;
            });
        });
        let browser = Browser::start(folder.path(), window).unwrap();
        browser
            .open(&format!("http://{}/", address.recv().unwrap()))
            .unwrap();
        let gallery = Self {
            browser,
            display,
            _turn: turn,
            stop,
            server: Some(server),
            _folder: folder,
        };
        gallery.display.touch(Touch {
            view: gallery.view(),
            action: Do::Language(language),
        });
        gallery
    }

    fn view(&self) -> u64 {
        self.display.frames().borrow().view.number
    }

    /// Waits until the page shows the last view, at rest.
    fn wait_for_view(&self) {
        let there = format!(
            "return document.body.dataset.view === '{}' && document.body.dataset.settled === 'yes'",
            self.view()
        );
        self.browser.wait_until("the view", &there).unwrap();
    }

    fn switch(&self, mode: &str) {
        let on = format!("document.documentElement.classList.add('{mode}')");
        self.browser.run(&on, Vec::new()).unwrap();
    }

    fn touch(&self, key: &str) {
        let selector = format!("[data-key=\"{key}\"]");
        if let Err(error) = self.browser.touch(&selector) {
            panic!("{selector} cannot be touched: {error}");
        }
    }

    /// What is wrong with what is shown now, of which a picture is kept.
    fn look(&self, name: &str, demands: Demands) -> Vec<String> {
        self.browser.keep_picture(name).unwrap();
        let found = self.browser.audit(demands).unwrap();
        found
            .into_iter()
            .map(|fault| format!("{name}: {fault}"))
            .collect()
    }

    /// Shows everything, and sees what is wrong.
    fn walk(&self, folder: &str, mode: Option<&str>, demands: Demands) {
        let mut found = Vec::new();
        for (name, shown) in screens() {
            self.display.ask_still(shown);
            self.wait_for_view();
            if let Some(mode) = mode {
                self.switch(mode);
            }
            let name = format!("gallery/{folder}/{name}");
            found.extend(self.look(&name, demands));
            if name.ends_with("/municipality") {
                self.walk_municipalities(&name, demands, &mut found);
            }
            if name.ends_with("/terms") {
                for menu in ["language", "help"] {
                    self.touch(&format!("bar-{menu}"));
                    found.extend(self.look(&format!("{name}-{menu}"), demands));
                    self.browser.press(ESCAPE).unwrap();
                }
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    /// Every way to a municipality.
    fn walk_municipalities(&self, name: &str, demands: Demands, found: &mut Vec<String>) {
        for (way, first) in [("prefectures", "prefectures-0"), ("kana", "kana-0")] {
            self.touch(&format!("way-{way}"));
            found.extend(self.look(&format!("{name}-{way}"), demands));
            self.touch(first);
            found.extend(self.look(&format!("{name}-{first}"), demands));
            self.touch("up");
            self.touch("up");
        }
        self.touch("way-name");
        let there = "return document.querySelector('[data-key=\"key-ひ\"]') !== null";
        let kana_first = self.browser.run(there, Vec::new()).unwrap() == true;
        let mut keys = [("key-ひ", "by-name"), ("key-h", "by-letters")];
        if !kana_first {
            keys.reverse();
        }
        for (key, picture) in keys {
            self.touch(key);
            found.extend(self.look(&format!("{name}-{picture}"), demands));
            self.touch("key-erase");
            self.touch("key-change");
        }
    }
}

const ESCAPE: &str = "\u{e00c}";

impl Drop for Gallery {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(server) = self.server.take() {
            // One that panicked has said why.
            let _ = server.join();
        }
    }
}

fn at_the_kiosk(language: Language) {
    let gallery = Gallery::open(Window::KIOSK, language);
    gallery.walk(language.tag(), None, Demands::KIOSK);
}

fn in_large_letters(language: Language) {
    let gallery = Gallery::open(Window::KIOSK, language);
    let folder = format!("{}-larger", language.tag());
    gallery.walk(&folder, Some("larger"), Demands::KIOSK);
}

macro_rules! languages {
    ($($name:ident: $language:ident,)+) => {
        $(mod $name {
            use super::*;

            #[test]
            fn everybody_can_use_every_screen() {
                at_the_kiosk(Language::$language);
            }

            #[test]
            fn everybody_can_use_every_screen_in_large_letters() {
                in_large_letters(Language::$language);
            }
        })+
    };
}

languages! {
    japanese: Japanese,
    easy_japanese: EasyJapanese,
    english: English,
    chinese: SimplifiedChinese,
    korean: Korean,
    vietnamese: Vietnamese,
    portuguese: Portuguese,
}

#[test]
fn everybody_can_use_every_screen_in_high_contrast() {
    let gallery = Gallery::open(Window::KIOSK, Language::Japanese);
    gallery.walk("ja-contrast", Some("contrast"), Demands::KIOSK);
}

#[test]
fn everybody_can_use_every_screen_on_a_telephone() {
    let gallery = Gallery::open(Window::PHONE, Language::Portuguese);
    gallery.walk("pt-phone", None, Demands::EVERYWHERE);
}

/// Nobody has to see a screen to choose: each choice is said after its number.
#[test]
fn every_choice_is_said_with_its_number() {
    let display = Display::new(Patience::new());
    for (name, shown) in screens() {
        display.ask_still(shown);
        let view = display.frames().borrow().view.clone();
        let choices = match &view.ask {
            Ask::Nothing | Ask::Pin { .. } => continue,
            Ask::Choices { choices }
            | Ask::Preview { choices, .. }
            | Ask::Copies { choices, .. } => choices.len(),
            Ask::Terms { .. } => 2,
            Ask::Municipality { own, .. } => 3 + usize::from(own.is_some()),
        };
        let Some(voice) = &view.voice else {
            assert_eq!(name, "staff");
            continue;
        };
        for number in 1..=choices {
            assert!(
                voice.text.contains(&format!("{number}: ")),
                "{name}: {}",
                voice.text
            );
            // The numbers of copies are their keys: the step says so.
            let file = format!("ja-number-{number}.opus");
            let said = voice.files.contains(&file) || name == "copies";
            assert!(said, "{name} does not say {number}: {:?}", voice.files);
        }
    }
}
