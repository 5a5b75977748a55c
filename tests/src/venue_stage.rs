//! A whole server with its venue listener open, mobile-api in front of it, vouchers sent out, and
//! the example venue.

use std::path::PathBuf;
use std::sync::Arc;

use application::Problem;
use application::client::{ChannelKey, ExchangeError};
use application::messages::{DoseEntry, RegisterDoseRequest, VoucherEntry};
use crypto::SystemRandom;
use domain::{BirthDate, MunicipalityCode, VoucherLine, japan_date};
use fixtures::LinkError;
use fixtures::municipality::{Kind, Person};
use fixtures::venue::{Terminal, Venue, VenueError};
use mobile_api::Addresses;
use registry::{Actor, AuditEntry, ImportFile, Purpose};
use tokio::sync::watch;

use crate::relay_stage::mobile_api;
use crate::server_stage::{ChannelClient, Ground, Running, TlsIdentity};

/// What Urayasu declares for venues.
pub const DECLARED: &str = "\n[venues]\nlegal_basis = \"予防接種法6条\"\nfrom = 2020-01-01\n\
    diseases = [\"新型コロナウイルス感染症\"]\ndoses_per_day = 5\nrefusals_per_hour = 12\n\
    correction_days = 2\n";

/// A running server with a venue listener, and a running mobile-api.
pub struct VenueStage {
    /// Keys, residents, register.
    pub ground: Ground,
    /// The server.
    pub running: Running,
    /// Where mobile-api listens.
    pub mobile_api: Addresses,
    /// Dropped, it stops mobile-api.
    _stop: watch::Sender<bool>,
}

/// A ground on which Urayasu declares venues, vouchers for a fourth dose are out, and venue 1 is
/// registered for Urayasu and Hirosaki. Venue 2 has a certificate and is not registered.
pub async fn ground(declared: &str) -> Ground {
    let ground = Ground::lay().await;
    declare(&ground, Ground::urayasu(), declared);
    for code in [Ground::urayasu(), Ground::hirosaki()] {
        send_vouchers(&ground, code).await;
    }
    let certificate = ground.pki.venue(1);
    let words = [
        "register-venue",
        certificate.to_str().unwrap(),
        "--name",
        "TEST保健センター",
        "--municipality",
        Ground::urayasu().as_str(),
        "--municipality",
        Ground::hirosaki().as_str(),
    ]
    .map(str::to_owned);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    ground.command(&words).await;
    ground
}

/// Adds to a municipality's declaration.
pub fn declare(ground: &Ground, code: MunicipalityCode, section: &str) {
    let file = ground.path(&format!("data/{code}/municipality.toml"));
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text + section).unwrap();
}

async fn send_vouchers(ground: &Ground, code: MunicipalityCode) {
    let mut rows = ImportFile::Vouchers.header() + "\n";
    for entry in ground
        .people
        .people
        .iter()
        .flat_map(|person| &person.registers)
    {
        if entry.municipality == code {
            let number = voucher_number(&entry.resident_number);
            rows += &format!("{},{number},2,4\n", entry.resident_number);
        }
    }
    let file = ground.path(&format!("vouchers-{code}.csv"));
    std::fs::write(&file, rows).unwrap();
    let file = file.to_str().unwrap();
    let by = ["--municipality", code.as_str(), "--staff", "yamada"];
    let words = [&["import", "vouchers", file][..], &by].concat();
    ground.command(&words).await;
}

/// The number of a resident's voucher for the fourth dose.
fn voucher_number(resident_number: &str) -> String {
    let number: u64 = resident_number.parse().unwrap();
    format!("4{:09}", number % 1_000_000_000)
}

/// The voucher for the fourth dose that a municipality sent to a person.
#[must_use]
pub fn voucher(person: &Person, code: MunicipalityCode) -> VoucherEntry {
    let mut registers = person.registers.iter();
    let entry = registers.find(|one| one.municipality == code).unwrap();
    let line = format!("24{code}{}", voucher_number(&entry.resident_number));
    VoucherEntry::OcrLine(VoucherLine::parse(&line).unwrap())
}

/// A person's birth date.
#[must_use]
pub fn birth_date(person: &Person) -> BirthDate {
    BirthDate::parse(person.birth_date.expose().as_bytes()).unwrap()
}

/// The settings with a venue listener.
#[must_use]
pub fn settings(ground: &Ground) -> PathBuf {
    ground.write_settings("venue.toml", |text| {
        let listener = "[venue]\nlisten = \"127.0.0.1:0\"\nclient_ca = \"pki/relay-ca.pem\"\n";
        text.replace("[health]", &format!("{listener}[health]"))
    })
}

