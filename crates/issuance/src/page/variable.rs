//! What differs from one certificate to the next.

use certificate::model::{Certificate, CertifiedDose, Holder};
use domain::CertificateKind;
use time::Date;

use super::composer::{Anchor, Composer, Sizes, fitted_size, lines};
use super::document::Shown;
use super::layout::{
    ALTERNATIVE_NAME_SIZES, ALTERNATIVE_NAME_WIDTH, CENTRE, COLUMNS, DOSE_ROW, DOSE_SIZES,
    DOSES_HEAD, FIRST_SHEET_ROWS, FOOTER, HOLDER_LABELS, HOLDER_ROW, HOLDER_TOP, ISSUE_CELLS,
    ISSUE_ROW, ISSUE_TOP, LEFT, NAME_LINES_SIZE, NAME_ROW, NAME_SIZES, NAME_WIDTH, PADDING, RIGHT,
    SECOND_DOSES_TOP, SECOND_HOLDER_TOP, SHARED_ROW, TITLE_ENGLISH_SIZES, TITLE_SIZES, TITLE_WIDTH,
    VERIFIER_COLUMNS, WIDTH, doses_top,
};
use super::measures::{Length, mm, pt};
use super::{PageOptions, RenderError, is_covid_19, layout, words};
use crate::Fonts;

/// The left edge of a value in the holder's table.
const VALUE: Length = LEFT + HOLDER_LABELS + PADDING;

/// Largest size of a name with another name below it.
const RAISED_NAME: Length = pt(14.0);

/// Everything of the first sheet but the codes.
pub(super) fn first_sheet(
    sheet: &mut Composer<'_>,
    fonts: &Fonts,
    shown: &Shown<'_>,
    options: &PageOptions<'_>,
) -> Result<(), RenderError> {
    let certificate = shown.certificate;
    let holder = &certificate.holder;
    name(sheet, fonts, holder, HOLDER_TOP)?;
    particulars(sheet, holder, certificate.kind);
    let doses = &certificate.doses;
    let on_first = doses.len().min(FIRST_SHEET_ROWS);
    let bottom = rows(sheet, doses_top(certificate.kind), &doses[..on_first]);
    if doses.len() > on_first {
        note(sheet, bottom, words::CONTINUED);
    } else {
        note(sheet, bottom, words::NOTHING_BELOW);
    }
    issue(sheet, shown);
    issuer(sheet, fonts, certificate)?;
    if let Some(day) = options.reissued_on {
        reissued(sheet, day);
    }
    verification_page(sheet, certificate.kind, options.verification_url);
    footer(sheet, shown, 1);
    Ok(())
}

/// Everything of the second sheet, which only a certificate of more than eight doses has.
pub(super) fn second_sheet(
    sheet: &mut Composer<'_>,
    fonts: &Fonts,
    shown: &Shown<'_>,
    options: &PageOptions<'_>,
) -> Result<(), RenderError> {
    let certificate = shown.certificate;
    name(sheet, fonts, &certificate.holder, SECOND_HOLDER_TOP)?;
    let bottom = rows(
        sheet,
        SECOND_DOSES_TOP,
        &certificate.doses[FIRST_SHEET_ROWS..],
    );
    note(sheet, bottom, words::NOTHING_BELOW);
    if let Some(day) = options.reissued_on {
        reissued(sheet, day);
    }
    footer(sheet, shown, 2);
    Ok(())
}

/// How many sheets a certificate takes.
pub(super) fn sheets(certificate: &Certificate) -> usize {
    if certificate.doses.len() > FIRST_SHEET_ROWS {
        2
    } else {
        1
    }
}

fn name(
    sheet: &mut Composer<'_>,
    fonts: &Fonts,
    holder: &Holder,
    top: Length,
) -> Result<(), RenderError> {
    let registered = |text| fonts.set_registered(text).map_err(|_| RenderError::Text);
    let run = registered(holder.name.expose())?;
    let alternative = holder.alternative_name.as_ref();
    match fitted_size(&run, NAME_WIDTH, NAME_SIZES) {
        Some(size) if alternative.is_some() => {
            let at = Anchor::Left(VALUE, top + mm(5.9));
            sheet.run(at, size.min(RAISED_NAME), run);
        }
        Some(size) => sheet.run(Anchor::Left(VALUE, top + mm(8.7)), size, run),
        // The lint let two lines pass only where no other name stands below.
        None => {
            let size = NAME_LINES_SIZE;
            for (at, line) in lines(&run, NAME_WIDTH, size).into_iter().enumerate() {
                let y = top + mm(5.3) + at as Length * mm(4.9);
                sheet.run(Anchor::Left(VALUE, y), size, line);
            }
        }
    }
    if let Some(alternative) = alternative {
        let baseline = top + NAME_ROW - mm(2.0);
        let kind = alternative.kind.as_japanese();
        let run = registered(alternative.name.expose())?;
        let size = fitted_size(&run, ALTERNATIVE_NAME_WIDTH, ALTERNATIVE_NAME_SIZES)
            .unwrap_or(ALTERNATIVE_NAME_SIZES.smallest);
        sheet.label(Anchor::Left(VALUE, baseline), pt(7.6), &format!("({kind})"));
        sheet.run(Anchor::Left(VALUE + mm(13.0), baseline), size, run);
    }
    Ok(())
}

