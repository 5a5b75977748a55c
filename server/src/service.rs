//! What every call works with, built once at the start.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::messages::{HolderTicket, Terms};
use application::server::{InvalidSealingKeys, SealingKey, SealingKeys};
use certificate::shc::{InvalidIssuerUrl, IssuerUrl};
use crypto::{Es256SigningKey, SecureRandom};
use declaration::Venues;
use domain::{ChannelId, Clock};
use issuance::page::PageOptions;
use issuance::{FontFile, FontPaths, Fonts, KeyError, SigningKeyPaths, SigningKeys};
use my_number_card::TrustedCardCas;
use registry::{
    Actor, Anchoring, AuditKeys, AuditSigner, MasterKey, RegisteredKiosk, RegisteredVenue,
    Registry, RegistryError,
};
use time::{Date, OffsetDateTime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::attempts::Attempts;
use crate::calls::Caller;
use crate::cards::{self, CardCaError};
use crate::directory;
use crate::municipalities::{DeclarationError, Municipalities};
use crate::register_settings::RegisterPlaceError;
use crate::secrets::{self, SecretError};
use crate::settings::Settings;
use crate::terms::{self, TermsError};
use crate::ticket::{Ticket, Tickets};

/// The id of the sealing key in its configuration. One key so far; the next one is 2.
const SEALING_KEY_ID: u8 = 1;
/// A configuration holds from a little before it is asked for: a kiosk's clock may be behind.
const CLOCK_TOLERANCE_SECONDS: i64 = 300;
/// Most phones that `accept_unattested_devices` takes: anybody can make keys.
const MOST_UNATTESTED_DEVICES: u32 = 10_000;

/// What every call works with.
pub struct Service {
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn SecureRandom>,
    pub(crate) registry: Registry,
    pub(crate) municipalities: Municipalities,
    pub(crate) terms: Terms,
    pub(crate) card_cas: TrustedCardCas,
    pub(crate) signing: SigningKeys,
    pub(crate) fonts: Arc<Fonts>,
    pub(crate) sealing: SealingKeys,
    pub(crate) tickets: Tickets,
    pub(crate) attempts: Attempts,
    pub(crate) anchoring: Arc<Anchoring>,
    configuration_signer: Es256SigningKey,
    places: Arc<Semaphore>,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A weakening setting, and an issuer whose certificates people believe.
    #[error(
        "{} is only for TEST issuers, and this issuer's CSCA certificate does not say TEST: \
         set it to false, or use test keys", .0.join(", ")
    )]
    WeakenedProduction(Vec<&'static str>),
    /// A key file.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The issuer's address.
    #[error("issuer.url: {0}")]
    IssuerUrl(#[from] InvalidIssuerUrl),
    /// The issuer's keys.
    #[error("the issuer's keys cannot be used: {0}")]
    Keys(#[from] KeyError),
    /// A font.
    #[error("the fonts cannot be used: {0}")]
    Fonts(#[from] issuance::fonts::FontError),
    /// A municipality's declaration.
    #[error(transparent)]
    Municipalities(#[from] DeclarationError),
    /// The terms.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The name of whoever gives commands is not one that the register takes.
    #[error("the operator's name is not taken by the register")]
    Operator,
    /// A TEST card CA.
    #[error(transparent)]
    CardCa(#[from] CardCaError),
    /// The sealing key.
    #[error(transparent)]
    Sealing(#[from] InvalidSealingKeys),
    /// The anchor's medium is missing.
    #[error(
        "audit.anchor: there is no folder {0}: mount its medium, or make the folder there; the \
         server does not make it, lest it lie on another medium than meant"
    )]
    NoAnchor(PathBuf),
    /// The anchor would lie beside what it is to vouch for.
    #[error("audit.anchor: {0} lies in the register's folder; an anchor lies on another medium")]
    AnchorInRegister(PathBuf),
    /// Where the register lies.
    #[error(transparent)]
    RegisterPlace(#[from] RegisterPlaceError),
    /// The register.
    #[error("the register cannot be opened: {0}")]
    Register(#[from] RegistryError),
}

/// As many requests as may be are in work, and waiting did not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests are in work")]
pub struct Overloaded;

/// Why a phone is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// Its key is not registered, and keys are not registered on first use.
    #[error("the device's key is not registered")]
    NotAccepted,
    /// Its key could not be looked up.
    #[error(transparent)]
    Register(#[from] RegistryError),
}

impl Service {
    /// Builds everything that the settings name, and refuses settings that weaken an issuer whose
    /// certificates people believe.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(
        settings: Settings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn SecureRandom>,
    ) -> Result<Self, StartError> {
        let signing = signing_keys(&settings, clock.now())?;
        refuse_weakened_production(&settings, &signing)?;
        let sealing_seed = secrets::hexadecimal(&settings.sealing.key.relative())?;
        let ticket_secret = secrets::hexadecimal(&settings.tickets.key.relative())?;
        let municipalities = Municipalities::load(&settings.municipalities.relative())?;
        let registry = open_registry(&settings, Arc::clone(&clock), Arc::clone(&random)).await?;
        for municipality in municipalities.iter() {
            registry.add_municipality(municipality.code).await?;
        }
        Ok(Self {
            terms: terms::load(&settings.terms)?,
            card_cas: cards::trusted(&settings)?,
            fonts: Arc::new(fonts(&settings)?),
            sealing: SealingKeys::new(vec![SealingKey::from_seed(SEALING_KEY_ID, &sealing_seed)?])?,
            tickets: Tickets::new(&ticket_secret),
            attempts: Attempts::new(settings.limits.offers_per_application),
            configuration_signer: secrets::es256(
                &settings.sealing.configuration_signer.relative(),
            )?,
            anchoring: anchoring(&settings)?,
            places: Arc::new(Semaphore::new(settings.limits.requests as usize)),
            settings,
            clock,
            random,
            registry,
            municipalities,
            signing,
        })
    }

    /// Closes the register's files.
    pub async fn stop(&self) {
        self.registry.close().await;
    }

    /// The kiosk registered for this key; `None`: none, or no longer.
    pub(crate) async fn kiosk(
        &self,
        id: ChannelId,
    ) -> Result<Option<RegisteredKiosk>, RegistryError> {
        self.registry.system(Actor::Server).kiosk(id).await
    }

    /// Whether a relay is registered for this key.
    pub(crate) async fn is_relay(&self, id: ChannelId) -> Result<bool, RegistryError> {
        self.registry.system(Actor::Server).is_relay(id).await
    }

    /// The venue registered for this key; `None`: none, or no longer.
    pub(crate) async fn venue(
        &self,
        id: ChannelId,
    ) -> Result<Option<RegisteredVenue>, RegistryError> {
        self.registry.system(Actor::Server).venue(id).await
    }

    /// Whether any municipality declares venues, whatever the day: only then is there anything to
    /// listen for.
    pub(crate) fn any_venues_declared(&self) -> bool {
        let mut all = self.municipalities.iter();
        all.any(|one| one.declares::<Venues>())
    }

    /// Lets a phone in: one that is registered, or, with `accept_unattested_devices`, one that
    /// is registered now.
    pub(crate) async fn admit_device(&self, id: ChannelId) -> Result<(), DeviceError> {
        let system = self.registry.system(Actor::Server);
        if system.is_device(id).await? {
            return Ok(());
        }
        if !self.settings.accept_unattested_devices {
            return Err(DeviceError::NotAccepted);
        }
        if system.register_device(id, MOST_UNATTESTED_DEVICES).await? {
            Ok(())
        } else {
            tracing::warn!("no further phone is taken unattested");
            Err(DeviceError::NotAccepted)
        }
    }

    /// A place among the requests in work; waits a little for one.
    pub(crate) async fn place(&self) -> Result<OwnedSemaphorePermit, Overloaded> {
        let free = Arc::clone(&self.places).acquire_owned();
        match tokio::time::timeout(self.settings.limits.wait(), free).await {
            Ok(Ok(place)) => Ok(place),
            // The semaphore is never closed; waiting too long is the only reason.
            Ok(Err(_)) | Err(_) => Err(Overloaded),
        }
    }

    /// The sealing configuration, signed now, as JSON; `None` where it could not be signed.
    pub(crate) fn sealing_configuration(&self) -> Option<Vec<u8>> {
        let now = self.clock.now().unix_timestamp();
        let until = now + i64::from(self.settings.sealing.valid_hours) * 3600;
        let signed = self
            .sealing
            .sign_configuration(
                &self.configuration_signer,
                now - CLOCK_TOLERANCE_SECONDS,
                until,
            )
            .ok()?;
        serde_json::to_vec(&signed).ok()
    }

    /// A ticket as it is handed out.
    pub(crate) fn handed_out(
        &self,
        caller: &Caller,
        ticket: &Ticket,
        now: OffsetDateTime,
    ) -> Result<HolderTicket, crypto::SealingFailed> {
        let address = ticket.holder.attributes().address.expose();
        Ok(HolderTicket {
            ticket: self
                .tickets
                .seal(caller.channel, &caller.id, ticket)?
                .into(),
            valid_seconds: ticket.remaining_seconds(now),
            suggested_municipality: self
                .municipalities
                .of_address(address, caller.channel)
                .map(|municipality| municipality.code),
        })
    }

    /// Whether the register answers: for health.
    pub(crate) async fn registry_answers(&self) -> bool {
        self.kiosk(ChannelId([0; 32])).await.is_ok()
    }

    /// What stands on what this server prints, whatever the certificate.
    pub(crate) fn page_options(&self, reissued_on: Option<Date>) -> PageOptions<'_> {
        PageOptions {
            specimen: self.signing.is_test_issuer(),
            reissued_on,
            verification_url: &self.settings.issuer.verification_url,
        }
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

/// Opens the registers that the settings name.
pub(crate) async fn open_registry(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn SecureRandom>,
) -> Result<Registry, StartError> {
    let (place, master) = (settings.register.place()?, master_key(settings)?);
    let registry = Box::pin(Registry::open(place, master, clock, random)).await?;
    Ok(registry
        .with_audit_writer(settings.audit.writer.clone())
        .with_directories(directory::of_settings(&settings.directory)))
}

/// Reads the master key, and those of before.
pub(crate) fn master_key(settings: &Settings) -> Result<MasterKey, StartError> {
    let register = &settings.register;
    let mut master = MasterKey::new(&*secrets::hexadecimal(&register.master_key.relative())?);
    for former in &register.former_master_keys {
        master = master.and_former(&*secrets::hexadecimal(&former.relative())?);
    }
    Ok(master)
}

/// Reads the audit key, and finds the anchor.
pub(crate) fn anchoring(settings: &Settings) -> Result<Arc<Anchoring>, StartError> {
    let audit = &settings.audit;
    let folder = audit.anchor.relative();
    if !folder.is_dir() {
        return Err(StartError::NoAnchor(folder));
    }
    if let Some(register) = &settings.register.directory
        && folder.starts_with(register.relative())
    {
        return Err(StartError::AnchorInRegister(folder));
    }
    let signer = AuditSigner::new(secrets::es256(&audit.signing_key.relative())?);
    let mut keys = vec![signer.public_key().clone()];
    for former in &audit.former_keys {
        keys.push(secrets::es256_public(&former.relative())?);
    }
    let keys = AuditKeys::new(keys);
    Ok(Arc::new(Anchoring {
        signer,
        keys,
        folder,
    }))
}

/// Whether the anchor lies on the register's own file system: whoever can change the one can
/// change the other, and both are lost together. Another server's disks are not known here.
pub(crate) fn anchor_is_beside_the_register(settings: &Settings) -> bool {
    let register = &settings.register.directory;
    register.as_ref().is_some_and(|register| {
        same_file_system(&settings.audit.anchor.relative(), &register.relative())
    })
}

fn same_file_system(one: &Path, other: &Path) -> bool {
    let device = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.dev());
    matches!((device(one), device(other)), (Ok(one), Ok(other)) if one == other)
}

/// Reads the issuer's keys.
pub(crate) fn signing_keys(
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<SigningKeys, StartError> {
    let issuer = &settings.issuer;
    let paths = SigningKeyPaths {
        shc_key: issuer.shc_signer.relative(),
        barcode_signer_key: issuer.barcode_signer.relative(),
        barcode_signer_certificate: issuer.barcode_signer_certificate.relative(),
        csca: issuer.csca_certificate.relative(),
    };
    for key in [&paths.shc_key, &paths.barcode_signer_key] {
        settings_file::check_owner_only(key).map_err(SecretError::from)?;
    }
    let url = IssuerUrl::parse(&issuer.url)?;
    Ok(SigningKeys::load(&paths, url, now)?)
}

/// Nothing that weakens the service goes together with certificates that people believe.
pub(crate) fn refuse_weakened_production(
    settings: &Settings,
    signing: &SigningKeys,
) -> Result<(), StartError> {
    allowed(settings.weakened(), signing.is_test_issuer())
}

fn allowed(weakened: Vec<&'static str>, test_issuer: bool) -> Result<(), StartError> {
    if weakened.is_empty() || test_issuer {
        Ok(())
    } else {
        Err(StartError::WeakenedProduction(weakened))
    }
}

/// Reads the fonts: those of the settings for names, or the usual ones.
pub(crate) fn fonts(settings: &Settings) -> Result<Fonts, StartError> {
    let mut paths = FontPaths::default();
    if !settings.issuer.name_fonts.is_empty() {
        paths.names = settings
            .issuer
            .name_fonts
            .iter()
            .map(|font| FontFile {
                path: font.file.relative(),
                index: font.index,
            })
            .collect();
    }
    Ok(Fonts::load(&paths)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_on_the_register_s_file_system_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (anchor, register) = (folder.path().join("a"), folder.path().join("r"));
        std::fs::create_dir(&anchor).unwrap();
        std::fs::create_dir(&register).unwrap();
        assert!(same_file_system(&anchor, &register));
        assert!(!same_file_system(Path::new("/proc"), &register));
        assert!(!same_file_system(&anchor, &folder.path().join("none")));
    }

    #[test]
    fn what_weakens_is_for_test_issuers_only() {
        let weakened = || vec!["accept_test_cards", "accept_plain_imports"];
        assert!(allowed(Vec::new(), false).is_ok());
        assert!(allowed(weakened(), true).is_ok());
        let refused = allowed(weakened(), false).unwrap_err().to_string();
        for name in weakened() {
            assert!(refused.contains(name), "the message names {name}");
        }
    }
}
