//! BER-TLV (ITU-T X.690, 8.1) as the card writes it: tags of one or two bytes, definite lengths
//! below 65536. Lengths need not be minimal: EF 0005 of a card was observed with `82 00 9F`.
//! Nothing here recurses; each file's parser names the objects it expects, in order.

use std::ops::Range;

use crate::malformation::Malformation;

/// Reads objects one after another out of a part of a file, counting offsets from the file's
/// start.
#[derive(Clone)]
pub(crate) struct Objects<'a> {
    file: &'a [u8],
    at: usize,
    end: usize,
}

/// One object.
#[derive(Clone)]
pub(crate) struct Object<'a> {
    /// Tag, length and value in the file.
    pub(crate) whole: Range<usize>,
    /// The value in the file.
    pub(crate) place: Range<usize>,
    /// The value.
    pub(crate) value: &'a [u8],
    file: &'a [u8],
}

impl<'a> Objects<'a> {
    /// The objects of a whole file.
    pub(crate) const fn of_file(file: &'a [u8]) -> Self {
        Self {
            file,
            at: 0,
            end: file.len(),
        }
    }

    /// The next object, which must have this tag.
    pub(crate) fn next(&mut self, expected: u16) -> Result<Object<'a>, Malformation> {
        let part = &self.file[self.at..self.end];
        let header = Header::read(part, self.at)?;
        if header.tag != expected {
            return Err(Malformation::UnexpectedTag {
                at: self.at,
                expected,
                found: header.tag,
            });
        }
        let start = self.at + header.size;
        let available = self.end - start;
        if header.length > available {
            return Err(Malformation::ValueCutOff {
                at: start,
                claimed: header.length,
                available,
            });
        }
        let place = start..start + header.length;
        let whole = self.at..place.end;
        self.at = place.end;
        Ok(Object {
            whole,
            value: &self.file[place.clone()],
            place,
            file: self.file,
        })
    }

    /// Nothing may follow inside an object.
    pub(crate) fn finish(self) -> Result<(), Malformation> {
        if self.at == self.end {
            Ok(())
        } else {
            Err(Malformation::TrailingBytes { at: self.at })
        }
    }

    /// Only filler may follow in a file.
    pub(crate) fn finish_with_filler(self) -> Result<(), Malformation> {
        match self.file[self.at..self.end]
            .iter()
            .position(|byte| *byte != 0xff)
        {
            None => Ok(()),
            Some(position) => Err(Malformation::Filler {
                at: self.at + position,
            }),
        }
    }
}

impl<'a> Object<'a> {
    /// The objects inside this one.
    pub(crate) fn objects(&self) -> Objects<'a> {
        self.objects_from(0)
    }

    /// The objects inside this one, after so many bytes of another kind.
    pub(crate) fn objects_from(&self, skipped: usize) -> Objects<'a> {
        Objects {
            file: self.file,
            at: (self.place.start + skipped).min(self.place.end),
            end: self.place.end,
        }
    }

    /// The value, which must have exactly this many bytes.
    pub(crate) fn exactly<const N: usize>(&self) -> Result<[u8; N], Malformation> {
        self.value
            .try_into()
            .map_err(|_| Malformation::UnexpectedLength {
                at: self.place.start,
                expected: N,
                found: self.value.len(),
            })
    }
}

/// The length of the whole first object, where enough of the file is there to tell.
pub(crate) fn object_length(beginning: &[u8]) -> Option<usize> {
    let header = Header::read(beginning, 0).ok()?;
    Some(header.size + header.length)
}

struct Header {
    tag: u16,
    size: usize,
    length: usize,
}

impl Header {
    /// Reads tag and length at the start of `part`, which begins at byte `at` of the file.
    fn read(part: &[u8], at: usize) -> Result<Self, Malformation> {
        let (tag, tag_size) = read_tag(part, at)?;
        let (length, length_size) = read_length(&part[tag_size..], at + tag_size)?;
        Ok(Self {
            tag,
            size: tag_size + length_size,
            length,
        })
    }
}

fn read_tag(part: &[u8], at: usize) -> Result<(u16, usize), Malformation> {
    match *part {
        [] => Err(Malformation::TagCutOff { at }),
        [first, ..] if first & 0x1f != 0x1f => Ok((u16::from(first), 1)),
        [_] => Err(Malformation::TagCutOff { at }),
        [_, second, ..] if second & 0x80 != 0 => Err(Malformation::TagTooLong { at }),
        [first, second, ..] => Ok((u16::from_be_bytes([first, second]), 2)),
    }
}

