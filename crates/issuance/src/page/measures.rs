//! Lengths on the page. All in hundredths of a PostScript point (1/7200 inch), measured from the
//! upper left corner of the sheet: whole numbers, so that the same page gives the same bytes.

/// Hundredths of a point.
pub type Length = i32;

/// One point.
pub const PT: Length = 100;

/// One pixel of a 300 dpi printer. Codes begin and end on such pixels and a module is five of
/// them, so that a printer of 300, 600 or 1200 dpi draws every module equally large.
pub const PIXEL: Length = 24;

/// The sheet: A4, rounded to whole pixels of 300 dpi (2480 × 3508; 0.03 mm narrower than A4).
pub const SHEET_WIDTH: Length = 2480 * PIXEL;
/// See [`SHEET_WIDTH`].
pub const SHEET_HEIGHT: Length = 3508 * PIXEL;

/// One module of a code: 1.2 pt = 0.423 mm, more than the 0.40 mm that scanners need.
pub const MODULE: Length = 5 * PIXEL;

/// The white around a code, in modules (ISO/IEC 18004, 9.1).
pub const QUIET_ZONE: usize = 4;

/// Millimetres.
pub const fn mm(millimetres: f64) -> Length {
    (millimetres * 7200.0 / 25.4) as Length
}

/// Points.
pub const fn pt(points: f64) -> Length {
    (points * 100.0) as Length
}

/// A length rounded down to whole pixels of a 300 dpi printer.
pub const fn on_pixel(length: Length) -> Length {
    length / PIXEL * PIXEL
}

const _: () = assert!(
    MODULE as f64 * 25.4 / 7200.0 >= 0.40,
    "scanners need modules of 0.40 mm (formats.md, \"Printing codes\")"
);
