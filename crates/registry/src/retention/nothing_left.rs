//! That nothing names a resident who was erased: every sealed text of the register opened, and
//! searched for the resident number (C26). What was asked about them names them too.

use std::io::Cursor;
use std::sync::Arc;

use crypto::SystemRandom;
use declaration::Municipality;
use domain::{FixedClock, MunicipalityCode, MyNumber, Redacted};
use time::macros::{date, datetime};

use crate::keys::KeyVersion;
use crate::storage;
use crate::table::Table;
use crate::{
    Actor, ApprovalId, ApprovalScope, CounterIdentity, CsvEncoding, Diseases, FlagKind, FlagOrder,
    Ground, GroundKind, IdentityDocument, ImportBatch, ImportFile, ImportProgress, ImportSource,
    InquiryExchange, MasterKey, MunicipalityRegister, NewInquiry, Purpose, Registry,
    ResidentNumber, SecondPerson, Sheet, StaffId, Unwatched, Whom,
};

/// In no other text by chance.
const NUMBER: &str = "735190246813579";
const DISEASE: &str = "新型コロナウイルス感染症";
const HERE: &str = "131121";
const THERE: &str = "122271";
const FILES: [(ImportFile, &str); 2] = [
    (
        ImportFile::Residents,
        "resident_number,individual_number,name,kana,birth_date,sex,address,alternative_names,\
         moved_out_on,deceased_on,protected_since\n\
         735190246813579,123456789018,見本\u{3000}太郎,,19800101,2,東京都,,,,\n",
    ),
    (
        ImportFile::Doses,
        "resident_number,registered_at,date,voucher_number,venue,physician,manufacturer,product,\
         vaccine_type,disease,lot,dose_number,amount_ml\n\
         735190246813579,20210601120000,20210601,,,,ファイザー,コミナティ筋注,,\
         新型コロナウイルス感染症,LOT1,1,0.3\n",
    ),
];

struct Town<'a> {
    registry: &'a Registry,
    code: MunicipalityCode,
}

impl Town<'_> {
    async fn handle(&self, purpose: Purpose, name: &str) -> MunicipalityRegister {
        let staff = Actor::Staff(StaffId::parse(name).unwrap());
        let handle = self.registry.municipality(self.code, purpose, staff);
        handle.await.unwrap()
    }

    fn declaration(&self) -> Municipality {
        let code = self.code;
        let basis = "legal_basis = \"見本\"\nfrom = 2025-01-01\n";
        let text = format!(
            "code = \"{code}\"\nname = \"見本市\"\nkana = \"みほんし\"\nroman_name = \"Mihon\"\n\
             prefecture = \"東京都\"\nhead_title = \"見本市長\"\nhead_title_english = \"Mayor\"\n\
             fee_yen = 0\nchannels = []\n[retention]\n{basis}doses = \"9 years\"\n\
             [disclosure]\n{basis}[inquiry]\n{basis}until = 2025-12-31\n\
             diseases = [\"{DISEASE}\"]\n"
        );
        Municipality::parse(&text).unwrap()
    }

    async fn fill(&self) {
        let importing = self.handle(Purpose::Import, "tester").await;
        let progress: Arc<dyn ImportProgress> = Arc::new(Unwatched);
        for (file, text) in FILES {
            let batch = ImportBatch {
                sources: vec![ImportSource::plain(
                    file,
                    CsvEncoding::Detect,
                    Cursor::new(text),
                )],
                spill: std::env::temp_dir(),
            };
            let checked = importing.check_import(batch, &progress).await.unwrap();
            let landed = importing.land_import(checked, SecondPerson::NotAsked, &progress);
            assert_eq!(landed.await.unwrap().1.added(), 1);
        }
    }

    async fn asked(&self, scope: &ApprovalScope) -> ApprovalId {
        let asking = self.handle(Purpose::Approval, "tester").await;
        let reason = format!("letter of {NUMBER}");
        asking.request_approval(scope, &reason).await.unwrap()
    }

    async fn approved(&self, scope: &ApprovalScope) -> ApprovalId {
        let id = self.asked(scope).await;
        let second = self.handle(Purpose::Approval, "second").await;
        second.approve(id).await.unwrap();
        id
    }

    async fn declined(&self, scope: &ApprovalScope) {
        let id = self.asked(scope).await;
        let second = self.handle(Purpose::Approval, "second").await;
        let reason = format!("not for {NUMBER}");
        second.decline(id, Some(&reason)).await.unwrap();
    }

    /// Flags set and lifted, one request declined, and a disclosure asked for.
    async fn written_about(&self) {
        let flags = self.handle(Purpose::Flags, "tester").await;
        let kind = FlagKind::MovedOut;
        let order = FlagOrder {
            ordered_by: StaffId::parse("head").unwrap(),
            ground: Redacted::new(format!("about {NUMBER}")),
        };
        flags.set_flag(&whom(), kind, &order).await.unwrap();
        let scope = flags.lift_flag_scope(&whom(), kind).await.unwrap();
        self.declined(&scope).await;
        let approval = self.approved(&scope).await;
        flags.lift_flag(&whom(), kind, approval).await.unwrap();
        let protected = FlagKind::Protected;
        flags.set_flag(&whom(), protected, &order).await.unwrap();

        let telling = self.handle(Purpose::Disclosure, "tester").await;
        let declared = self.declaration().declared(TODAY).unwrap();
        let person = CounterIdentity::of_the_person(IdentityDocument::Passport);
        let whom = whom();
        let scope = telling.disclosure_scope(&declared, &whom, &person, Sheet::Usual);
        self.asked(&scope.await.unwrap()).await;
    }

    async fn erase(&self) {
        let handle = self.handle(Purpose::Retention, "tester").await;
        let declared = self.declaration().declared(TODAY).unwrap();
        let number = resident();
        let plan = || handle.plan_resident_erasure(&declared, &number);
        self.declined(&plan().await.unwrap().approval_scope()).await;
        // Counted anew: the second person's note about the first request goes too.
        let approval = self.approved(&plan().await.unwrap().approval_scope()).await;
        let erased = handle.erase_resident(&declared, &number, approval);
        erased.await.unwrap();
    }

    /// The tables with a sealed text that says the resident number.
    async fn tables_that_say_it(&self) -> Vec<&'static str> {
        let handle = self.handle(Purpose::Audit, "tester").await;
        let keys = &handle.municipality.keys;
        let mut transaction = handle.read().await.unwrap();
        // Nothing is sealed under this key, so that every text is found.
        let nobodys = KeyVersion::new(999);
        let mut tables = Vec::new();
        for table in Table::OF_MUNICIPALITY {
            let place = table.place();
            let cells = storage::sealed_otherwise(&mut transaction, place, nobodys, None, 1000);
            for cell in cells.await.unwrap() {
                let bound_to = table.bound_to(&cell.key).unwrap();
                let text = keys.open(table, &bound_to, &cell.sealed).unwrap();
                if memchr::memmem::find(&text, NUMBER.as_bytes()).is_some() {
                    tables.push(table.name());
                }
            }
        }
        tables.dedup();
        tables
    }
}

