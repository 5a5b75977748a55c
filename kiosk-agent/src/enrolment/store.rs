//! Where a kiosk's keys and certificates lie.
//!
//! ```text
//! current  → 3f9a…/     certificate and key in use; the link changes in one step
//! previous → 77c0…/     those before, to go back to
//! 3f9a…/ 77c0…/         each named after its certificate
//! pending/              a key that waits for its certificate: key.pem, request.pem, and
//!                       certificate.pem once somebody has put it there
//! ```

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use application::client::ChannelKey;
use domain::KeyFingerprint;
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;

use super::request::NewKey;
use crate::settings::KioskSettings;
use crate::tls::Identity;

/// The link's name that settings must use.
const CURRENT: &str = "current";
const PREVIOUS: &str = "previous";
const PENDING: &str = "pending";
const PENDING_KEY: &str = "key.pem";
const PENDING_REQUEST: &str = "request.pem";
const PENDING_CERTIFICATE: &str = "certificate.pem";

/// The folder of a kiosk's keys and certificates; held, nobody else changes it.
#[derive(Debug)]
pub struct IdentityStore {
    folder: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
    _lock: File,
}

/// A key that waits for its certificate.
#[derive(Debug)]
pub struct Pending {
    /// The key.
    pub key: PrivatePkcs8KeyDer<'static>,
    /// What people compare.
    pub fingerprint: KeyFingerprint,
    /// The request to sign it.
    pub request: PathBuf,
    /// The certificate, where somebody has put it there.
    pub certificate: Option<PathBuf>,
}

/// Why keys and certificates cannot be kept or changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreRefused {
    /// The settings name certificate and key otherwise.
    #[error(
        "[kiosk] certificate and key must lie in one folder named \"{CURRENT}\", as in \
         identity/current/kiosk.pem: enrolment changes them there"
    )]
    Layout,
    /// Another enrolment or renewal is going on.
    #[error("another enrolment or renewal is going on")]
    Busy,
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The key that waits is none.
    #[error("{0} holds no P-256 key: remove the folder and begin anew")]
    NoKey(PathBuf),
    /// There is nothing to go back to.
    #[error("there is no certificate of before to go back to")]
    NoPrevious,
}

