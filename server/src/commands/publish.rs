//! `server publish`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use certificate::shc::{Jwk, Jwks, KeyId, RevocationList};
use registry::{Actor, Purpose};

use super::trust::{CSCA, ISSUER, Issuer, KEYS, REVOCATION_LISTS};
use super::{Failure, Opened, open};
use crate::cli::SettingsFile;

/// The CSCA's own revocation list.
const CSCA_CRL: &str = "csca.crl";

pub(super) async fn run(directory: &Path, settings: &SettingsFile) -> Result<ExitCode, Failure> {
    let opened = open(settings).await?;
    let key = KeyId::of(opened.signing.shc_public_key());
    let list = revocation_list(&opened, &key).await?;
    opened.registry.close().await;
    let keys = Jwks {
        keys: vec![Jwk::new(
            opened.signing.shc_public_key(),
            Some(list.counter),
        )],
    };
    let issuer = Issuer {
        iss: opened.settings.issuer.url.clone(),
    };
    // The lists before the keys: a reader who sees the keys' new counter finds the list.
    let list_file = format!("{REVOCATION_LISTS}/{}.json", key.as_str());
    let mut files = vec![
        (list_file, list.to_json().into_bytes()),
        (KEYS.to_owned(), keys.to_json().into_bytes()),
        (ISSUER.to_owned(), serde_json::to_vec(&issuer)?),
        (CSCA.to_owned(), opened.signing.csca_der().to_vec()),
    ];
    if let Some(crl) = &opened.settings.issuer.csca_crl {
        files.push((CSCA_CRL.to_owned(), std::fs::read(crl.relative())?));
    }
    for (name, content) in &files {
        let path = directory.join(name);
        replace(&path, content)?;
        println!("{}", path.display());
    }
    println!(
        "{} certificates are revoked; serve this folder at {}",
        list.revoked.len(),
        opened.settings.issuer.url
    );
    Ok(ExitCode::SUCCESS)
}

/// Every municipality's revocations of one key, as one list. Its counter is one more than the
/// number of revocations ever: it rises with each, and begins at 1.
async fn revocation_list(opened: &Opened, key: &KeyId) -> Result<RevocationList, Failure> {
    let mut counter = 1;
    let mut ids = Vec::new();
    for code in opened.registry.municipalities().await? {
        let register = opened
            .registry
            .municipality(code, Purpose::Publishing, Actor::Server)
            .await?;
        let revocations = register.revocations().await?;
        counter += revocations.counter;
        for revoked in revocations.revoked {
            if revoked.signing_key == key.as_str() {
                ids.push(revoked.revocation_id);
            }
        }
    }
    // Random ids in their own order: the list tells nothing about which municipality revoked.
    ids.sort_unstable();
    Ok(RevocationList::new(key.clone(), counter, ids))
}

/// Writes a file beside its name and renames it: a reader sees the old one or the new one.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
