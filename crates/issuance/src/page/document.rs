//! Putting a document together out of its prepared and its own parts.

use std::fmt::Write as _;

use certificate::model::Certificate;
use domain::CertificateId;

use super::codes::{self, Code};
use super::composer::Composer;
use super::fixed::Watermark;
use super::marks::Mark;
use super::measures::{Length, SHEET_HEIGHT, SHEET_WIDTH};
use super::{PageOptions, RenderError, is_covid_19, variable};
use crate::fonts::{NameSubset, StreamData};
use crate::pdf::{Content, ObjectId, PdfFile, resource_name, write_font};
use crate::{Fonts, Linted, Signed};

/// The document's title: nothing about the holder (ISO 32000-2, 14.3.3).
const TITLE: &str = "予防接種証明書 Vaccination Certificate";

/// What a document shows: a certificate that was issued, or a preview of one that was not.
pub(super) struct Shown<'a> {
    pub(super) certificate: &'a Certificate,
    /// The id, once there is one.
    pub(super) id: Option<CertificateId>,
    /// The codes, once there are any.
    pub(super) codes: Vec<Code>,
    /// What is written across it.
    pub(super) watermark: Option<Watermark>,
}

impl<'a> Shown<'a> {
    pub(super) fn issued(
        signed: &'a Signed,
        options: &PageOptions<'_>,
    ) -> Result<Self, RenderError> {
        let specimen = options.specimen || signed.is_specimen();
        Ok(Self {
            certificate: signed.certificate(),
            id: Some(signed.certificate().id),
            codes: codes::of(signed)?,
            watermark: specimen.then_some(Watermark::Specimen),
        })
    }

    pub(super) const fn preview(linted: &'a Linted) -> Self {
        Self {
            certificate: linted.certificate(),
            id: None,
            codes: Vec::new(),
            watermark: Some(Watermark::Preview),
        }
    }
}

/// The variable marks of each sheet.
pub(super) fn compose(
    shown: &Shown<'_>,
    fonts: &Fonts,
    options: &PageOptions<'_>,
) -> Result<Vec<Vec<Mark>>, RenderError> {
    let certificate = shown.certificate;
    let mut first = Composer::new(&fonts.labels, &fonts.headings);
    variable::first_sheet(&mut first, fonts, shown, options)?;
    match shown.id {
        Some(_) => codes::place(&mut first, &shown.codes, certificate.doses.len())?,
        None => codes::leave_room(&mut first, certificate.kind),
    }
    let mut sheets = vec![first.finish().ok_or(RenderError::Text)?];
    if variable::sheets(certificate) > 1 {
        let mut second = Composer::new(&fonts.labels, &fonts.headings);
        variable::second_sheet(&mut second, fonts, shown, options)?;
        sheets.push(second.finish().ok_or(RenderError::Text)?);
    }
    Ok(sheets)
}

