//! The published files: where each lies, and reading them back as what a verifier trusts.

use std::path::Path;

use certificate::read_back::Trust;
use certificate::shc::{IssuerUrl, Jwks, RevocationCheck, RevocationList, TrustedIssuer};
use certificate::vds_nc::Csca;
use serde::{Deserialize, Serialize};

use super::Failure;

/// The issuer's keys (SMART Health Cards framework, "Determining keys associated with an issuer").
pub(super) const KEYS: &str = ".well-known/jwks.json";
/// The folder of revocation lists, one for each key.
pub(super) const REVOCATION_LISTS: &str = ".well-known/crl";
/// The CSCA's certificate.
pub(super) const CSCA: &str = "csca.der";
/// Whose keys these are.
pub(super) const ISSUER: &str = "issuer.json";

/// Keys that are published at most, and revocation lists that are read.
pub(super) const MOST_KEYS: usize = 64;

/// Whose keys the folder holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Issuer {
    /// `iss` of its SMART Health Cards.
    pub iss: String,
}

/// Reads a folder that `server publish` wrote.
pub(super) fn load(folder: &Path) -> Result<Trust, Failure> {
    let issuer: Issuer = serde_json::from_slice(&read(folder, ISSUER)?)?;
    let mut lists = Vec::new();
    for entry in std::fs::read_dir(folder.join(REVOCATION_LISTS))?.take(MOST_KEYS) {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            lists.push(RevocationList::parse(&std::fs::read(path)?)?);
        }
    }
    Ok(Trust {
        issuer: TrustedIssuer {
            url: IssuerUrl::parse(&issuer.iss)?,
            keys: Jwks::parse(&read(folder, KEYS)?)?,
            revocation: RevocationCheck::Lists(lists),
        },
        cscas: vec![Csca::parse(&read(folder, CSCA)?)?],
    })
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, Failure> {
    let path = folder.join(name);
    std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}
