//! A handle reaches one municipality, for one purpose (C11, C23).

use std::collections::BTreeSet;
use std::path::Path;

use domain::MunicipalityCode;
use registry::{CsvEncoding, Delivery, ImportFile, ImportSource, Purpose, RegistryError};

use super::support::*;

#[tokio::test]
async fn a_handle_does_what_its_purpose_includes_and_nothing_else() {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let residents = || {
        let (file, encoding) = (ImportFile::Residents, CsvEncoding::Utf8);
        ImportSource::plain(file, encoding, RESIDENTS.as_bytes())
    };
    for purpose in Purpose::ALL {
        let handle = test.handle(purpose, staff()).await;
        let refused = RegistryError::NotForThisPurpose(purpose);
        let includes = |done: Option<RegistryError>| done != Some(refused);
        let done = [
            handle.dossier(&number_of(1)).await.err(),
            handle.certificate(id).await.err(),
            handle.record_outcome(id, Delivery::Delivered).await.err(),
            handle.record_reissue(id, &because("lost")).await.err(),
            handle.revocations().await.err(),
            bring_in(&handle, vec![residents()]).await.err(),
            handle.audit_entries(0, 1).await.err(),
            handle.verify_audit(None).await.err(),
            handle.revoke(id, "error").await.err(),
        ]
        .map(includes);
        let may = |acts: &[usize]| std::array::from_fn(|at| acts.contains(&at));
        let expected: [bool; 9] = match purpose {
            Purpose::Issuing => may(&[0, 1, 2]),
            Purpose::CounterReissue => may(&[1, 3, 8]),
            Purpose::Publishing => may(&[4]),
            Purpose::Import => may(&[5]),
            Purpose::Audit => may(&[6, 7]),
            Purpose::System
            | Purpose::Venue
            | Purpose::DoseCorrection
            | Purpose::Flags
            | Purpose::Disclosure
            | Purpose::Counts
            | Purpose::Inquiry
            | Purpose::Provision
            | Purpose::Upkeep
            | Purpose::Approval
            | Purpose::LedgerExport
            | Purpose::Retention => may(&[]),
        };
        assert_eq!(done, expected, "{purpose:?}");
        let issuing = test.handle(purpose, kiosk(1)).await.begin_issue().await;
        assert_eq!(issuing.is_ok(), purpose == Purpose::Issuing);
    }
}

#[tokio::test]
async fn a_municipality_without_a_register_has_no_handle() {
    let test = TestRegistry::empty().await;
    let sapporo = MunicipalityCode::parse("011002").unwrap();
    let refused = test
        .registry
        .municipality(sapporo, Purpose::Issuing, kiosk(1))
        .await;
    assert_eq!(
        refused.err(),
        Some(RegistryError::NoSuchMunicipality(sapporo))
    );
    assert_eq!(
        test.registry.municipalities().await.unwrap(),
        [urayasu(), setagaya()]
    );
}

/// The functions of a handle, out of the source: name, whether the world can ask it, and its body.
fn functions(folder: &Path, found: &mut Vec<(String, bool, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let blocks = text.split("\nimpl MunicipalityRegister {\n").skip(1);
        for block in blocks {
            let block = block.split("\n}\n").next().unwrap();
            for body in block.split("\n    }\n") {
                let Some((head, body)) = body.split_once("fn ") else {
                    continue;
                };
                let name = body.split(['(', '<']).next().unwrap().to_owned();
                let asked = head.ends_with("    pub async ");
                found.push((name, asked, body.to_owned()));
            }
        }
    }
}

/// Where in a body the purpose is looked at first: by itself, or by what it calls.
fn permits_at(body: &str, permitting: &BTreeSet<String>) -> Option<usize> {
    let calls = permitting.iter().filter_map(|name| {
        let call = format!("self.{name}(");
        let of_closure = format!(".{name}(");
        body.find(&call).or_else(|| body.find(&of_closure))
    });
    calls.chain(body.find("self.permit(")).min()
}

/// What the tests above ask of some methods, of every one: a handle looks at its purpose before it
/// reads anything.
#[test]
fn every_method_of_a_handle_looks_at_its_purpose_first() {
    let mut all = Vec::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    functions(&source, &mut all);
    let mut permitting = BTreeSet::new();
    loop {
        let before = permitting.len();
        for (name, _, body) in &all {
            let read = body.find("storage::").unwrap_or(body.len());
            if permits_at(body, &permitting).is_some_and(|at| at < read) {
                permitting.insert(name.clone());
            }
        }
        if permitting.len() == before {
            break;
        }
    }
    let asked = all.iter().filter(|(_, asked, _)| *asked);
    assert!(asked.clone().count() > 40, "the source is read");
    let forgotten: Vec<_> = asked
        .map(|(name, ..)| name)
        .filter(|name| !permitting.contains(*name))
        .collect();
    assert_eq!(forgotten, [""; 0]);
}