impl IdentityStore {
    /// Opens the folder that the settings mean, made where missing, and holds it.
    ///
    /// # Errors
    /// [`StoreRefused::Layout`], [`StoreRefused::Busy`], [`StoreRefused::Io`].
    pub fn open(settings: &KioskSettings) -> Result<Self, StoreRefused> {
        let current = settings.certificate.parent().ok_or(StoreRefused::Layout)?;
        let same = settings.key.parent() == Some(current);
        if !same || current.file_name() != Some(CURRENT.as_ref()) {
            return Err(StoreRefused::Layout);
        }
        let file_name = |path: &Path| path.file_name().map(PathBuf::from);
        let folder = current.parent().ok_or(StoreRefused::Layout)?.to_owned();
        let mut builder = DirBuilder::new();
        let made = builder.recursive(true).mode(0o700).create(&folder);
        made.map_err(io_at(&folder))?;
        let lock = File::open(&folder).map_err(io_at(&folder))?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => StoreRefused::Busy,
            fs::TryLockError::Error(source) => io_at(&folder)(source),
        })?;
        Ok(Self {
            certificate: file_name(&settings.certificate).ok_or(StoreRefused::Layout)?,
            key: file_name(&settings.key).ok_or(StoreRefused::Layout)?,
            folder,
            _lock: lock,
        })
    }

    /// Whether a key waits for its certificate where these settings point; asked without holding the
    /// folder.
    #[must_use]
    pub fn has_pending(settings: &KioskSettings) -> bool {
        let folder = settings.certificate.parent().and_then(Path::parent);
        folder.is_some_and(|folder| folder.join(PENDING).is_dir())
    }

    /// Whether the kiosk has a certificate in use.
    #[must_use]
    pub fn has_current(&self) -> bool {
        self.path(CURRENT).join(&self.certificate).exists()
    }

    /// Certificate and key of before.
    #[must_use]
    pub fn previous(&self) -> Option<(PathBuf, PathBuf)> {
        let folder = self.path(PREVIOUS);
        let pair = (folder.join(&self.certificate), folder.join(&self.key));
        pair.0.exists().then_some(pair)
    }

    /// The key that waits for its certificate.
    ///
    /// # Errors
    /// [`StoreRefused::NoKey`].
    pub fn pending(&self) -> Result<Option<Pending>, StoreRefused> {
        let folder = self.path(PENDING);
        if !folder.exists() {
            return Ok(None);
        }
        let path = folder.join(PENDING_KEY);
        let none = || StoreRefused::NoKey(path.clone());
        let key = PrivatePkcs8KeyDer::from_pem_file(&path).map_err(|_| none())?;
        let channel = ChannelKey::from_pkcs8_der(key.secret_pkcs8_der()).map_err(|_| none())?;
        let certificate = folder.join(PENDING_CERTIFICATE);
        Ok(Some(Pending {
            key,
            fingerprint: channel.id().fingerprint(),
            request: folder.join(PENDING_REQUEST),
            certificate: certificate.exists().then_some(certificate),
        }))
    }

    /// Keeps a new key until its certificate comes.
    ///
    /// # Errors
    /// [`StoreRefused::Io`], also where another key waits.
    pub fn keep_pending(&self, new: &NewKey) -> Result<(), StoreRefused> {
        let part = self.new_folder("pending.part")?;
        write(&part.join(PENDING_KEY), new.key_pem.as_bytes(), 0o600)?;
        write(
            &part.join(PENDING_REQUEST),
            new.request_pem.as_bytes(),
            0o644,
        )?;
        sync(&part)?;
        fs::rename(&part, self.path(PENDING)).map_err(io_at(&part))?;
        sync(&self.folder)
    }

    /// Takes a certificate and its key in use, in one step; those of before are kept to go back
    /// to, what was before them is removed, and nothing waits any more.
    ///
    /// # Errors
    /// [`StoreRefused::Io`]; then what was in use is in use.
    pub fn take_in_use(&self, identity: &Identity) -> Result<(), StoreRefused> {
        let name = name_of(identity);
        let target = self.path(&name);
        if !target.exists() {
            let part = self.new_folder("next.part")?;
            write(&part.join(&self.key), identity.key_pem().as_bytes(), 0o600)?;
            let chain = identity.chain_pem();
            write(&part.join(&self.certificate), chain.as_bytes(), 0o644)?;
            sync(&part)?;
            fs::rename(&part, &target).map_err(io_at(&part))?;
            sync(&self.folder)?;
        }
        if let Some(before) = self.target_of(CURRENT)
            && before != Path::new(&name)
        {
            self.point(PREVIOUS, &before)?;
        }
        self.point(CURRENT, Path::new(&name))?;
        self.tidy();
        Ok(())
    }

    /// Goes back to the certificate and key of before.
    ///
    /// # Errors
    /// [`StoreRefused::NoPrevious`], [`StoreRefused::Io`].
    pub fn go_back(&self) -> Result<(), StoreRefused> {
        let before = self.target_of(PREVIOUS).ok_or(StoreRefused::NoPrevious)?;
        self.point(CURRENT, &before)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What a link of this folder points at.
    fn target_of(&self, link: &str) -> Option<PathBuf> {
        fs::read_link(self.path(link)).ok()
    }

    /// Points a link at a folder, in one step.
    fn point(&self, link: &str, target: &Path) -> Result<(), StoreRefused> {
        let new = self.path(&format!("{link}.new"));
        // Left by a run that was killed.
        let _ = fs::remove_file(&new);
        std::os::unix::fs::symlink(target, &new).map_err(io_at(&new))?;
        fs::rename(&new, self.path(link)).map_err(io_at(&new))?;
        sync(&self.folder)
    }

    /// An empty folder for half-made things.
    fn new_folder(&self, name: &str) -> Result<PathBuf, StoreRefused> {
        let path = self.path(name);
        // Left by a run that was killed.
        let _ = fs::remove_dir_all(&path);
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(io_at(&path))?;
        Ok(path)
    }

    /// Removes what neither link points at. What cannot be removed is looked at the next time.
    fn tidy(&self) {
        let used = [self.target_of(CURRENT), self.target_of(PREVIOUS)];
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = PathBuf::from(entry.file_name());
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !used.iter().flatten().any(|used| *used == name) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// The folder's name of an identity: the beginning of its certificate's SHA-256.
fn name_of(identity: &Identity) -> String {
    let own = identity.chain.first().map_or(&[][..], |own| own.as_ref());
    let sum = crypto::sha256(own);
    sum[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), StoreRefused> {
    let mut options = OpenOptions::new();
    let opened = options.create_new(true).write(true).mode(mode).open(path);
    opened
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .map_err(io_at(path))
}

fn sync(folder: &Path) -> Result<(), StoreRefused> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(io_at(folder))
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> StoreRefused {
    let path = path.to_owned();
    move |source| StoreRefused::Io {
        path: path.clone(),
        source,
    }
}

#[cfg(test)]
mod tests;
