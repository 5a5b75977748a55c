//! The journal of money: what was taken and is neither kept nor given back yet, so that a kill or
//! a loss of power costs nobody anything (`docs/adr/0023-payment.md`, control C06).
//!
//! It holds numbers: a random id, a method, amounts, and where the devices' counters stood.
//! Nothing about a person, an application or a certificate. It is written anew as a whole before
//! anything is done that depends on it, and what is settled is not in it any more.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crypto::SecureRandom;
use domain::Yen;
use serde::{Deserialize, Serialize};

use super::cctalk::Payout;
use super::change::{self, MOST_COINS};

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
    /// Whether this program can have written it: nothing else is counted with.
    fn is_possible(&self) -> bool {
        let payout = self.payout.is_none_or(|payout| {
            payout.coins <= MOST_COINS && change::VALUES.contains(&Yen(payout.yen))
        });
        payout && self.returned <= self.taken
    }

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
    /// Two cashiers would give back each other's fees.
    #[error("the journal of money is in use: another kiosk-agent takes the fees here")]
    InUse,
}

impl Content {
    fn read(path: &Path) -> Result<Self, JournalError> {
        let content: Self = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
            Ok(about) if about.len() > LONGEST => return Err(JournalError::Damaged),
            Ok(_) => serde_json::from_slice(&fs::read(path)?).map_err(|_| JournalError::Damaged)?,
        };
        let possible = content.entries.iter().all(Entry::is_possible);
        possible.then_some(content).ok_or(JournalError::Damaged)
    }
}

/// The journal.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    content: Content,
    /// The file's date as it was found, kept until a new payment begins: it says when somebody
    /// stood here last, and putting an old payment in order is nobody's presence.
    date: Option<SystemTime>,
    /// Locked as long as this lives, and let go by the system with the program.
    _lock: File,
}

impl Journal {
    /// Reads it, or begins an empty one.
    ///
    /// # Errors
    /// [`JournalError`].
    pub(super) fn open(path: &Path) -> Result<Self, JournalError> {
        let lock = File::create(path.with_extension("lock"))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => JournalError::InUse,
            TryLockError::Error(error) => JournalError::Io(error),
        })?;
        let journal = Self {
            content: Content::read(path)?,
            date: fs::metadata(path).and_then(|about| about.modified()).ok(),
            path: path.to_owned(),
            _lock: lock,
        };
        journal.write()?;
        Ok(journal)
    }

    /// When somebody stood here last, before this program began.
    pub(super) const fn date(&self) -> Option<SystemTime> {
        self.date
    }

    /// Whether another payment can be begun.
    pub(super) const fn has_room(&self) -> bool {
        self.content.entries.len() < MOST_ENTRIES
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
        if !self.has_room() {
            return Err(JournalError::Full);
        }
        self.date = None;
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
        self.change(|content| content.acceptor_counter = Some(counter))
    }

    /// Forgets a payment, once that is written.
    ///
    /// # Errors
    /// [`JournalError`]; then it is not forgotten.
    pub(super) fn forget(&mut self, id: PaymentId) -> Result<(), JournalError> {
        self.change(|content| content.entries.retain(|entry| entry.id != id))
    }

    /// A payment was settled; and what is left to do of it: change to be paid by hand, or a reader
    /// to be told. That holds whether or not it can be written now: what was kept must not go
    /// back later.
    ///
    /// # Errors
    /// [`JournalError`]; then it is written with whatever is written next.
    pub(super) fn settle(
        &mut self,
        id: PaymentId,
        left: Option<Entry>,
    ) -> Result<(), JournalError> {
        let entries = &mut self.content.entries;
        entries.retain(|entry| entry.id != id);
        entries.extend(left);
        self.write()
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
    ///
    /// # Errors
    /// [`JournalError::Io`].
    pub(super) fn write(&self) -> Result<(), JournalError> {
        let text = serde_json::to_vec(&self.content).map_err(io::Error::from)?;
        let beside = self.path.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(&text)?;
        if let Some(date) = self.date {
            file.set_modified(date)?;
        }
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
        drop(journal);
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
            assert!(is_damaged(&path, text), "{text}");
        }
    }

    fn is_damaged(path: &Path, text: &str) -> bool {
        fs::write(path, text).unwrap();
        matches!(Journal::open(path), Err(JournalError::Damaged))
    }

    #[test]
    fn what_is_cut_short_or_another_s_is_not_counted_with() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("payment.journal");
        let payout = Payout {
            hopper: 3,
            yen: 10,
            counter: 7,
            dispensed: 1_000,
            coins: 38,
        };
        let mut journal = Journal::open(&path).unwrap();
        journal
            .begin(
                Entry {
                    payout: Some(payout),
                    ..entry(500)
                },
                Some(17),
            )
            .unwrap();
        drop(journal);
        let good = fs::read_to_string(&path).unwrap();
        assert!(!is_damaged(&path, &good));
        for end in 0..good.len() {
            assert!(is_damaged(&path, &good[..end]), "{end}");
        }
        for (part, other) in [
            ("\"device\":\"coins\"", "\"device\":\"notes\""),
            ("\"held\"", "\"lost\""),
            ("\"fee\":120", "\"fee\":-120"),
            ("\"fee\":120", "\"fee\":120,\"x\":1"),
            ("\"hopper\":3", "\"hopper\":3,\"x\":1"),
            ("\"returned\":0", "\"returned\":501"),
            ("\"yen\":10", "\"yen\":4294967295"),
            ("\"coins\":38", "\"coins\":51"),
        ] {
            let foreign = good.replace(part, other);
            assert_ne!(foreign, good, "{part}");
            assert!(is_damaged(&path, &foreign), "{foreign}");
        }
        let padded = format!("{good}{}", " ".repeat(64 * 1024));
        assert!(is_damaged(&path, &padded));
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