const TODAY: time::Date = date!(2025 - 04 - 01);

fn resident() -> ResidentNumber {
    ResidentNumber::parse(NUMBER).unwrap()
}

fn whom() -> Whom {
    Whom::Resident(resident())
}

/// One town asks the other, whose superior is asked to release what waits.
async fn inquire(exchange: &InquiryExchange, here: &Town<'_>, there: &Town<'_>) {
    let number = MyNumber::parse(b"123456789018").unwrap();
    let inquiry = NewInquiry {
        diseases: Diseases::new(vec![DISEASE.to_owned()]).unwrap(),
        ground: Ground::new(GroundKind::Consent, "form").unwrap(),
    };
    let id = exchange.prepare(&number, inquiry).await.unwrap();
    let asking = here.handle(Purpose::Inquiry, "tester").await;
    let scope = asking.inquiry_scope(id).await.unwrap().unwrap();
    let approval = here.approved(&scope).await;
    let sent = exchange.send(id, Some(approval)).await.unwrap();
    sent.ask().await.unwrap().receive().await.unwrap();
    let deciding = there.handle(Purpose::Provision, "tester").await;
    let waiting = deciding.received_inquiries().await.unwrap();
    let scope = deciding.release_scope(waiting[0].id).await.unwrap();
    there.declined(&scope.unwrap()).await;
}

#[tokio::test]
async fn no_sealed_text_names_a_resident_who_was_erased() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(datetime!(2025-04-01 03:00 UTC)));
    let random = Arc::new(SystemRandom);
    let registry = Registry::open(folder.path(), MasterKey::new(&[7; 32]), clock, random);
    let registry = registry.await.unwrap();
    let [here, there] = [HERE, THERE].map(|code| Town {
        registry: &registry,
        code: MunicipalityCode::parse(code).unwrap(),
    });
    for town in [&here, &there] {
        registry.add_municipality(town.code).await.unwrap();
        town.fill().await;
        town.written_about().await;
    }
    let [asking, asked] = [&here, &there].map(|town| town.declaration().declared(TODAY).unwrap());
    let staff = StaffId::parse("tester").unwrap();
    let exchange = registry.inquiry_exchange(asking, asked, staff);
    inquire(&exchange.await.unwrap(), &here, &there).await;
    for town in [&here, &there] {
        let tables = town.tables_that_say_it().await;
        for table in ["resident", "audit.note", "approval", "resident_flags"] {
            assert!(tables.contains(&table), "the search finds it in {table}");
        }
        town.erase().await;
        assert_eq!(town.tables_that_say_it().await, [""; 0]);
    }
}
