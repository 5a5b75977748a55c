//! `server publish`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use certificate::shc::{Jwk, Jwks, KeyId, RevocationList};
use crypto::Es256PublicKey;
use registry::{Actor, Purpose};

use super::trust::{CSCA, ISSUER, Issuer, KEYS, MOST_KEYS, REVOCATION_LISTS};
use super::{Failure, Opened, open};
use crate::cli::SettingsFile;
use crate::secrets;

/// The CSCA's own revocation list.
const CSCA_CRL: &str = "csca.crl";

pub(super) async fn run(directory: &Path, settings: &SettingsFile) -> Result<ExitCode, Failure> {
    let opened = open(settings).await?;
    let keys = keys(&opened)?;
    let lists = revocation_lists(&opened, &keys).await?;
    opened.registry.close().await;
    let published = keys.iter().zip(&lists);
    let published = Jwks {
        keys: published
            .map(|(key, list)| Jwk::new(key, Some(list.counter)))
            .collect(),
    };
    let issuer = Issuer {
        iss: opened.settings.issuer.url.clone(),
    };
    // The lists before the keys: a reader who sees the keys' new counter finds the list.
    let mut files: Vec<_> = lists
        .iter()
        .map(|list| {
            let name = format!("{REVOCATION_LISTS}/{}.json", list.key.as_str());
            (name, list.to_json().into_bytes())
        })
        .collect();
    files.extend([
        (KEYS.to_owned(), published.to_json().into_bytes()),
        (ISSUER.to_owned(), serde_json::to_vec(&issuer)?),
        (CSCA.to_owned(), opened.signing.csca_der().to_vec()),
    ]);
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
        lists.iter().map(|list| list.revoked.len()).sum::<usize>(),
        opened.settings.issuer.url
    );
    Ok(ExitCode::SUCCESS)
}

/// The key that signs, and those that signed before it.
fn keys(opened: &Opened) -> Result<Vec<Es256PublicKey>, Failure> {
    let mut keys = vec![opened.signing.shc_public_key().clone()];
    for file in &opened.settings.issuer.former_shc_keys {
        let key = secrets::es256_public(&file.relative())?;
        if keys.contains(&key) {
            return Err("issuer.former_shc_keys names a key twice, or the one that signs".into());
        }
        keys.push(key);
    }
    if keys.len() > MOST_KEYS {
        return Err(format!("issuer.former_shc_keys names more than {MOST_KEYS} keys").into());
    }
    Ok(keys)
}

/// Every municipality's revocations, a list for each key. The lists' counter is one more than the
/// number of revocations ever: it rises with each, and begins at 1.
async fn revocation_lists(
    opened: &Opened,
    keys: &[Es256PublicKey],
) -> Result<Vec<RevocationList>, Failure> {
    let mut counter = 1;
    let mut revoked = Vec::new();
    for code in opened.registry.municipalities().await? {
        let register = opened
            .registry
            .municipality(code, Purpose::Publishing, Actor::Server)
            .await?;
        let revocations = register.revocations().await?;
        counter += revocations.counter;
        revoked.extend(revocations.revoked);
    }
    Ok(keys
        .iter()
        .map(KeyId::of)
        .map(|key| {
            let of_key = revoked.iter().filter(|one| one.signing_key == key.as_str());
            let mut ids: Vec<_> = of_key.map(|one| one.revocation_id.clone()).collect();
            // Random ids in their own order: a list tells nothing about which municipality revoked.
            ids.sort_unstable();
            RevocationList::new(key, counter, ids)
        })
        .collect())
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
