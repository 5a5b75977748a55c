//! The journal of money: what was taken and is neither kept nor given back yet, so that a kill or
//! a loss of power costs nobody anything (`docs/adr/0023-payment.md`, control C06).
//!
//! It holds numbers: a random id, a method, amounts, and where the devices' counters stood.
//! Nothing about a person, an application or a certificate. It is written anew as a whole before
//! anything is done that depends on it, and what is settled is not in it any more.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crypto::SecureRandom;
use domain::Yen;
use serde::{Deserialize, Serialize};

use super::cctalk::Payout;

/// So much may be owed at once. A kiosk that owes more takes no more money.
const MOST_ENTRIES: usize = 50;

/// The longest journal read, in bytes.
const LONGEST: u64 = 64 * 1024;

/// A payment's random number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaymentId(u64);

impl PaymentId {
    pub(super) fn random(random: &dyn SecureRandom) -> Self {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        Self(u64::from_le_bytes(bytes))
    }
}

impl std::fmt::Display for PaymentId {
    /// 16 hexadecimal digits.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What happens with a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Stage {
    /// Coins come in, or the card's issuer is asked.
    Collecting,
    /// The fee is there; what is above it goes back as change.
    Held,
    /// The fee is the municipality's; the reader has to be told.
    Keeping,
    /// All of it goes back.
    Returning,
    /// The device cannot give it: staff does. Where it was not known at once how much was missing,
    /// a payout is still pending.
    Owed,
}

/// The devices that take money, as the journal names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Device {
    Coins,
    Cashless,
}

/// One payment that is not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Entry {
    pub(super) id: PaymentId,
    pub(super) device: Device,
    pub(super) stage: Stage,
    /// What is asked for.
    pub(super) fee: Yen,
    /// What was put in, or charged.
    pub(super) taken: Yen,
    /// What was paid out of it.
    pub(super) returned: Yen,
    /// A payout whose end is not known yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payout: Option<Payout>,
}

impl Entry {
    /// What is to go back of it as it stands.
    pub(super) fn due(&self) -> Yen {
        let kept = match self.stage {
            Stage::Held | Stage::Keeping => self.fee.0,
            Stage::Collecting | Stage::Returning | Stage::Owed => 0,
        };
        Yen(self
            .taken
            .0
            .saturating_sub(kept)
            .saturating_sub(self.returned.0))
    }
}

/// All of it: what is open, and where the acceptor's event counter stood when it was read last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Content {
    /// Not known before an acceptor was read for the first time.
    acceptor_counter: Option<u8>,
    entries: Vec<Entry>,
}

/// Why there is no journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error("the journal of money: {0}")]
    Io(#[from] io::Error),
    /// It is not what this program wrote.
    #[error("the journal of money is damaged: staff has to look at it, and to remove it")]
    Damaged,
    /// Too much is owed.
    #[error("the journal of money is full: staff has to pay out what is owed")]
    Full,
}

/// The journal.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    content: Content,
    last_written: Option<SystemTime>,
}

