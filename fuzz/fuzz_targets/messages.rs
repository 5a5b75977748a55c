//! Messages inside the seal: read or refused, and what was read is written as it was read.
#![no_main]

use application::messages::{
    ApplyRequest, CancelDoseRequest, ChallengeReply, CorrectDoseRequest, ExtendRequest,
    HolderTicket, OfferReply, OfferRequest, OpenReply, OrderReply, OrderRequest, OutcomeReport,
    Receipts, ReceiptsRequest, RegisterDoseRequest,
};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn again<T: Serialize + DeserializeOwned + PartialEq>(json: &[u8]) {
    if let Ok(message) = serde_json::from_slice::<T>(json) {
        let written = serde_json::to_vec(&message).expect("what was read can be written");
        let read = serde_json::from_slice::<T>(&written).expect("what was written can be read");
        assert!(read == message);
    }
}

fuzz_target!(|json: &[u8]| {
    again::<OpenReply>(json);
    again::<ChallengeReply>(json);
    again::<ApplyRequest>(json);
    again::<HolderTicket>(json);
    again::<ExtendRequest>(json);
    again::<OfferRequest>(json);
    again::<OfferReply>(json);
    again::<OrderRequest>(json);
    again::<OrderReply>(json);
    again::<OutcomeReport>(json);
    again::<RegisterDoseRequest>(json);
    again::<CorrectDoseRequest>(json);
    again::<CancelDoseRequest>(json);
    again::<ReceiptsRequest>(json);
    again::<Receipts>(json);
});
