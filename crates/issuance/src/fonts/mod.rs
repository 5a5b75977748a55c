//! The fonts of the page: files named in the settings, read once.
//!
//! Two fonts set the fixed labels and everything that comes out of a closed set of characters
//! (ASCII, the product table); their glyphs are subset and compressed once for all documents.
//! A chain of fonts sets what is registered (names, titles, 外字 and variation selectors
//! included); only a document's own glyphs of them go into it.

mod embedded;
mod label_font;
mod name_font;
mod outline;
mod run;
mod sfnt;

use std::path::{Path, PathBuf};

pub(crate) use embedded::{EmbeddedFont, StreamData};
pub(crate) use label_font::LabelFont;
pub(crate) use name_font::{NameFont, NameSubset};
pub(crate) use outline::Outline;
pub use run::{FontSlot, Glyph, Run};
pub(crate) use run::{MissingAt, is_variation_selector};

use crate::page::{StaticSheets, WatermarkOutlines, words};

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
    /// Title and headings.
    pub headings: FontFile,
    /// Names and titles as registered, in the order in which they are tried.
    pub names: Vec<FontFile>,
}

impl Default for FontPaths {
    /// The fonts of Debian's packages `fonts-noto-cjk` and `fonts-ipamj-mincho` (ADR 0005).
    fn default() -> Self {
        let file = |path: &str, index| FontFile {
            path: path.into(),
            index,
        };
        Self {
            labels: file("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 0),
            headings: file("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc", 0),
            names: vec![
                file("/usr/share/fonts/truetype/ipamj/ipamjm.ttf", 0),
                file("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 0),
            ],
        }
    }
}

/// Longest chain of fonts for names.
const LONGEST_CHAIN: usize = 8;

/// Largest font file read, in bytes; the largest in use has 46 MB.
const LARGEST_FILE: u64 = 128 << 20;

/// The fonts, read and prepared once.
pub struct Fonts {
    pub(crate) labels: LabelFont,
    pub(crate) headings: LabelFont,
    pub(crate) names: Vec<NameFont>,
    pub(crate) sheets: StaticSheets,
}

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
    /// A file is larger than 128 MiB.
    #[error("the font {path} is {length} bytes long")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its length.
        length: u64,
    },
    /// A file is no TrueType or OpenType font with outlines, or has no font of this index.
    #[error("the font {path}, index {index}, cannot be used")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The index in it.
        index: u32,
    },
    /// A label font lacks a character of the fixed texts.
    #[error("the label font {path} has no U+{character:04X}")]
    LabelGlyph {
        /// The file.
        path: PathBuf,
        /// The character, out of the page's own fixed texts.
        character: u32,
    },
    /// A fixed text of the page has a character that is not among the prepared ones.
    #[error("a fixed text of the page cannot be set")]
    FixedText,
    /// No font for names, or more than eight.
    #[error("{0} fonts for names, not 1 to 8")]
    Chain(usize),
}

impl Fonts {
    /// Reads the fonts and prepares the labels' glyphs for every document to come. Takes some
    /// 100 ms and as much memory as the name fonts are long (some 70 MB): once, at the start.
    ///
    /// # Errors
    /// [`FontError`].
    pub fn load(paths: &FontPaths) -> Result<Self, FontError> {
        if !(1..=LONGEST_CHAIN).contains(&paths.names.len()) {
            return Err(FontError::Chain(paths.names.len()));
        }
        let labels = read(&paths.labels.path)?;
        let labels = prepare(
            &paths.labels,
            &labels,
            FontSlot::Labels,
            &words::label_characters(),
        )?;
        let heading_data = read(&paths.headings.path)?;
        let headings = prepare(
            &paths.headings,
            &heading_data,
            FontSlot::Headings,
            &words::heading_characters(),
        )?;
        let watermarks = WatermarkOutlines::of_font(&heading_data, paths.headings.index)
            .ok_or_else(|| unusable(&paths.headings))?;
        let names = paths
            .names
            .iter()
            .enumerate()
            .map(|(at, file)| {
                NameFont::parse(&read(&file.path)?, file.index, FontSlot::Name(at as u8))
                    .ok_or_else(|| unusable(file))
            })
            .collect::<Result<_, _>>()?;
        let sheets =
            StaticSheets::prepare(&labels, &headings, &watermarks).ok_or(FontError::FixedText)?;
        Ok(Self {
            labels,
            headings,
            names,
            sheets,
        })
    }

    /// Sets a registered text in the first font of the chain that has all of it.
    ///
    /// # Errors
    /// [`MissingAt`]: how far the font came that came furthest.
    pub(crate) fn set_registered(&self, text: &str) -> Result<Run, MissingAt> {
        let mut furthest = MissingAt { position: 0 };
        for font in &self.names {
            match font.set(text) {
                Ok(run) => return Ok(run),
                Err(missing) if missing.position > furthest.position => furthest = missing,
                Err(_) => {}
            }
        }
        Err(furthest)
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts")
            .field("names", &self.names.len())
            .finish_non_exhaustive()
    }
}

fn prepare(
    file: &FontFile,
    data: &[u8],
    slot: FontSlot,
    characters: &str,
) -> Result<LabelFont, FontError> {
    LabelFont::prepare(data, file.index, slot, characters).map_err(|missing| match missing {
        Some(character) => FontError::LabelGlyph {
            path: file.path.clone(),
            character: character.into(),
        },
        None => unusable(file),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, FontError> {
    let unreadable = |source| FontError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > LARGEST_FILE {
        return Err(FontError::TooLarge {
            path: path.to_owned(),
            length,
        });
    }
    std::fs::read(path).map_err(unreadable)
}

fn unusable(file: &FontFile) -> FontError {
    FontError::Unusable {
        path: file.path.clone(),
        index: file.index,
    }
}