impl VenueStage {
    /// With what Urayasu usually declares.
    pub async fn start() -> Self {
        Self::start_on(ground(DECLARED).await).await
    }

    /// On another ground.
    pub async fn start_on(ground: Ground) -> Self {
        std::fs::create_dir_all(ground.path("public")).unwrap();
        let running = Running::start_with(&settings(&ground)).await;
        let (mobile_api, stop) = mobile_api(&ground, &running).await;
        Self {
            ground,
            running,
            mobile_api,
            _stop: stop,
        }
    }

    /// The example venue of this number.
    #[must_use]
    pub fn venue(&self, number: u16) -> Venue {
        Venue {
            api: format!("https://localhost:{}", self.mobile_api.public.port()),
            ca: self.ground.pki.server_ca(),
            pinned_key: self.ground.pki.sealing_configuration_spki(),
            key: self.ground.pki.venue_key(number),
        }
    }

    /// Its terminal, switched on.
    #[must_use]
    pub fn terminal<'a>(&'a self, venue: &'a Venue) -> Terminal<'a> {
        Terminal::new(venue, self.running.clock.as_ref(), &SystemRandom).unwrap()
    }

    /// Somebody who speaks to the venue listener as the relay, with any key inside the seal.
    #[must_use]
    pub fn behind_the_relay(&self, key: ChannelKey) -> ChannelClient {
        let address = self.running.venue.unwrap();
        let relay = TlsIdentity::relay(&self.ground);
        ChannelClient::new(&self.ground, address, &self.running.clock, &relay, key)
    }

    /// The same with the key of venue 1.
    #[must_use]
    pub fn client(&self) -> ChannelClient {
        self.behind_the_relay(venue_key(&self.ground, 1))
    }

    /// A dose of today.
    #[must_use]
    pub fn dose(&self) -> DoseEntry {
        DoseEntry {
            date: japan_date(domain::Clock::now(&*self.running.clock)),
            disease: "新型コロナウイルス感染症".to_owned(),
            manufacturer: "ファイザー".to_owned(),
            product: "コミナティ筋注".to_owned(),
            lot: "CANARY-LOT".to_owned(),
            physician: Some("カナリア医師".to_owned().into()),
            amount_microlitres: Some(300),
        }
    }

    /// The fourth dose of a person, by Urayasu's voucher.
    #[must_use]
    pub fn entry(&self, person: &Person, key: u8) -> RegisterDoseRequest {
        RegisterDoseRequest {
            voucher: voucher(person, Ground::urayasu()),
            birth_date: birth_date(person),
            dose: self.dose(),
            idempotency_key: [key; 16].into(),
        }
    }

    /// The same of the first resident of a kind.
    #[must_use]
    pub fn entry_of(&self, kind: Kind, key: u8) -> RegisterDoseRequest {
        self.entry(self.ground.person(kind), key)
    }

    /// What a municipality's audit record says of an event, oldest first.
    pub async fn recorded(&self, code: MunicipalityCode, event: &str) -> Vec<AuditEntry> {
        let registry = self.ground.registry().await;
        let audit = registry.municipality(code, Purpose::Audit, Actor::Server);
        let entries = audit.await.unwrap().audit_entries(0, 1000).await.unwrap();
        registry.close().await;
        let of_event = entries.into_iter().filter(|entry| entry.event == event);
        of_event.collect()
    }
}

/// The key of a venue's terminal.
#[must_use]
pub fn venue_key(ground: &Ground, number: u16) -> ChannelKey {
    let identity = TlsIdentity {
        certificate: ground.pki.venue(number),
        key: ground.pki.venue_key(number),
    };
    identity.channel_key()
}

/// What a venue was told, and whether by the server's own word.
///
/// # Panics
/// Where it was told nothing of the kind.
#[must_use]
pub fn told(error: VenueError) -> (Problem, bool) {
    let VenueError::Link(LinkError::Exchange(refused)) = &error else {
        panic!("{error}");
    };
    let (problem, sealed) = if let ExchangeError::Refused(problem) = refused {
        (*problem, true)
    } else if let ExchangeError::RefusedOutside(problem) = refused {
        (*problem, false)
    } else {
        panic!("{error}");
    };
    match problem {
        application::ReportedProblem::Known(problem) => (problem, sealed),
        application::ReportedProblem::Unknown { status, .. } => panic!("status {status}"),
    }
}

/// The clock that a test's server and venues share, moved.
pub fn advance(running: &Running, by: time::Duration) {
    Arc::clone(&running.clock).advance(by.whole_seconds());
}
