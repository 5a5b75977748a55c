//! Makes the kiosk's parts out of its settings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::client::PinnedKey;
use certificate::read_back::Trust;
use certificate::shc::{IssuerUrl, Jwks, RevocationCheck, TrustedIssuer};
use certificate::vds_nc::Csca;
use crypto::{InvalidCodeHash, SecureRandom};
use domain::Clock;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::payment::{AtTheStore, Payment, Till, TillRefused, TillTimes};
use crate::printer::{IppPrinter, PrintLimits, PrinterRefused};
use crate::server_link::{LinkRefused, ServerAddress, ServerLink};
use crate::settings::{Settings, seconds};
use crate::staff::StaffDesk;
use crate::tls::{self, Identity, TlsRefused};

/// Why a part cannot be made: the settings, or a file that they name.
#[derive(Debug, thiserror::Error)]
pub(super) enum PartRefused {
    #[error("cannot read {path}: {source}")]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path}: {problem}")]
    Content { path: PathBuf, problem: String },
    #[error(transparent)]
    Tls(#[from] TlsRefused),
    #[error("[server]: {0}")]
    Link(#[from] LinkRefused),
    #[error("[printer]: {0}")]
    Printer(#[from] PrinterRefused),
    #[error(transparent)]
    Till(#[from] TillRefused),
    #[error("[staff] code_hash: {0}")]
    StaffCode(#[from] InvalidCodeHash),
}

/// Longest file that settings name, in bytes.
const LONGEST: u64 = 256 * 1024;

fn read(path: &Path) -> Result<Vec<u8>, PartRefused> {
    let unreadable = |source| PartRefused::File {
        path: path.to_owned(),
        source,
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > LONGEST {
        return Err(content(path, &"longer than 256 KiB"));
    }
    std::fs::read(path).map_err(unreadable)
}

fn content(path: &Path, problem: &dyn std::fmt::Display) -> PartRefused {
    PartRefused::Content {
        path: path.to_owned(),
        problem: problem.to_string(),
    }
}

pub(super) fn identity(settings: &Settings) -> Result<Identity, PartRefused> {
    Ok(Identity::read(
        &settings.kiosk.certificate,
        &settings.kiosk.key,
    )?)
}

/// From when until when the kiosk's own certificate is valid.
pub(super) fn validity(
    identity: &Identity,
    settings: &Settings,
) -> Result<(OffsetDateTime, OffsetDateTime), PartRefused> {
    let path = &settings.kiosk.certificate;
    let certificate = identity
        .chain
        .first()
        .ok_or_else(|| content(path, &"no certificate in it"))?;
    let (_, parsed) =
        X509Certificate::from_der(certificate).map_err(|error| content(path, &error))?;
    let validity = parsed.validity();
    Ok((
        validity.not_before.to_datetime(),
        validity.not_after.to_datetime(),
    ))
}

pub(super) fn server_link(
    settings: &Settings,
    identity: &Identity,
    clock: Arc<dyn Clock>,
) -> Result<ServerLink, PartRefused> {
    let pinned_path = &settings.server.pinned_key;
    let address = ServerAddress {
        url: &settings.server.url,
        trusted: tls::certificates(&settings.server.ca)?,
        pinned: PinnedKey::from_spki_der(&read(pinned_path)?)
            .map_err(|error| content(pinned_path, &error))?,
        answer_limit: seconds(settings.times.server_seconds),
    };
    Ok(ServerLink::new(address, identity, clock)?)
}

pub(super) fn printer(settings: &Settings) -> Result<IppPrinter, PartRefused> {
    let trusted = match &settings.printer.ca {
        Some(path) => tls::certificates(path)?,
        None => Vec::new(),
    };
    let limits = PrintLimits {
        answer: seconds(settings.times.server_seconds),
        job: seconds(settings.times.print_seconds),
        counts_pages: settings.printer.counts_pages,
    };
    Ok(IppPrinter::new(&settings.printer.uri, trusted, limits)?)
}

/// Staff's side of the kiosk.
pub(super) fn staff(settings: &Settings) -> Result<StaffDesk, PartRefused> {
    Ok(StaffDesk::new(&settings.staff)?)
}

/// What takes the fee. On a runtime: a till looks after its devices by itself.
pub(super) fn payment(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn SecureRandom>,
) -> Result<Arc<dyn Payment>, PartRefused> {
    if settings.payment.takes_money() {
        let till = Till::open(&settings.payment, TillTimes::default(), clock, random)?;
        Ok(Arc::new(till))
    } else {
        Ok(Arc::new(AtTheStore))
    }
}

/// Whose signatures on a page are believed. Revocation is not asked: the page was issued this
/// very moment.
pub(super) fn trust(settings: &Settings) -> Result<Trust, PartRefused> {
    let issuer = &settings.issuer;
    let url = IssuerUrl::parse(&issuer.url)
        .map_err(|error| content(Path::new("[issuer] url"), &error))?;
    let keys = Jwks::parse(&read(&issuer.jwks)?).map_err(|error| content(&issuer.jwks, &error))?;
    let csca = Csca::parse(&read(&issuer.csca)?).map_err(|error| content(&issuer.csca, &error))?;
    Ok(Trust {
        issuer: TrustedIssuer {
            url,
            keys,
            revocation: RevocationCheck::NotChecked,
        },
        cscas: vec![csca],
    })
}
