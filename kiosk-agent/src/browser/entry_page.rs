//! The first page a browser opens: a file in its profile that leads to the agent's page, with the
//! browser's pass in the address. Everybody on the machine reads a process's arguments; the
//! profile is open to the browser's own user alone.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The longest address, in bytes: a loopback one with port and pass has some 80.
pub(super) const LONGEST_ADDRESS: usize = 200;

/// Where it lies in a profile.
pub(super) fn entry_page(profile: &Path) -> PathBuf {
    profile.join("start.html")
}

/// Writes it, for its owner alone.
///
/// # Errors
/// `InvalidData` for an address that would say more than an address; whatever the operating system
/// says.
pub(super) fn write_entry_page(profile: &Path, address: &str) -> io::Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:.?=-".contains(c);
    if address.len() > LONGEST_ADDRESS
        || !address.starts_with("http://")
        || !address.chars().all(plain)
    {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(entry_page(profile))?;
    write!(
        file,
        "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={address}\">"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn it_leads_to_the_address_and_is_its_owners_alone() {
        let profile = tempfile::tempdir().unwrap();
        write_entry_page(profile.path(), "http://127.0.0.1:8460/?pass=0f").unwrap();
        let page = entry_page(profile.path());
        let mode = std::fs::metadata(&page).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let page = std::fs::read_to_string(page).unwrap();
        assert!(page.contains("0;url=http://127.0.0.1:8460/?pass=0f\""));
        // One that is there already is somebody else's.
        assert!(write_entry_page(profile.path(), "http://127.0.0.1:8460/").is_err());
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        let profile = tempfile::tempdir().unwrap();
        let long = format!("http://{}", "a".repeat(LONGEST_ADDRESS));
        for address in ["", "file:///etc/passwd", "http://a\"><script>", &long] {
            let refused = write_entry_page(profile.path(), address).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
        }
        assert!(!entry_page(profile.path()).exists());
    }
}
