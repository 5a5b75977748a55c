//! The sheet that is handed over: one HTML file without anything that runs or is fetched, set for
//! A4.

use domain::JAPAN;
use registry::{
    DisclosedAccess, DisclosureReport, DisclosureSection, Sheet, in_words_of_the_record,
};
use time::OffsetDateTime;
use zeroize::Zeroizing;

const STYLE: &str = "@page{size:A4;margin:18mm}body{font-family:serif;font-size:10.5pt}\
h1{font-size:15pt;text-align:center}h2{font-size:12pt;margin:1.2em 0 .3em}\
table{border-collapse:collapse;width:100%;margin-bottom:.6em;page-break-inside:avoid}\
th,td{border:1px solid #000;padding:2px 6px;text-align:left;vertical-align:top}\
th{width:32%;font-weight:normal}";

/// What the usual sheet does not tell, told to everybody in the same words.
const LEFT_OUT: &str = "この書面には、すべての方について、住所、支援措置等のフラグ及びその記録、\
    照会の相手方並びに手続をした端末を記載していません。これらは、本人が窓口で請求した場合に限り、\
    別の書面により開示します。";
const COMPLETE: &str = "この書面には、住所及びフラグ（支援措置等）を含むすべての記録を記載しています。\
    本人以外の手に渡らないようにしてください。";

/// What is told of somebody whose records were erased.
const ERASED: &str = "この方の記録は、保存期間の満了その他の理由により消去しました。法令により保存している\
    「情報提供等の記録」（７年間）のみを記載します。消去した記録の閲覧者は、どなたの記録であったかを\
    示すものも消去したため、お示しできません。";

/// The whole sheet.
pub(super) fn of(municipality: &str, report: &DisclosureReport) -> Zeroizing<String> {
    let mut page = Zeroizing::new(String::with_capacity(64 * 1024));
    page.push_str("<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\">");
    page.push_str("<title>保有個人情報の開示</title><style>");
    page.push_str(STYLE);
    page.push_str("</style></head><body>\n<h1>保有個人情報の開示（予防接種台帳）</h1>\n<p>");
    escape(&mut page, municipality);
    page.push_str("　作成：");
    escape(&mut page, &moment(report.made_at));
    page.push_str("</p>\n<p>");
    page.push_str(match report.sheet {
        Sheet::Usual => LEFT_OUT,
        Sheet::Complete => COMPLETE,
    });
    page.push_str("</p>\n");
    if report.erased {
        page.push_str("<p>");
        page.push_str(ERASED);
        page.push_str("</p>\n");
    }
    for part in &report.sections {
        section(&mut page, part);
    }
    accesses(&mut page, &report.accesses);
    page.push_str("</body></html>\n");
    page
}

fn section(page: &mut String, section: &DisclosureSection) {
    heading(page, section.title);
    if section.rows.is_empty() {
        page.push_str("<p>記載する記録はありません。</p>\n");
    }
    for row in &section.rows {
        page.push_str("<table>");
        for (label, value) in row {
            page.push_str("<tr><th>");
            escape(page, label);
            page.push_str("</th><td>");
            escape(page, value.expose());
            page.push_str("</td></tr>");
        }
        page.push_str("</table>\n");
    }
}

fn accesses(page: &mut String, accesses: &[DisclosedAccess]) {
    heading(page, "あなたの記録へのアクセス（いつ・誰が・何のために）");
    page.push_str("<table><tr><td>日時</td><td>誰が</td><td>目的</td><td>内容</td></tr>\n");
    for access in accesses {
        let mut who = in_words_of_the_record(&access.actor_kind).to_owned();
        if let Some(actor) = &access.actor {
            who.push_str(&format!(" {actor}"));
        }
        if let Some(channel) = &access.channel {
            who.push_str(&format!(" {channel}"));
        }
        let mut what = in_words_of_the_record(&access.event).to_owned();
        if let Some(note) = &access.note {
            what.push_str(&format!("（{}）", note.expose()));
        }
        let purpose = in_words_of_the_record(&access.purpose);
        page.push_str("<tr>");
        for cell in [&moment(access.at), &who, purpose, &what] {
            page.push_str("<td>");
            escape(page, cell);
            page.push_str("</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n");
}

fn heading(page: &mut String, text: &str) {
    page.push_str("<h2>");
    escape(page, text);
    page.push_str("</h2>\n");
}

fn moment(at: OffsetDateTime) -> String {
    let at = at.to_offset(JAPAN);
    let (hour, minute, _) = at.to_hms();
    let (year, month, day) = at.to_calendar_date();
    format!("{year}年{}月{day}日 {hour:02}:{minute:02}", u8::from(month))
}

/// Text as text, whatever is in it.
fn escape(page: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            other => page.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Redacted;
    use time::macros::datetime;

    fn report(sheet: Sheet, value: &str) -> DisclosureReport {
        DisclosureReport {
            made_at: datetime!(2026-01-01 15:00 UTC),
            sheet,
            erased: false,
            sections: vec![DisclosureSection {
                title: "住民の情報",
                rows: vec![vec![("氏名", Redacted::new(value.to_owned()))]],
            }],
            accesses: vec![DisclosedAccess {
                at: datetime!(2025-12-31 15:00 UTC),
                actor_kind: "staff".to_owned(),
                actor: Some("counter-07".to_owned()),
                channel: None,
                purpose: "counter-reissue".to_owned(),
                event: "certificate-read".to_owned(),
                note: None,
            }],
        }
    }

    #[test]
    fn what_is_stored_is_text_whatever_is_in_it() {
        let page = of("試験市", &report(Sheet::Usual, "<script>\"&'"));
        assert!(page.contains("<td>&lt;script&gt;&quot;&amp;&#39;</td>"));
        assert!(!page.contains("<script"));
    }

    #[test]
    fn the_sheet_says_who_looked_and_what_it_leaves_out() {
        let page = of("試験市", &report(Sheet::Usual, "試験 花子"));
        for told in [
            "2026年1月2日 00:00",
            "<td>2026年1月1日 00:00</td><td>職員 counter-07</td><td>窓口での再交付</td>",
            "証明書の記録を閲覧した",
            LEFT_OUT,
        ] {
            assert!(page.contains(told), "{told}");
        }
        assert!(!page.contains(COMPLETE));
        assert!(!page.contains(ERASED));
        let mut erased = report(Sheet::Usual, "試験 花子");
        erased.erased = true;
        assert!(of("試験市", &erased).contains(ERASED));
        let page = of("試験市", &report(Sheet::Complete, "試験 花子"));
        assert!(page.contains(COMPLETE) && !page.contains(LEFT_OUT));
    }
}
