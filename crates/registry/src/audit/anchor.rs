//! The anchor log: signed heads on another medium than the database, a line each, itself chained.
//!
//! Somebody with the database and the master key can write a past of their own that holds in
//! itself. They cannot make it agree with heads that lie elsewhere. Each installation appends to a
//! file of its own, `<writer>.jsonl`; a line is signed together with its number and the line
//! before, so that none can be left out, moved or put in.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::head::{AuditKeys, AuditSigner, DigestedHead, HeadForm, SignedHead, sum_of};
use super::writer::{AuditArea, AuditWriter, ChainName};

/// No line is longer, its end included.
const LONGEST_LINE: usize = 1024;
/// Enough of a log's end to find its last whole line.
const TAIL: usize = 4 * LONGEST_LINE;
/// How an anchor log's file name ends.
const SUFFIX: &str = ".jsonl";

/// Why the anchor log cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// The folder or a file cannot be read or written.
    #[error("the anchor {path} cannot be used: {source}; is its medium there?")]
    Medium {
        /// Which.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Signing failed.
    #[error("the heads could not be signed")]
    Signing,
}

/// What is wrong with an anchor log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnchorFault {
    /// The last line has no end, or does not parse: writing was interrupted, or it was cut.
    #[error("line {0}, the last, is not whole; the next `server audit anchor` vouches for it")]
    Unfinished(u64),
    /// A line does not follow the one before: a line was changed, removed, moved or put in.
    #[error("line {0} does not follow the line before it")]
    OutOfPlace(u64),
    /// No trusted key signed this line.
    #[error("line {0} is not signed by the audit key, nor by a former one")]
    Forged(u64),
}

/// What the anchor logs in a folder say.
#[derive(Debug, Default)]
pub struct Anchors {
    heads: BTreeMap<ChainName, Vec<DigestedHead>>,
    /// The logs with something wrong in them, by file name; what stands before the fault counts.
    pub faults: Vec<(String, AnchorFault)>,
    /// How many lines hold.
    pub lines: u64,
    /// When the last head was anchored.
    pub last_at: Option<OffsetDateTime>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineForm {
    line: u64,
    /// SHA-256 of the line before, without its end; zeros before the first.
    #[serde(with = "hex::serde")]
    previous: [u8; 32],
    head: HeadForm,
    /// ES256 over the file's writer, number, previous and head.
    #[serde(with = "hex::serde")]
    signature: [u8; 64],
}

fn message(writer: &str, line: u64, previous: &[u8; 32], head: &SignedHead) -> [u8; 32] {
    let (line, sequence) = (line.to_be_bytes(), head.head.sequence.to_be_bytes());
    sum_of(&[
        b"akashi audit anchor v1",
        writer.as_bytes(),
        &line,
        previous,
        head.chain.area.as_str().as_bytes(),
        head.chain.writer.as_str().as_bytes(),
        &sequence,
        &head.head.hash,
        &head.digest,
        &head.at.unix_timestamp().to_be_bytes(),
        &head.signature,
    ])
}

/// Appends heads to a writer's log in this folder, and waits until the medium has them. Processes
/// of the same writer take turns.
///
/// # Errors
/// [`AnchorError`]; lines that were written before it stay.
pub(crate) fn append(
    folder: &Path,
    writer: &AuditWriter,
    signer: &AuditSigner,
    heads: &[SignedHead],
) -> Result<(), AnchorError> {
    let path = folder.join(format!("{writer}{SUFFIX}"));
    let failed = |source| AnchorError::Medium {
        path: path.clone(),
        source,
    };
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o640)
        .open(&path)
        .map_err(failed)?;
    file.lock().map_err(failed)?;
    let mut end = LogEnd::of(&mut file).map_err(failed)?;
    let mut text = Vec::new();
    if end.unfinished {
        text.push(b'\n');
    }
    for head in heads {
        let line = end.next_line(writer, signer, head)?;
        text.extend_from_slice(&line);
        text.push(b'\n');
    }
    file.write_all(&text).map_err(failed)?;
    file.sync_data().map_err(failed)
}

/// Where a log ends.
struct LogEnd {
    lines: u64,
    previous: [u8; 32],
    unfinished: bool,
}

