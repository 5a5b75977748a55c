//! Encrypted files: whatever a file becomes on its way, it opens to what was written or not at all.
//! The first three bytes say where the encrypted file is changed and how; the rest is its content,
//! and is opened as a file of its own too.
#![no_main]

use std::io::{Read as _, Write as _};
use std::sync::LazyLock;

use encrypted_file::{DecryptingReader, EncryptingWriter, Identity, MAGIC, Recipients};
use libfuzzer_sys::fuzz_target;

static IDENTITY: LazyLock<Identity> = LazyLock::new(Identity::generate);
static RECIPIENTS: LazyLock<Recipients> =
    LazyLock::new(|| Recipients::parse(&IDENTITY.recipient()).expect("an identity's recipient"));

fn opened(file: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    let mut reader = DecryptingReader::open(file, &IDENTITY).ok()?;
    reader.read_to_end(&mut content).ok()?;
    Some(content)
}

fuzz_target!(|input: &[u8]| {
    let Some(([high, low, change], content)) = input.split_first_chunk() else {
        return;
    };
    let _ = opened(content);
    let _ = opened(&[MAGIC, content].concat());
    if let Ok(text) = str::from_utf8(content) {
        let _ = Identity::parse(text);
        let _ = Recipients::parse(text);
    }
    let mut writer = EncryptingWriter::new(Vec::new(), &RECIPIENTS).expect("memory takes it");
    writer.write_all(content).expect("memory takes it");
    let mut file = writer.finish().expect("memory takes it");
    let at = usize::from(u16::from_be_bytes([*high, *low])) % file.len();
    file[at] ^= change;
    match opened(&file) {
        Some(read) => assert!(read == content, "what opens is what was written"),
        None => assert!(*change != 0, "what was not changed opens"),
    }
});