impl Journal {
    /// Reads it, or begins an empty one.
    ///
    /// # Errors
    /// [`JournalError`].
    pub(super) fn open(path: &Path) -> Result<Self, JournalError> {
        let content = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Content::default(),
            Err(error) => return Err(error.into()),
            Ok(about) if about.len() > LONGEST => return Err(JournalError::Damaged),
            Ok(_) => serde_json::from_slice(&fs::read(path)?).map_err(|_| JournalError::Damaged)?,
        };
        let about = fs::metadata(path).and_then(|about| about.modified());
        let journal = Self {
            path: path.to_owned(),
            content,
            last_written: about.ok(),
        };
        journal.write()?;
        Ok(journal)
    }

    /// When it was written last, before this program began.
    pub(super) const fn last_written(&self) -> Option<SystemTime> {
        self.last_written
    }

    /// The payments that are not settled.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.content.entries
    }

    pub(super) fn entry(&self, id: PaymentId) -> Option<Entry> {
        let mut entries = self.content.entries.iter();
        entries.find(|entry| entry.id == id).copied()
    }

    /// Where the acceptor's counter stood.
    pub(super) const fn acceptor_counter(&self) -> Option<u8> {
        self.content.acceptor_counter
    }

    /// Begins a payment; and where the acceptor's counter stands, if it moved.
    ///
    /// # Errors
    /// [`JournalError`]; then nothing is begun.
    pub(super) fn begin(&mut self, entry: Entry, counter: Option<u8>) -> Result<(), JournalError> {
        if self.content.entries.len() >= MOST_ENTRIES {
            return Err(JournalError::Full);
        }
        self.change(|content| {
            content.entries.push(entry);
            content.acceptor_counter = counter.or(content.acceptor_counter);
        })
    }

    /// Writes down how a payment stands now, and where the acceptor's counter does: in one write,
    /// so that no coin is counted twice or not at all.
    ///
    /// # Errors
    /// [`JournalError`]; then nothing has changed.
    pub(super) fn note(&mut self, entry: Entry, counter: Option<u8>) -> Result<(), JournalError> {
        self.change(|content| {
            if let Some(place) = content.entries.iter_mut().find(|it| it.id == entry.id) {
                *place = entry;
            }
            content.acceptor_counter = counter.or(content.acceptor_counter);
        })
    }

    /// The acceptor's counter moved, and no money with it.
    ///
    /// # Errors
    /// [`JournalError`].
    pub(super) fn note_counter(&mut self, counter: u8) -> Result<(), JournalError> {
        if Some(counter) == self.content.acceptor_counter {
            return Ok(());
        }
        self.change(|content| content.acceptor_counter = Some(counter))
    }

    /// Forgets a payment: it is settled.
    ///
    /// # Errors
    /// [`JournalError`].
    pub(super) fn forget(&mut self, id: PaymentId) -> Result<(), JournalError> {
        self.change(|content| content.entries.retain(|entry| entry.id != id))
    }

    fn change(&mut self, change: impl FnOnce(&mut Content)) -> Result<(), JournalError> {
        let before = self.content.clone();
        change(&mut self.content);
        if let Err(error) = self.write() {
            self.content = before;
            return Err(error);
        }
        Ok(())
    }

    /// Writes it beside the old one and puts it in its place: after a loss of power there is the
    /// one or the other.
    fn write(&self) -> Result<(), JournalError> {
        let text = serde_json::to_vec(&self.content).map_err(io::Error::from)?;
        let beside = self.path.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;

    fn entry(taken: u32) -> Entry {
        Entry {
            id: PaymentId::random(&SystemRandom),
            device: Device::Coins,
            stage: Stage::Held,
            fee: Yen(120),
            taken: Yen(taken),
            returned: Yen(0),
            payout: None,
        }
    }

    #[test]
    fn what_is_not_settled_is_there_after_a_restart_and_what_is_settled_is_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("payment.journal");
        let mut journal = Journal::open(&path).unwrap();
        let (open, settled) = (entry(500), entry(7_654_321));
        journal.begin(open, None).unwrap();
        journal.begin(settled, None).unwrap();
        journal.note(open, Some(17)).unwrap();
        journal.forget(settled.id).unwrap();
        let again = Journal::open(&path).unwrap();
        assert_eq!(again.entries(), [open]);
        assert_eq!(again.acceptor_counter(), Some(17));
        for file in fs::read_dir(folder.path()).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!text.contains("7654321"), "{text}");
        }
    }

    #[test]
    fn change_is_due_of_what_is_held_and_all_of_what_goes_back() {
        let mut entry = entry(500);
        assert_eq!(entry.due(), Yen(380));
        entry.stage = Stage::Returning;
        entry.returned = Yen(100);
        assert_eq!(entry.due(), Yen(400));
    }

    #[test]
    fn a_damaged_journal_is_not_taken_for_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("payment.journal");
        for text in [
            "",
            "{",
            "{\"acceptor-counter\":1}",
            "{\"acceptor-counter\":1,\"entries\":[],\"x\":1}",
        ] {
            fs::write(&path, text).unwrap();
            assert!(
                matches!(Journal::open(&path), Err(JournalError::Damaged)),
                "{text}"
            );
        }
    }

    #[test]
    fn so_much_is_owed_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(&folder.path().join("payment.journal")).unwrap();
        for _ in 0..MOST_ENTRIES {
            journal.begin(entry(1), None).unwrap();
        }
        assert!(matches!(
            journal.begin(entry(1), None),
            Err(JournalError::Full)
        ));
        assert_eq!(journal.entries().len(), MOST_ENTRIES);
    }
}
