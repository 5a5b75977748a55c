//! The issuer's address, `iss`.

use super::KeyId;

/// An issuer's address (SHC, "Determining keys associated with an issuer"): `https`, ASCII, no
/// trailing slash. What is published lies under it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssuerUrl(String);

/// Not an `https` address of at most 200 ASCII characters without trailing slash, query, fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an issuer is an https address without trailing slash, query and fragment")]
pub struct InvalidIssuerUrl;

impl IssuerUrl {
    /// Takes the address.
    ///
    /// # Errors
    /// [`InvalidIssuerUrl`].
    pub fn parse(url: &str) -> Result<Self, InvalidIssuerUrl> {
        let rest = url.strip_prefix("https://").ok_or(InvalidIssuerUrl)?;
        let plain = |c: u8| c.is_ascii_alphanumeric() || b"-._~:/%".contains(&c);
        let usable = !rest.is_empty()
            && !rest.starts_with('/')
            && !rest.ends_with('/')
            && url.len() <= 200
            && rest.bytes().all(plain);
        usable.then(|| Self(url.to_owned())).ok_or(InvalidIssuerUrl)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the issuer's keys are published; served with CORS `*`, or browsers' verifiers fail.
    #[must_use]
    pub fn keys_url(&self) -> String {
        format!("{}/.well-known/jwks.json", self.0)
    }

    /// Where the revocation list of a key is published, likewise.
    #[must_use]
    pub fn revocation_list_url(&self, key: &KeyId) -> String {
        format!("{}/.well-known/crl/{}.json", self.0, key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let issuer = IssuerUrl::parse("https://vc.example.jp/issuer").unwrap();
        assert_eq!(
            issuer.keys_url(),
            "https://vc.example.jp/issuer/.well-known/jwks.json"
        );
        for bad in [
            "http://vc.example.jp",
            "https://vc.example.jp/",
            "https://",
            "https:///x",
            "https://vc.example.jp?x",
            "https://vc.example.jp#x",
            "https://例.jp",
        ] {
            assert_eq!(IssuerUrl::parse(bad), Err(InvalidIssuerUrl), "{bad}");
        }
    }
}
