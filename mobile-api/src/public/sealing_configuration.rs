//! `GET /v1/sealing-configuration`: what the server signed, passed on as it is. Whether it is
//! to be believed only who has the pinned key can tell.

use application::ProblemType;
use axum::extract::State;
use axum::response::Response;

use super::{Shared, gateway};
use crate::answers::problem;

pub(super) async fn pass(State(shared): State<Shared>) -> Response {
    let Ok(_place) = shared.places.try_acquire() else {
        return problem(ProblemType::TooManyRequests);
    };
    match shared.relay.sealing_configuration().await {
        Ok(passed) => gateway::answer(passed),
        Err(error) => problem(gateway::unavailable(error)),
    }
}
