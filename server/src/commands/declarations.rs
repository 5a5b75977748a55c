//! `server declarations`

use std::process::ExitCode;

use clap::Args;
use declaration::{FunctionState, Municipality, StateOfFunction};
use domain::{Clock as _, MunicipalityCode, SystemClock, japan_date};

use super::Failure;
use crate::cli::SettingsFile;
use crate::municipalities::Municipalities;
use crate::settings::Settings;

/// Whose declaration to show.
#[derive(Debug, Args)]
pub struct Declarations {
    /// The municipality; left out: every one.
    #[arg(long, value_name = "CODE")]
    municipality: Option<MunicipalityCode>,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

pub(super) fn run(asked: &Declarations) -> Result<ExitCode, Failure> {
    let settings = Settings::load(&asked.settings.file)?;
    let all = Municipalities::load(&settings.municipalities.relative())?;
    let shown: Vec<&Municipality> = match asked.municipality {
        Some(code) => vec![all.declaring(code)?],
        None => all.iter().collect(),
    };
    let today = japan_date(SystemClock.now());
    for municipality in shown {
        println!("{} {}", municipality.code, municipality.name);
        let channels: Vec<_> = municipality
            .channels
            .iter()
            .map(|one| one.as_str())
            .collect();
        println!("  issues through: {}", or_none(&channels.join(", ")));
        for function in municipality.functions(today) {
            for line in lines(&function) {
                println!("  {line}");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "no channel" } else { text }
}

/// A function in words: a line that says on or off, and one for each of its own keys.
fn lines(function: &FunctionState) -> Vec<String> {
    let FunctionState {
        section, meaning, ..
    } = function;
    match &function.state {
        StateOfFunction::Off(why) => vec![format!("off  {meaning}: {why}")],
        StateOfFunction::On {
            since,
            until,
            legal_basis,
            words,
        } => {
            let until = until.map_or_else(String::new, |until| format!(" until {until}"));
            let first =
                format!("on   [{section}] {meaning}: since {since}{until}, by {legal_basis}");
            let rest = words.iter().map(|word| format!("       {word}"));
            std::iter::once(first).chain(rest).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::municipalities::tests::DECLARED;
    use time::macros::date;

    #[test]
    fn on_and_off_are_said_in_words() {
        let text = format!(
            "{DECLARED}\n[disclosure]\nlegal_basis = \"個人情報保護法76条\"\nfrom = 2026-04-01\n"
        );
        let municipality = Municipality::parse(&text).unwrap();
        let said = |day| -> Vec<String> {
            let functions = municipality.functions(day);
            functions.iter().flat_map(lines).collect()
        };
        let on = said(date!(2026 - 04 - 01));
        assert!(
            on.contains(
                &"on   [disclosure] disclosure to the person of what is held on them: since \
              2026-04-01, by 個人情報保護法76条"
                    .to_owned()
            )
        );
        assert_eq!(on.iter().filter(|line| line.starts_with("off")).count(), 6);
        let before = said(date!(2026 - 03 - 31));
        assert!(before.iter().all(|line| line.starts_with("off")));
        assert!(
            before
                .iter()
                .any(|line| line.contains("from 2026-04-01 on, not yet"))
        );
    }
}
