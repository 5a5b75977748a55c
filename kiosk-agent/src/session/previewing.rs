//! The certificate as it will print, for the screen, before anything is paid.
//!
//! A preview has no signed code that the kiosk could read back as it does before printing. What
//! binds it to the card instead: the reply is sealed to this very request, which carries this
//! session's ticket; and beside the page stand the names that the holder's card may bear and the
//! birth date, made from the same draft, which the kiosk compares with what it kept of the card.
//! Only then is the page made into a picture, in memory.

use std::time::Duration;

use application::messages::{PreviewReply, PreviewRequest};
use certificate::read_back::to_screen;
use zeroize::Zeroizing;

use super::asking::blocking_within;
use super::{Ending, HolderSeal};
use crate::server_link::Server;

/// How long making the picture may take: a hundred times what one of ours takes.
const PICTURE_LIMIT: Duration = Duration::from_secs(10);

/// A page as a picture, PNG in grey: personal data, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct PagePicture(Zeroizing<Vec<u8>>);

impl PagePicture {
    /// The PNG, at most 4 MiB: the sheets one below the other, 1240 pixels wide.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for PagePicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PagePicture({} bytes)", self.0.len())
    }
}

/// Why a preview is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PreviewRefused {
    /// It is not of the card's holder.
    #[error("the preview is of another holder")]
    AnotherHolder,
    /// No page that can be drawn.
    #[error("the preview cannot be drawn")]
    NoPage,
    /// It was not drawn in time, as every page of ours is.
    #[error("drawing the preview took too long")]
    TookTooLong,
}

/// Gets a preview and makes it a picture, if it is of the card's holder. Nothing of it is left
/// afterwards but the picture; dropped on the way, nothing is left at all.
///
/// # Errors
/// [`Ending::NotHere`], [`Ending::PreviewRefused`], [`Ending::Server`].
pub async fn preview<S: Server>(
    server: &mut S,
    request: &PreviewRequest,
    card: &HolderSeal,
) -> Result<PagePicture, Ending> {
    let (document, holder) = match server.call(request).await? {
        PreviewReply::Page { document, holder } => (document.into_exposed(), holder),
        PreviewReply::NotHere => return Err(Ending::NotHere),
    };
    if !card.is_named(&holder.names, holder.birth_date) {
        return Err(PreviewRefused::AnotherHolder.into());
    }
    drop(holder);
    let drawn = blocking_within(PICTURE_LIMIT, move || to_screen(&document)).await;
    match drawn {
        Some(Ok(png)) => Ok(PagePicture(Zeroizing::new(png))),
        Some(Err(_)) => Err(PreviewRefused::NoPage.into()),
        None => Err(PreviewRefused::TookTooLong.into()),
    }
}

impl From<PreviewRefused> for Ending {
    fn from(refused: PreviewRefused) -> Self {
        Self::PreviewRefused(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use application::Bytes;
    use application::messages::{PreviewedHolder, RequestMessage};
    use crypto::SystemRandom;
    use domain::{
        Address, BasicAttributes, BirthDate, CertificateKind, ChannelId, MunicipalityCode,
        NormalizedName, PersonName, Redacted, Sex,
    };

    use crate::server_link::LinkError;

    /// An empty A4 page.
    const PAGE: &[u8] = b"%PDF-1.4\n\
        1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n\
        trailer<</Root 1 0 R/Size 4>>\n";

    /// Answers every call with the same reply.
    struct Answering(PreviewReply);

    impl Server for Answering {
        async fn call<R: RequestMessage + Sync>(&mut self, _: &R) -> Result<R::Reply, LinkError> {
            let reply = serde_json::to_value(&self.0).unwrap();
            Ok(serde_json::from_value(reply).unwrap())
        }

        fn channel(&self) -> ChannelId {
            ChannelId([1; 32])
        }
    }

    fn seal(name: &str) -> HolderSeal {
        let holder = BasicAttributes {
            name: PersonName::parse(name).unwrap(),
            address: Address::parse("試験県試験市").unwrap(),
            birth_date: BirthDate::parse(b"19800102").unwrap(),
            sex: Sex::Female,
        };
        HolderSeal::of(&holder, &SystemRandom)
    }

    fn page(document: &[u8], names: &[&str], birth_date: &[u8]) -> PreviewReply {
        PreviewReply::Page {
            document: Redacted::new(Bytes(document.to_vec())),
            holder: PreviewedHolder {
                names: names.iter().map(|name| NormalizedName::of(name)).collect(),
                birth_date: BirthDate::parse(birth_date).unwrap(),
            },
        }
    }

    async fn shown(reply: PreviewReply) -> Result<PagePicture, Ending> {
        let request = PreviewRequest {
            ticket: Bytes(vec![1; 40]),
            municipality: MunicipalityCode::parse("131121").unwrap(),
            kind: CertificateKind::Domestic,
        };
        preview(&mut Answering(reply), &request, &seal("試験\u{3000}花子")).await
    }

    #[tokio::test]
    async fn the_holder_s_page_becomes_a_picture() {
        for names in [&["試験花子"][..], &["別名花子", "試験花子"]] {
            let picture = shown(page(PAGE, names, b"19800102")).await.unwrap();
            assert!(picture.png().starts_with(b"\x89PNG\r\n\x1a\n"));
            let debug = format!("{picture:?}");
            assert_eq!(debug, format!("PagePicture({} bytes)", picture.png().len()));
        }
    }

    #[tokio::test]
    async fn a_page_of_another_is_not_shown() {
        let another = Err(PreviewRefused::AnotherHolder.into());
        for (names, birth_date) in [
            (&["試験花代"][..], b"19800102"),
            (&["試験花子"], b"19800103"),
            (&[], b"19800102"),
        ] {
            assert_eq!(shown(page(PAGE, names, birth_date)).await, another);
        }
        // Nothing is drawn of another's page, whatever it is.
        let broken = page(b"no page", &["試験花代"], b"19800102");
        assert_eq!(shown(broken).await, another);
    }

    #[tokio::test]
    async fn what_is_no_page_is_not_shown_and_not_here_stays_not_here() {
        let broken = page(b"no page", &["試験花子"], b"19800102");
        assert_eq!(shown(broken).await, Err(PreviewRefused::NoPage.into()));
        let not_here = shown(PreviewReply::NotHere).await;
        assert_eq!(not_here, Err(Ending::NotHere));
    }
}
