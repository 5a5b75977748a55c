//! The terms of use (利用規約) in force.

use std::path::{Path, PathBuf};

use application::messages::{Terms, TermsText};
use domain::{Language, TermsVersion};

use crate::settings::TermsSettings;

/// Longest text in one language, in bytes.
const LONGEST: usize = 64 * 1024;

/// Why there are no terms to show.
#[derive(Debug, thiserror::Error)]
pub enum TermsError {
    /// The version is not 1 to 32 printable ASCII characters.
    #[error("terms.version is 1 to 32 printable ASCII characters")]
    Version,
    /// A text is there and cannot be read.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A text is empty or too long.
    #[error("{0} is empty, or longer than 64 KiB")]
    Length(PathBuf),
    /// There is no Japanese text.
    #[error("there is no ja.txt in {0}")]
    NoJapanese(PathBuf),
}

/// Reads the terms: `<tag>.txt` for each language that has one.
///
/// # Errors
/// [`TermsError`].
pub fn load(settings: &TermsSettings) -> Result<Terms, TermsError> {
    let version = TermsVersion::parse(&settings.version).ok_or(TermsError::Version)?;
    let folder = settings.directory.relative();
    let mut texts = Vec::new();
    for language in Language::ALL {
        if let Some(text) = text(&folder, language)? {
            texts.push(TermsText { language, text });
        }
    }
    if !texts.iter().any(|text| text.language == Language::Japanese) {
        return Err(TermsError::NoJapanese(folder));
    }
    Ok(Terms { version, texts })
}

fn text(folder: &Path, language: Language) -> Result<Option<String>, TermsError> {
    let path = folder.join(format!("{}.txt", language.tag()));
    match std::fs::read_to_string(&path) {
        Ok(text) if text.trim().is_empty() || text.len() > LONGEST => Err(TermsError::Length(path)),
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TermsError::Unreadable { path, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_from(files: &[(&str, &str)], version: &str) -> Result<Terms, TermsError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        load(&TermsSettings {
            version: version.to_owned(),
            directory: folder.path().into(),
        })
    }

    #[test]
    fn every_language_that_has_a_text() {
        let terms = load_from(&[("en.txt", "Terms"), ("ja.txt", "規約")], "2026-01").unwrap();
        let languages: Vec<_> = terms.texts.iter().map(|text| text.language).collect();
        assert_eq!(languages, [Language::Japanese, Language::English]);
    }

    #[test]
    fn no_japanese_no_version_no_text_are_refused() {
        let refused = load_from(&[("en.txt", "Terms")], "2026-01");
        assert!(matches!(refused, Err(TermsError::NoJapanese(_))));
        let refused = load_from(&[("ja.txt", "規約")], "二〇二六");
        assert!(matches!(refused, Err(TermsError::Version)));
        let refused = load_from(&[("ja.txt", " \n")], "2026-01");
        assert!(matches!(refused, Err(TermsError::Length(_))));
    }
}
