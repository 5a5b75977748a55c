//! Whether a text fits its place: what the lint asks before anything is signed.

use super::composer::{fitted_size, lines, width};
use super::layout::{
    ALTERNATIVE_NAME_SIZES, ALTERNATIVE_NAME_WIDTH, LOT_SIZES, LOT_WIDTH, NAME_LINES_SIZE,
    NAME_SIZES, NAME_WIDTH, TITLE_ENGLISH_SIZES, TITLE_SIZES, TITLE_WIDTH,
};
use super::measures::Length;
use crate::fonts::Run;

/// Whether a name fits its cell: in one line, or in two smaller ones where no other name stands
/// below it.
pub(crate) fn name_fits(run: &Run, with_alternative: bool) -> bool {
    if fitted_size(run, NAME_WIDTH, NAME_SIZES).is_some() {
        return true;
    }
    !with_alternative && fits_lines(run, NAME_WIDTH, NAME_LINES_SIZE, 2)
}

/// Whether the other registered name fits in one line.
pub(crate) fn alternative_name_fits(run: &Run) -> bool {
    fitted_size(run, ALTERNATIVE_NAME_WIDTH, ALTERNATIVE_NAME_SIZES).is_some()
}

/// Whether the issuer's title fits in one line.
pub(crate) fn title_fits(run: &Run) -> bool {
    fitted_size(run, TITLE_WIDTH, TITLE_SIZES).is_some()
}

/// Whether the issuer's title in English fits in one line.
pub(crate) fn title_english_fits(run: &Run) -> bool {
    fitted_size(run, TITLE_WIDTH, TITLE_ENGLISH_SIZES).is_some()
}

/// Whether a lot number fits in one line.
pub(crate) fn lot_fits(run: &Run) -> bool {
    fitted_size(run, LOT_WIDTH, LOT_SIZES).is_some()
}

fn fits_lines(run: &Run, available: Length, size: Length, most: usize) -> bool {
    let lines = lines(run, available, size);
    lines.len() <= most && lines.iter().all(|line| width(line, size) <= available)
}
