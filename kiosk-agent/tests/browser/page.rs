//! A page server that lets in whom the entrance admits, as the touch screen's does.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use kiosk_agent::browser::{Entrance, PASS};

/// A page that says nothing and leaves something behind where it can.
const PAGE: &str = "<!doctype html><title>kiosk</title><script>\
                    localStorage.setItem('who', 'somebody'); document.cookie = 'who=somebody';\
                    </script>";

/// A running page server.
pub struct Page {
    pub address: String,
    /// Every pass that came in, and whether it was let in.
    pub seen: Arc<Mutex<Vec<(String, bool)>>>,
}

impl Page {
    pub fn serve(entrance: Entrance) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = seen.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (entrance, noted) = (entrance.clone(), noted.clone());
                std::thread::spawn(move || answer(connection, &entrance, &noted));
            }
        });
        Self { address, seen }
    }

    pub fn let_in(&self) -> usize {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|(_, admitted)| *admitted).count()
    }
}

fn answer(mut connection: TcpStream, entrance: &Entrance, seen: &Mutex<Vec<(String, bool)>>) {
    let mut first = String::new();
    let mut lines = BufReader::new(connection.try_clone().unwrap());
    let _ = lines.read_line(&mut first);
    let asked = format!("?{PASS}=");
    if let Some(pass) = first
        .split_once(&asked)
        .and_then(|(_, rest)| rest.split(' ').next())
    {
        let admitted = entrance.admits(Some(pass));
        seen.lock().unwrap().push((pass.to_owned(), admitted));
        if admitted {
            entrance.entered(Some(pass));
        }
    }
    let _ = write!(
        connection,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{PAGE}",
        PAGE.len()
    );
}
