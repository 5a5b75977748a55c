//! Compiles the page's files and the voice prompts in: the agent serves nothing from disk.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The folders, each with what their files' addresses begin with.
const FOLDERS: [(&str, &str); 2] = [("page", "/"), ("voices", "/voices/")];

fn main() -> Result<(), Box<dyn Error>> {
    let home = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut list = String::from("&[\n");
    for (folder, address) in FOLDERS {
        let folder = home.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        for name in names(&folder)? {
            let path = folder.join(&name);
            writeln!(
                list,
                "({:?}, include_bytes!({path:?})),",
                format!("{address}{name}")
            )?;
        }
    }
    list.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("page_files.rs"), list)?;
    Ok(())
}

/// The names of a folder's files, without those that are for its authors.
fn names(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    if !folder.exists() {
        return Ok(names);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && !name.ends_with(".md") && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
