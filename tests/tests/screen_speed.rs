//! From a touch to the next screen, measured in the browser: told, not judged, as it depends on
//! the machine and on what else runs there. `docs/PERFORMANCE.md` has what came of it.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use fixtures::municipality::Kind;
use fixtures::stage::printer::Behaviour;
use system_tests::screen_stage::AtKiosk;

/// Sittings that are measured.
const SITTINGS: usize = 6;

/// Changes of the language, which draw everything anew.
const CHANGES: usize = 100;

/// Notes the time from each press of a button until what came of it is painted.
const MEASURE: &str = "
    window.measured = [];
    let since = null;
    document.addEventListener('click', ({ target }) => {
        if (target.closest('button')) since = performance.now();
    }, { capture: true });
    document.addEventListener('drawn', () => {
        if (since === null) return;
        const from = since;
        since = null;
        requestAnimationFrame(() => setTimeout(() => measured.push(performance.now() - from)));
    });";

fn times(what: &str, kiosk: &AtKiosk) -> String {
    let measured = kiosk.value("return measured.splice(0)");
    let mut sorted: Vec<f64> = serde_json::from_value(measured).unwrap();
    assert!(sorted.len() > 50, "{} touches of {what}", sorted.len());
    sorted.sort_by(f64::total_cmp);
    let at = |part: f64| sorted[((sorted.len() - 1) as f64 * part).round() as usize];
    format!(
        "{what}: {} touches, p50 {:.0} ms, p99 {:.0} ms, most {:.0} ms",
        sorted.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    )
}

#[test]
fn from_a_touch_to_the_next_screen() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.browser.run(MEASURE, Vec::new()).unwrap();
    for change in 0..CHANGES {
        let tag = ["en", "vi", "ja"][change % 3];
        kiosk.touch(&format!("language-{tag}"));
        kiosk.wait_for_language(tag);
    }
    println!("{}", times("languages", &kiosk));
    for _ in 0..SITTINGS {
        kiosk.identify(Kind::ThreeDoses);
        kiosk.choose_own();
        kiosk.choose("domestic");
        kiosk.touch("cancel");
        kiosk.wait_for("ending");
        kiosk.touch("choice-done");
        kiosk.wait_for("start");
    }
    println!("{}", times("sittings", &kiosk));
}
