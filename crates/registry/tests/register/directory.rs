//! Another directory of residents than the register's own index (団体内統合宛名).

use std::sync::Arc;

use domain::MyNumber;
use registry::{
    DirectoryUnavailable, Located, Locating, Purpose, RegistryError, ResidentDirectory,
    ResidentNumber, StorageFault, Whom,
};

use super::support::*;

/// A municipality's own: resident 1's number leads to resident 2, 3's to nobody, and 4's nowhere
/// now.
struct OfTheTown;

impl ResidentDirectory for OfTheTown {
    fn locate<'a>(&'a self, number: &'a MyNumber) -> Locating<'a> {
        let is = |n| number.expose_digits() == number_of(n).expose_digits();
        let located = if is(1) {
            Ok(Located::Under(
                ResidentNumber::parse(&format!("{:015}", 2)).unwrap(),
            ))
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

#[tokio::test]
async fn every_lookup_by_number_asks_the_municipalitys_directory() {
    let test = TestRegistry::with_residents(4).await;
    let directory: Arc<dyn ResidentDirectory> = Arc::new(OfTheTown);
    let registry = test.open_again().await;
    let registry = registry.with_directories([(setagaya(), directory)]);
    let issuing = registry.municipality(setagaya(), Purpose::Issuing, kiosk(1));
    let issuing = issuing.await.unwrap();
    let name = async |n| {
        let dossier = issuing.dossier(&number_of(n)).await?;
        Ok(dossier.map(|one| one.resident.number.expose().to_owned()))
    };
    let second = format!("{:015}", 2);
    assert_eq!(name(1).await, Ok(Some(second.clone())));
    assert_eq!(name(2).await, Ok(Some(second.clone())));
    assert_eq!(name(3).await, Ok(None));
    // A directory that does not answer is never "nobody".
    let unavailable = RegistryError::LookupUnavailable(StorageFault::Directory);
    assert_eq!(name(4).await, Err(unavailable));
    // Issuing and staff's lookups go the same way.
    let mut transaction = issuing.begin_issue().await.unwrap();
    let ordered = transaction.dossier(&number_of(1)).await.unwrap().unwrap();
    assert_eq!(ordered.resident.number.expose(), second);
    drop(transaction);
    let flags = registry.municipality(setagaya(), Purpose::Flags, staff());
    let flags = flags.await.unwrap();
    let found = flags.flags(&Whom::Number(number_of(1))).await.unwrap();
    assert_eq!(found.unwrap().resident.number.expose(), second);
    // Another municipality has its own.
    let other = registry.municipality(urayasu(), Purpose::Issuing, kiosk(1));
    let other = other.await.unwrap();
    assert_eq!(other.dossier(&number_of(1)).await.unwrap(), None);
}
