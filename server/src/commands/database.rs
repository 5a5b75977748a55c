//! `server database`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use registry::prepare_postgres;

use super::Failure;
use crate::register_settings::address;

/// What can be done with a PostgreSQL database. SQLite files need none of it: the server makes and
/// updates them itself.
#[derive(Debug, Subcommand)]
pub enum Database {
    /// Make the register's tables, or bring them up to date, as the role that owns them.
    ///
    /// The server's own role owns nothing and cannot change tables: it is granted rows alone, and
    /// row-level security shows it one municipality's at a time. Run this once, and again with
    /// each new version before `server serve`. Interrupted, give it again: it goes on.
    ///
    ///   createuser akashi-owner && createuser akashi_server
    ///   createdb --owner=akashi-owner akashi
    ///   server database prepare 'postgres:///akashi?host=/run/postgresql&user=akashi-owner' \
    ///       --server-role akashi-server
    #[command(verbatim_doc_comment)]
    Prepare(Prepare),
}

/// Which database.
#[derive(Debug, Args)]
pub struct Prepare {
    /// Its address for the owner's role, without a password:
    /// `postgres://OWNER@HOST/DATABASE?sslrootcert=FILE`, or `postgres:///DATABASE?host=/FOLDER&user=OWNER`
    /// for a socket.
    url: String,
    /// The role that `server serve` connects as.
    #[arg(long, value_name = "ROLE")]
    server_role: String,
    /// File with the owner's password, where it has one.
    #[arg(long, value_name = "FILE")]
    password: Option<PathBuf>,
}

pub(super) async fn run(command: &Database) -> Result<ExitCode, Failure> {
    let Database::Prepare(prepare) = command;
    let owner = address(&prepare.url, prepare.password.as_deref())?;
    let role = &prepare.server_role;
    match prepare_postgres(&owner, role).await?.applied {
        0 => println!("the tables were up to date"),
        applied => println!("the tables are up to date: {applied} migrations applied"),
    }
    println!("{role} has what the server needs; next, in the server's settings:");
    println!("    [register]");
    println!("    url = \"the same address with the role {role}\"");
    Ok(ExitCode::SUCCESS)
}
