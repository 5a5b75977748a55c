//! `server import batches` and `server import erased`: media that are to be erased (C22).

use std::process::ExitCode;

use registry::{Actor, ErasureRecorded};

use super::super::{Failure, accept_staff, open};
use super::{Batches, Erased, register_of, telling};

/// Lists batches.
pub(super) async fn list(batches: &Batches) -> Result<ExitCode, Failure> {
    let opened = open(&batches.settings).await?;
    let register = register_of(&opened, batches.municipality, Actor::Server).await?;
    let listed = register.import_batches(!batches.all).await?;
    opened.registry.close().await;
    if listed.is_empty() {
        println!("no batch is open");
    }
    for batch in &listed {
        telling::landed(batch, &opened);
    }
    Ok(ExitCode::SUCCESS)
}

/// Records that a medium was erased.
pub(super) async fn erased(erased: &Erased) -> Result<ExitCode, Failure> {
    let opened = open(&erased.by.settings).await?;
    let staff = accept_staff(&opened, erased.by.staff.clone())?;
    let register = register_of(&opened, erased.by.municipality, staff).await?;
    let recorded = register.record_erasure(erased.batch, &erased.how).await?;
    opened.registry.close().await;
    match recorded {
        ErasureRecorded::Recorded => {
            println!("recorded: batch {} is closed", erased.batch);
            Ok(ExitCode::SUCCESS)
        }
        ErasureRecorded::AlreadyRecorded => {
            println!("it was recorded before: server import batches --all shows by whom");
            Ok(ExitCode::SUCCESS)
        }
        ErasureRecorded::UnknownBatch => {
            Err("there is no batch of this id here: server import batches lists them".into())
        }
        ErasureRecorded::HowMissing => Err("say how it was erased, in 1 to 500 bytes".into()),
    }
}
