//! A session with 券面事項入力補助AP: selected, then opened by the PIN.

use std::fmt;

use domain::Pin;
use zeroize::Zeroizing;

use crate::{
    CardError, CardFiles, CardTransport, CommandName, ElementaryFile, PinError,
    SignedBasicInformation, StatusWord,
    apdu::{Command, LONGEST_READ, PIN_REFERENCE},
    exchange::{once, whole},
    tlv,
};

/// The application, selected on a card; no PIN presented in this session.
pub struct CardInfoInputAp<T> {
    transport: T,
}

/// The application, opened by its PIN. The card stays open until the application is left or the
/// card's power is cut: whoever holds the transport cuts it.
pub struct PinPresented<T> {
    transport: T,
}

/// The state of the PIN's try counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinTries {
    /// So many tries are left, at least one.
    Left(u8),
    /// Locked: only a municipal counter unlocks it.
    Blocked,
}

/// How far reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadProgress {
    /// Files read whole.
    pub files_read: usize,
    /// Files to be read.
    pub files: usize,
}

impl<T: CardTransport> CardInfoInputAp<T> {
    /// Selects the application.
    ///
    /// # Errors
    /// [`CardError::NotAMyNumberCard`] where the card has no such application; other
    /// [`CardError`]s.
    pub fn select(mut transport: T) -> Result<Self, CardError> {
        let answer = once(&mut transport, &Command::select_application())?;
        match answer.status {
            StatusWord::OK => Ok(Self { transport }),
            StatusWord::NOT_FOUND => Err(CardError::NotAMyNumberCard),
            _ => Err(answer.refusal(CommandName::SelectApplication)),
        }
    }

    /// Asks how many tries the PIN has left. Costs none.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn tries_left(&mut self) -> Result<PinTries, CardError> {
        let selected = once(&mut self.transport, &Command::select_file(PIN_REFERENCE))?;
        if selected.status != StatusWord::OK {
            return Err(selected.refusal(CommandName::SelectFile));
        }
        let answer = once(&mut self.transport, &Command::ask_tries_left())?;
        match counter(answer.status) {
            Some(tries) => Ok(tries),
            None if answer.status == StatusWord::OK => Err(CardError::LeftOpen),
            None => Err(answer.refusal(CommandName::AskTriesLeft)),
        }
    }

    /// Presents the PIN, once: it is consumed, and so is the session unless it was right. Asks
    /// for the tries left beforehand, and does not present to a locked card. Whatever the
    /// answer, the command is not sent again.
    ///
    /// # Errors
    /// [`PinError`].
    pub fn present_pin(mut self, pin: Pin) -> Result<PinPresented<T>, PinError> {
        if self.tries_left()? == PinTries::Blocked {
            return Err(PinError::Blocked);
        }
        let answer = once(
            &mut self.transport,
            &Command::present_pin(pin.expose_digits()),
        )?;
        match counter(answer.status) {
            Some(PinTries::Left(tries_left)) => Err(PinError::Incorrect { tries_left }),
            Some(PinTries::Blocked) => Err(PinError::Blocked),
            None if answer.status == StatusWord::OK => Ok(PinPresented {
                transport: self.transport,
            }),
            None => Err(answer.refusal(CommandName::PresentPin).into()),
        }
    }
}

impl<T: CardTransport> PinPresented<T> {
    /// Reads EF 0001, 0002, 0003, 0004 and 0007 and parses them. `progress` is called before
    /// each file and at the end.
    ///
    /// # Errors
    /// [`CardError`]; [`CardError::Malformed`] where what was read is no card's content.
    pub fn read_signed_basic_information(
        &mut self,
        mut progress: impl FnMut(ReadProgress),
    ) -> Result<SignedBasicInformation, CardError> {
        let mut files_read = 0;
        let mut read = |file| {
            let files = ElementaryFile::ALL.len();
            progress(ReadProgress { files_read, files });
            files_read += 1;
            read_file(&mut self.transport, file)
        };
        let files = CardFiles {
            ef0001: read(ElementaryFile::IndividualNumber)?,
            ef0002: read(ElementaryFile::BasicAttributes)?,
            ef0003: read(ElementaryFile::Integrity)?,
            ef0004: read(ElementaryFile::IssuerCertificate)?,
            ef0007: read(ElementaryFile::CardKey)?,
        };
        let files_count = ElementaryFile::ALL.len();
        progress(ReadProgress {
            files_read: files_count,
            files: files_count,
        });
        Ok(SignedBasicInformation::from_files(files)?)
    }

