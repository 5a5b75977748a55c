//! Somebody between a kiosk and the server who passes TCP on, and cuts connections or lets answers
//! wait.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Between two looks whether an answer may go on.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Passes TCP on to the server. `cuts` is asked after each piece of an answer, with the bytes of
/// that answer so far, and cuts the connection where it says so. A server that is gone is a
/// connection that is closed at once.
pub fn cutting_proxy(
    server: SocketAddr,
    cuts: impl Fn(usize) -> bool + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let cuts = Arc::new(cuts);
    std::thread::spawn(move || {
        for kiosk in listener.incoming().map_while(Result::ok) {
            let Ok(server) = TcpStream::connect(server) else {
                continue;
            };
            let answered = Arc::new(AtomicUsize::new(0));
            let (from_kiosk, to_server) = (kiosk.try_clone().unwrap(), server.try_clone().unwrap());
            let (asked, cuts) = (answered.clone(), Arc::clone(&cuts));
            std::thread::spawn(move || {
                pass_on(from_kiosk, to_server, |_| {
                    asked.store(0, Ordering::SeqCst);
                    true
                });
            });
            std::thread::spawn(move || {
                pass_on(server, kiosk, |length| {
                    let so_far = answered.fetch_add(length, Ordering::SeqCst) + length;
                    !cuts(so_far)
                });
            });
        }
    });
    address
}

/// Passes TCP on to the server, whose answers wait for as long as they are held back.
#[derive(Debug)]
pub struct HoldingProxy {
    address: SocketAddr,
    holds: Arc<AtomicBool>,
}

impl HoldingProxy {
    /// Stands before this server.
    #[must_use]
    pub fn before(server: SocketAddr) -> Self {
        let holds = Arc::new(AtomicBool::new(false));
        let held = holds.clone();
        let address = cutting_proxy(server, move |_| {
            while held.load(Ordering::SeqCst) {
                std::thread::sleep(LOOK_AGAIN);
            }
            false
        });
        Self { address, holds }
    }

    /// Where the kiosk is to look for the server.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on no answer goes on.
    pub fn hold_back(&self) {
        self.holds.store(true, Ordering::SeqCst);
    }

    /// All that waited goes on.
    pub fn let_go(&self) {
        self.holds.store(false, Ordering::SeqCst);
    }
}

impl Drop for HoldingProxy {
    fn drop(&mut self) {
        // No thread waits for ever.
        self.let_go();
    }
}

/// A cable between a kiosk and a printer.
#[derive(Clone, Default)]
pub struct Cable(Arc<AtomicBool>);

impl Cable {
    /// From now on nothing passes, in neither direction.
    pub fn cut(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// It is whole again.
    pub fn mend(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    fn is_whole(&self) -> bool {
        !self.0.load(Ordering::SeqCst)
    }
}

/// Passes TCP on for as long as the cable is whole.
#[must_use]
pub fn through(cable: &Cable, server: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let cable = cable.clone();
    std::thread::spawn(move || {
        for kiosk in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(server);
            let Some(server) = server.ok().filter(|_| cable.is_whole()) else {
                continue;
            };
            let (from_kiosk, to_server) = (kiosk.try_clone().unwrap(), server.try_clone().unwrap());
            for (from, to) in [(from_kiosk, to_server), (server, kiosk)] {
                let cable = cable.clone();
                std::thread::spawn(move || pass_on(from, to, |_| cable.is_whole()));
            }
        }
    });
    address
}

/// Passes bytes on for as long as it may.
fn pass_on(mut from: TcpStream, mut to: TcpStream, mut may: impl FnMut(usize) -> bool) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if !may(length) || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
