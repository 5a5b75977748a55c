//! What goes wrong on purpose outside the agents: the server dies and comes back, connections are
//! cut.

use std::sync::Arc;
use std::time::Duration;

use fixtures::stage::services::Server;

use super::dice;
use super::world::World;

/// One piece of an answer in so many is the last one of its connection; an order's answer has
/// some twenty.
const ONE_PIECE_CUT_IN: u64 = 1500;
/// The longest time that the server is away, in milliseconds, besides the time that it takes to
/// start.
const LONGEST_AWAY: u64 = 1500;
/// Between two looks at how far it is.
const LOOK: Duration = Duration::from_millis(50);

/// Whether to cut a connection here.
pub(super) fn cuts(_so_far: usize) -> bool {
    dice::one_in(ONE_PIECE_CUT_IN)
}

/// Kills the server at even steps of the way, whatever it is doing, and starts it anew; gives it
/// back when enough pages came out.
pub(super) async fn restart_now_and_then(world: Arc<World>, mut server: Server) -> Server {
    let load = world.load;
    for number in 1..=load.restarts {
        let due = load.certificates * number / (load.restarts + 1);
        while world.pages() < due {
            tokio::time::sleep(LOOK).await;
        }
        let ground = Arc::clone(&world.ground);
        let restarting = tokio::task::spawn_blocking(move || {
            server.kill();
            std::thread::sleep(Duration::from_millis(dice::below(LONGEST_AWAY)));
            server.restart(&ground).unwrap();
            server
        });
        server = restarting.await.unwrap();
        world.tally(|tally| tally.restarts += 1);
    }
    server
}
