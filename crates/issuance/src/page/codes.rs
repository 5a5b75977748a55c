//! The codes on the page.

use certificate::qr::{self, QUIET_ZONE, QrMatrix};
use domain::CertificateKind;

use super::composer::{Anchor, Composer};
use super::layout::{CAPTION, CODES_BOTTOM, CODES_TOP, LEFT, RIGHT};
use super::marks::Mark;
use super::measures::{Length, MODULE, PIXEL, SHEET_HEIGHT, mm, pt};
use super::{RenderError, words};
use crate::Signed;

/// Pixels of a module's side in the image of a code. With one, poppler scales the image for a
/// screen or a fax (100 to 220 dpi) so that zbar cannot read it; with two it can from 140 dpi on.
const PIXELS_A_MODULE: usize = 2;

/// A code ready for the page.
pub struct Code {
    /// The format's name, printed above it.
    pub(super) format: &'static str,
    /// Modules of a side, quiet zone included.
    pub(super) modules: usize,
    /// Rows from the top, eight pixels a byte, set is light: as a 1-bit grey image has them.
    pub(super) image: Vec<u8>,
    /// How many doses it holds, the newest.
    doses: usize,
}

/// The codes of a certificate: its SMART Health Card, and for use abroad its VDS-NC.
pub(super) fn of(signed: &Signed) -> Result<Vec<Code>, RenderError> {
    let mut codes = vec![code(
        words::SHC,
        &qr::encode_shc(signed.smart_health_card_code()).map_err(|_| RenderError::Code)?,
        signed.smart_health_card_doses(),
    )];
    if let Some((text, doses)) = signed.vds_nc_code().zip(signed.vds_nc_doses()) {
        let matrix = qr::encode_bytes(text.as_str().as_bytes(), qr::Version::VDS_NC)
            .map_err(|_| RenderError::Code)?;
        codes.push(code(words::VDS_NC, &matrix, doses));
    }
    Ok(codes)
}

fn code(format: &'static str, matrix: &QrMatrix, doses: usize) -> Code {
    Code {
        format,
        modules: matrix.size() + 2 * QUIET_ZONE,
        image: with_quiet_zone(&matrix.packed_rows(), matrix.size()),
        doses,
    }
}

/// Doubles packed rows in both directions, inverts them and surrounds them with light pixels:
/// at two pixels a module the quiet zone is a whole byte.
fn with_quiet_zone(packed: &[u8], size: usize) -> Vec<u8> {
    const { assert!(QUIET_ZONE * PIXELS_A_MODULE == 8) };
    let side = (size + 2 * QUIET_ZONE) * PIXELS_A_MODULE;
    let stride = side.div_ceil(8);
    let mut image = vec![0xff; stride * side];
    let pairs = image.chunks_exact_mut(2 * stride).skip(QUIET_ZONE);
    for (pair, dark) in pairs.zip(packed.chunks_exact(size.div_ceil(8))) {
        let (upper, lower) = pair.split_at_mut(stride);
        for (pixels, byte) in upper[1..].chunks_mut(2).zip(dark) {
            let doubled = (!doubled(*byte)).to_be_bytes();
            pixels.copy_from_slice(&doubled[..pixels.len()]);
        }
        lower.copy_from_slice(upper);
    }
    image
}

/// Each bit twice.
const fn doubled(byte: u8) -> u16 {
    let mut bits = byte as u16;
    bits = (bits | bits << 4) & 0x0f0f;
    bits = (bits | bits << 2) & 0x3333;
    bits = (bits | bits << 1) & 0x5555;
    bits | bits << 1
}

impl Code {
    /// Pixels of a side of the image.
    pub(super) const fn pixels(&self) -> usize {
        self.modules * PIXELS_A_MODULE
    }
}

/// Puts the codes on the sheet: the first at the left edge, the second at the right edge.
///
/// # Errors
/// [`RenderError::Code`] where a code is larger than its place.
pub(super) fn place(
    sheet: &mut Composer<'_>,
    codes: &[Code],
    doses: usize,
) -> Result<(), RenderError> {
    for (at, code) in codes.iter().enumerate() {
        let side = code.modules as Length * MODULE;
        // The quiet zone hangs over into the margin, so that the dark modules are flush with
        // the tables; both are white.
        let hang = QUIET_ZONE as Length * MODULE;
        let x = on_pixel(if at == 0 {
            LEFT - hang
        } else {
            RIGHT - side + hang
        });
        let y = on_pixel(CODES_TOP + CAPTION) - hang + mm(1.0) / PIXEL * PIXEL;
        if y + side > CODES_BOTTOM + hang {
            return Err(RenderError::Code);
        }
        let left = x + hang;
        sheet.heading(
            Anchor::Left(left, CODES_TOP + mm(2.6)),
            pt(8.2),
            code.format,
        );
        sheet.mark(Mark::Code {
            x,
            y,
            side,
            code: at,
        });
        if code.doses < doses {
            // Below the quiet zone, which has to stay white.
            let below = y + side + mm(2.6);
            let (japanese, english) = words::newest_only(code.doses, doses);
            sheet.label(Anchor::Left(left, below), pt(7.2), &japanese);
            sheet.label(Anchor::Left(left, below + mm(3.0)), pt(6.6), &english);
        }
    }
    Ok(())
}

/// Draws where the codes will be, on a page that has none: a frame with words in it.
pub(super) fn leave_room(sheet: &mut Composer<'_>, kind: CertificateKind) {
    let side = mm(50.0);
    let top = CODES_TOP + CAPTION;
    let codes: &[(Length, &str)] = match kind {
        CertificateKind::Abroad => &[(LEFT, words::SHC), (RIGHT - side, words::VDS_NC)],
        CertificateKind::Domestic => &[(LEFT, words::SHC)],
    };
    for (x, format) in codes {
        sheet.heading(Anchor::Left(*x, CODES_TOP + mm(2.6)), pt(8.2), format);
        sheet.frame(*x, top, side, side);
        let words = words::CODE_WHEN_ISSUED;
        let (centre, middle) = (x + side / 2, top + side / 2);
        sheet.label(Anchor::Centre(centre, middle), pt(7.4), words.japanese);
        sheet.label(
            Anchor::Centre(centre, middle + mm(3.6)),
            pt(6.8),
            words.english,
        );
    }
}

/// A length on a pixel of a 300 dpi printer, whose rows count from the upper edge.
fn on_pixel(length: Length) -> Length {
    const { assert!(SHEET_HEIGHT % PIXEL == 0) };
    length / PIXEL * PIXEL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_zone_surrounds_the_modules() {
        // 9 modules: 1000 0000 1 in the first row, all dark in the others.
        let mut packed = [0xff, 0x80].repeat(9);
        packed[0] = 0x80;
        let image = with_quiet_zone(&packed, 9);
        let stride = 5;
        assert_eq!(image.len(), stride * 34);
        assert!(image[..8 * stride].iter().all(|byte| *byte == 0xff));
        for row in [8, 9] {
            let first = [0xff, 0b0011_1111, 0xff, 0b0011_1111, 0xff];
            assert_eq!(image[row * stride..][..stride], first);
        }
        for row in 10..26 {
            let other = [0xff, 0, 0, 0b0011_1111, 0xff];
            assert_eq!(image[row * stride..][..stride], other);
        }
        assert!(image[26 * stride..].iter().all(|byte| *byte == 0xff));
    }
}
