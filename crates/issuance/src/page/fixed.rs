//! The fixed part of each sheet: rules, labels, words. Composed and deflated once.

use domain::CertificateKind;

use super::composer::{Anchor, Composer, Sizes};
use super::layout::{
    CENTRE, COLUMNS, DOSES_HEAD, HOLDER_LABELS, HOLDER_ROW, HOLDER_TOP, ISSUE_CELLS, ISSUE_ROW,
    ISSUE_TOP, LEFT, NAME_ROW, PADDING, RIGHT, SECOND_DOSES_TOP, SHARED_ROW, VERIFIER_COLUMNS,
    WIDTH, doses_top, holder_bottom,
};
use super::marks::Mark;
use super::measures::{Length, mm, pt};
use super::words::{self, Words};
use super::{layout, measures};
use crate::fonts::{LabelFont, Outline, StreamData};
use crate::pdf::Content;

/// The fixed parts, as deflated content streams.
pub(crate) struct StaticSheets {
    first: Vec<(CertificateKind, bool, StreamData)>,
    second: StreamData,
    specimen: StreamData,
    preview: StreamData,
}

/// What is written across a page that proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watermark {
    /// 見本 SPECIMEN: of a TEST issuer.
    Specimen,
    /// 見本 PREVIEW: nothing was issued.
    Preview,
}

impl StaticSheets {
    /// Composes every fixed part. `None` where a word has a character that was not prepared.
    pub(crate) fn prepare(
        labels: &LabelFont,
        headings: &LabelFont,
        outlines: &WatermarkOutlines,
    ) -> Option<Self> {
        let watermark = |of| watermark(labels, headings, of, outlines.of(of));
        let mut first = Vec::new();
        for kind in CertificateKind::ALL {
            for covid_19 in [false, true] {
                let marks = first_sheet(labels, headings, kind, covid_19)?;
                first.push((kind, covid_19, stream(&marks)));
            }
        }
        Some(Self {
            first,
            second: stream(&second_sheet(labels, headings)?),
            specimen: watermark(Watermark::Specimen)?,
            preview: watermark(Watermark::Preview)?,
        })
    }

    /// The first sheet of a certificate of this kind.
    pub(super) fn first(&self, kind: CertificateKind, covid_19: bool) -> Option<&StreamData> {
        let found = self
            .first
            .iter()
            .find(|(k, c, _)| (*k, *c) == (kind, covid_19));
        found.map(|(_, _, stream)| stream)
    }

    /// The second sheet.
    pub(super) const fn second(&self) -> &StreamData {
        &self.second
    }

    /// A watermark, drawn before everything else.
    pub(super) const fn watermark(&self, of: Watermark) -> &StreamData {
        match of {
            Watermark::Specimen => &self.specimen,
            Watermark::Preview => &self.preview,
        }
    }
}

/// The outlined text of each watermark.
pub(crate) struct WatermarkOutlines {
    specimen: Outline,
    preview: Outline,
}

impl WatermarkOutlines {
    /// Outlines both. `None` where the font lacks a character.
    pub(crate) fn of_font(file: &[u8], index: u32) -> Option<Self> {
        let outline = |of| Outline::of(file, index, &words::watermark(of));
        Some(Self {
            specimen: outline(Watermark::Specimen)?,
            preview: outline(Watermark::Preview)?,
        })
    }

    const fn of(&self, watermark: Watermark) -> &Outline {
        match watermark {
            Watermark::Specimen => &self.specimen,
            Watermark::Preview => &self.preview,
        }
    }
}

impl Watermark {
    /// Where its text begins, and how dark it is: a preview is crossed out all over.
    const fn places(self) -> (&'static [(Length, Length)], &'static str) {
        const ONCE_OR_TWICE: [(Length, Length); 2] = [(mm(40.0), mm(166.0)), (mm(62.0), mm(284.0))];
        const ALL_OVER: [(Length, Length); 5] = [
            (mm(14.0), mm(118.0)),
            (mm(14.0), mm(190.0)),
            (mm(96.0), mm(150.0)),
            (mm(30.0), mm(284.0)),
            (mm(104.0), mm(252.0)),
        ];
        match self {
            Self::Specimen => (&ONCE_OR_TWICE, "0.91"),
            Self::Preview => (&ALL_OVER, "0.84"),
        }
    }
}

fn stream(marks: &[Mark]) -> StreamData {
    let mut content = Content::new(&mut []);
    marks.iter().for_each(|mark| content.draw(mark));
    StreamData::deflated_once(&content.finish())
}

/// The text across the page, then the box at its head.
fn watermark(
    labels: &LabelFont,
    headings: &LabelFont,
    of: Watermark,
    outline: &Outline,
) -> Option<StreamData> {
    let mut content = Content::new(&mut []);
    let (places, grey) = of.places();
    for place in places {
        content.watermark(*place, pt(62.0), outline, grey);
    }
    let marks = stamp(labels, headings, words::stamp(of))?;
    marks.iter().for_each(|mark| content.draw(mark));
    Some(StreamData::deflated_once(&content.finish()))
}

