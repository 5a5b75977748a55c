//! Terms of use, shown and agreed to before any card is read (control C04).

use application::messages::{Consent, OpenReply, OpenRequest};
use domain::Language;

use super::asking::{answer, unless_stopped};
use super::resident::{Agreement, terms_in};
use super::{CardReader, Ending, Kiosk, Resident};
use crate::printer::Printer;
use crate::screens::Screen;
use crate::server_link::Server;
use crate::settings::seconds;

/// The server told what holds now.
pub(super) struct Opened {
    open: OpenReply,
}

/// The resident agreed to the terms.
pub(super) struct Agreed {
    pub(super) open: OpenReply,
    pub(super) consent: Consent,
}

impl<S: Server, C: CardReader, P: Printer, R: Resident> Kiosk<S, C, P, R> {
    pub(super) async fn open(&mut self) -> Result<Opened, Ending> {
        self.resident.show(&Screen::Connecting);
        let open = unless_stopped(&self.stop, self.server.call(&OpenRequest {})).await??;
        // Whatever language the resident turns to, there is a text to show.
        if terms_in(&open.terms, Language::Japanese).is_none() {
            return Err(Ending::Server(NO_TERMS));
        }
        Ok(Opened { open })
    }
}

impl Opened {
    pub(super) async fn agree<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<Agreed, Ending> {
        let turn = kiosk.patience.turn(seconds(kiosk.times.decide_seconds));
        let asking = kiosk.resident.agree(&self.open.terms);
        let language = match answer(&kiosk.stop, turn, asking).await? {
            Agreement::Agreed(language) => language,
            Agreement::Declined => return Err(Ending::Declined),
        };
        let consent = Consent {
            terms_version: self.open.terms.version.clone(),
            language,
            agreed_at: kiosk.clock.now().unix_timestamp(),
        };
        Ok(Agreed {
            open: self.open,
            consent,
        })
    }
}

/// Terms without a Japanese text, which always has to be there.
const NO_TERMS: crate::server_link::LinkError = crate::server_link::LinkError::PeerMisbehaved(
    application::client::PeerMisbehaved::UnexpectedStatus(200),
);