/// Writes the document.
pub(super) fn write(
    shown: Shown<'_>,
    fonts: &Fonts,
    options: &PageOptions<'_>,
) -> Result<Vec<u8>, RenderError> {
    let sheets = compose(&shown, fonts, options)?;
    let certificate = shown.certificate;
    let mut names: Vec<Option<NameSubset>> = fonts.names.iter().map(|_| None).collect();
    let mut file = PdfFile::with_capacity(super::LONGEST_DOCUMENT);

    let watermark = shown
        .watermark
        .map(|watermark| file.add_stream(format_args!(""), fonts.sheets.watermark(watermark)));
    let mut contents = Vec::with_capacity(sheets.len());
    for (at, marks) in sheets.iter().enumerate() {
        let fixed = match at {
            0 => fonts
                .sheets
                .first(certificate.kind, is_covid_19(certificate))
                .ok_or(RenderError::Text)?,
            _ => fonts.sheets.second(),
        };
        let mut content = Content::new(&mut names);
        marks.iter().for_each(|mark| content.draw(mark));
        let own = StreamData::deflated(&content.finish());
        let mut streams = String::new();
        for stream in watermark.into_iter().chain([
            file.add_stream(format_args!(""), fixed),
            file.add_stream(format_args!(""), &own),
        ]) {
            // Writing to a String cannot fail.
            let _ = write!(streams, "{stream} ");
        }
        contents.push(streams);
    }

    let file_id = file_id(&shown, options);
    let resources = resources(&mut file, fonts, &names, shown.codes)?;
    let pages = file.reserve();
    let mut kids = String::new();
    for streams in contents {
        let page = file.add(format_args!(
            "<</Type/Page/Parent {pages}/MediaBox[0 0 {} {}]/Resources {resources}\
             /Contents[{streams}]>>",
            Points(SHEET_WIDTH),
            Points(SHEET_HEIGHT),
        ));
        let _ = write!(kids, "{page} ");
    }
    file.write(
        pages,
        format_args!("<</Type/Pages/Kids[{kids}]/Count {}>>", sheets.len()),
    );
    let root = file.add(format_args!(
        "<</Type/Catalog/Pages {pages}/Lang(ja-JP)\
         /ViewerPreferences<</DisplayDocTitle true/PrintScaling/None/Duplex/Simplex>>>>"
    ));
    let info = file.add(format_args!("<</Title<{}>>>", utf16(TITLE)));
    Ok(file.finish(root, info, &file_id))
}

/// The fonts and images that the pages name.
fn resources(
    file: &mut PdfFile,
    fonts: &Fonts,
    names: &[Option<NameSubset>],
    codes: Vec<Code>,
) -> Result<ObjectId, RenderError> {
    let mut font_entries = String::new();
    for prepared in [&fonts.labels, &fonts.headings] {
        let id = write_font(file, prepared.embedded());
        let _ = write!(font_entries, "/{} {id}", resource_name(prepared.slot()));
    }
    for (font, subset) in fonts.names.iter().zip(names) {
        if let Some(subset) = subset {
            let embedded = font.embed(subset).ok_or(RenderError::Text)?;
            let id = write_font(file, &embedded);
            let _ = write!(font_entries, "/{} {id}", resource_name(font.slot()));
        }
    }
    let mut images = String::new();
    for (at, code) in codes.into_iter().enumerate() {
        let side = code.pixels();
        let id = file.add_stream(
            format_args!(
                "/Type/XObject/Subtype/Image/Width {side}/Height {side}\
                 /ColorSpace/DeviceGray/BitsPerComponent 1/Interpolate false"
            ),
            &StreamData::deflated(&code.image),
        );
        let _ = write!(images, "/C{at} {id}");
    }
    Ok(file.add(format_args!(
        "<</Font<<{font_entries}>>/XObject<<{images}>>>>"
    )))
}

/// The file's identifier (ISO 32000-2, 14.4): the same for the same document, another for a
/// reissue; of a preview it is one and the same for everybody.
fn file_id(shown: &Shown<'_>, options: &PageOptions<'_>) -> [u8; 16] {
    let mut sum = crypto::Sha256::new();
    sum.update(
        shown
            .id
            .as_ref()
            .map_or("preview", CertificateId::as_str)
            .as_bytes(),
    );
    sum.update(&[u8::from(options.specimen)]);
    if let Some(day) = options.reissued_on {
        sum.update(&day.to_julian_day().to_be_bytes());
    }
    let sum = sum.finish();
    std::array::from_fn(|at| sum[at])
}

/// A text as the hexadecimal digits of UTF-16 with byte order mark (ISO 32000-2, 7.9.2.2).
fn utf16(text: &str) -> String {
    let mut digits = String::from("FEFF");
    for unit in text.encode_utf16() {
        let _ = write!(digits, "{unit:04X}");
    }
    digits
}

/// A length in points, for a dictionary.
struct Points(Length);

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}
