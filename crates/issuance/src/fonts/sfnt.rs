//! The container of a font file: taking one font's needed tables out of a file or a collection
//! (OpenType 1.9.1, "Organization of an OpenType Font").

/// What is needed to look glyphs up, to measure and to subset them. Left out are above all
/// `post`, which takes the subsetter 100 µs a document, and the layout tables.
const NEEDED: [&[u8; 4]; 12] = [
    b"CFF ", b"OS/2", b"cmap", b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca",
    b"maxp", b"prep",
];

/// Most tables read from a directory.
const MOST_TABLES: usize = 64;

/// A font file of its own with the needed tables of the font at this index. `None` for anything
/// malformed.
pub(crate) fn needed_tables(file: &[u8], index: u32) -> Option<Vec<u8>> {
    let start = match file.get(..4)? {
        b"ttcf" => {
            let fonts = word(file, 8)?;
            if index >= fonts {
                return None;
            }
            word(file, 12 + 4 * index as usize)? as usize
        }
        _ if index == 0 => 0,
        _ => return None,
    };
    let count = half(file, start + 4)?;
    if count > MOST_TABLES {
        return None;
    }
    let mut tables = Vec::with_capacity(NEEDED.len());
    for at in (0..count).map(|i| start + 12 + 16 * i) {
        let tag = file.get(at..at + 4)?;
        if NEEDED.iter().any(|needed| &needed[..] == tag) {
            let offset = word(file, at + 8)? as usize;
            let length = word(file, at + 12)? as usize;
            let data = file.get(offset..offset.checked_add(length)?)?;
            tables.push((tag, file.get(at + 4..at + 8)?, data));
        }
    }
    assemble(file.get(start..start + 4)?, &tables)
}

/// One table of an assembled font.
pub(crate) fn table<'a>(font: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    let count = half(font, 4)?.min(MOST_TABLES);
    let at = (0..count)
        .map(|i| 12 + 16 * i)
        .find(|at| font.get(*at..*at + 4) == Some(&wanted[..]))?;
    let offset = word(font, at + 8)? as usize;
    font.get(offset..offset.checked_add(word(font, at + 12)? as usize)?)
}

/// Writes directory and tables; each table is its tag, its checksum and its data.
fn assemble(version: &[u8], tables: &[(&[u8], &[u8], &[u8])]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let directory = 12 + 16 * tables.len();
    let whole: usize = tables.iter().map(|(_, _, data)| data.len() + 3).sum();
    let mut font = Vec::with_capacity(directory + whole);
    font.extend_from_slice(version);
    font.extend_from_slice(&count.to_be_bytes());
    // The three search fields; nobody reads them here.
    font.extend_from_slice(&[0; 6]);
    let mut offset = directory;
    for (tag, checksum, data) in tables {
        font.extend_from_slice(tag);
        font.extend_from_slice(checksum);
        font.extend_from_slice(&u32::try_from(offset).ok()?.to_be_bytes());
        font.extend_from_slice(&u32::try_from(data.len()).ok()?.to_be_bytes());
        offset += data.len().next_multiple_of(4);
    }
    for (_, _, data) in tables {
        font.extend_from_slice(data);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    Some(font)
}

fn half(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    Some(usize::from(u16::from_be_bytes(bytes.try_into().ok()?)))
}

fn word(data: &[u8], at: usize) -> Option<u32> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assembled_font_gives_its_tables_back() {
        let tables: [(&[u8], &[u8], &[u8]); 2] =
            [(b"head", &[0; 4], b"12345"), (b"post", &[0; 4], b"67")];
        let file = assemble(&[0, 1, 0, 0], &tables).unwrap();
        assert_eq!(table(&file, b"post"), Some(&b"67"[..]));
        let needed = needed_tables(&file, 0).unwrap();
        assert_eq!(table(&needed, b"head"), Some(&b"12345"[..]));
        assert_eq!(table(&needed, b"post"), None);
        assert_eq!(needed_tables(&file, 1), None);
    }

    #[test]
    fn a_file_cut_short_is_no_font() {
        let file = assemble(&[0, 1, 0, 0], &[(b"head", &[0; 4], b"1234")]).unwrap();
        for length in 0..file.len() {
            assert_eq!(needed_tables(&file[..length], 0), None, "{length}");
        }
        assert_eq!(needed_tables(b"ttcf\0\x01\0\0\xff\xff\xff\xff", 3), None);
    }
}
