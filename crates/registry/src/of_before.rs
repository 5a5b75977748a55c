//! A register as the first version of this program made it opens, keeps its ids, its record holds,
//! and its one secret goes with the first rotation.

use std::path::Path;
use std::sync::Arc;

use crypto::{AeadKey, MacKey, SecureRandom as _, SystemRandom};
use domain::{Channel, ChannelId, FixedClock, MunicipalityCode, MyNumber};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use time::macros::datetime;

use crate::{Actor, AuditArea, AuditVerdict, MasterKey, Purpose, Registry, StaffId};

const MASTER: [u8; 32] = [7; 32];
const SECRET: [u8; 32] = [5; 32];
const CODE: &str = "131121";
const TEXT: &str = r#"{"number":"000000000000001","individual_number":"123456789018","name":"見本 太郎","birth":2444240,"sex":"1","address":"見本町"}"#;
/// As long as a digest when it is sealed.
const NOTE: &str = "lost";

fn first_version(of: &Migrator) -> Migrator {
    let first = of.iter().filter(|migration| migration.version == 1);
    Migrator {
        migrations: first.cloned().collect::<Vec<_>>().into(),
        ..Migrator::DEFAULT
    }
}

fn mac(purpose: &str) -> MacKey {
    MacKey::new(&crypto::derive_key(&SECRET, purpose))
}

fn half(mac: [u8; 32]) -> Vec<u8> {
    mac[..16].to_vec()
}

/// Sealed as before: no version in front.
fn sealed(table: &str, id: &[u8], text: &[u8]) -> Vec<u8> {
    let binding = [table.as_bytes(), &[0], id].concat();
    let mut text = text.to_vec();
    text.resize(text.len().next_multiple_of(64), b' ');
    let key = AeadKey::derive(&SECRET, "register rows");
    key.seal_deterministic(&binding, &text).unwrap()
}

async fn make(path: &Path, schema: &Migrator) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path);
    let mut connection = options.create_if_missing(true).connect().await.unwrap();
    first_version(schema).run(&mut connection).await.unwrap();
    let wrapped = AeadKey::derive(&MASTER, "register master key");
    let name = if path.ends_with("system.db") {
        "system"
    } else {
        CODE
    };
    let wrapped = wrapped
        .seal(&SystemRandom, name.as_bytes(), &SECRET)
        .unwrap();
    sqlx::query("INSERT INTO register_key (id, wrapped) VALUES (1, $1)")
        .bind(wrapped)
        .execute(&mut connection)
        .await
        .unwrap();
    connection
}

/// A resident, and an entry of the record with a note.
async fn fill(connection: &mut SqliteConnection) {
    let number = MyNumber::parse(b"123456789018").unwrap();
    let index = mac("register individual numbers").mac(&[number.expose_digits()]);
    let id = half(mac("register row ids").mac(&[b"resident", b"000000000000001"]));
    sqlx::query("INSERT INTO resident VALUES ($1, $2, $3, $4)")
        .bind(&id)
        .bind(half(index))
        .bind(sealed("resident.subject", &id, &[9; 16]))
        .bind(sealed("resident", &id, TEXT.as_bytes()))
        .execute(&mut *connection)
        .await
        .unwrap();
    let binding = [&b"audit.note\0"[..], &1_i64.to_be_bytes()].concat();
    let note = AeadKey::derive(&SECRET, "register rows");
    let note = note.seal(&SystemRandom, &binding, NOTE.as_bytes()).unwrap();
    let hash = mac("register audit chain").mac(&[
        &[0; 32],
        &1_i64.to_be_bytes(),
        &7000_i64.to_be_bytes(),
        b"server",
        b"",
        b"issuing",
        b"offer-refused",
        b"",
        b"",
        b"",
        &note,
    ]);
    sqlx::query(
        "INSERT INTO audit (sequence, at, actor_kind, actor, purpose, event, note, hash) \
         VALUES (1, 7000, 'server', x'', 'issuing', 'offer-refused', $1, $2)",
    )
    .bind(note)
    .bind(&hash[..])
    .execute(connection)
    .await
    .unwrap();
}

async fn open(folder: &Path) -> Registry {
    let clock = Arc::new(FixedClock::at(datetime!(2025-04-01 03:00 UTC)));
    let random = Arc::new(SystemRandom);
    Registry::open(folder, MasterKey::new(&MASTER), clock, random)
        .await
        .unwrap()
}

async fn assert_as_it_was(registry: &Registry) {
    let code = MunicipalityCode::parse(CODE).unwrap();
    let mut id = [0; 32];
    SystemRandom.fill(&mut id);
    let kiosk = Actor::Channel {
        kind: Channel::Kiosk,
        id: ChannelId(id),
    };
    let issuing = registry.municipality(code, Purpose::Issuing, kiosk).await;
    let number = MyNumber::parse(b"123456789018").unwrap();
    let dossier = issuing.unwrap().dossier(&number).await.unwrap().unwrap();
    assert_eq!(dossier.resident.name.expose(), "見本 太郎");
    let staff = Actor::Staff(StaffId::parse("tester").unwrap());
    let audit = registry.municipality(code, Purpose::Audit, staff).await;
    let audit = audit.unwrap();
    let verdict = audit.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(_)), "{verdict:?}");
    let notes = audit.refusal_notes(10).await.unwrap();
    assert_eq!(notes[0].note.expose(), NOTE);
}

#[tokio::test]
async fn a_register_of_the_first_version_opens_and_its_secret_goes_with_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let municipalities = folder.path().join("municipalities");
    std::fs::create_dir(&municipalities).unwrap();
    let system = folder.path().join("system.db");
    make(&system, &crate::storage::SYSTEM_SCHEMA).await;
    let file = municipalities.join(format!("{CODE}.db"));
    let mut connection = make(&file, &crate::storage::MUNICIPALITY_SCHEMA).await;
    fill(&mut connection).await;
    drop(connection);

    let registry = open(folder.path()).await;
    assert_as_it_was(&registry).await;
    let area = AuditArea::Municipality(MunicipalityCode::parse(CODE).unwrap());
    let upkeep = registry.upkeep(area, Actor::Server).await.unwrap();
    let result = upkeep.rotate_keys(|_| ()).await.unwrap();
    assert_eq!(result.destroyed, [crate::KeyVersion::FIRST]);
    // The resident, its random id, and the note of before.
    assert_eq!(result.resealed, 3);
    registry.close().await;
    let registry = open(folder.path()).await;
    assert_as_it_was(&registry).await;
    registry.close().await;
}
