//! Where things are on a sheet.

use domain::CertificateKind;

use super::composer::Sizes;
use super::measures::{Length, mm, pt};

pub(super) const LEFT: Length = mm(16.0);
pub(super) const RIGHT: Length = mm(194.0);
pub(super) const WIDTH: Length = RIGHT - LEFT;
pub(super) const CENTRE: Length = mm(105.0);

/// Rows of the first sheet's table.
pub(super) const FIRST_SHEET_ROWS: usize = 8;
/// Rows of the second sheet's table.
pub(super) const SECOND_SHEET_ROWS: usize = 24;
/// Most doses that a certificate lists.
pub const MOST_DOSES: usize = FIRST_SHEET_ROWS + SECOND_SHEET_ROWS;

/// Distance of the text in a cell from its left edge.
pub(super) const PADDING: Length = mm(1.4);
/// Upper edge of the holder's table.
pub(super) const HOLDER_TOP: Length = mm(51.5);
/// Width of the holder table's first column.
pub(super) const HOLDER_LABELS: Length = mm(32.0);
/// Height of the row of the name.
pub(super) const NAME_ROW: Length = mm(13.0);
/// Height of the other rows.
pub(super) const HOLDER_ROW: Length = mm(9.5);

/// Lower edge of the holder's table.
pub(super) const fn holder_bottom(kind: CertificateKind) -> Length {
    HOLDER_TOP
        + NAME_ROW
        + match kind {
            CertificateKind::Abroad => 2 * HOLDER_ROW,
            CertificateKind::Domestic => HOLDER_ROW,
        }
}

/// The three cells that share a row for use abroad: left edge of label and of value.
pub(super) const SHARED_ROW: [(Length, Length); 3] = [
    (LEFT, LEFT + HOLDER_LABELS),
    (mm(90.0), mm(111.0)),
    (mm(133.0), mm(155.0)),
];

/// Upper edge of the first sheet's table of doses.
pub(super) const fn doses_top(kind: CertificateKind) -> Length {
    holder_bottom(kind) + mm(9.0)
}
/// Upper edge of the second sheet's table of doses.
pub(super) const SECOND_DOSES_TOP: Length = mm(59.0);
/// Height of the head of the table of doses.
pub(super) const DOSES_HEAD: Length = mm(8.4);
/// Height of a dose's row.
pub(super) const DOSE_ROW: Length = mm(8.6);
/// Left edges of the columns, and the right edge of the last.
pub(super) const COLUMNS: [Length; 8] = [
    LEFT,
    mm(25.5),
    mm(46.5),
    mm(81.0),
    mm(103.0),
    mm(161.0),
    mm(183.0),
    RIGHT,
];

/// Upper edge of the row with id and date of issue.
pub(super) const ISSUE_TOP: Length = mm(174.6);
pub(super) const ISSUE_ROW: Length = mm(9.0);
/// Its two labels' and values' left edges.
pub(super) const ISSUE_CELLS: [(Length, Length); 2] =
    [(LEFT, LEFT + HOLDER_LABELS), (mm(105.0), mm(132.0))];

/// Upper edge of the captions of the codes.
pub(super) const CODES_TOP: Length = mm(206.0);
/// Distance of a code's quiet zone from the upper edge of its caption.
pub(super) const CAPTION: Length = mm(4.5);
/// Lower edge of what codes may take.
pub(super) const CODES_BOTTOM: Length = mm(285.0);
/// The text for verifiers, between the codes: for use abroad one column, in Japan two.
pub(super) const VERIFIER_COLUMNS: [(Length, Length); 2] =
    [(mm(71.0), mm(50.0)), (mm(135.0), mm(59.0))];

/// Left edge of the issuer's titles.
pub(super) const ISSUER_LEFT: Length = mm(106.0);
/// Millimetres from the row with the id down to the baseline of the issuer's title, above the
/// minister's.
pub(super) const ISSUER_BELOW: f64 = 6.6;
/// The same where the issuer's title stands alone.
pub(super) const ISSUER_ALONE_BELOW: f64 = 11.0;
/// The same down to the baseline of the minister's title.
pub(super) const MINISTER_BELOW: f64 = 15.4;
/// The baseline above that of the verification page's address.
pub(super) const fn verification_page_top(kind: CertificateKind) -> Length {
    match kind {
        CertificateKind::Abroad => mm(277.0),
        CertificateKind::Domestic => mm(246.0),
    }
}
/// Upper edge of the holder's table on the second sheet.
pub(super) const SECOND_HOLDER_TOP: Length = mm(36.0);
/// The baseline of the footer.
pub(super) const FOOTER: Length = mm(290.0);

/// Sizes of the holder's name in one line.
pub(crate) const NAME_SIZES: Sizes = Sizes {
    largest: pt(17.0),
    smallest: pt(10.0),
};
/// Size of a name that takes two lines.
pub(crate) const NAME_LINES_SIZE: Length = pt(9.0);
/// Width for the holder's name.
pub(crate) const NAME_WIDTH: Length = WIDTH - HOLDER_LABELS - 2 * PADDING;
/// Sizes of the other registered name, in one line.
pub(crate) const ALTERNATIVE_NAME_SIZES: Sizes = Sizes {
    largest: pt(10.0),
    smallest: pt(6.5),
};
/// Width for the other registered name, which has its kind before it.
pub(crate) const ALTERNATIVE_NAME_WIDTH: Length = NAME_WIDTH - mm(14.0);
/// Sizes of the issuer's title, in one line.
pub(crate) const TITLE_SIZES: Sizes = Sizes {
    largest: pt(15.0),
    smallest: pt(8.0),
};
/// Width for the issuer's title, in both languages.
pub(crate) const TITLE_WIDTH: Length = mm(86.0);
/// Sizes of the issuer's title in English, in one line.
pub(crate) const TITLE_ENGLISH_SIZES: Sizes = Sizes {
    largest: pt(8.0),
    smallest: pt(6.0),
};
/// Sizes of the texts in a dose's row, in two lines at most.
pub(crate) const DOSE_SIZES: Sizes = Sizes {
    largest: pt(7.4),
    smallest: pt(5.2),
};
/// Sizes of a lot number.
pub(crate) const LOT_SIZES: Sizes = Sizes {
    largest: pt(8.2),
    smallest: pt(4.8),
};
/// Width for a lot number, in one line.
pub(crate) const LOT_WIDTH: Length = COLUMNS[6] - COLUMNS[5] - 2 * PADDING;
