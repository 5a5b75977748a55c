//! What the tests lay on the table: cards, a reader, a session.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use domain::{MunicipalityCode, Pin, Redacted};
use fixtures::card::{
    CardCa, CardIssuer, CardPerson, InsertedCard, IssuedCard, KeyPool, PoolKey, VirtualCard,
    insert, issuer_id, test_ca_id,
};
use fixtures::stage::pcscd::Pcscd;
use kiosk_agent::card::{CardReaders, ConnectedCard, LookFor, ReaderError};
use my_number_card::{
    CardError, CardInfoInputAp, CardTransport, PinError, SignedBasicInformation, TrustedCardCas,
};

pub const PIN: &str = "3141";
pub const CODE_A: &str = "123456789018";

/// Longer than any of the waits below takes.
const LONG: Duration = Duration::from_secs(20);

pub fn ca() -> CardCa {
    CardCa::new(test_ca_id(), key(PoolKey::Ca))
}

pub fn key(which: PoolKey) -> fixtures::card::CardKey {
    let pool = KeyPool::open_default().expect("the key pool opens");
    pool.key(which).expect("the key pool gives a key")
}

/// The issuer of one municipality or, with another number, of another.
pub fn issuer(number: u8) -> CardIssuer {
    let codes = ["131130", "122271"];
    let code = MunicipalityCode::parse(codes[usize::from(number)]).expect("a checked code");
    ca().certify(issuer_id(code), key(PoolKey::Issuer(number)))
}

pub fn person() -> CardPerson {
    let text = |text: &str| Redacted::new(text.to_owned());
    CardPerson {
        individual_number: text(CODE_A),
        name: text("試験\u{3000}花子"),
        address: text("試験県試験市一丁目１－２"),
        birth_date: text("19991231"),
        sex: text("2"),
        pin: text(PIN),
        expiry_year: 2035,
        security_code: text("1234"),
    }
}

pub fn issued() -> IssuedCard {
    let (card, transport) = (key(PoolKey::Card(0)), key(PoolKey::Transport));
    issuer(0).issue(&person(), &card, &transport)
}

/// The card of a resident who does not exist.
pub fn resident() -> VirtualCard {
    VirtualCard::new(issued())
}

/// The real test card's files; it cannot sign.
pub fn real() -> VirtualCard {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/real-card");
    VirtualCard::new(IssuedCard::from_folder(&folder, PIN).expect("the real card's files"))
}

/// Trusts the TEST card CA and the JPKI test hierarchy.
pub fn trusted() -> TrustedCardCas {
    TrustedCardCas::production()
        .accept_test_hierarchy()
        .add(test_ca_id(), ca().key().modulus())
        .expect("an id of its own")
}

pub fn pin(digits: &str) -> Pin {
    Pin::parse(digits.as_bytes()).expect("four digits")
}

/// Lays a card into the first slot of the reader.
pub fn lay(service: &Pcscd, card: VirtualCard) -> InsertedCard {
    insert(card, service.reader(), LONG).expect("the reader takes a card")
}

pub const fn patiently() -> LookFor<'static> {
    LookFor {
        reader: None,
        time_limit: LONG,
        answer_limit: LONG,
    }
}

/// Takes the card that lies in a reader.
pub fn connect(look_for: LookFor<'_>) -> Result<ConnectedCard, ReaderError> {
    CardReaders::open()?.wait_for_card(look_for, |_| ControlFlow::Continue(()))
}

/// Everything that a resident's session does with the card.
pub fn session(card: impl CardTransport) -> Result<SignedBasicInformation, CardError> {
    let ap = CardInfoInputAp::select(card)?;
    let mut open = ap.present_pin(pin(PIN)).map_err(|error| match error {
        PinError::Card(error) => error,
        PinError::Incorrect { .. } | PinError::Blocked => panic!("the PIN is right"),
    })?;
    let information = open.read_signed_basic_information(|_| ())?;
    open.sign_presence(&[7; 32])?;
    Ok(information)
}
