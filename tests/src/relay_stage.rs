//! A whole server with mobile-api in front of it, on real sockets, and the example phone.

use std::path::{Path, PathBuf};

use crypto::SystemRandom;
use domain::{CertificateKind, Language, MunicipalityCode, Pin};
use fixtures::card::VirtualCard;
use fixtures::municipality::{Kind, Person};
use fixtures::phone::{Delivered, Phone, PhoneError, Screen, Wishes};
use mobile_api::{Addresses, MobileApi, Settings};
use my_number_card::PinTries;
use tokio::sync::watch;

use crate::server_stage::{Ground, Running};

/// The issuer that the ground's server is.
const ISSUER: &str = "https://certificates.example.jp";

/// A running server and a running mobile-api.
pub struct RelayStage {
    /// Keys, residents, register.
    pub ground: Ground,
    /// The server.
    pub running: Running,
    /// Where mobile-api listens.
    pub mobile_api: Addresses,
    /// Dropped, it stops mobile-api.
    _stop: watch::Sender<bool>,
}

impl RelayStage {
    /// With the ground's usual settings, and what verifiers need published.
    pub async fn start() -> Self {
        let ground = Ground::lay().await;
        let settings = ground.settings();
        Self::start_with(ground, &settings).await
    }

    /// With other settings of the server.
    pub async fn start_with(ground: Ground, settings: &Path) -> Self {
        let public = ground.path("public");
        ground.command(&["publish", public.to_str().unwrap()]).await;
        let running = Running::start_with(settings).await;
        let (mobile_api, stop) = mobile_api(&ground, &running).await;
        Self {
            ground,
            running,
            mobile_api,
            _stop: stop,
        }
    }

    /// A phone that keeps its things in this folder of the ground.
    #[must_use]
    pub fn phone(&self, folder: &str) -> Phone {
        Phone {
            api: format!("https://localhost:{}", self.mobile_api.public.port()),
            ca: self.ground.pki.server_ca(),
            pinned_key: self.ground.pki.sealing_configuration_spki(),
            issuer: ISSUER.to_owned(),
            folder: self.ground.path(folder),
        }
    }

    /// A resident's card.
    #[must_use]
    pub fn card(&self, person: &Person) -> VirtualCard {
        let card = self
            .ground
            .cards
            .issue(person.card_issuer, &person.on_card());
        VirtualCard::new(card.unwrap())
    }

    /// Has a phone apply for the first resident of a kind, who agrees and knows the PIN.
    pub async fn apply(
        &self,
        phone: &Phone,
        kind: Kind,
        certificate: CertificateKind,
    ) -> Result<Delivered, PhoneError> {
        let person = self.ground.person(kind);
        let mut screen = Shown::agreeing();
        self.apply_with(
            phone,
            &mut self.card(person),
            wishes(person, certificate),
            &mut screen,
        )
        .await
    }

    /// Has a phone apply with any card and any wishes.
    pub async fn apply_with(
        &self,
        phone: &Phone,
        card: &mut VirtualCard,
        wishes: Wishes,
        screen: &mut Shown,
    ) -> Result<Delivered, PhoneError> {
        let clock = self.running.clock.as_ref();
        fixtures::phone::run(phone, card, wishes, screen, clock, &SystemRandom).await
    }
}

/// What a resident who knows the PIN wants.
#[must_use]
pub fn wishes(person: &Person, kind: CertificateKind) -> Wishes {
    Wishes {
        pin: Pin::parse(person.pin.expose().as_bytes()).unwrap(),
        language: Language::English,
        municipality: None,
        kind,
    }
}

/// A screen that remembers what was shown.
#[derive(Debug, Default)]
pub struct Shown {
    /// Whether the resident agrees.
    pub agrees: bool,
    /// The terms that were shown.
    pub terms: Option<String>,
    /// Whether a specimen was announced.
    pub specimen: bool,
    /// How many tries the PIN was said to have left.
    pub tries: Option<PinTries>,
    /// Whether the card was asked back.
    pub card_taken: bool,
    /// Who offered, and how many kinds.
    pub offer: Option<(MunicipalityCode, usize)>,
}

impl Shown {
    /// A resident who agrees.
    #[must_use]
    pub fn agreeing() -> Self {
        Self {
            agrees: true,
            ..Self::default()
        }
    }
}

impl Screen for Shown {
    fn agrees(&mut self, terms: &application::messages::Terms, specimen: bool) -> bool {
        self.terms = Some(terms.texts.iter().map(|text| text.text.as_str()).collect());
        self.specimen = specimen;
        self.agrees
    }

    fn tries_left(&mut self, tries: PinTries) {
        self.tries = Some(tries);
    }

    fn take_card(&mut self) {
        self.card_taken = true;
    }

    fn offer(
        &mut self,
        municipality: MunicipalityCode,
        kinds: &[application::messages::OfferedKind],
    ) {
        self.offer = Some((municipality, kinds.len()));
    }
}

/// Starts a mobile-api in front of a server.
pub async fn mobile_api(ground: &Ground, running: &Running) -> (Addresses, watch::Sender<bool>) {
    let venue = running.venue.map(|address| address.port());
    let path = write_settings(ground, running.relay.port(), venue);
    let settings = Settings::load(&path).unwrap();
    let mobile_api = MobileApi::bind(&settings).await.unwrap();
    let addresses = mobile_api.addresses().unwrap();
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(mobile_api.serve(stopped));
    (addresses, stop)
}

fn write_settings(ground: &Ground, relay_port: u16, venue_port: Option<u16>) -> PathBuf {
    let path = ground.path(&format!("mobile-api-{relay_port}.toml"));
    let venues = venue_port.map_or_else(String::new, |port| {
        format!("[venues]\nurl = \"https://localhost:{port}\"\n")
    });
    let text = format!(
        "[public]\nlisten = \"127.0.0.1:0\"\ncertificate = \"pki/mobile-api.pem\"\n\
         key = \"pki/mobile-api.key.pem\"\nfiles = \"public\"\n\
         [server]\nurl = \"https://localhost:{relay_port}\"\nca = \"pki/server-ca.pem\"\n\
         certificate = \"pki/relay.pem\"\nkey = \"pki/relay.key.pem\"\n\
         {venues}[health]\nlisten = \"127.0.0.1:0\"\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}
