//! EF 0001: `FF10 0C <12 digits>` and filler, observed to 17 bytes in all.

use domain::MyNumber;

use crate::{ElementaryFile, malformation::Malformation, tlv::Objects};

pub(crate) struct IndividualNumberFile {
    pub(crate) number: MyNumber,
}

impl IndividualNumberFile {
    pub(crate) fn parse(file: &[u8]) -> Result<Self, Malformation> {
        ElementaryFile::IndividualNumber.check_length(file.len())?;
        let mut objects = Objects::of_file(file);
        let digits = objects.next(0xff10)?;
        objects.finish_with_filler()?;
        let number =
            MyNumber::parse(digits.value).map_err(|reason| Malformation::IndividualNumber {
                at: digits.place.start,
                reason,
            })?;
        Ok(Self { number })
    }
}
