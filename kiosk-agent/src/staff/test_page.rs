//! A page that says that the printer prints, and nothing about anybody.

use domain::JAPAN;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::printer::Job;

/// A one-page PDF, to be printed as a certificate is.
pub struct TestPage(Vec<u8>);

impl TestPage {
    /// The page of this moment.
    #[must_use]
    pub fn at(moment: OffsetDateTime) -> Self {
        let form = format_description!("[year]-[month]-[day] [hour]:[minute]");
        let moment = moment.to_offset(JAPAN).format(form).unwrap_or_default();
        let content = format!(
            "BT /F1 28 Tf 72 740 Td (AKASHI TEST PAGE) Tj \
             /F1 14 Tf 0 -40 Td (Printed by staff, {moment} JST) Tj \
             0 -24 Td (This is not a certificate.) Tj ET \
             72 72 451 598 re S"
        );
        Self(pdf(&content))
    }

    /// The print job.
    #[must_use]
    pub fn job(&self) -> Job<'_> {
        Job {
            document: &self.0,
            pages: 1,
            copies: 1,
        }
    }
}

/// A page of A4 with this content and one of the fonts that every printer has.
fn pdf(content: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = String::new();
    for (number, object) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let (count, start) = (objects.len() + 1, file.len());
    file.push_str(&format!(
        "xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n\
         << /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn every_object_is_where_the_table_says() {
        let page = TestPage::at(datetime!(2026-03-01 00:30 UTC));
        let text = String::from_utf8(page.job().document.to_vec()).unwrap();
        assert!(text.contains("2026-03-01 09:30 JST"));
        let table = text.split("xref\n").nth(1).unwrap();
        let entries: Vec<usize> = table
            .lines()
            .filter(|line| line.ends_with("n "))
            .map(|line| line[..10].parse().unwrap())
            .collect();
        assert_eq!(entries.len(), 5);
        for (number, at) in (1..).zip(entries) {
            assert!(text[at..].starts_with(&format!("{number} 0 obj")));
        }
        let start: usize = text.lines().rev().nth(1).unwrap().parse().unwrap();
        assert!(text[start..].starts_with("xref"));
    }
}
