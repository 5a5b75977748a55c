//! Where the register lies: a folder of files, or a PostgreSQL database.

use std::path::Path;

use registry::{InvalidPostgresAddress, PostgresAddress, RegisterPlace};
use serde::Deserialize;
use settings_file::RelativePathBuf;

use crate::secrets::{self, SecretError};

/// Where the register lies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterSettings {
    /// Folder with one database file for each municipality, and `system.db`. Either this or
    /// `url`.
    pub directory: Option<RelativePathBuf>,
    /// A PostgreSQL database prepared by `server database prepare`, without a password in it.
    pub url: Option<String>,
    /// File with the database role's password, where it has one: one line.
    pub password: Option<RelativePathBuf>,
    /// The master key that wraps each municipality's key: 32 bytes, hexadecimal.
    pub master_key: RelativePathBuf,
    /// Master keys of before, which still open what they wrapped, until `server keys rewrap`.
    #[serde(default)]
    pub former_master_keys: Vec<RelativePathBuf>,
}

impl RegisterSettings {
    /// Where the register lies; reads the password's file.
    ///
    /// # Errors
    /// [`RegisterPlaceError`].
    pub fn place(&self) -> Result<RegisterPlace, RegisterPlaceError> {
        match (&self.directory, &self.url) {
            (Some(directory), None) => Ok(RegisterPlace::Folder(directory.relative())),
            (None, Some(url)) => {
                let file = self.password.as_ref().map(RelativePathBuf::relative);
                Ok(RegisterPlace::Postgres(address(url, file.as_deref())?))
            }
            (Some(_), Some(_)) | (None, None) => Err(RegisterPlaceError::NotOne),
        }
    }
}

/// Why the settings do not say where the register lies.
#[derive(Debug, thiserror::Error)]
pub enum RegisterPlaceError {
    /// Both, or neither.
    #[error("[register] needs either directory or url")]
    NotOne,
    /// The address.
    #[error("the database's address: {0}")]
    Url(#[from] InvalidPostgresAddress),
    /// The password's file.
    #[error("the database's password: {0}")]
    Password(#[from] SecretError),
}

/// A database's address with the password out of its file, where it has one.
pub(crate) fn address(
    url: &str,
    password: Option<&Path>,
) -> Result<PostgresAddress, RegisterPlaceError> {
    let password = password.map(secrets::password).transpose()?;
    let password = password.as_ref().map(|password| password.trim_end());
    Ok(PostgresAddress::parse(url, password)?)
}

#[cfg(test)]
mod tests {
    use figment2::Figment;
    use figment2::providers::{Format, Toml};

    use super::*;

    fn place(text: &str) -> Result<RegisterPlace, RegisterPlaceError> {
        let text = format!("master_key = \"key\"\n{text}");
        let settings: RegisterSettings = Figment::from(Toml::string(&text)).extract().unwrap();
        settings.place()
    }

    #[test]
    fn either_a_folder_or_a_database() {
        let url = "url = \"postgres:///akashi?host=/run/postgresql\"";
        let directory = "directory = \"register\"";
        assert!(matches!(place(directory), Ok(RegisterPlace::Folder(_))));
        assert!(matches!(place(url), Ok(RegisterPlace::Postgres(_))));
        for not_one in [String::new(), format!("{directory}\n{url}")] {
            let refused = place(&not_one);
            assert!(matches!(refused, Err(RegisterPlaceError::NotOne)));
        }
    }

    #[test]
    fn a_password_stands_in_a_file_of_its_own() {
        let within = place("url = \"postgres://akashi:secret@localhost/akashi\"");
        assert!(matches!(within, Err(RegisterPlaceError::Url(_))));
        let missing = "url = \"postgres://localhost/akashi\"\npassword = \"no-such-file\"";
        let missing = place(missing);
        assert!(matches!(missing, Err(RegisterPlaceError::Password(_))));
    }
}
