//! A register in a database of its own, synthetic residents, and orders.

use std::path::Path;
use std::sync::Arc;

use crypto::{SecureRandom, SystemRandom};
use declaration::Municipality;
use domain::{
    CertificateId, CertificateKind, Channel, ChannelId, FixedClock, MunicipalityCode, MyNumber,
    Redacted, RevocationId, TermsVersion, Yen,
};
use registry::{
    Actor, ApplicationId, ApprovalId, ApprovalScope, CounterIdentity, CsvEncoding, FoundOrder,
    IdentityDocument, ImportBatch, ImportFile, ImportProgress, ImportReport, ImportSource,
    MasterKey, MunicipalityRegister, NewCertificate, Order, Purpose, RegisterPlace, Registry,
    RegistryError, Reissue, SecondPerson, StaffId, Unwatched,
};
use time::macros::datetime;
use zeroize::Zeroizing;

pub use crate::databases::Database;

pub const RESIDENTS: &str = "resident_number,individual_number,name,kana,birth_date,sex,address,\
                             alternative_names,moved_out_on,deceased_on,protected_since\n";
pub const VOUCHERS: &str = "resident_number,voucher_number,kind,dose\n";
pub const DOSES: &str = "resident_number,registered_at,date,voucher_number,venue,physician,\
                         manufacturer,product,vaccine_type,disease,lot,dose_number,amount_ml\n";
pub const PASSPORTS: &str = "resident_number,roman_name,alternative_roman_name,nationality,number,\
                             expires_on,read_by,registered_at\n";

/// A register with its database, gone when dropped.
pub struct TestRegistry<D> {
    pub database: D,
    pub clock: Arc<FixedClock>,
    pub registry: Registry,
}

/// 世田谷区
pub fn setagaya() -> MunicipalityCode {
    MunicipalityCode::parse("131121").unwrap()
}

/// 浦安市
pub fn urayasu() -> MunicipalityCode {
    MunicipalityCode::parse("122271").unwrap()
}

pub async fn open(place: RegisterPlace, clock: Arc<FixedClock>) -> Registry {
    let master = MasterKey::new(&[7; 32]);
    Registry::open(place, master, clock, Arc::new(SystemRandom))
        .await
        .unwrap()
}

impl<D: Database> TestRegistry<D> {
    /// Two municipalities without residents.
    pub async fn empty() -> Self {
        Self::empty_in(&std::env::temp_dir()).await
    }

    /// The same in a folder of its own inside this one.
    pub async fn empty_in(place: &Path) -> Self {
        let database = D::make(place).await;
        let clock = Arc::new(FixedClock::at(datetime!(2025-04-01 03:00 UTC)));
        let registry = open(database.place(), clock.clone()).await;
        for code in [setagaya(), urayasu()] {
            registry.add_municipality(code).await.unwrap();
        }
        Self {
            database,
            clock,
            registry,
        }
    }

    /// A database in which there is nothing yet.
    pub async fn nowhere() -> D {
        D::make(&std::env::temp_dir()).await
    }

    /// Setagaya with so many residents, each with two doses and a passport; Urayasu empty.
    pub async fn with_residents(count: u64) -> Self {
        Self::with_residents_in(&std::env::temp_dir(), count).await
    }

    /// The same in a folder of its own inside this one.
    pub async fn with_residents_in(place: &Path, count: u64) -> Self {
        let test = Self::empty_in(place).await;
        for (file, text) in files(count) {
            let report = test.import(file, text).await.unwrap();
            assert_eq!(report.rows, []);
        }
        test
    }

    pub async fn import(
        &self,
        file: ImportFile,
        text: impl Into<Vec<u8>>,
    ) -> Result<ImportReport, RegistryError> {
        let handle = self.handle(Purpose::Import, staff()).await;
        let reader = std::io::Cursor::new(text.into());
        let source = ImportSource::plain(file, CsvEncoding::Detect, reader);
        bring_in(&handle, vec![source]).await
    }

