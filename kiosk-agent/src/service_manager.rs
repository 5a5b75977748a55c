//! What the agent tells systemd, where that started it (`sd_notify(3)`): that it is ready, that it
//! stops, and that it is alive.

use std::convert::Infallible;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// The way to systemd; without one, nobody is told anything.
#[derive(Debug)]
pub struct ServiceManager {
    socket: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
}

impl ServiceManager {
    /// As the variables that systemd sets say: `NOTIFY_SOCKET`, `WATCHDOG_USEC`.
    #[must_use]
    pub fn of_environment() -> Self {
        let address = std::env::var_os("NOTIFY_SOCKET");
        let watchdog = std::env::var("WATCHDOG_USEC").ok();
        Self {
            socket: address.and_then(|address| connect(address.as_bytes()).ok()),
            watchdog: watchdog
                .and_then(|text| text.parse().ok())
                .map(Duration::from_micros),
        }
    }

    /// The kiosk serves from now on.
    pub fn ready(&self) {
        self.tell("READY=1");
    }

    /// The kiosk stops.
    pub fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    /// Says again and again that the task which polls this still gets its turn, three times within
    /// what systemd allows; for ever, and never where it does not ask.
    pub async fn keep_alive(&self) -> Infallible {
        let Some(limit) = self.watchdog else {
            return std::future::pending().await;
        };
        loop {
            self.tell("WATCHDOG=1");
            tokio::time::sleep(limit / 3).await;
        }
    }

    fn tell(&self, what: &str) {
        if let Some((socket, address)) = &self.socket {
            // A systemd that does not listen starts the kiosk afresh by itself.
            let _ = socket.send_to_addr(what.as_bytes(), address);
        }
    }
}

/// A path, or a name that begins with `@` in the abstract namespace.
fn connect(address: &[u8]) -> io::Result<(UnixDatagram, SocketAddr)> {
    let address = match address.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(std::ffi::OsStr::from_bytes(address))?,
    };
    let socket = UnixDatagram::unbound()?;
    socket.set_nonblocking(true)?;
    Ok((socket, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manager(folder: &std::path::Path, watchdog: Option<u64>) -> (ServiceManager, UnixDatagram) {
        let path = folder.join("notify");
        let systemd = UnixDatagram::bind(&path).unwrap();
        let manager = ServiceManager {
            socket: Some(connect(path.as_os_str().as_bytes()).unwrap()),
            watchdog: watchdog.map(Duration::from_secs),
        };
        (manager, systemd)
    }

    fn heard(systemd: &UnixDatagram) -> Option<String> {
        systemd.set_nonblocking(true).unwrap();
        let mut bytes = [0; 64];
        let length = systemd.recv(&mut bytes).ok()?;
        Some(String::from_utf8(bytes[..length].to_vec()).unwrap())
    }

    #[test]
    fn systemd_hears_of_start_and_stop() {
        let folder = tempfile::tempdir().unwrap();
        let (manager, systemd) = manager(folder.path(), None);
        manager.ready();
        assert_eq!(heard(&systemd).as_deref(), Some("READY=1"));
        manager.stopping();
        assert_eq!(heard(&systemd).as_deref(), Some("STOPPING=1"));
        assert_eq!(heard(&systemd), None);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_said_three_times_within_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let (manager, systemd) = manager(folder.path(), Some(60));
        let alive = tokio::time::timeout(Duration::from_secs(59), manager.keep_alive()).await;
        assert!(alive.is_err());
        let count = std::iter::from_fn(|| heard(&systemd)).count();
        assert_eq!(count, 3);
    }
}
