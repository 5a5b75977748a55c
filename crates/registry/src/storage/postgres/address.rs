//! Where a PostgreSQL database is reached, and how safely.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Where a PostgreSQL database is reached: a `postgres://` address. To another machine the way is
/// TLS, with the server's certificate and name verified, whatever the address says.
#[derive(Clone)]
pub struct PostgresAddress(Box<PgConnectOptions>);

/// Why an address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPostgresAddress {
    /// Not a `postgres://` address.
    #[error("not an address like postgres://USER@HOST/DATABASE?sslrootcert=FILE")]
    Form,
    /// It holds a password, which would stand in a settings file or a list of processes.
    #[error("an address holds no password: name a file that holds it, or use a certificate")]
    Password,
    /// It names no database.
    #[error("the address names no database")]
    NoDatabase,
    /// Another machine, and nothing to verify its certificate with.
    #[error("a database on another machine needs sslrootcert=FILE, to verify its certificate")]
    NoRootCertificate,
}

impl PostgresAddress {
    /// Takes `postgres://USER@HOST:PORT/DATABASE`, or with `?host=/FOLDER&user=USER` for a socket,
    /// and the password where the server asks for one. `sslrootcert`, `sslcert` and `sslkey` name
    /// PEM files.
    ///
    /// # Errors
    /// [`InvalidPostgresAddress`].
    pub fn parse(address: &str, password: Option<&str>) -> Result<Self, InvalidPostgresAddress> {
        let form = InvalidPostgresAddress::Form;
        let rest = ["postgres://", "postgresql://"]
            .iter()
            .find_map(|scheme| address.strip_prefix(scheme))
            .ok_or(form)?;
        let (place, question) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, _) = place.split_once('/').unwrap_or((place, ""));
        let credentials = authority.rsplit_once('@').map_or("", |(user, _)| user);
        let keys = || {
            question
                .split('&')
                .filter_map(|pair| pair.split('=').next())
        };
        if credentials.contains(':') || keys().any(|key| key == "password") {
            return Err(InvalidPostgresAddress::Password);
        }
        let mut options = PgConnectOptions::from_str(address)
            .map_err(|_| form)?
            .application_name("akashi")
            .disable_statement_logging();
        if options.get_database().is_none() {
            return Err(InvalidPostgresAddress::NoDatabase);
        }
        if is_remote(&options) {
            if !keys().any(|key| key == "sslrootcert") {
                return Err(InvalidPostgresAddress::NoRootCertificate);
            }
            options = options.ssl_mode(PgSslMode::VerifyFull);
        }
        if let Some(password) = password {
            options = options.password(password);
        }
        Ok(Self(Box::new(options)))
    }

    /// The options of a connection whose statements mean the tables of one schema.
    pub(super) fn options(&self, schema: &str) -> PgConnectOptions {
        PgConnectOptions::clone(&self.0).options([("search_path", schema)])
    }
}

/// Whether the way leads over a network.
fn is_remote(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let loopback = host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    options.get_socket().is_none() && !host.starts_with('/') && host != "localhost" && !loopback
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresAddress([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The address's way of TLS.
    fn parse(address: &str) -> Result<String, InvalidPostgresAddress> {
        let address = PostgresAddress::parse(address, None)?;
        Ok(format!("{:?}", address.0.get_ssl_mode()))
    }

    #[test]
    fn another_machine_is_reached_by_verified_tls_only() {
        let remote = "postgres://akashi_server@db.example.jp/akashi";
        assert_eq!(
            parse(remote),
            Err(InvalidPostgresAddress::NoRootCertificate)
        );
        for mode in ["", "&sslmode=disable", "&sslmode=prefer"] {
            let address = format!("{remote}?sslrootcert=ca.pem{mode}");
            assert_eq!(parse(&address).as_deref(), Ok("VerifyFull"));
        }
        for near in [
            "postgres:///akashi?host=/run/postgresql&user=akashi_server",
            "postgres://akashi_server@localhost/akashi",
            "postgres://akashi_server@127.0.0.1:5433/akashi",
        ] {
            assert!(parse(near).is_ok(), "{near}");
        }
    }

    #[test]
    fn no_password_and_no_other_form() {
        for with_password in [
            "postgres://akashi_server:secret@localhost/akashi",
            "postgres://localhost/akashi?password=secret",
        ] {
            assert_eq!(parse(with_password), Err(InvalidPostgresAddress::Password));
        }
        for bad in ["", "mysql://localhost/akashi", "/run/postgresql"] {
            assert_eq!(parse(bad), Err(InvalidPostgresAddress::Form), "{bad}");
        }
        let none = parse("postgres://akashi_server@localhost");
        assert_eq!(none, Err(InvalidPostgresAddress::NoDatabase));
    }

    #[test]
    fn an_address_does_not_print() {
        let address = PostgresAddress::parse("postgres://localhost/akashi", Some("secret"));
        assert!(!format!("{address:?}").contains("secret"));
    }
}