    pub async fn handle(&self, purpose: Purpose, actor: Actor) -> MunicipalityRegister {
        let code = setagaya();
        self.registry
            .municipality(code, purpose, actor)
            .await
            .unwrap()
    }

    pub async fn issuing(&self) -> MunicipalityRegister {
        self.handle(Purpose::Issuing, kiosk(1)).await
    }

    pub async fn auditing(&self) -> MunicipalityRegister {
        self.handle(Purpose::Audit, Actor::Server).await
    }
}

/// A municipality that has declared one function since 2025 began; `keys` are its own.
pub fn declaring(code: MunicipalityCode, section: &str, keys: &str) -> Municipality {
    let text = format!(
        "code = \"{code}\"\nname = \"見本市\"\nkana = \"みほんし\"\nroman_name = \"Mihon City\"\n\
         prefecture = \"東京都\"\nhead_title = \"見本市長\"\n\
         head_title_english = \"Mayor of Mihon City\"\nfee_yen = 0\nchannels = []\n\
         [{section}]\nlegal_basis = \"見本\"\nfrom = 2025-01-01\n{keys}"
    );
    Municipality::parse(&text).unwrap()
}

impl<D: Database> TestRegistry<D> {
    /// An approval in Setagaya that one person asked for and another one gave.
    pub async fn approved(&self, scope: &ApprovalScope) -> ApprovalId {
        let yamada = self.handle(Purpose::Approval, staff_named("yamada")).await;
        let id = yamada.request_approval(scope, "needed").await.unwrap();
        let sato = self.handle(Purpose::Approval, staff_named("sato")).await;
        sato.approve(id).await.unwrap();
        id
    }
}

/// Brings in these files as one batch that nobody else was asked about.
pub async fn bring_in(
    handle: &MunicipalityRegister,
    sources: Vec<ImportSource>,
) -> Result<ImportReport, RegistryError> {
    let batch = ImportBatch {
        sources,
        spill: std::env::temp_dir(),
    };
    let progress: Arc<dyn ImportProgress> = Arc::new(Unwatched);
    let checked = handle.check_import(batch, &progress).await?;
    let second = SecondPerson::NotAsked;
    let (_, report) = handle.land_import(checked, second, &progress).await?;
    Ok(report)
}

/// The four files of so many residents, numbered from 1.
pub fn files(count: u64) -> [(ImportFile, String); 4] {
    let mut residents = RESIDENTS.to_owned();
    let mut vouchers = VOUCHERS.to_owned();
    let mut doses = DOSES.to_owned();
    let mut passports = PASSPORTS.to_owned();
    for n in 1..=count {
        let number = digits_of(n);
        residents += &format!(
            "{n:015},{number},見本\u{3000}{n}号,ミホン\u{3000}{n}ゴウ,19800101,2,東京都世田谷区{n}丁目,,,,\n"
        );
        vouchers += &format!("{n:015},{n:010},2,1\n");
        for (at, day) in [(1, "20210601"), (2, "20210622")] {
            doses += &format!(
                "{n:015},{day}120000,{day},{n:010},見本会場,見本医師,ファイザー,コミナティ筋注,\
                 mRNA,新型コロナウイルス感染症,LOT{at},{at},0.3\n"
            );
        }
        passports +=
            &format!("{n:015},MIHON NUMBER,,JPN,TK{n:07},20300101,counter,20211220090000\n");
    }
    [
        (ImportFile::Residents, residents),
        (ImportFile::Vouchers, vouchers),
        (ImportFile::Doses, doses),
        (ImportFile::Passports, passports),
    ]
}

/// The individual number of the n-th synthetic resident.
pub fn digits_of(n: u64) -> String {
    let eleven = format!("{:011}", 10_000_000_000 + n);
    let check = MyNumber::check_digit(eleven.as_bytes().try_into().unwrap());
    format!("{eleven}{}", char::from(check))
}

