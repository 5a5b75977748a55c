//! `server counts`

use std::process::ExitCode;

use clap::Args;
use domain::japan_date;
use indicatif::{ProgressBar, ProgressStyle};
use registry::{CountedDoses, FEWEST_PEOPLE, Purpose};
use time::Month;

use super::{Failure, accept_staff, open};
use crate::cli::ByStaff;
use crate::municipalities::Municipalities;

/// Which doses to count, for whom.
#[derive(Debug, Args)]
pub struct Counts {
    /// For whom: a body that the municipality declares in `[counts]`; recorded.
    #[arg(long = "for", value_name = "BODY")]
    body: String,
    /// The first month, YYYY-MM.
    #[arg(long, value_name = "MONTH", value_parser = month)]
    from: (i32, Month),
    /// The last month, YYYY-MM.
    #[arg(long, value_name = "MONTH", value_parser = month)]
    until: (i32, Month),
    /// Whose, who counts, which settings.
    #[command(flatten)]
    by: ByStaff,
}

pub(super) async fn run(asked: &Counts) -> Result<ExitCode, Failure> {
    if asked.until < asked.from {
        return Err("--until is before --from".into());
    }
    let opened = open(&asked.by.settings).await?;
    let staff = accept_staff(&opened, asked.by.staff.clone())?;
    let code = asked.by.municipality;
    let municipalities = Municipalities::load(&opened.settings.municipalities.relative())?;
    let today = japan_date(opened.clock.now());
    let declared = municipalities.declaring(code)?.declared(today)?;
    let register = opened
        .registry
        .municipality(code, Purpose::Counts, staff)
        .await?;
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(
        "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}",
    )?);
    bar.set_message(format!("{code} residents"));
    let period = (asked.from, asked.until);
    let counts = register
        .dose_counts(&declared, &asked.body, period, |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        })
        .await;
    bar.finish_and_clear();
    let counts = counts?;
    opened.registry.close().await;
    println!("month,disease,manufacturer,product,age,doses");
    for (doses, count) in &counts.counts {
        println!("{},{count}", line(doses));
    }
    eprintln!(
        "{} counts of fewer than {FEWEST_PEOPLE} people are left out: what is not listed is 0 or few",
        counts.left_out
    );
    Ok(ExitCode::SUCCESS)
}

fn line(doses: &CountedDoses) -> String {
    let until = doses
        .age
        .until
        .map_or_else(String::new, |age| age.to_string());
    format!(
        "{:04}-{:02},{},{},{},{}-{until}",
        doses.year,
        doses.month,
        field(&doses.disease),
        field(&doses.manufacturer),
        field(&doses.product),
        doses.age.from
    )
}

/// A field of the CSV (RFC 4180): quoted where it has to be.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn month(text: &str) -> Result<(i32, Month), &'static str> {
    let bad = "a month is YYYY-MM";
    let (year, month) = text.split_once('-').ok_or(bad)?;
    if year.len() != 4 || month.len() != 2 {
        return Err(bad);
    }
    let month: u8 = month.parse().map_err(|_| bad)?;
    let month = Month::try_from(month).map_err(|_| bad)?;
    Ok((year.parse().map_err(|_| bad)?, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_year_and_a_month() {
        assert_eq!(month("2021-06"), Ok((2021, Month::June)));
        for bad in ["", "2021", "2021-13", "2021-6", "21-06", "2021-06-01"] {
            assert!(month(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_field_with_a_comma_stays_one_field() {
        assert_eq!(field("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(field("麻しん"), "麻しん");
    }
}