fn particulars(sheet: &mut Composer<'_>, holder: &Holder, kind: CertificateKind) {
    let mut y = HOLDER_TOP + NAME_ROW;
    match (kind, &holder.passport) {
        (CertificateKind::Abroad, Some(passport)) => {
            let mut roman = passport.roman_name.expose();
            if let Some(alternative) = &passport.alternative_roman_name {
                roman = format!("{roman} ({})", alternative.expose());
            }
            let sizes = Sizes {
                largest: pt(12.0),
                smallest: pt(6.5),
            };
            sheet.fitted(Anchor::Left(VALUE, y + mm(6.3)), NAME_WIDTH, sizes, &roman);
            y += HOLDER_ROW;
            let [_, nationality, number] = SHARED_ROW.map(|(_, value)| value + PADDING);
            let baseline = y + mm(6.2);
            let (code, passport_number) = (passport.nationality.expose(), passport.number.expose());
            sheet.label(Anchor::Left(nationality, baseline), pt(11.0), code);
            sheet.label(Anchor::Left(number, baseline), pt(11.0), passport_number);
            date(sheet, (VALUE, y), holder.birth_date.date());
        }
        (CertificateKind::Abroad | CertificateKind::Domestic, _) => {
            date(sheet, (VALUE, y), holder.birth_date.date());
        }
    }
}

/// A date in a cell whose upper edge is here, in both notations.
fn date(sheet: &mut Composer<'_>, (x, top): (Length, Length), date: Date) {
    sheet.label(Anchor::Left(x, top + mm(4.4)), pt(10.0), &japanese(date));
    sheet.label(Anchor::Left(x, top + mm(8.1)), pt(8.4), &iso(date));
}

/// The rows of the table and its frame; gives its lower edge.
fn rows(sheet: &mut Composer<'_>, top: Length, doses: &[CertifiedDose]) -> Length {
    let mut y = top + DOSES_HEAD;
    for dose in doses {
        row(sheet, y, dose);
        y += DOSE_ROW;
        sheet.rule((LEFT, y), (RIGHT, y));
    }
    sheet.frame(LEFT, top, WIDTH, y - top);
    for x in &COLUMNS[1..COLUMNS.len() - 1] {
        sheet.rule((*x, top), (*x, y));
    }
    y
}

fn row(sheet: &mut Composer<'_>, top: Length, dose: &CertifiedDose) {
    let product = dose.product;
    let centre = |column: usize| (COLUMNS[column] + COLUMNS[column + 1]) / 2;
    let middle = top + DOSE_ROW / 2 + mm(1.3);
    sheet.label(
        Anchor::Centre(centre(0), middle),
        pt(10.5),
        &dose.number.to_string(),
    );
    let (upper, lower) = (top + mm(3.6), top + mm(6.8));
    sheet.label(
        Anchor::Centre(centre(1), upper),
        pt(7.2),
        &japanese(dose.date),
    );
    sheet.label(Anchor::Centre(centre(1), lower), pt(7.0), &iso(dose.date));
    for (column, japanese, english) in [
        (2, &product.vaccine_type, &product.vaccine_type_english),
        (3, &product.manufacturer, &product.manufacturer_english),
        (4, &product.name, &product.name_english),
    ] {
        let x = COLUMNS[column] + PADDING;
        let available = COLUMNS[column + 1] - COLUMNS[column] - 2 * PADDING;
        sheet.stacked(
            (x, top),
            DOSE_ROW,
            available,
            DOSE_SIZES,
            [japanese, english],
        );
    }
    if let Some(run) = sheet.set(&dose.lot) {
        let size = fitted_size(&run, layout::LOT_WIDTH, layout::LOT_SIZES);
        let size = size.unwrap_or(layout::LOT_SIZES.smallest);
        sheet.run(Anchor::Centre(centre(5), middle - mm(0.2)), size, run);
    }
    // The lint let no other country pass.
    sheet.label(Anchor::Centre(centre(6), upper), pt(7.6), words::JAPAN);
    sheet.label(Anchor::Centre(centre(6), lower), pt(7.2), dose.country);
}

/// The line that says how a table goes on.
fn note(sheet: &mut Composer<'_>, bottom: Length, words: words::Words) {
    let text = format!("{}  {}", words.japanese, words.english);
    sheet.label(Anchor::Centre(CENTRE, bottom + mm(3.6)), pt(7.0), &text);
}

