//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use domain::MunicipalityCode;
use registry::StaffId;

use crate::commands::approvals::Approvals;
use crate::commands::audit::AuditCommand;
use crate::commands::backup::{Backup, Restore};
use crate::commands::counts::Counts;
use crate::commands::database::Database;
use crate::commands::declarations::Declarations;
use crate::commands::disclosure::Disclosure;
use crate::commands::dose::DoseCommand;
use crate::commands::export::Export;
use crate::commands::flag::Flags;
use crate::commands::import::Import;
use crate::commands::inquiry::Inquiry;
use crate::commands::keys::Keys;
use crate::commands::register::{KIOSK_EXAMPLE, Registration, VenueRegistration};
use crate::commands::reissue::Reissue;
use crate::commands::renew_kiosk::KioskRenewal;
use crate::commands::retention::{Erase, Retention};
use crate::commands::revoke::Revoke;
use crate::commands::suspend::{Release, Suspension};
use crate::commands::unregister::Unregistration;

/// Akashi's issuing server: verifies applications from kiosks and phones, reads the vaccination
/// register, issues, signs and records vaccination certificates.
#[derive(Debug, Parser)]
#[command(name = "server", version, after_help = FIRST_STEPS)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const FIRST_STEPS: &str = "\
First steps, with test keys and invented residents:
  fixtures pki keys                                      # TEST keys and certificates
  fixtures municipality data                             # three municipalities as CSV
  server import data --settings settings.toml            # fill the register
  server register-kiosk keys/kiosks/kiosk-0001.pem --name shop-1 --settings settings.toml
  server serve --settings settings.toml                  # until interrupted
Settings are explained, key by key, in server/settings.example.toml.";

