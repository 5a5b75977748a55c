//! `server backup`, `server restore`

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use crypto::SystemRandom;
use domain::{Clock as _, SystemClock};
use encrypted_file::{DecryptingReader, EncryptingWriter, Identity, Recipients};
use indicatif::{ProgressBar, ProgressStyle};
use registry::{
    Actor, BackupContents, BackupProgress, Restoring, check_backup, restore_backup, write_backup,
};

use super::areas::Areas;
use super::keys::upkeep;
use super::outgoing::OutgoingFile;
use super::{Failure, open, operator};
use crate::cli::SettingsFile;
use crate::settings::Settings;
use crate::{secrets, service};

/// What to back up, and where to.
#[derive(Debug, Args)]
pub struct Backup {
    /// Whose areas.
    #[command(flatten)]
    areas: Areas,
    /// Where to write; never over a file that is there.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Which settings.
    #[command(flatten)]
    settings: SettingsFile,
}

/// What to restore.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup, as `server backup` wrote it.
    #[arg(value_name = "FILE")]
    backup: PathBuf,
    /// The secret key of one of the backup's recipients, as age-keygen writes it; mode 0600.
    #[arg(long, value_name = "KEYFILE")]
    identity: PathBuf,
    /// Read and check the whole backup, and restore nothing.
    #[arg(long)]
    check_only: bool,
    /// Which settings: those of the empty register.
    #[command(flatten)]
    settings: SettingsFile,
}

pub(super) async fn write(asked: &Backup) -> Result<ExitCode, Failure> {
    let opened = open(&asked.settings).await?;
    let recipients = &opened.settings.backups.recipients;
    if recipients.is_empty() {
        return Err(
            "nobody is named to encrypt to: set backups.recipients to the public keys (age1…) of \
             those who may restore"
                .into(),
        );
    }
    let recipients = Recipients::parse(&recipients.join("\n"))?;
    let mut areas = Vec::new();
    for area in asked.areas.of(&opened.registry).await? {
        areas.push(upkeep(&opened, area).await?);
    }
    let out = OutgoingFile::create(&asked.out)?;
    let file = BufWriter::new(out.file().try_clone()?);
    let file = EncryptingWriter::new(file, &recipients)?;
    let bar = bar_of_rows()?;
    let written = write_backup(&areas, file, |progress| advance(&bar, progress)).await;
    bar.finish_and_clear();
    let (id, file) = written?;
    file.finish()?.flush()?;
    out.publish()?;
    opened.registry.close().await;
    println!(
        "{}: backup {id} of {} areas. Try it now and then: server restore FILE --check-only",
        asked.out.display(),
        areas.len()
    );
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(asked: &Restore) -> Result<ExitCode, Failure> {
    let settings = Settings::load(&asked.settings.file)?;
    let signing = service::signing_keys(&settings, SystemClock.now())?;
    service::refuse_weakened_production(&settings, &signing)?;
    let identity = secrets::identity(&asked.identity)?;
    let restoring = Restoring {
        place: settings.register.place()?,
        master: service::master_key(&settings)?,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        writer: settings.audit.writer.clone(),
        actor: Actor::Staff(operator()?),
    };
    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
        "checked {bytes} {bytes_per_sec}",
    )?);
    let input = bar.wrap_read(decrypted(&asked.backup, &identity)?);
    let contents = check_backup(input, &restoring.master).await;
    bar.finish_and_clear();
    let contents = contents?;
    show(&contents);
    if asked.check_only {
        println!("It is whole, and its keys open under this master key. Nothing was restored.");
        return Ok(ExitCode::SUCCESS);
    }
    let bar = bar_of_rows()?;
    let input = decrypted(&asked.backup, &identity)?;
    let restored = restore_backup(&restoring, &contents, input, |at| advance(&bar, at)).await;
    bar.finish_and_clear();
    for area in restored? {
        let how = if area.before {
            "was restored from it before"
        } else {
            "is restored"
        };
        println!("{} {how}: {} rows", area.area, area.rows);
    }
    println!(
        "Every table is the same as in the backup, and the audit record holds in itself. Next: \
         `server audit verify` compares it with what is anchored outside, and says what the backup \
         is too old for."
    );
    Ok(ExitCode::SUCCESS)
}

fn decrypted(path: &Path, identity: &Identity) -> Result<DecryptingReader<File>, Failure> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    DecryptingReader::open(file, identity)
        .map_err(|fault| format!("{}: {fault}", path.display()).into())
}

fn show(contents: &BackupContents) {
    let day = domain::japan_date(contents.made_at);
    println!("backup {} of {day}, {} rows:", contents.id, contents.rows());
    for area in &contents.areas {
        let rows: u64 = area.tables.iter().map(|table| table.rows).sum();
        println!("  {}: {rows} rows", area.area);
    }
}

/// How many rows are done, where somebody looks on.
fn bar_of_rows() -> Result<ProgressBar, Failure> {
    let style = "{wide_bar} {human_pos}/{human_len} rows {per_sec} {eta}";
    Ok(ProgressBar::no_length().with_style(ProgressStyle::with_template(style)?))
}

fn advance(bar: &ProgressBar, progress: BackupProgress) {
    bar.set_length(progress.of);
    bar.set_position(progress.done);
}
