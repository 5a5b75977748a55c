//! PostgreSQL: what it does differently from a SQLite file. Opening, preparing, beginning a
//! transaction; every statement besides is in `storage`, once.

mod address;
mod area;
mod fitness;
mod prepare;

pub use address::{InvalidPostgresAddress, PostgresAddress};
pub(crate) use area::{PostgresArea, PostgresPools, PostgresTransaction};
pub use fitness::UnfitDatabase;
use fitness::{check_policies, check_role};
pub(crate) use prepare::check_schema;
pub use prepare::{Preparation, prepare_postgres};
