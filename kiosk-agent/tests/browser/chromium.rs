//! The real Chromium: started, replaced, killed.

use std::path::Path;
use std::sync::Arc;

use crypto::SystemRandom;
use kiosk_agent::browser::{Browser, BrowserError, BrowserSettings, Entrance, living_below};
use rustix::process::{Pid, Signal, geteuid, getpid, kill_process};

use super::page::Page;
use super::{AGENT, entries, in_memory, lives, until};

fn settings(profiles: &Path) -> BrowserSettings {
    let mut arguments = vec!["--headless=new".to_owned()];
    if geteuid().is_root() {
        // Chromium's sandbox refuses root; on a kiosk nobody is.
        arguments.push("--no-sandbox".to_owned());
    }
    BrowserSettings {
        arguments,
        profiles: profiles.to_owned(),
        ..BrowserSettings::default()
    }
}

async fn start(settings: BrowserSettings, page: &Page, entrance: &Entrance) -> Browser {
    Browser::start(
        AGENT.into(),
        settings,
        page.address.clone(),
        entrance.clone(),
        Arc::new(SystemRandom),
    )
    .await
    .unwrap()
}

fn everything() -> Vec<Pid> {
    living_below(getpid()).unwrap()
}

fn name(process: Pid) -> String {
    let name = format!("/proc/{}/comm", process.as_raw_nonzero());
    std::fs::read_to_string(name).unwrap_or_default()
}

fn arguments(process: Pid) -> String {
    let arguments = format!("/proc/{}/cmdline", process.as_raw_nonzero());
    std::fs::read_to_string(arguments).unwrap_or_default()
}

/// A whole Chromium: keeper, browser, two zygotes, GPU or network, renderer.
fn stands() -> bool {
    everything().len() >= 6
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_tree_is_replaced_and_nothing_of_the_old_one_lives() {
    let (base, entrance) = (in_memory(), Entrance::for_the_started());
    let page = Page::serve(entrance.clone());
    let browser = start(settings(base.path()), &page, &entrance).await;
    for resident in 1..=3 {
        until("a browser comes in", || page.let_in() == resident);
        until("its processes run", stands);
        let old = everything();
        // Anybody on the machine reads arguments: what a browser is known by is not there.
        let (pass, _) = page.seen.lock().unwrap().last().unwrap().clone();
        assert!(
            !old.iter()
                .copied()
                .any(|process| arguments(process).contains(&pass))
        );
        browser.replace().await.unwrap();
        let living: Vec<String> = old
            .into_iter()
            .filter(|old| lives(*old))
            .map(name)
            .collect();
        assert_eq!(living, [""; 0]);
        // The next one is there already.
        assert_eq!(page.let_in(), resident + 1);
        assert_eq!(entries(base.path()), 1);
    }
    let old = everything();
    browser.stop().await;
    assert!(!old.into_iter().any(lives));
    assert_eq!(entries(base.path()), 0);
    assert!(!entrance.admits(None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_dies_and_one_whose_keeper_dies_are_started_again() {
    let (base, entrance) = (in_memory(), Entrance::for_the_started());
    let page = Page::serve(entrance.clone());
    std::fs::create_dir(base.path().join("leftover")).unwrap();
    let browser = start(settings(base.path()), &page, &entrance).await;
    for (times, who) in [(1, "chromium"), (2, "kiosk-agent")] {
        until("a browser comes in", || page.let_in() == times);
        until("its processes run", stands);
        let old = everything();
        // Anybody on the machine reads arguments: what a browser is known by is not there.
        let (pass, _) = page.seen.lock().unwrap().last().unwrap().clone();
        assert!(
            !old.iter()
                .copied()
                .any(|process| arguments(process).contains(&pass))
        );
        let victim = old.iter().find(|process| name(**process).starts_with(who));
        kill_process(*victim.unwrap(), Signal::KILL).unwrap();
        until("it is started again", || page.let_in() == times + 1);
        assert!(!old.into_iter().any(lives));
        assert_eq!(entries(base.path()), 1);
    }
    browser.stop().await;
    assert_eq!(everything(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_on_a_disk_and_a_browser_that_is_not_there_are_refused() {
    let entrance = Entrance::for_the_started();
    let refused = async |settings| {
        let random = Arc::new(SystemRandom);
        let page = "http://127.0.0.1:9/".to_owned();
        Browser::start(AGENT.into(), settings, page, entrance.clone(), random)
            .await
            .map(|_| ())
    };
    let on_disk = settings(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(matches!(
        refused(on_disk).await,
        Err(BrowserError::NotInMemory)
    ));
    let base = in_memory();
    let no_program = BrowserSettings {
        program: "/no/such/browser".into(),
        ..settings(base.path())
    };
    assert!(matches!(
        refused(no_program).await,
        Err(BrowserError::Program(_))
    ));
}