/// The fixed marks of a first sheet.
pub(super) fn first_sheet(
    labels: &LabelFont,
    headings: &LabelFont,
    kind: CertificateKind,
    covid_19: bool,
) -> Option<Vec<Mark>> {
    let mut sheet = Composer::new(labels, headings);
    let title = if covid_19 {
        words::TITLE_COVID_19
    } else {
        words::TITLE
    };
    sheet.heading(Anchor::Centre(CENTRE, mm(28.2)), pt(19.5), title.japanese);
    sheet.heading(Anchor::Centre(CENTRE, mm(34.8)), pt(12.0), title.english);
    kind_line(&mut sheet, kind);
    section(&mut sheet, HOLDER_TOP, words::HOLDER);
    holder_table(&mut sheet, kind);
    section(&mut sheet, doses_top(kind), words::DOSES);
    doses_head(&mut sheet, doses_top(kind));
    issue_row(&mut sheet);
    statement(&mut sheet, covid_19);
    verifying(&mut sheet, kind);
    sheet.finish()
}

/// The fixed marks of a second sheet.
pub(super) fn second_sheet(labels: &LabelFont, headings: &LabelFont) -> Option<Vec<Mark>> {
    let mut sheet = Composer::new(labels, headings);
    sheet.heading(
        Anchor::Left(LEFT, mm(31.0)),
        pt(14.0),
        words::TITLE.japanese,
    );
    sheet.heading(
        Anchor::Right(RIGHT, mm(31.0)),
        pt(11.0),
        words::TITLE.english,
    );
    let top = layout::SECOND_HOLDER_TOP;
    sheet.frame(LEFT, top, WIDTH, NAME_ROW);
    label_cell(&mut sheet, LEFT, top, NAME_ROW, words::NAME);
    divider(&mut sheet, LEFT + HOLDER_LABELS, top, top + NAME_ROW);
    section(&mut sheet, SECOND_DOSES_TOP, words::DOSES);
    for (at, text) in [
        (
            Anchor::Right(RIGHT, SECOND_DOSES_TOP - mm(4.6)),
            words::CONTINUATION.japanese,
        ),
        (
            Anchor::Right(RIGHT, SECOND_DOSES_TOP - mm(1.8)),
            words::CONTINUATION.english,
        ),
    ] {
        sheet.label(at, pt(6.6), text);
    }
    doses_head(&mut sheet, SECOND_DOSES_TOP);
    sheet.finish()
}

/// The box of a page that proves nothing.
pub(super) fn stamp(labels: &LabelFont, headings: &LabelFont, words: Words) -> Option<Vec<Mark>> {
    let mut sheet = Composer::new(labels, headings);
    let (width, height) = (mm(52.0), mm(10.0));
    sheet.frame(LEFT, mm(10.0), width, height);
    sheet.heading(
        Anchor::Left(LEFT + mm(2.0), mm(16.8)),
        pt(15.0),
        words.japanese,
    );
    sheet.heading(
        Anchor::Left(LEFT + mm(14.5), mm(14.4)),
        pt(9.5),
        words.english,
    );
    let not_valid = format!("{} {}", words::NOT_VALID.japanese, words::NOT_VALID.english);
    let sizes = Sizes {
        largest: pt(6.4),
        smallest: pt(4.5),
    };
    sheet.fitted(
        Anchor::Left(LEFT + mm(14.5), mm(18.3)),
        width - mm(15.5),
        sizes,
        &not_valid,
    );
    sheet.finish()
}

fn kind_line(sheet: &mut Composer<'_>, kind: CertificateKind) {
    let words = words::kind(kind);
    let text = format!("{}  {}", words.japanese, words.english);
    let baseline = mm(41.9);
    let width = sheet.heading(Anchor::Centre(CENTRE, baseline), pt(9.5), &text);
    let padding = mm(4.0);
    sheet.frame(
        CENTRE - width / 2 - padding,
        baseline - mm(4.0),
        width + 2 * padding,
        mm(5.8),
    );
}

/// The heading of a table whose upper edge is here.
fn section(sheet: &mut Composer<'_>, top: Length, words: Words) {
    let baseline = top - mm(1.8);
    let width = sheet.heading(Anchor::Left(LEFT, baseline), pt(10.0), words.japanese);
    sheet.heading(
        Anchor::Left(LEFT + width + mm(2.2), baseline),
        pt(8.0),
        words.english,
    );
}

/// A label in both languages, one above the other, in the middle of a cell.
fn label_cell(sheet: &mut Composer<'_>, x: Length, top: Length, height: Length, words: Words) {
    let middle = top + height / 2;
    sheet.label(
        Anchor::Left(x + PADDING, middle - mm(0.5)),
        pt(8.2),
        words.japanese,
    );
    sheet.label(
        Anchor::Left(x + PADDING, middle + mm(2.7)),
        pt(6.8),
        words.english,
    );
}

fn divider(sheet: &mut Composer<'_>, x: Length, top: Length, bottom: Length) {
    sheet.rule((x, top), (x, bottom));
}

