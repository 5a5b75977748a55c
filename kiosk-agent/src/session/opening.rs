//! Terms of use, shown and agreed to before any card is read (control C04).

use application::messages::{Consent, OpenReply, OpenRequest, TermsText};
use domain::Language;

use super::asking::answer;
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
        let stop = self.stop.clone();
        let open = tokio::select! {
            () = stop.on() => return Err(Ending::Stopped),
            reply = self.server.call(&OpenRequest {}) => reply?,
        };
        Ok(Opened { open })
    }
}

impl Opened {
    pub(super) async fn agree<S: Server, C: CardReader, P: Printer, R: Resident>(
        self,
        kiosk: &mut Kiosk<S, C, P, R>,
    ) -> Result<Agreed, Ending> {
        let terms = in_language(&self.open.terms.texts, kiosk.resident.language())
            .ok_or(Ending::Server(NO_TERMS))?;
        let limit = seconds(kiosk.times.decide_seconds);
        if !answer(&kiosk.stop, limit, kiosk.resident.agree(terms)).await? {
            return Err(Ending::Declined);
        }
        let consent = Consent {
            terms_version: self.open.terms.version.clone(),
            language: terms.language,
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

/// The terms in this language, or else in Japanese.
fn in_language(texts: &[TermsText], language: Language) -> Option<&TermsText> {
    let find = |language| texts.iter().find(|text| text.language == language);
    find(language).or_else(|| find(Language::Japanese))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_that_are_not_translated_are_shown_in_japanese() {
        let text = |language| TermsText {
            language,
            text: String::new(),
        };
        let texts = [text(Language::English), text(Language::Japanese)];
        let shown = |language| in_language(&texts, language).map(|text| text.language);
        assert_eq!(shown(Language::English), Some(Language::English));
        assert_eq!(shown(Language::Korean), Some(Language::Japanese));
        assert_eq!(in_language(&texts[..1], Language::Korean), None);
    }
}
