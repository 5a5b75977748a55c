//! One kiosk: session after session, until enough pages came out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crypto::SystemRandom;
use domain::{CertificateKind, SystemClock};
use fixtures::card::VirtualCard;
use fixtures::stage::in_memory::{PreparedResident, ReaderInMemory};
use kiosk_agent::payment::AtTheStore;
use kiosk_agent::server_link::ServerLink;
use kiosk_agent::session::{CardPlace, Ending, Kiosk, Patience};
use kiosk_agent::settings::TimeSettings;
use kiosk_agent::stop::stop_switch;

use super::dice;
use super::paper::{Paper, RealPrinter};
use super::swap::Swaps;
use super::world::World;
use crate::mixed_up::{Instead, MixedUp};

/// How long an agent waits after a session that came to nothing, as its next resident would.
const AFTER_NOTHING: Duration = Duration::from_millis(300);

type Agent = Kiosk<MixedUp, ReaderInMemory, Paper, PreparedResident>;

/// Works until enough pages came out.
pub(super) async fn work(number: u16, world: Arc<World>) {
    let real = (number == 1 && world.load.real_printer)
        .then(|| Arc::new(RealPrinter::start(&world.folder.join("printer"))));
    let mut link = None;
    while !world.is_done() {
        let server = match link.take() {
            Some(server) => server,
            None => world.link(number),
        };
        let mut kiosk = kiosk(&world, server, real.clone());
        world.tally(|tally| tally.sessions += 1);
        let begun = Instant::now();
        // Whatever comes out of a real printer is to be seen: that agent is not killed over it.
        let death = if real.is_some() { None } else { world.death() };
        let ended = match death {
            None => Some(kiosk.serve().await),
            Some(after) => tokio::time::timeout(after, kiosk.serve()).await.ok(),
        };
        match ended {
            // Everything it had is gone with it; the next one begins with nothing.
            None => world.tally(|tally| tally.killed += 1),
            Some(report) => {
                link = Some(kiosk.server.server);
                if report.ending == Ending::Delivered {
                    world.took(begun.elapsed());
                } else {
                    tokio::time::sleep(AFTER_NOTHING).await;
                }
                world.tally(|tally| tally.ended(&report));
            }
        }
    }
}

/// A kiosk with somebody in front of it.
fn kiosk(world: &Arc<World>, server: ServerLink, real: Option<Arc<RealPrinter>>) -> Agent {
    let resident = world.somebody();
    let holder = &world.holders[resident];
    let kind = match (holder.passport, dice::below(2)) {
        (true, 0) => CertificateKind::Abroad,
        _ => CertificateKind::Domestic,
    };
    let instead = match world.load.swaps {
        Swaps::InReplies(one_in) => {
            let world = Arc::clone(world);
            Some(Box::new(move |page| world.swapper.pass(resident, page, one_in)) as Instead)
        }
        Swaps::None | Swaps::OnPaper(_) => None,
    };
    let (_switch, stop) = stop_switch();
    Kiosk {
        server: MixedUp {
            server,
            instead,
            outcomes: Arc::default(),
        },
        cards: CardPlace::of_one_session(ReaderInMemory::with(VirtualCard::new(
            holder.card.clone(),
        ))),
        printer: Paper {
            world: Arc::clone(world),
            resident,
            kind,
            real,
        },
        payment: Arc::new(AtTheStore),
        resident: PreparedResident::new(holder.pin.clone(), kind),
        verifier: world.verifier.clone(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        times: TimeSettings::default(),
        patience: Patience::new(),
        stop,
    }
}