fn read_length(part: &[u8], at: usize) -> Result<(usize, usize), Malformation> {
    match *part {
        [] | [0x81] | [0x82] | [0x82, _] => Err(Malformation::LengthCutOff { at }),
        [short, ..] if short < 0x80 => Ok((usize::from(short), 1)),
        [0x80, ..] => Err(Malformation::LengthIndefinite { at }),
        [0x81, length, ..] => Ok((usize::from(length), 2)),
        [0x82, high, low, ..] => Ok((usize::from(u16::from_be_bytes([high, low])), 3)),
        [first, ..] => Err(Malformation::LengthTooLong {
            at,
            bytes: first & 0x7f,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(bytes: &[u8]) -> Result<usize, Malformation> {
        Objects::of_file(bytes)
            .next(0xdf21)
            .map(|object| object.value.len())
    }

    #[test]
    fn every_form_of_length_that_cards_use() {
        assert_eq!(first(&[0xdf, 0x21, 0x01, 0xaa]), Ok(1));
        assert_eq!(first(&[0xdf, 0x21, 0x81, 0x01, 0xaa]), Ok(1));
        assert_eq!(first(&[0xdf, 0x21, 0x82, 0x00, 0x01, 0xaa]), Ok(1));
        assert_eq!(first(&[0xdf, 0x21, 0x00]), Ok(0));
    }

    #[test]
    fn every_malformation_is_its_own() {
        use Malformation as M;
        for (bytes, expected) in [
            (&[][..], M::TagCutOff { at: 0 }),
            (&[0xdf], M::TagCutOff { at: 0 }),
            (&[0xdf, 0xa1, 0x01], M::TagTooLong { at: 0 }),
            (
                &[0x7f, 0x21, 0x00],
                M::UnexpectedTag {
                    at: 0,
                    expected: 0xdf21,
                    found: 0x7f21,
                },
            ),
            (
                &[0x90, 0x00],
                M::UnexpectedTag {
                    at: 0,
                    expected: 0xdf21,
                    found: 0x90,
                },
            ),
            (&[0xdf, 0x21], M::LengthCutOff { at: 2 }),
            (&[0xdf, 0x21, 0x81], M::LengthCutOff { at: 2 }),
            (&[0xdf, 0x21, 0x82, 0x01], M::LengthCutOff { at: 2 }),
            (
                &[0xdf, 0x21, 0x80, 0x00, 0x00],
                M::LengthIndefinite { at: 2 },
            ),
            (
                &[0xdf, 0x21, 0x83, 0x00, 0x00, 0x00],
                M::LengthTooLong { at: 2, bytes: 3 },
            ),
            (
                &[0xdf, 0x21, 0xff, 0x00],
                M::LengthTooLong { at: 2, bytes: 127 },
            ),
            (
                &[0xdf, 0x21, 0x02, 0xaa],
                M::ValueCutOff {
                    at: 3,
                    claimed: 2,
                    available: 1,
                },
            ),
        ] {
            assert_eq!(first(bytes), Err(expected));
        }
    }

    #[test]
    fn what_follows_is_nothing_or_filler() {
        let mut inner = Objects::of_file(&[0xdf, 0x21, 0x00, 0x00]);
        inner.next(0xdf21).unwrap();
        assert_eq!(inner.finish(), Err(Malformation::TrailingBytes { at: 3 }));
        let mut outer = Objects::of_file(&[0xdf, 0x21, 0x00, 0xff, 0xfe]);
        outer.next(0xdf21).unwrap();
        assert_eq!(
            outer.finish_with_filler(),
            Err(Malformation::Filler { at: 4 })
        );
    }

    #[test]
    fn an_object_may_not_reach_beyond_the_one_around_it() {
        let file = [0x30, 0x03, 0xdf, 0x21, 0x01, 0xff, 0xff];
        let outer = Objects::of_file(&file).next(0x30).unwrap();
        assert_eq!(
            outer.objects().next(0xdf21).map(|_| ()),
            Err(Malformation::ValueCutOff {
                at: 5,
                claimed: 1,
                available: 0
            })
        );
    }
}