fn issue(sheet: &mut Composer<'_>, shown: &Shown<'_>) {
    let certificate = shown.certificate;
    let [id, day] = ISSUE_CELLS.map(|(_, value)| value + PADDING);
    let middle = ISSUE_TOP + ISSUE_ROW / 2;
    match &shown.id {
        Some(number) => {
            let at = Anchor::Left(id, middle + mm(1.6));
            sheet.label(at, pt(12.5), number.as_str());
        }
        None => {
            let words = words::GIVEN_WHEN_ISSUED;
            sheet.label(Anchor::Left(id, middle - mm(0.4)), pt(8.2), words.japanese);
            sheet.label(Anchor::Left(id, middle + mm(3.0)), pt(7.0), words.english);
        }
    }
    sheet.label(
        Anchor::Left(day, middle - mm(0.4)),
        pt(10.0),
        &japanese(certificate.issued_on),
    );
    sheet.label(
        Anchor::Left(day, middle + mm(3.4)),
        pt(8.4),
        &iso(certificate.issued_on),
    );
}

fn issuer(
    sheet: &mut Composer<'_>,
    fonts: &Fonts,
    certificate: &Certificate,
) -> Result<(), RenderError> {
    let issuer = &certificate.issuer;
    let top = ISSUE_TOP + ISSUE_ROW;
    let baseline = top
        + if is_covid_19(certificate) {
            mm(layout::ISSUER_BELOW)
        } else {
            mm(layout::ISSUER_ALONE_BELOW)
        };
    let run = fonts
        .set_registered(&issuer.title)
        .map_err(|_| RenderError::Text)?;
    let size = fitted_size(&run, TITLE_WIDTH, TITLE_SIZES).unwrap_or(TITLE_SIZES.smallest);
    sheet.run(Anchor::Right(RIGHT, baseline), size, run);
    if let Some(run) = sheet.set(&issuer.title_english) {
        let size = fitted_size(&run, TITLE_WIDTH, TITLE_ENGLISH_SIZES)
            .unwrap_or(TITLE_ENGLISH_SIZES.smallest);
        sheet.run(Anchor::Right(RIGHT, baseline + mm(3.4)), size, run);
    }
    Ok(())
}

fn reissued(sheet: &mut Composer<'_>, day: Date) {
    let (width, top) = (mm(52.0), mm(10.0));
    let x = RIGHT - width;
    sheet.frame(x, top, width, mm(10.0));
    let words = words::REISSUED;
    sheet.heading(
        Anchor::Left(x + mm(2.0), mm(16.8)),
        pt(15.0),
        words.japanese,
    );
    sheet.heading(Anchor::Left(x + mm(20.0), mm(14.4)), pt(9.5), words.english);
    let text = format!("{} / {}", japanese(day), iso(day));
    sheet.label(Anchor::Left(x + mm(20.0), mm(18.3)), pt(6.4), &text);
}

fn verification_page(sheet: &mut Composer<'_>, kind: CertificateKind, url: &str) {
    let (x, width) = match kind {
        CertificateKind::Abroad => VERIFIER_COLUMNS[0],
        CertificateKind::Domestic => (VERIFIER_COLUMNS[0].0, RIGHT - VERIFIER_COLUMNS[0].0),
    };
    let sizes = Sizes {
        largest: pt(8.0),
        smallest: pt(4.8),
    };
    let y = layout::verification_page_top(kind) + mm(3.6);
    sheet.fitted(Anchor::Left(x, y), width, sizes, url);
}

fn footer(sheet: &mut Composer<'_>, shown: &Shown<'_>, number: usize) {
    if let Some(id) = &shown.id {
        let id = format!(
            "{} {}  {}",
            words::CERTIFICATE_ID.japanese,
            words::CERTIFICATE_ID.english,
            id.as_str()
        );
        sheet.label(Anchor::Left(LEFT, FOOTER), pt(6.6), &id);
    }
    let page = format!("{number} / {}", sheets(shown.certificate));
    sheet.label(Anchor::Right(RIGHT, FOOTER), pt(6.6), &page);
}

fn japanese(date: Date) -> String {
    format!(
        "{}年{}月{}日",
        date.year(),
        u8::from(date.month()),
        date.day()
    )
}

fn iso(date: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::composer::width;
    use crate::page::marks::Mark;
    use crate::parts::certificates::dose;
    use crate::parts::fonts;
    use certificate::products;

    /// Of the size: how far Japanese characters reach above and below the baseline.
    const ASCENT: Length = 86;
    const DESCENT: Length = 10;

    #[test]
    fn every_product_stays_in_its_cells() {
        let fonts = fonts();
        for product in products::all() {
            let mut sheet = Composer::new(&fonts.labels, &fonts.headings);
            let mut dose = dose(0);
            dose.product = product;
            dose.number = u8::MAX;
            row(&mut sheet, 0, &dose);
            let mut lowest = [0; COLUMNS.len() - 1];
            for mark in sheet.finish().expect("a product's characters are prepared") {
                let Mark::Text { x, y, size, run } = mark else {
                    continue;
                };
                let column = COLUMNS.iter().rposition(|left| *left <= x).unwrap();
                let right = COLUMNS[column + 1];
                assert!(x + width(&run, size) < right, "{product}, column {column}");
                let top = y - size * ASCENT / 100;
                assert!(top >= lowest[column], "{product}, column {column}");
                lowest[column] = y + size * DESCENT / 100;
                assert!(lowest[column] <= DOSE_ROW, "{product}, column {column}");
            }
        }
    }
}
