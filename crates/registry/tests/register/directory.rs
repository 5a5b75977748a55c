//! Another directory of residents than the register's own index (団体内統合宛名).

use std::sync::Arc;

use domain::MyNumber;
use registry::{
    DirectoryUnavailable, ImportFile, Located, Locating, Purpose, Registry, RegistryError,
    ResidentDirectory, ResidentNumber, StorageFault, Whom,
};

use super::support::*;

/// A municipality's own: the numbers of 1 and 2 lead to themselves, 3's to nobody, 4's nowhere now,
/// 5's to resident 2, and 6's to resident 6, of whom the register knows no number.
struct OfTheTown;

impl ResidentDirectory for OfTheTown {
    fn locate<'a>(&'a self, number: &'a MyNumber) -> Locating<'a> {
        let is = |n| number.expose_digits() == number_of(n).expose_digits();
        let under = |n| {
            let number = ResidentNumber::parse(&format!("{n:015}"));
            Ok(Located::Under(number.unwrap()))
        };
        let located = if is(1) {
            under(1)
        } else if is(5) {
            under(2)
        } else if is(6) {
            under(6)
        } else if is(3) {
            Ok(Located::Nowhere)
        } else if is(4) {
            Err(DirectoryUnavailable)
        } else {
            Ok(Located::ByOwnIndex)
        };
        Box::pin(std::future::ready(located))
    }
}

/// Six residents, the sixth without an individual number, and a directory of their town.
async fn with_directory() -> (TestRegistry, Registry) {
    let test = TestRegistry::with_residents(5).await;
    let sixth = format!(
        "{RESIDENTS}{:015},,見本\u{3000}六号,ミホン\u{3000}ロクゴウ,19800101,2,東京都世田谷区,,,,\n",
        6
    );
    let report = test.import(ImportFile::Residents, sixth).await.unwrap();
    assert_eq!(report.rows, []);
    let directory: Arc<dyn ResidentDirectory> = Arc::new(OfTheTown);
    let registry = test.open_again().await;
    let registry = registry.with_directories([(setagaya(), directory)]);
    (test, registry)
}

const UNAVAILABLE: RegistryError = RegistryError::LookupUnavailable(StorageFault::Directory);

#[tokio::test]
async fn every_lookup_by_number_asks_the_municipalitys_directory() {
    let (_test, registry) = with_directory().await;
    let issuing = registry.municipality(setagaya(), Purpose::Issuing, kiosk(1));
    let issuing = issuing.await.unwrap();
    let name = async |n| {
        let dossier = issuing.dossier(&number_of(n)).await?;
        Ok(dossier.map(|one| one.resident.number.expose().to_owned()))
    };
    let sixth = format!("{:015}", 6);
    assert_eq!(name(1).await, Ok(Some(format!("{:015}", 1))));
    assert_eq!(name(2).await, Ok(Some(format!("{:015}", 2))));
    assert_eq!(name(3).await, Ok(None));
    // A directory that does not answer is never "nobody".
    assert_eq!(name(4).await, Err(UNAVAILABLE));
    // Whose number the register does not know is known by the directory alone.
    assert_eq!(name(6).await, Ok(Some(sixth.clone())));
    // Issuing and staff's lookups go the same way.
    let mut transaction = issuing.begin_issue().await.unwrap();
    let ordered = transaction.dossier(&number_of(6)).await.unwrap().unwrap();
    assert_eq!(ordered.resident.number.expose(), sixth);
    drop(transaction);
    let flags = registry.municipality(setagaya(), Purpose::Flags, staff());
    let flags = flags.await.unwrap();
    let found = flags.flags(&Whom::Number(number_of(6))).await.unwrap();
    assert_eq!(found.unwrap().resident.number.expose(), sixth);
    // Another municipality has its own.
    let other = registry.municipality(urayasu(), Purpose::Issuing, kiosk(1));
    let other = other.await.unwrap();
    assert_eq!(other.dossier(&number_of(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_directory_that_names_another_person_gives_nobody_their_row() {
    let (_test, registry) = with_directory().await;
    let issuing = registry.municipality(setagaya(), Purpose::Issuing, kiosk(1));
    let issuing = issuing.await.unwrap();
    assert_eq!(issuing.dossier(&number_of(5)).await, Err(UNAVAILABLE));
    let preview = issuing.dossier_for_preview(&number_of(5)).await;
    assert_eq!(preview, Err(UNAVAILABLE));
    let mut transaction = issuing.begin_issue().await.unwrap();
    let ordered = transaction.dossier(&number_of(5)).await;
    assert_eq!(ordered, Err(UNAVAILABLE));
    drop(transaction);
    let flags = registry.municipality(setagaya(), Purpose::Flags, staff());
    let flags = flags.await.unwrap();
    let found = flags.flags(&Whom::Number(number_of(5))).await;
    assert_eq!(found, Err(UNAVAILABLE));
}