fn holder_table(sheet: &mut Composer<'_>, kind: CertificateKind) {
    let bottom = holder_bottom(kind);
    sheet.frame(LEFT, HOLDER_TOP, WIDTH, bottom - HOLDER_TOP);
    divider(sheet, LEFT + HOLDER_LABELS, HOLDER_TOP, bottom);
    label_cell(sheet, LEFT, HOLDER_TOP, NAME_ROW, words::NAME);
    let mut y = HOLDER_TOP + NAME_ROW;
    sheet.rule((LEFT, y), (RIGHT, y));
    match kind {
        CertificateKind::Abroad => {
            label_cell(sheet, LEFT, y, HOLDER_ROW, words::ROMAN_NAME);
            y += HOLDER_ROW;
            sheet.rule((LEFT, y), (RIGHT, y));
            let shared = [
                words::BIRTH_DATE,
                words::NATIONALITY,
                words::PASSPORT_NUMBER,
            ];
            for ((x, value), words) in SHARED_ROW.into_iter().zip(shared) {
                label_cell(sheet, x, y, HOLDER_ROW, words);
                if x != LEFT {
                    divider(sheet, x, y, bottom);
                    divider(sheet, value, y, bottom);
                }
            }
        }
        CertificateKind::Domestic => label_cell(sheet, LEFT, y, HOLDER_ROW, words::BIRTH_DATE),
    }
}

fn doses_head(sheet: &mut Composer<'_>, top: Length) {
    for (columns, words) in COLUMNS.windows(2).zip(words::COLUMNS) {
        let centre = (columns[0] + columns[1]) / 2;
        sheet.label(
            Anchor::Centre(centre, top + mm(3.7)),
            pt(7.4),
            words.japanese,
        );
        sheet.label(
            Anchor::Centre(centre, top + mm(6.7)),
            pt(6.4),
            words.english,
        );
    }
    sheet.mark(Mark::Rule {
        from: (LEFT, top + DOSES_HEAD),
        to: (RIGHT, top + DOSES_HEAD),
        thickness: 70,
    });
}

fn issue_row(sheet: &mut Composer<'_>) {
    let bottom = ISSUE_TOP + ISSUE_ROW;
    sheet.frame(LEFT, ISSUE_TOP, WIDTH, ISSUE_ROW);
    let labels = [words::CERTIFICATE_ID, words::ISSUED_ON];
    for ((x, value), words) in ISSUE_CELLS.into_iter().zip(labels) {
        label_cell(sheet, x, ISSUE_TOP, ISSUE_ROW, words);
        divider(sheet, value, ISSUE_TOP, bottom);
        if x != LEFT {
            divider(sheet, x, ISSUE_TOP, bottom);
        }
    }
}

fn statement(sheet: &mut Composer<'_>, covid_19: bool) {
    let top = ISSUE_TOP + ISSUE_ROW;
    let width = layout::ISSUER_LEFT - LEFT - mm(4.0);
    let below = sheet.paragraph(
        (LEFT, top + mm(6.2)),
        width,
        pt(8.2),
        words::STATEMENT.japanese,
    );
    sheet.paragraph((LEFT, below), width, pt(7.0), words::STATEMENT.english);
    if covid_19 {
        let y = top + mm(layout::MINISTER_BELOW);
        sheet.heading(Anchor::Right(RIGHT, y), pt(10.5), words::MINISTER.japanese);
        sheet.label(
            Anchor::Right(RIGHT, y + mm(3.2)),
            pt(6.6),
            words::MINISTER.english,
        );
    }
}

fn verifying(sheet: &mut Composer<'_>, kind: CertificateKind) {
    let columns = match kind {
        CertificateKind::Abroad => [VERIFIER_COLUMNS[0]; 2],
        CertificateKind::Domestic => [
            (VERIFIER_COLUMNS[0].0, VERIFIER_COLUMNS[1].1),
            VERIFIER_COLUMNS[1],
        ],
    };
    let top = layout::CODES_TOP + mm(2.6);
    let size = pt(6.7);
    let mut y = top;
    for (at, (x, width)) in columns.into_iter().enumerate() {
        if at == 1 && x != columns[0].0 {
            y = top;
        }
        let heading = [words::VERIFYING.japanese, words::VERIFYING.english][at];
        sheet.heading(Anchor::Left(x, y), pt(8.2), heading);
        y += mm(4.4);
        for words in words::verifying(kind) {
            let text = [words.japanese, words.english][at];
            y = sheet.paragraph((x, y), width, size, text) + mm(0.7);
        }
        y += mm(2.0);
    }
    let x = columns[0].0;
    let y = layout::verification_page_top(kind);
    let text = format!(
        "{} {}",
        words::VERIFICATION_PAGE.japanese,
        words::VERIFICATION_PAGE.english
    );
    sheet.label(Anchor::Left(x, y), pt(7.0), &text);
    let footer = layout::FOOTER - mm(3.4);
    sheet.rule((LEFT, footer), (RIGHT, footer));
    debug_assert!(footer < measures::SHEET_HEIGHT);
}
