//! `server suspend`, `server release`

use std::process::ExitCode;

use domain::MyNumber;
use registry::Actor;

use super::number_input::individual_number;
use super::{Failure, Opened, open, operator};
use crate::cli::CardNumber;

pub(super) async fn suspend(card: &CardNumber) -> Result<ExitCode, Failure> {
    let (opened, number) = begin(card).await?;
    let system = opened.registry.system(Actor::Staff(operator()?));
    let new = system.suspend_card(&number).await?;
    opened.registry.close().await;
    println!(
        "{}",
        if new {
            "the card is suspended"
        } else {
            "the card was suspended before"
        }
    );
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn release(card: &CardNumber) -> Result<ExitCode, Failure> {
    let (opened, number) = begin(card).await?;
    let system = opened.registry.system(Actor::Staff(operator()?));
    let was_suspended = system.release_card(&number).await?;
    opened.registry.close().await;
    if !was_suspended {
        return Err("the card was not suspended".into());
    }
    println!("the card may be used again");
    Ok(ExitCode::SUCCESS)
}

async fn begin(card: &CardNumber) -> Result<(Opened, MyNumber), Failure> {
    let opened = open(&card.settings).await?;
    Ok((opened, individual_number()?))
}
