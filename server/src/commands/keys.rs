//! `server keys`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use registry::{Actor, AuditArea, KeyStatus, RotationResult, Upkeep};

use super::areas::Areas;
use super::{Failure, Opened, open, operator};
use crate::cli::SettingsFile;

/// What can be done with the register's keys.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Show each area's data keys: made when, how much is sealed under which, destroyed when.
    ///
    /// Reads the beginning of every sealed text: some seconds for a million.
    Status(WhoseKeys),
    /// Replace the data key: every sealed text is sealed anew, then the old key is destroyed.
    ///
    /// `server serve` goes on meanwhile, and learns of the new key by itself. Interrupted, also by
    /// a power cut, nothing is lost: give the command again and it goes on.
    ///
    ///   server keys rotate --municipality 131121 --settings settings.toml
    #[command(verbatim_doc_comment)]
    Rotate(WhoseKeys),
    /// Wrap every data key by a new master key.
    ///
    /// First name the new file as register.master_key and the old one among
    /// register.former_master_keys, and start `server serve` again with both. After this command
    /// take the old one out of the settings, start again, and destroy every copy of it. Copies of
    /// the database from before still open under the old master key.
    Rewrap(WhoseKeys),
}

/// Whose keys.
#[derive(Debug, Args)]
pub struct WhoseKeys {
    #[command(flatten)]
    areas: Areas,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

pub(super) async fn run(command: &Keys) -> Result<ExitCode, Failure> {
    let (Keys::Status(whose) | Keys::Rotate(whose) | Keys::Rewrap(whose)) = command;
    let opened = open(&whose.settings).await?;
    for area in whose.areas.of(&opened.registry).await? {
        let upkeep = upkeep(&opened, area).await?;
        match command {
            Keys::Status(_) => show(area, &upkeep.key_status().await?),
            Keys::Rotate(_) => show_rotated(area, &rotated(&upkeep).await?),
            Keys::Rewrap(_) => show_rewrapped(area, upkeep.rewrap_keys().await?),
        }
    }
    opened.registry.close().await;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn upkeep(opened: &Opened, area: AuditArea) -> Result<Upkeep, Failure> {
    let actor = Actor::Staff(operator()?);
    Ok(opened.registry.upkeep(area, actor).await?)
}

async fn rotated(upkeep: &Upkeep) -> Result<RotationResult, Failure> {
    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
        "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}",
    )?);
    bar.set_message(upkeep.area_name().to_string());
    let shown = bar.clone();
    let result = upkeep
        .rotate_keys(move |progress| {
            // What is put back meanwhile would go beyond what was counted.
            shown.set_length(progress.of.max(progress.done));
            shown.set_position(progress.done);
        })
        .await;
    bar.finish_and_clear();
    Ok(result?)
}

fn show(area: AuditArea, status: &KeyStatus) {
    println!("{area}: wrapped by master key {}", status.master);
    if status.wrapped_by_former > 0 {
        println!(
            "  {} keys are wrapped by a former master key: `server keys rewrap`",
            status.wrapped_by_former
        );
    }
    for key in &status.data {
        let state = match key.destroyed_at {
            Some(at) => format!("destroyed {}", domain::japan_date(at)),
            None => "there".to_owned(),
        };
        let (version, made) = (key.version, domain::japan_date(key.made_at));
        println!(
            "  data key {version}: made {made}, {state}, seals {} texts",
            key.texts
        );
    }
    let there = status.data.iter().filter(|key| key.destroyed_at.is_none());
    if there.count() > 1 {
        println!("  a rotation was begun and not finished: give `server keys rotate` again");
    }
}

fn show_rotated(area: AuditArea, result: &RotationResult) {
    let begun = if result.resumed {
        "goes on from before and is done"
    } else {
        "is done"
    };
    let destroyed: Vec<String> = result.destroyed.iter().map(ToString::to_string).collect();
    println!(
        "{area}: rotation {begun}: {} texts sealed anew under data key {}; destroyed: {}",
        result.resealed,
        result.current,
        destroyed.join(", ")
    );
}

fn show_rewrapped(area: AuditArea, keys: usize) {
    match keys {
        0 => println!("{area}: every key is wrapped by the current master key"),
        _ => println!("{area}: {keys} keys are wrapped anew by the current master key"),
    }
}