impl LogEnd {
    /// Reads the last lines only: a log grows for years.
    fn of(file: &mut File) -> std::io::Result<Self> {
        let length = file.seek(SeekFrom::End(0))?;
        let from = length.saturating_sub(TAIL as u64);
        file.seek(SeekFrom::Start(from))?;
        let mut tail = Vec::with_capacity(TAIL);
        file.take(TAIL as u64).read_to_end(&mut tail)?;
        let unfinished = tail.last().is_some_and(|last| *last != b'\n');
        let pieces: Vec<&[u8]> = without_end(&tail).split(|byte| *byte == b'\n').collect();
        // The line that was read last and parses says its number; at most one behind it is not
        // whole.
        let number_of = |line: &[u8]| Some(serde_json::from_slice::<LineForm>(line).ok()?.line);
        let behind = |at: usize| (pieces.len() - 1 - at) as u64;
        let numbered = pieces.iter().enumerate().rev().take(3);
        let lines = numbered
            .filter_map(|(at, line)| Some(number_of(line)? + behind(at)))
            .next();
        match (lines, pieces.last()) {
            (Some(lines), Some(last)) => Ok(Self {
                lines,
                previous: crypto::sha256(last),
                unfinished,
            }),
            _ if length == 0 => Ok(Self {
                lines: 0,
                previous: [0; 32],
                unfinished: false,
            }),
            _ => Err(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "its end is no anchor log's",
            )),
        }
    }

    fn next_line(
        &mut self,
        writer: &AuditWriter,
        signer: &AuditSigner,
        head: &SignedHead,
    ) -> Result<Vec<u8>, AnchorError> {
        let line = self.lines + 1;
        let message = message(writer.as_str(), line, &self.previous, head);
        let form = LineForm {
            line,
            previous: self.previous,
            head: HeadForm::from(head),
            signature: signer
                .sign_message(&message)
                .map_err(|_| AnchorError::Signing)?,
        };
        let text = serde_json::to_vec(&form).map_err(|_| AnchorError::Signing)?;
        self.lines = line;
        self.previous = crypto::sha256(&text);
        Ok(text)
    }
}

/// Reads a line with its end, or as much of it as a line may be long. A longer one comes in
/// pieces, none of which is a line of a log.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    let mut bounded = reader.by_ref().take(LONGEST_LINE as u64);
    Ok(bounded.read_until(b'\n', line)? > 0)
}

fn without_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

impl Anchors {
    /// Reads and checks every anchor log in a folder. A log with a fault is read up to it.
    ///
    /// # Errors
    /// [`AnchorError::Medium`].
    pub fn read(folder: &Path, keys: &AuditKeys) -> Result<Self, AnchorError> {
        let failed = |source| AnchorError::Medium {
            path: folder.to_owned(),
            source,
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let name = name.to_string_lossy().into_owned();
            if let Some(writer) = name.strip_suffix(SUFFIX)
                && AuditWriter::parse(writer).is_ok()
            {
                names.push(name);
            }
        }
        names.sort_unstable();
        let mut anchors = Self::default();
        for name in names {
            let path = folder.join(&name);
            let fault = File::open(&path)
                .and_then(|file| anchors.read_log(&name, file, keys))
                .map_err(|source| AnchorError::Medium { path, source })?;
            if let Some(fault) = fault {
                anchors.faults.push((name, fault));
            }
        }
        Ok(anchors)
    }

    fn read_log(
        &mut self,
        name: &str,
        file: impl Read,
        keys: &AuditKeys,
    ) -> std::io::Result<Option<AnchorFault>> {
        let writer = name.strip_suffix(SUFFIX).unwrap_or(name);
        let mut reader = BufReader::new(file);
        let (mut number, mut previous) = (0, [0; 32]);
        let mut unfinished = None;
        let mut line = Vec::new();
        while read_line(&mut reader, &mut line)? {
            number += 1;
            let text = without_end(&line);
            // A line that was interrupted counts as nothing, and the next one vouches for it by
            // its hash: if somebody spoiled it later, that hash is another one.
            let parsed: Option<LineForm> = serde_json::from_slice(text).ok();
            if let Some(form) = parsed.filter(|_| line.ends_with(b"\n")) {
                unfinished = None;
                if let Err(fault) = self.take(writer, number, &previous, &form, keys) {
                    return Ok(Some(fault));
                }
            } else if unfinished.is_some() {
                return Ok(Some(AnchorFault::OutOfPlace(number)));
            } else {
                unfinished = Some(AnchorFault::Unfinished(number));
            }
            previous = crypto::sha256(text);
        }
        Ok(unfinished)
    }

    fn take(
        &mut self,
        writer: &str,
        number: u64,
        previous: &[u8; 32],
        form: &LineForm,
        keys: &AuditKeys,
    ) -> Result<(), AnchorFault> {
        if form.line != number || form.previous != *previous {
            return Err(AnchorFault::OutOfPlace(number));
        }
        let head = form.head.head().ok_or(AnchorFault::Forged(number))?;
        let message = message(writer, number, previous, &head);
        keys.check(&message, &form.signature)
            .map_err(|_| AnchorFault::Forged(number))?;
        self.lines += 1;
        self.last_at = self.last_at.max(Some(head.at));
        let digested = head.digested();
        self.heads.entry(head.chain).or_default().push(digested);
        Ok(())
    }

    /// The heads of a chain that were anchored.
    pub(crate) fn of(&self, chain: &ChainName) -> &[DigestedHead] {
        self.heads.get(chain).map_or(&[], Vec::as_slice)
    }

    /// The areas that were anchored, each once.
    pub fn areas(&self) -> impl Iterator<Item = AuditArea> {
        let mut areas: Vec<_> = self.heads.keys().map(|chain| chain.area).collect();
        areas.dedup();
        areas.into_iter()
    }

    /// The chains that were anchored.
    pub(crate) fn chains(&self) -> impl Iterator<Item = &ChainName> {
        self.heads.keys()
    }
}
