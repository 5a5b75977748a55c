//! A process's settings: one TOML file, and variables of its own prefix over it; and the key files
//! that settings name.
//!
//! A key that is not known is refused, where the settings' type says `deny_unknown_fields`, so that
//! a misspelt one is no silent default. Relative paths ([`RelativePathBuf`]) start at the file's
//! folder.

mod key_file;

pub use figment2::value::magic::RelativePathBuf;
pub use key_file::{KeyFileError, check_owner_only};

use std::path::{Path, PathBuf};

use figment2::Figment;
use figment2::providers::{Env, Format, Toml};
use serde::de::DeserializeOwned;

/// What a process is told at its start.
pub trait Settings: DeserializeOwned {
    /// The prefix of the variables: with `AKASHI_SERVER_`, `AKASHI_SERVER_KIOSK__LISTEN` stands
    /// for `listen` in `[kiosk]`.
    const VARIABLES: &'static str;

    /// What no type can say.
    ///
    /// # Errors
    /// What the process does not start with, as a sentence for who wrote the file.
    fn check(&self) -> Result<(), &'static str>;
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is not there.
    #[error("there is no settings file {0}")]
    Missing(PathBuf),
    /// A key is unknown, missing, or of another form.
    #[error("the settings cannot be read: {0}")]
    Unreadable(#[from] Box<figment2::Error>),
    /// Something is set that the process does not start with.
    #[error("{0}")]
    Refused(&'static str),
}

/// Reads a settings file, and the variables over it.
///
/// # Errors
/// [`SettingsError`].
pub fn load<S: Settings>(file: &Path) -> Result<S, SettingsError> {
    if !file.is_file() {
        return Err(SettingsError::Missing(file.to_owned()));
    }
    let settings: S = Figment::from(Toml::file(file).search(false))
        .merge(Env::prefixed(S::VARIABLES).split("__"))
        .extract()
        .map_err(Box::new)?;
    settings.check().map_err(SettingsError::Refused)?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Example {
        count: u32,
        file: RelativePathBuf,
    }

    impl Settings for Example {
        const VARIABLES: &'static str = "AKASHI_TEST_WITHOUT_ANY_";

        fn check(&self) -> Result<(), &'static str> {
            if self.count == 0 {
                Err("count is at least 1")
            } else {
                Ok(())
            }
        }
    }

    fn load_text(text: &str) -> Result<Example, SettingsError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, text).unwrap();
        load(&file)
    }

    #[test]
    fn paths_start_at_the_files_folder() {
        let settings = load_text("count = 1\nfile = \"a.pem\"").unwrap();
        let path = settings.file.relative();
        assert!(path.is_absolute() && path.ends_with("a.pem"));
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        let unknown = load_text("count = 1\nfile = \"a\"\nconut = 2").unwrap_err();
        assert!(matches!(unknown, SettingsError::Unreadable(_)));
        assert!(unknown.to_string().contains("conut"));
        let zero = load_text("count = 0\nfile = \"a\"");
        assert!(matches!(
            zero,
            Err(SettingsError::Refused("count is at least 1"))
        ));
        let missing = load::<Example>(Path::new("no-such-file.toml"));
        assert!(matches!(missing, Err(SettingsError::Missing(_))));
    }
}
