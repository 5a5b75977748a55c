//! Leaks made on purpose: a proof that finds none of these proves nothing.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::{Command, Stdio};

use fixtures::stage::process::wait_for;
use fixtures::stage::serving_kiosk::traced;
use leak_search::{LeakSearch, encodings};
use rustix::process::Pid;

use super::files::Disk;
use super::memory::{pin_places, search};
use super::pins::Pins;
use super::stand::Stand;
use super::trace::written;
use crate::screen_stage::AtKiosk;

/// A leak that was planted, and whether it was found.
pub(super) type Planted = (String, bool);

/// Plants and looks.
pub(super) fn plant(
    stand: &Stand,
    text: &str,
    canaries: &LeakSearch,
    pins: &mut Pins,
) -> Vec<Planted> {
    vec![
        in_the_agent(stand, text, canaries),
        two_pins_in_the_agent(stand, text, canaries, pins),
        in_the_browser(stand, text, canaries),
        in_a_profile(&stand.at, text, canaries),
        in_a_file_of_a_traced_program(text, canaries),
        in_every_encoding(text),
    ]
}

/// A request that does not end: the agent holds its beginning. Gives the connection, or nothing
/// where it was not found.
fn request_held(stand: &Stand, text: &str, canaries: &LeakSearch) -> Option<TcpStream> {
    let mut connection = TcpStream::connect(stand.at.agent.address).unwrap();
    write!(connection, "GET /?{text} HTTP/1.1\r\nHost: x\r\n").unwrap();
    let found = wait_for("the planted request", || {
        holds(stand.agent(), canaries).then_some(())
    });
    found.is_ok().then_some(connection)
}

fn in_the_agent(stand: &Stand, text: &str, canaries: &LeakSearch) -> Planted {
    let held = request_held(stand, text, canaries);
    ("a request held by the agent".to_owned(), held.is_some())
}

/// Two PINs, one after the other, in the same place.
fn two_pins_in_the_agent(
    stand: &Stand,
    text: &str,
    canaries: &LeakSearch,
    pins: &mut Pins,
) -> Planted {
    for _ in 0..2 {
        let pin = pins.next();
        let request = format!("pin={pin}&who={text}");
        let held = request_held(stand, &request, canaries);
        let agent = stand.agent().as_raw_nonzero().get();
        pins.looked(pin_places(agent, pins.search()).unwrap());
        drop(held);
    }
    let is_found = pins.take_changing() > 0;
    let what = "a place of the agent's memory that changes with the PIN";
    (what.to_owned(), is_found)
}

fn in_the_browser(stand: &Stand, text: &str, canaries: &LeakSearch) -> Planted {
    let keep = format!("localStorage.setItem('who', '{text}'); return true");
    assert!(stand.at.value(&keep).as_bool().unwrap());
    let browsers = &stand.processes()[1..];
    let found = browsers.iter().any(|process| holds(*process, canaries));
    ("localStorage of the living browser".to_owned(), found)
}

fn in_a_profile(kiosk: &AtKiosk, text: &str, canaries: &LeakSearch) -> Planted {
    let file = kiosk.profiles().join("planted");
    std::fs::write(&file, text).unwrap();
    let found = canaries.found_below(kiosk.profiles()).unwrap();
    std::fs::remove_file(&file).unwrap();
    let is_found = found.contains(&file);
    ("a file beside the browser's profile".to_owned(), is_found)
}

/// By a program that is traced as the kiosk is, under a name relative to where it is, outside of
/// everything that is searched besides.
fn in_a_file_of_a_traced_program(text: &str, canaries: &LeakSearch) -> Planted {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let mut shell = traced(&trace)
        .args(["sh", "-c", "cat > left"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    write!(shell.stdin.take().unwrap(), "{text}").unwrap();
    let _ = shell.wait().unwrap();
    let left = folder.path().canonicalize().unwrap().join("left");
    // The tracer writes for itself.
    let found = wait_for("the planted file", || {
        let trace = std::fs::read_to_string(&trace).ok()?;
        let mut disk = Disk::default();
        for file in written(&trace).files {
            disk.search(&file, canaries);
        }
        disk.hits
            .iter()
            .any(|(file, _)| *file == left)
            .then_some(())
    });
    ("a file of a traced program".to_owned(), found.is_ok())
}

/// A process that holds the text in each encoding, and packed.
fn in_every_encoding(text: &str) -> Planted {
    let forms = encodings(text);
    let each = LeakSearch::default().and_bytes(&forms);
    let mut holder = Command::new("dd")
        .args(["bs=1M", "of=/dev/null", "status=none"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut pipe = holder.stdin.take().unwrap();
    // All of it is in the pipe before it is read at once.
    pipe.write_all(&forms.join(&b"|"[..])).unwrap();
    let process = Pid::from_child(&holder);
    let wanted = forms.len();
    let found = wait_for("the planted encodings", || {
        let memory = search(process.as_raw_nonzero().get(), &each).ok()?;
        let numbers: std::collections::BTreeSet<usize> =
            memory.hits.iter().map(|hit| hit.number).collect();
        // Shorter forms lie in longer ones: what counts is that none is missed.
        (numbers.len() >= wanted.min(20)).then_some(())
    });
    drop(pipe);
    let _ = holder.wait();
    (
        format!("{wanted} encodings in another process"),
        found.is_ok(),
    )
}

fn holds(process: Pid, canaries: &LeakSearch) -> bool {
    search(process.as_raw_nonzero().get(), canaries).is_ok_and(|memory| !memory.hits.is_empty())
}
