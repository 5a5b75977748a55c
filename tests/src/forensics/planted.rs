//! Leaks made on purpose: a proof that finds none of these proves nothing.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::{Command, Stdio};

use fixtures::stage::process::wait_for;
use leak_search::{LeakSearch, encodings};
use rustix::process::Pid;

use super::memory::search;
use super::sessions::processes;
use crate::screen_stage::AtKiosk;

/// A leak that was planted, and whether it was found.
pub(super) type Planted = (String, bool);

/// Plants and looks.
pub(super) fn plant(kiosk: &AtKiosk, text: &str, canaries: &LeakSearch) -> Vec<Planted> {
    vec![
        in_the_agent(kiosk, text, canaries),
        in_the_browser(kiosk, text, canaries),
        in_a_profile(kiosk, text, canaries),
        in_every_encoding(text),
    ]
}

/// A request that does not end: the agent holds its beginning.
fn in_the_agent(kiosk: &AtKiosk, text: &str, canaries: &LeakSearch) -> Planted {
    let mut connection = TcpStream::connect(kiosk.agent.address).unwrap();
    write!(connection, "GET /?{text} HTTP/1.1\r\nHost: x\r\n").unwrap();
    let agent = processes(kiosk)[0];
    let found = wait_for("the planted request", || {
        holds(agent, canaries).then_some(())
    });
    drop(connection);
    ("a request held by the agent".to_owned(), found.is_ok())
}

fn in_the_browser(kiosk: &AtKiosk, text: &str, canaries: &LeakSearch) -> Planted {
    let keep = format!("localStorage.setItem('who', '{text}'); return true");
    assert!(kiosk.value(&keep).as_bool().unwrap());
    let browsers = &processes(kiosk)[1..];
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
