//! A serial line: 9600 baud, 8 data bits, no parity, as ccTalk and the MDB adaptor have it.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::termios::{ControlModes, OptionalActions, tcgetattr, tcsetattr};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::pipe::{Receiver, Sender};

/// Baud on the line.
const SPEED: u32 = 9600;

/// A line that is open.
///
/// What tokio calls the ends of a pipe are read and written here when they are ready, which is all
/// that a line needs; its own `AsyncFd` can be made by unsafe code only.
pub(super) struct Serial {
    heard: Receiver,
    said: Sender,
}

impl Serial {
    /// Opens a line and makes it a plain one: no echo, no line editing, no flow control.
    ///
    /// # Errors
    /// What the operating system says, for instance that the device is not plugged in.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::NOCTTY | OFlags::NONBLOCK;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            // The flags are those of open(2), which takes them as this type.
            .custom_flags(flags.bits().cast_signed())
            .open(path)?;
        let mut settings = tcgetattr(&file)?;
        settings.make_raw();
        settings.control_modes |= ControlModes::CLOCAL | ControlModes::CREAD;
        settings.control_modes -= ControlModes::CRTSCTS;
        settings.set_speed(SPEED)?;
        tcsetattr(&file, OptionalActions::Flush, &settings)?;
        Ok(Self {
            said: Sender::from_file_unchecked(file.try_clone()?)?,
            heard: Receiver::from_file_unchecked(file)?,
        })
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// The line is gone.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.said.write_all(bytes).await
    }

    /// Reads what is there, or what comes within this time: `None` where nothing does.
    ///
    /// # Errors
    /// The line is gone.
    pub(super) async fn read(&mut self, within: Duration) -> io::Result<Option<Vec<u8>>> {
        match tokio::time::timeout(within, self.next()).await {
            Ok(read) => read.map(Some),
            Err(_elapsed) => Ok(None),
        }
    }

    async fn next(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = [0; 256];
        match self.heard.read(&mut bytes).await? {
            // Nobody is at the other end any more.
            0 => Err(ErrorKind::UnexpectedEof.into()),
            read => Ok(bytes.get(..read).unwrap_or_default().to_vec()),
        }
    }

    /// Throws away what came unasked.
    ///
    /// # Errors
    /// The line is gone.
    pub(super) async fn drain(&mut self) -> io::Result<()> {
        while self.read(Duration::ZERO).await?.is_some() {}
        Ok(())
    }
}
