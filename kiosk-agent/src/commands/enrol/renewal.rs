//! What the timer does every day.

use time::Duration;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{Desk, Failure, Outcome};
use crate::commands::parts;
use crate::enrolment::KioskName;
use crate::tls::Identity;

impl Desk {
    pub(super) async fn renew(&self, before_days: u16) -> Result<Outcome, Failure> {
        let pending = self.store.pending()?;
        if let Some(file) = pending
            .as_ref()
            .and_then(|pending| pending.certificate.as_ref())
        {
            return self.install(file).await;
        }
        let identity = parts::identity(&self.settings)?;
        self.see_that_it_is_accepted(&identity).await?;
        let (_, until) = parts::validity(&identity, &self.settings)?;
        let days_left = (until - self.clock.now()).whole_days();
        if until - self.clock.now() > Duration::days(before_days.into()) {
            println!("The certificate is good for {days_left} days: nothing to do.");
            return Ok(Outcome::Done);
        }
        println!("The certificate ends in {days_left} days.");
        self.ask(&name_in(&identity)?)
    }

    /// Where the server no longer accepts what is in use, and still accepts what was before it, that
    /// one is gone back to. A failure in any case: somebody has to look.
    async fn see_that_it_is_accepted(&self, identity: &Identity) -> Result<(), Failure> {
        let Err(refused) = self.tried(identity).await else {
            return Ok(());
        };
        if refused.is_about_the_certificate()
            && let Some((certificate, key)) = self.store.previous()
        {
            let previous = Identity::read(&certificate, &key)?;
            if previous.chain != identity.chain && self.tried(&previous).await.is_ok() {
                self.store.go_back()?;
                return Err(format!("{refused}; went back to the certificate of before").into());
            }
        }
        // One that has ended needs its renewal more than any other; and a network that is down says
        // nothing about the certificate.
        if refused.is_about_the_certificate() && !refused.is_that_it_ended() {
            return Err(refused.into());
        }
        eprintln!("kiosk-agent: {refused}");
        Ok(())
    }
}

/// The kiosk's name in its certificate.
fn name_in(identity: &Identity) -> Result<KioskName, Failure> {
    let own = identity.chain.first().ok_or("no certificate")?;
    let (_, parsed) = X509Certificate::from_der(own)?;
    let name = parsed.subject().iter_common_name().next();
    let name = name.and_then(|name| name.as_str().ok()).unwrap_or_default();
    // One of another CA's making may bear what cannot be asked for.
    Ok(name.replace(' ', "-").parse()?)
}
