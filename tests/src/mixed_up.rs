//! Somebody between a kiosk's session and the server who puts another page into an order's reply,
//! as a mixed-up print system would.

use std::sync::{Arc, Mutex};

use application::messages::RequestMessage;
use application::{Bytes, Call};
use domain::ChannelId;
use kiosk_agent::server_link::{LinkError, Server, ServerLink};

/// What takes the place of a page; the page itself where it gives it back.
pub type Instead = Box<dyn FnMut(Vec<u8>) -> Vec<u8> + Send>;

/// The real server, behind somebody who may put another page into its answers.
pub struct MixedUp {
    /// The server.
    pub server: ServerLink,
    /// What takes a page's place; nobody is there without it.
    pub instead: Option<Instead>,
    /// The outcomes that the kiosk reported, in order.
    pub outcomes: Arc<Mutex<Vec<String>>>,
}

impl Server for MixedUp {
    async fn call<R: RequestMessage + Sync>(&mut self, request: &R) -> Result<R::Reply, LinkError> {
        let reply = self.server.call(request).await?;
        match (R::CALL, &mut self.instead) {
            (Call::Order, Some(instead)) => {
                let mut reply = serde_json::to_value(&reply).unwrap();
                let mut page: Bytes = serde_json::from_value(reply["document"].take()).unwrap();
                page.0 = instead(std::mem::take(&mut page.0));
                reply["document"] = serde_json::to_value(page).unwrap();
                Ok(serde_json::from_value(reply).unwrap())
            }
            (Call::Outcome, _) => {
                let request = serde_json::to_value(request).unwrap();
                let outcome = request["outcome"].as_str().unwrap().to_owned();
                self.outcomes.lock().unwrap().push(outcome);
                Ok(reply)
            }
            _ => Ok(reply),
        }
    }

    fn channel(&self) -> ChannelId {
        self.server.channel()
    }
}