/// What the server can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve kiosks, the relay and venues until interrupted.
    ///
    /// Prints one JSON line when every listener is bound:
    /// {"ready":true,"kiosk":"ADDRESS","relay":"ADDRESS","health":"ADDRESS"}, and "venue" where that
    /// listener is on. Logs go to standard error, one JSON object a line; AKASHI_LOG sets their
    /// level (error, warn, info, debug).
    Serve(SettingsFile),
    /// Bring a municipality's files into the register: encrypted on their medium, approved by a
    /// second person, the batch open until the medium's erasure is recorded.
    ///
    /// CSV in UTF-8 or CP932, decrypted, checked row by row and sealed as it is read. Good rows
    /// land, all of a batch's or none; rows with a fault are listed by file, line, column and
    /// reason, never with what is in them. The same files again change nothing.
    Import(Import),
    /// Register a kiosk by the key of its certificate, so that it may apply.
    #[command(after_help = KIOSK_EXAMPLE)]
    RegisterKiosk(Registration),
    /// Register a kiosk's next key, with the name and the municipalities of the one it has: for
    /// some days both are good, then the old one is not.
    ///
    /// A kiosk is known by two keys at most. A new certificate for the key it has needs no
    /// registration.
    RenewKiosk(KioskRenewal),
    /// Register a relay (mobile-api) by the key of its certificate.
    RegisterRelay(Registration),
    /// Register a venue (接種会場) by the key of its certificate, for the municipalities whose vouchers
    /// it takes.
    ///
    /// It registers doses where the municipality declares `[venues]` and the settings have a `[venue]`
    /// listener. Its name is written beside its doses: 1 to 30 characters.
    RegisterVenue(VenueRegistration),
    /// Show, correct or cancel a dose that a venue registered. Correcting and cancelling take a
    /// second person; everything that was before stays.
    ///
    /// Needs `accept_unauthenticated_staff` until staff can sign in.
    Dose {
        /// What to do with it.
        #[command(subcommand)]
        command: DoseCommand,
    },
    /// Shut out a kiosk, a relay or a venue that was registered: it gets nothing from now on, also
    /// over a connection that is open.
    Unregister(Unregistration),
    /// Suspend a card that was lost (一時停止): whatever is asked with it gets the neutral answer.
    ///
    /// The individual number is one line on standard input, never an argument, which others on
    /// the machine could see.
    Suspend(Suspension),
    /// End a card's suspension, as a second person approved.
    ///
    /// The number is one line on standard input, never an argument, which others on the machine
    /// could see. Given with --reason it is asked for; with --approval it is done.
    Release(Release),
    /// Write what verifiers need as files: JWKS, revocation lists, CSCA.
    ///
    /// DIR is served by mobile-api, or any web server, at the issuer's address with CORS `*`:
    /// .well-known/jwks.json, .well-known/crl/KID.json, issuer.json, csca.der, csca.crl. Each file
    /// is replaced as a whole: a reader sees the old one or the new one.
    Publish {
        /// Folder to write to; made if missing.
        directory: PathBuf,
        /// Which settings.
        #[command(flatten)]
        settings: SettingsFile,
    },
    /// Revoke a certificate, and record who did it and why.
    ///
    /// Verifiers learn it from the list that `server publish` writes: publish afterwards. Needs
    /// `accept_unauthenticated_staff` until staff can sign in.
    Revoke(Revoke),
    /// Print again what was issued, marked as reissued, and record who did it and why.
    ///
    /// The codes are the very ones that were issued. Needs `accept_unauthenticated_staff` until
    /// staff can sign in.
    Reissue(Reissue),
    /// Show what a certificate says and what of it holds: from a text, PNG, PDF,
    /// .smart-health-card or VDS-NC JSON file.
    ///
    /// Reading opens nothing but the file and the trust folder; nothing is asked of any server.
    /// Exits with 0 only where every code found was verified.
    VerifyCertificate {
        /// The file.
        file: PathBuf,
        /// Folder as written by `server publish`: the keys to trust, and the revocation lists.
        /// Without it contents are shown as not verified.
        #[arg(long, value_name = "DIR")]
        trust: Option<PathBuf>,
    },
    /// What one person asks for and a second one approves (承認): imports, exports, erasure,
    /// corrections.
    ///
    /// A command that needs a second person is given twice: first with --reason, which asks and
    /// prints an id; then, after `server approvals approve ID` by somebody else, with
    /// --approval ID, which does it. Needs `accept_unauthenticated_staff` until staff can sign in.
    Approvals {
        /// What to do with them.
        #[command(subcommand)]
        command: Approvals,
    },
    /// Count doses by month, disease, product and age, for a body that has no access (C14).
    ///
    /// The municipality declares `[counts]` with the bodies. A count of fewer than ten people is left
    /// out, as if it were none. CSV on standard output; that it was given, and to whom, is recorded.
    ///
    /// Example:
    ///   server counts --for 見本県 --from 2021-04 --until 2022-03 \
    ///     --municipality 131121 --staff yamada --settings settings.toml > counts.csv
    #[command(verbatim_doc_comment)]
    Counts(Counts),
    /// Ask another municipality about a resident's doses (照会), and answer what others ask (提供).
    ///
    /// Off until both municipalities declare `[inquiry]` for a period. First `prepare`, then a
    /// superior's `server approvals approve`, then `send`. The other side answers at once, or
    /// waits for its own superior: `list`, `release`, `refuse`. Needs
    /// `accept_unauthenticated_staff` until staff can sign in.
    Inquiry {
        /// What to do with them.
        #[command(subcommand)]
        command: Inquiry,
    },
    /// Erase what was kept for its declared period (C31), after a second person's approval.
    ///
    /// The municipality declares `[retention]` with a period for each kind of data; a kind without
    /// one is kept. Records of provision to others are kept for seven years, by law.
    Retention {
        /// Count or erase.
        #[command(subcommand)]
        command: Retention,
    },
    /// Erase everything held on one resident, after a second person's approval (C26).
    ///
    /// Revocations stay, and the record of provision to others for its seven years. The audit
    /// record keeps its entries, with a random id that nothing ties to anybody any more. A
    /// resident who is in the next import file comes back: take them out there first.
    Erase(Erase),
    /// Write out what leaves the register, encrypted to the recipients that the municipality
    /// declared, after a second person's approval.
    Export {
        /// What to write out.
        #[command(subcommand)]
        command: Export,
    },
    /// Show in words which functions each municipality has declared: since when, on which legal
    /// basis, and what is off.
    ///
    /// A function that `municipality.toml` does not declare is off. Each section's keys are
    /// explained in docs/DEPLOYMENT.md.
    Declarations(Declarations),
    /// Prepare a PostgreSQL database for the register.
    Database {
        /// What to do with it.
        #[command(subcommand)]
        command: Database,
    },
    /// Write a backup, encrypted to backups.recipients, while the server goes on.
    ///
    /// Each area as it stands at one moment; rows stay sealed in it and keys wrapped, so that who
    /// decrypts it still reads nothing without the master key. One form for SQLite and
    /// PostgreSQL. That it was written is recorded.
    ///
    ///   server backup --all --out akashi-2026-04-01.backup.age --settings settings.toml
    #[command(verbatim_doc_comment)]
    Backup(Backup),
    /// Restore a backup into an empty register: a new folder, or a database just prepared.
    ///
    /// Everything is checked before anything is written, and compared before it lasts; that it was
    /// restored is recorded. Interrupted, give the command again: what is complete is left.
    /// Needs the master key under which the backup was written.
    ///
    ///   server restore akashi-2026-04-01.backup.age --identity KEYFILE --settings settings.toml
    #[command(verbatim_doc_comment)]
    Restore(Restore),
    /// Show, replace and wrap anew the keys that the register's texts are sealed under.
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        command: Keys,
    },
    /// Tell a person what is held on them and who looked at it (開示請求), as a sheet to print.
    ///
    /// The municipality declares `[disclosure]`. The number comes on one line of standard input; who
    /// stands at the counter is recorded, and a second person approves.
    ///
    /// Example, by two people:
    ///   server disclosure --number-from-stdin --identity-document my-number-card \
    ///     --out sheet.html.age --recipient age1… --reason "request of 12 May" \
    ///     --municipality 122271 --staff counter-07 --settings settings.toml
    ///   server approvals approve ID --municipality 122271 --staff head-01 --settings …
    ///   server disclosure … --approval ID
    #[command(verbatim_doc_comment)]
    Disclosure(Disclosure),
    /// Set, lift or show a resident's flags: protected, deceased, moved out, use suspended.
    ///
    /// Numbers come on one line of standard input, never as an argument, which others on the
    /// machine could see. Needs `accept_unauthenticated_staff` until staff can sign in.
    Flag {
        /// What to do.
        #[command(subcommand)]
        command: Flags,
    },
    /// Verify, anchor and read the audit record.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        command: AuditCommand,
    },
}

/// Which settings.
#[derive(Debug, Clone, Args)]
pub struct SettingsFile {
    /// The settings file; `AKASHI_SERVER_…` variables go over it.
    #[arg(long = "settings", value_name = "FILE")]
    pub file: PathBuf,
}

/// A member of staff acting on a municipality's register.
#[derive(Debug, Clone, Args)]
pub struct ByStaff {
    /// The municipality.
    #[arg(long, value_name = "CODE")]
    pub municipality: MunicipalityCode,
    /// Who does it; recorded.
    #[arg(long, value_name = "NAME")]
    pub staff: StaffId,
    /// Which settings.
    #[command(flatten)]
    pub settings: SettingsFile,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn ids_and_codes_are_parsed_at_the_border() {
        let words = |id: &str| {
            format!(
                "server reissue {id} --municipality 131121 --purpose damaged --staff S \
                 --identity-document passport --out a.pdf --settings s.toml"
            )
        };
        assert!(Cli::try_parse_from(words("ABCDEFGHIJK1").split_whitespace()).is_ok());
        assert!(Cli::try_parse_from(words("abc").split_whitespace()).is_err());
    }
}
