//! EF 0002: `FF20 L`, in it `DF21 08` four offsets, `DF22` name, `DF23` address, `DF24` birth
//! date, `DF25` sex.
//!
//! DF21 is the one part of the file that no digest covers, so its entries must be what they are
//! on every card seen: the offset, from the start of the file, of each attribute's tag.

use std::ops::Range;

use domain::{Address, BasicAttributes, BirthDate, InvalidText, PersonName, Sex};

use crate::{
    ElementaryFile,
    malformation::Malformation,
    tlv::{Object, Objects},
};

pub(crate) struct BasicAttributesFile {
    pub(crate) attributes: BasicAttributes,
    /// What `DF32` of EF 0003 is the digest of: from DF22's tag to the end of FF20.
    pub(crate) digested: Range<usize>,
}

impl BasicAttributesFile {
    pub(crate) fn parse(file: &[u8]) -> Result<Self, Malformation> {
        ElementaryFile::BasicAttributes.check_length(file.len())?;
        let mut whole = Objects::of_file(file);
        let outer = whole.next(0xff20)?;
        whole.finish_with_filler()?;
        let mut objects = outer.objects();
        let offsets = objects.next(0xdf21)?;
        let name = objects.next(0xdf22)?;
        let address = objects.next(0xdf23)?;
        let birth_date = objects.next(0xdf24)?;
        let sex = objects.next(0xdf25)?;
        objects.finish()?;
        check_offsets(&offsets, [&name, &address, &birth_date, &sex])?;
        Ok(Self {
            digested: name.whole.start..outer.place.end,
            attributes: BasicAttributes {
                name: text(&name, |text| PersonName::parse(text))?,
                address: text(&address, |text| Address::parse(text))?,
                birth_date: BirthDate::parse(birth_date.value).map_err(|reason| {
                    Malformation::BirthDate {
                        at: birth_date.place.start,
                        reason,
                    }
                })?,
                sex: Sex::parse(sex.value).map_err(|_| Malformation::Sex {
                    at: sex.place.start,
                })?,
            },
        })
    }
}

fn check_offsets(table: &Object<'_>, attributes: [&Object<'_>; 4]) -> Result<(), Malformation> {
    let entries: [u8; 8] = table.exactly()?;
    for (index, (entry, attribute)) in entries.chunks_exact(2).zip(attributes).enumerate() {
        let offset = usize::from(u16::from_be_bytes([entry[0], entry[1]]));
        if offset != attribute.whole.start {
            return Err(Malformation::Offset {
                at: table.place.start + 2 * index,
            });
        }
    }
    Ok(())
}

fn text<T>(
    object: &Object<'_>,
    parse: impl FnOnce(&str) -> Result<T, InvalidText>,
) -> Result<T, Malformation> {
    let text = std::str::from_utf8(object.value).map_err(|error| Malformation::NotUtf8 {
        at: object.place.start + error.valid_up_to(),
    })?;
    parse(text).map_err(|reason| Malformation::Text {
        at: object.place.start,
        reason,
    })
}
