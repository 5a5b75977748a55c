//! Writes the seed of `backup`: a backup of a register with one municipality and nobody in it.

use std::error::Error;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use crypto::SystemRandom;
use domain::{FixedClock, MunicipalityCode};
use registry::{Actor, AuditArea, MasterKey, RegisterPlace, Registry, write_backup};
use time::macros::datetime;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let backup = runtime.block_on(backup())?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/backup");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("seed"), backup)?;
    Ok(())
}

async fn backup() -> Result<Vec<u8>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let clock = Arc::new(FixedClock::at(datetime!(2026-04-01 03:00 UTC)));
    let place = RegisterPlace::Folder(folder.path().to_owned());
    // The target's key.
    let master = MasterKey::new(&[7; 32]);
    let registry = Registry::open(place, master, clock, Arc::new(SystemRandom)).await?;
    let code = MunicipalityCode::parse("131121")?;
    registry.add_municipality(code).await?;
    let mut areas = Vec::new();
    for area in [AuditArea::System, AuditArea::Municipality(code)] {
        areas.push(registry.upkeep(area, Actor::Server).await?);
    }
    let (_, output) = write_backup(&areas, Cursor::new(Vec::new()), |_| ()).await?;
    registry.close().await;
    Ok(output.into_inner())
}
