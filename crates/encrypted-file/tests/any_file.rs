//! Files as they come: good ones, and every kind of bad one.
#![allow(missing_docs, clippy::unwrap_used)] // a test, and it fails by it

use std::io::{self, Cursor, Read, Write};

use encrypted_file::{DecryptingReader, EncryptingWriter, Fault, Identity, MAGIC, Recipients};

const CHUNK: usize = 64 * 1024;

fn encrypted(content: &[u8], to: &[&Identity]) -> Vec<u8> {
    let text: String = to.iter().map(|identity| identity.recipient()).collect();
    let recipients = Recipients::parse(&text).unwrap();
    let mut writer = EncryptingWriter::new(Vec::new(), &recipients).unwrap();
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

fn read(file: impl Read, identity: &Identity) -> Result<Vec<u8>, Fault> {
    let mut reader = DecryptingReader::open(file, identity)?;
    let mut content = Vec::new();
    match reader.read_to_end(&mut content) {
        Ok(_) => Ok(content),
        Err(error) => {
            let fault = Fault::of(&error).unwrap();
            // It stays so.
            let again = reader.read(&mut [0; 16]).unwrap_err();
            assert_eq!(Fault::of(&again), Some(fault));
            Err(fault)
        }
    }
}

#[test]
fn each_recipient_reads_the_content_of_any_length() {
    let (one, two) = (Identity::generate(), Identity::generate());
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
        let content = vec![b'x'; length];
        let file = encrypted(&content, &[&one, &two]);
        for identity in [&one, &two] {
            assert_eq!(read(&file[..], identity).unwrap(), content, "{length}");
        }
    }
}

#[test]
fn the_file_does_not_tell_its_content() {
    let canary = b"canary canary canary";
    let file = encrypted(canary, &[&Identity::generate()]);
    assert!(!file.windows(6).any(|window| window == b"canary"));
}

#[test]
fn others_cannot_read_it() {
    let file = encrypted(b"x", &[&Identity::generate()]);
    let refused = read(&file[..], &Identity::generate());
    assert_eq!(refused, Err(Fault::OtherRecipient));
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let identity = Identity::generate();
    let file = encrypted(&vec![b'x'; 2 * CHUNK], &[&identity]);
    let near_ends = (0..400)
        .chain(file.len() - 2 * CHUNK..file.len() - 2 * CHUNK + 300)
        .chain((0..40).map(|back| file.len() - 1 - back))
        .chain([CHUNK, CHUNK + 16, file.len() / 2]);
    for length in near_ends {
        assert!(read(&file[..length], &identity).is_err(), "{length} bytes");
    }
    // Also exactly between two chunks, where all that is there is authentic.
    let between = file.len() - CHUNK - 16;
    assert_eq!(read(&file[..between], &identity), Err(Fault::Damaged));
}

#[test]
fn a_changed_file_is_refused() {
    let identity = Identity::generate();
    let file = encrypted(&vec![b'x'; CHUNK + 100], &[&identity]);
    let places = (0..300).chain([CHUNK, file.len() - 50, file.len() - 1]);
    for at in places {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(read(&changed[..], &identity).is_err(), "byte {at}");
    }
    let mut longer = file.clone();
    longer.push(0);
    assert_eq!(read(&longer[..], &identity), Err(Fault::Damaged));
}

#[test]
fn what_is_not_encrypted_says_so() {
    let identity = Identity::generate();
    for file in [
        &b""[..],
        b"age",
        b"resident_number,name\n1,somebody\n",
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
        b"age-encryption.org/v2\n",
    ] {
        assert_eq!(read(file, &identity), Err(Fault::NotEncrypted));
    }
}

#[test]
fn a_passphrase_is_refused_whatever_work_it_asks_for() {
    let identity = Identity::generate();
    for work in ["1", "18", "63"] {
        let mut file = MAGIC.to_vec();
        let salt = "AAAAAAAAAAAAAAAAAAAAAA";
        let body = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let mac = body;
        write!(file, "-> scrypt {salt} {work}\n{body}\n--- {mac}\n").unwrap();
        file.extend_from_slice(&[0; 48]);
        assert_eq!(read(&file[..], &identity), Err(Fault::Passphrase));
    }
}

/// A header that never ends, and counts what is read of it.
struct Endless {
    begin: Cursor<&'static [u8]>,
    read: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = self.begin.read(buffer)?;
        if read == 0 {
            buffer.fill(b'x');
            read = buffer.len();
        }
        self.read += read;
        assert!(self.read < 200 * 1024, "the header has a bound");
        Ok(read)
    }
}

#[test]
fn a_header_has_a_bound() {
    let identity = Identity::generate();
    let endless = Endless {
        begin: Cursor::new(MAGIC),
        read: 0,
    };
    assert_eq!(read(endless, &identity), Err(Fault::Header));
    // Nor by many lines.
    let mut file = MAGIC.to_vec();
    for _ in 0..2_000 {
        file.extend_from_slice(b"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAA\n");
    }
    assert_eq!(read(&file[..], &identity), Err(Fault::Header));
}

/// A medium that is taken out.
struct TakenOut(Cursor<Vec<u8>>);

impl Read for TakenOut {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::from(io::ErrorKind::NotConnected)),
            read => Ok(read),
        }
    }
}

#[test]
fn a_medium_taken_out_is_no_damage() {
    let identity = Identity::generate();
    let mut file = encrypted(&vec![b'x'; 2 * CHUNK], &[&identity]);
    file.truncate(CHUNK);
    let refused = read(TakenOut(Cursor::new(file)), &identity);
    let expected = Fault::InputOutput(io::ErrorKind::NotConnected);
    assert_eq!(refused, Err(expected));
}
