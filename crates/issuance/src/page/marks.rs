//! What is on a sheet, before anybody says how a PDF writes it.

use super::measures::Length;
use crate::fonts::Run;

/// One thing on a sheet. Positions are from the upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line of text.
    Text {
        /// Left end of the baseline.
        x: Length,
        /// The baseline.
        y: Length,
        /// Font size.
        size: Length,
        /// The glyphs.
        run: Run,
    },
    /// A straight line.
    Rule {
        /// Its two ends.
        from: (Length, Length),
        /// See `from`.
        to: (Length, Length),
        /// Its thickness.
        thickness: Length,
    },
    /// The outline of a rectangle.
    Frame {
        /// Left edge.
        x: Length,
        /// Upper edge.
        y: Length,
        /// Width.
        width: Length,
        /// Height.
        height: Length,
        /// Thickness of the line.
        thickness: Length,
    },
    /// A code with its quiet zone, opaque.
    Code {
        /// Left edge of the quiet zone.
        x: Length,
        /// Upper edge of the quiet zone.
        y: Length,
        /// Width and height with the quiet zone.
        side: Length,
        /// Which of the document's codes.
        code: usize,
    },
}
