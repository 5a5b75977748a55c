//! The municipalities that take part (参加自治体), as each declared it.
//!
//! What a municipality has not declared is off (C39): without a `municipality.toml` it does not
//! exist here, and without a channel in `channels` it does not issue through that channel.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use certificate::model::Issuer;
use declaration::{InvalidDeclaration, Municipality};
use domain::{Channel, MunicipalityCode};

/// The declaration's file name in each municipality's folder.
const DECLARATION: &str = "municipality.toml";
/// A declaration is a page of text; a longer file is none.
const LONGEST: u64 = 64 * 1024;

/// Who issues, as printed.
pub(crate) fn issuer(municipality: &Municipality) -> Issuer {
    Issuer {
        municipality: municipality.code,
        title: municipality.head_title.clone(),
        title_english: municipality.head_title_english.clone(),
    }
}

/// Every municipality that declared itself.
#[derive(Debug, Clone, Default)]
pub struct Municipalities(BTreeMap<MunicipalityCode, Municipality>);

/// Why the declarations cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeclarationError {
    /// The folder cannot be listed.
    #[error("the municipalities' folder {path} cannot be read: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A declaration cannot be opened or is too long.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A declaration says what it may not.
    #[error("{path}: {source}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Where, and what is wrong.
        source: InvalidDeclaration,
    },
    /// A folder is not named by the code declared in it.
    #[error("the folder {0} declares another municipality's code")]
    OtherCode(PathBuf),
}

/// A municipality that declared nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "municipality {0} has no declaration: write <municipalities>/{0}/municipality.toml, as \
     docs/DEPLOYMENT.md explains"
)]
pub struct NoDeclaration(pub MunicipalityCode);

impl Municipalities {
    /// Reads `<folder>/<code>/municipality.toml` of every municipality.
    ///
    /// # Errors
    /// [`DeclarationError`].
    pub fn load(folder: &Path) -> Result<Self, DeclarationError> {
        let failed = |source| DeclarationError::Folder {
            path: folder.to_owned(),
            source,
        };
        let mut all = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let file = path.join(DECLARATION);
            if !file.is_file() {
                continue;
            }
            let one = read(&file)?;
            if path
                .file_name()
                .is_none_or(|name| name != one.code.as_str())
            {
                return Err(DeclarationError::OtherCode(path));
            }
            all.insert(one.code, one);
        }
        Ok(Self(all))
    }

    /// The municipality of a code, if it declared itself.
    #[must_use]
    pub fn get(&self, code: MunicipalityCode) -> Option<&Municipality> {
        self.0.get(&code)
    }

    /// The declaration of a municipality that is named by a person.
    ///
    /// # Errors
    /// [`NoDeclaration`].
    pub fn declaring(&self, code: MunicipalityCode) -> Result<&Municipality, NoDeclaration> {
        self.get(code).ok_or(NoDeclaration(code))
    }

    /// Every municipality, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Municipality> {
        self.0.values()
    }

    /// The municipality in which an address lies, among those that issue through a channel: the
    /// one whose prefecture and name, or name alone, the address begins with.
    #[must_use]
    pub fn of_address(&self, address: &str, channel: Channel) -> Option<&Municipality> {
        self.iter()
            .filter(|one| one.issues_through(channel))
            .find(|one| {
                let rest = address.strip_prefix(&one.prefecture).unwrap_or(address);
                rest.starts_with(&one.name)
            })
    }
}

fn read(path: &Path) -> Result<Municipality, DeclarationError> {
    let unreadable = |source| DeclarationError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let mut text = String::new();
    let file = File::open(path).map_err(unreadable)?;
    let read = file.take(LONGEST + 1).read_to_string(&mut text);
    if read.map_err(unreadable)? as u64 > LONGEST {
        return Err(unreadable(std::io::ErrorKind::FileTooLarge.into()));
    }
    Municipality::parse(&text).map_err(|source| DeclarationError::Invalid {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const DECLARED: &str = r#"
        code = "131121"
        name = "世田谷区"
        kana = "せたがやく"
        roman_name = "Setagaya City"
        prefecture = "東京都"
        head_title = "世田谷区長"
        head_title_english = "Mayor of Setagaya City"
        fee_yen = 120
        opens_at = "06:30"
        closes_at = "23:00"
        channels = ["kiosk"]
    "#;

    fn load(folder_name: &str, text: &str) -> Result<Municipalities, DeclarationError> {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join(folder_name);
        std::fs::create_dir(&own).unwrap();
        std::fs::write(own.join(DECLARATION), text).unwrap();
        Municipalities::load(folder.path())
    }

    #[test]
    fn a_declaration_in_anothers_folder_is_refused() {
        let refused = load("122271", DECLARED);
        assert!(matches!(refused, Err(DeclarationError::OtherCode(_))));
    }

    #[test]
    fn a_declaration_that_is_not_understood_is_refused_with_its_file_and_line() {
        let refused = load("131121", &DECLARED.replace("kana", "kanna")).unwrap_err();
        let message = refused.to_string();
        assert!(
            message.contains("131121/municipality.toml: line 4: "),
            "{message}"
        );
        let long = format!("{DECLARED}\n#{}", "x".repeat(70_000));
        assert!(matches!(
            load("131121", &long),
            Err(DeclarationError::Unreadable { .. })
        ));
    }

    #[test]
    fn a_fee_that_no_kiosk_could_say_is_refused() {
        let costs = |fee: u32| {
            let declared = DECLARED.replace("fee_yen = 120", &format!("fee_yen = {fee}"));
            load("131121", &declared)
        };
        assert!(costs(0).is_ok() && costs(9_000).is_ok());
        let refused = costs(12_000).unwrap_err().to_string();
        assert!(
            refused.contains("line 9: fee_yen is at most 9000"),
            "{refused}"
        );
    }

    #[test]
    fn the_address_names_a_municipality_that_takes_part() {
        let all = load("131121", DECLARED).unwrap();
        for address in ["東京都世田谷区世田谷4-21-27", "世田谷区世田谷4-21-27"] {
            let found = all.of_address(address, Channel::Kiosk);
            assert_eq!(found.map(|one| one.code.as_str()), Some("131121"));
        }
        assert!(all.of_address("東京都港区", Channel::Kiosk).is_none());
        assert!(all.of_address("東京都世田谷区", Channel::Phone).is_none());
    }
}