pub fn number_of(n: u64) -> MyNumber {
    MyNumber::parse(digits_of(n).as_bytes()).unwrap()
}

pub fn kiosk(n: u8) -> Actor {
    Actor::Channel {
        kind: Channel::Kiosk,
        id: ChannelId([n; 32]),
    }
}

pub fn staff() -> Actor {
    staff_named("tester")
}

pub fn staff_named(name: &str) -> Actor {
    Actor::Staff(StaffId::parse(name).unwrap())
}

/// A reissue to the person, by passport.
pub fn because(reason: &str) -> Reissue<'_> {
    const PERSON: &CounterIdentity = &CounterIdentity::of_the_person(IdentityDocument::Passport);
    Reissue {
        reason,
        identity: PERSON,
        ground: None,
    }
}

/// The n-th order; its key is its own.
pub fn order(n: u64) -> Order {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&n.to_be_bytes());
    Order {
        key,
        request_digest: crypto::sha256(&key),
        application: ApplicationId(key),
    }
}

/// A certificate of this kind, signed by nobody.
pub fn certificate(kind: CertificateKind, signed: &[u8]) -> NewCertificate {
    let mut random = [0; 12];
    SystemRandom.fill(&mut random);
    let id = CertificateId::from_random(random);
    NewCertificate {
        id,
        kind,
        issued_at: datetime!(2025-04-01 03:00 UTC),
        doses: 2,
        fee: Yen(120),
        copies: 1,
        terms: TermsVersion::parse("2025-04").unwrap(),
        revocation_id: RevocationId::parse(id.as_str()).unwrap(),
        signing_key: "key-1".to_owned(),
        signed: Redacted::new(Zeroizing::new(signed.to_vec())),
        replaces: None,
    }
}

/// Issues to the n-th resident: the certificate is for a name, as a server would sign it.
pub async fn issue(
    handle: &MunicipalityRegister,
    n: u64,
    order: &Order,
) -> Result<CertificateId, RegistryError> {
    let mut transaction = handle.begin_issue().await?;
    match transaction.find_order(order).await? {
        Some(FoundOrder::Issued(before)) => return Ok(before.id),
        Some(FoundOrder::Over) => panic!("it is handed out no longer"),
        None => {}
    }
    let dossier = transaction.dossier(&number_of(n)).await?.unwrap();
    let name = dossier.resident.name.expose();
    let new = certificate(CertificateKind::Domestic, name.as_bytes());
    let recorded = transaction.record_certificate(order, &new).await?;
    recorded.commit().await?;
    Ok(new.id)
}

/// A test's name as the harness knows it: without the crate's.
pub fn this_test(module: &str, name: &str) -> String {
    format!("{}::{name}", module.split_once("::").unwrap().1)
}

/// Somebody with the database and without the keys.
impl<D: Database> TestRegistry<D> {
    /// Changes Setagaya's register with their own SQL.
    pub async fn tamper(&self, statements: impl AsRef<str>) {
        let statements = statements.as_ref();
        let done = self.database.tamper(Some(setagaya()), statements).await;
        done.unwrap();
    }

    /// The same, with what protects the audit record taken away before.
    pub async fn tamper_with_audit(&self, statements: impl AsRef<str>) {
        self.tamper(D::WITHOUT_TRIGGERS).await;
        self.tamper(statements).await;
    }

    /// The same for the system's audit record.
    pub async fn tamper_with_system_audit(&self, statements: &str) {
        for statements in [D::WITHOUT_TRIGGERS, statements] {
            self.database.tamper(None, statements).await.unwrap();
        }
    }

    /// What takes the doses away.
    pub const WITHOUT_DOSES: &str = D::WITHOUT_DOSES;

    /// The place that another process was told in words.
    pub fn place_of(text: &str) -> RegisterPlace {
        D::place_of(text)
    }

    /// The same register opened once more, as another process would.
    pub async fn open_again(&self) -> Registry {
        open(self.database.place(), self.clock.clone()).await
    }
}
