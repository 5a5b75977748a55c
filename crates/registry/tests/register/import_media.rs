//! Media as they come: encrypted, cut off, too many, with a line that never ends.

use std::io::{Cursor, Read};

use encrypted_file::{DecryptingReader, EncryptingWriter, Fault, Identity, Recipients};
use registry::{
    CsvEncoding, FileFault, ImportFile, ImportSource, Purpose, RegistryError, ReportedRow, RowFault,
};

use super::import_batches::*;
use super::support::*;

fn encrypted(text: &str, identity: &Identity) -> Vec<u8> {
    use std::io::Write;
    let recipients = Recipients::parse(&identity.recipient()).unwrap();
    let mut writer = EncryptingWriter::new(Vec::new(), &recipients).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

fn of_medium(medium: Vec<u8>, identity: &Identity) -> Result<ImportSource, Fault> {
    let (file, encoding) = (ImportFile::Residents, CsvEncoding::Detect);
    ImportSource::open(file, encoding, Cursor::new(medium), |medium| {
        DecryptingReader::open(medium, identity)
    })
}

#[tokio::test]
async fn an_encrypted_file_lands_and_a_cut_one_leaves_nothing_of_its_batch() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, staff()).await;
    let identity = Identity::generate();
    let whole = encrypted(&residents(2000), &identity);
    // Cut between two of its pieces: all that is there is authentic.
    let cut = whole[..whole.len() - (whole.len() - 300) % 65_552].to_vec();
    let sources = vec![
        source(ImportFile::Residents, &residents(1)),
        of_medium(cut, &identity).unwrap(),
    ];
    let refused = bring_in(&handle, sources).await;
    let fault = FileFault::Encrypted(Fault::Damaged);
    assert_eq!(
        refused,
        Err(RegistryError::UnreadableFile { file: 2, fault })
    );
    assert!(!is_there(&test, 1).await);

    let sources = vec![of_medium(whole.clone(), &identity).unwrap()];
    let report = bring_in(&handle, sources).await.unwrap();
    assert_eq!(report.added(), 2000);
    // What is recorded is the file as it lay there.
    assert_eq!(report.files[0].digest, crypto::sha256(&whole));
    let refused = of_medium(whole, &Identity::generate()).err();
    assert_eq!(refused, Some(Fault::OtherRecipient));
}

#[tokio::test]
async fn a_batch_has_some_files_and_not_too_many() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, staff()).await;
    for count in [0, 25] {
        let sources = (0..count).map(|_| source(ImportFile::Residents, RESIDENTS));
        let refused = checked(&handle, sources.collect()).await;
        let fault = FileFault::Count(24);
        let expected = RegistryError::UnreadableFile { file: count, fault };
        assert_eq!(refused.err(), Some(expected));
    }
}

/// A line of 100 MB that nobody holds in memory, with good lines around it.
struct LongLine {
    begin: Cursor<Vec<u8>>,
    left: usize,
    end: Cursor<Vec<u8>>,
}

impl Read for LongLine {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.begin.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        let length = buffer.len().min(self.left);
        if length == 0 {
            return self.end.read(buffer);
        }
        buffer[..length].fill(b'x');
        self.left -= length;
        Ok(length)
    }
}

#[tokio::test]
async fn a_line_of_a_hundred_megabytes_is_one_bad_line() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, staff()).await;
    let rows = residents(2);
    let (begin, end) = rows.rsplit_once("000000000000002").unwrap();
    let file = LongLine {
        begin: Cursor::new(begin.as_bytes().to_vec()),
        left: 100_000_000,
        end: Cursor::new(format!("\n000000000000002{end}").into_bytes()),
    };
    let source = ImportSource::plain(ImportFile::Residents, CsvEncoding::Detect, file);
    let report = bring_in(&handle, vec![source]).await.unwrap();
    let expected = ReportedRow {
        file: 1,
        line: 3,
        column: None,
        fault: RowFault::LineTooLong,
    };
    assert_eq!((report.added(), &report.rows[..]), (2, &[expected][..]));
}