    /// Has the card sign a presence digest ([`crate::presence_digest`]) with its own key, that of
    /// EF 0007: PKCS #1 v1.5 over the digest's `DigestInfo`.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn sign_presence(&mut self, digest: &[u8; 32]) -> Result<[u8; 256], CardError> {
        let answer = whole(&mut self.transport, &Command::sign(digest))?;
        if answer.status != StatusWord::OK {
            return Err(answer.refusal(CommandName::Sign));
        }
        answer
            .data
            .as_slice()
            .try_into()
            .map_err(|_| CardError::UnexpectedLength {
                command: CommandName::Sign,
                length: answer.data.len(),
            })
    }
}

/// The tries that a status word tells: 63Cn, 63C0 and 6984 meaning locked (both observed on
/// cards), as does 6983 (ISO/IEC 7816-4, table 6).
const fn counter(status: StatusWord) -> Option<PinTries> {
    match status.0 {
        0x63c0 | 0x6983 | 0x6984 => Some(PinTries::Blocked),
        0x63c1..=0x63cf => Some(PinTries::Left((status.0 & 0x0f) as u8)),
        _ => None,
    }
}

fn select_file<T: CardTransport>(transport: &mut T, file: ElementaryFile) -> Result<(), CardError> {
    let answer = once(transport, &Command::select_file(file.id()))?;
    match answer.status {
        StatusWord::OK => Ok(()),
        StatusWord::NOT_FOUND => Err(CardError::FileNotFound(file)),
        _ => Err(answer.refusal(CommandName::SelectFile)),
    }
}

/// Reads a file: EF 0001 to its end, filler included, as its digest covers that; the others to
/// the end of their object.
fn read_file<T: CardTransport>(
    transport: &mut T,
    file: ElementaryFile,
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    select_file(transport, file)?;
    // Room for one read more than allowed, so that no reallocation leaves a copy behind.
    let mut content = Zeroizing::new(Vec::with_capacity(file.longest() + LONGEST_READ));
    loop {
        let wanted = still_wanted(file, &content).min(LONGEST_READ);
        if wanted == 0 {
            return Ok(content);
        }
        let part = read_part(transport, file, content.len(), wanted)?;
        content.extend_from_slice(&part.data);
        if content.len() > file.longest() {
            return Err(CardError::FileTooLong(file));
        }
        trim_filler(file, &mut content);
        if part.is_last {
            return Ok(content);
        }
    }
}

/// How many bytes are missing to the end of the object; unknown is as many as can be had.
fn still_wanted(file: ElementaryFile, content: &[u8]) -> usize {
    object_end(file, content).map_or(LONGEST_READ, |end| end.saturating_sub(content.len()))
}

/// Where what is wanted of the file ends, where that can be told.
fn object_end(file: ElementaryFile, content: &[u8]) -> Option<usize> {
    match file {
        ElementaryFile::IndividualNumber => None,
        ElementaryFile::BasicAttributes
        | ElementaryFile::Integrity
        | ElementaryFile::IssuerCertificate
        | ElementaryFile::CardKey => tlv::object_length(content),
    }
}

fn trim_filler(file: ElementaryFile, content: &mut Vec<u8>) {
    if let Some(end) = object_end(file, content) {
        content.truncate(end);
    }
}

struct Part {
    data: Zeroizing<Vec<u8>>,
    is_last: bool,
}

/// One READ BINARY; where the card names another length (6Cxx), once more with that.
fn read_part<T: CardTransport>(
    transport: &mut T,
    file: ElementaryFile,
    offset: usize,
    wanted: usize,
) -> Result<Part, CardError> {
    // Files are bounded far below the 15 bits that an offset has.
    let offset = u16::try_from(offset).map_err(|_| CardError::FileTooLong(file))?;
    let mut asked = wanted;
    let mut answer = whole(transport, &Command::read_binary(offset, asked))?;
    let mut is_last = false;
    if let [0x6c, length] = answer.status.parts() {
        asked = if length == 0 {
            LONGEST_READ
        } else {
            length.into()
        };
        answer = whole(transport, &Command::read_binary(offset, asked))?;
        is_last = asked < wanted;
    }
    if answer.data.len() > asked {
        return Err(CardError::UnexpectedLength {
            command: CommandName::ReadBinary,
            length: answer.data.len(),
        });
    }
    match answer.status {
        StatusWord::OK => is_last |= answer.data.len() < asked,
        StatusWord::END_OF_FILE | StatusWord::PAST_THE_END => is_last = true,
        StatusWord::ACCESS_DENIED => return Err(CardError::AccessDenied(file)),
        _ => return Err(answer.refusal(CommandName::ReadBinary)),
    }
    Ok(Part {
        data: answer.data,
        is_last,
    })
}

impl<T> fmt::Debug for CardInfoInputAp<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardInfoInputAp(selected)")
    }
}

impl<T> fmt::Debug for PinPresented<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardInfoInputAp(PIN presented)")
    }
}
