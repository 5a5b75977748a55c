//! Writes the seeds of `card_files` and `card_answers`: what an honest card gives.

use std::fs;
use std::io;
use std::path::Path;

const OK: [u8; 2] = [0x90, 0x00];

/// The real test card's EF 0001, 0002, 0003, 0004 and 0007.
const FILES: [&str; 5] = ["0001-physical", "0002", "0003", "0004", "0007"];

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = FILES
        .iter()
        .map(|name| {
            let path = format!("../fixtures/real-card/text-{name}.bin");
            fs::read(here.join(path))
        })
        .collect::<io::Result<Vec<_>>>()?;
    write(&here.join("corpus/card_files"), &files)?;

    // SELECT of the application and of the PIN, tries left, PIN.
    let mut answers = vec![OK.to_vec(), OK.to_vec(), vec![0x63, 0xc3], OK.to_vec()];
    for file in &files {
        answers.push(OK.to_vec());
        answers.extend(file.chunks(256).map(|part| [part, &OK].concat()));
    }
    answers.push([&[0x5a; 256][..], &OK].concat());
    write(&here.join("corpus/card_answers"), &answers)
}

fn write(folder: &Path, parts: &[Vec<u8>]) -> io::Result<()> {
    let mut seed = Vec::new();
    for part in parts {
        let length = u16::try_from(part.len()).map_err(io::Error::other)?;
        seed.extend_from_slice(&length.to_be_bytes());
        seed.extend_from_slice(part);
    }
    fs::create_dir_all(folder)?;
    fs::write(folder.join("honest"), seed)
}
