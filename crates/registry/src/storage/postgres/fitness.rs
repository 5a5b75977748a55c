//! Whether a database keeps municipalities apart: looked at before it is used.

use sqlx::PgConnection;

use crate::error::RegistryError;

/// Why the server does not work with a database: rows would not be kept apart there, or its tables
/// are not those that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitDatabase {
    /// There are no tables, or older ones.
    #[error("its tables are not those of this program: run `server database prepare` as the owner")]
    NotPrepared,
    /// A newer program, or another one, made its tables.
    #[error("its tables were made by a newer program, or changed by hand")]
    OtherSchema,
    /// Whoever prepares it may not make schemas in it.
    #[error("this role may not make tables here: prepare as the role that owns the database")]
    NotItsOwner,
    /// The server's role is not there.
    #[error("the server's role does not exist")]
    NoSuchRole,
    /// The server's role is a superuser, or may become one.
    #[error("the server's role is, or may become, a superuser: ALTER ROLE … NOSUPERUSER")]
    Superuser,
    /// Row-level security does not hold for the server's role.
    #[error("the server's role bypasses row-level security: ALTER ROLE … NOBYPASSRLS")]
    BypassesRowSecurity,
    /// The server's role can make itself a member of others, or read the database's own log.
    #[error(
        "the server's role may make roles or replicate: ALTER ROLE … NOCREATEROLE NOREPLICATION"
    )]
    Privileged,
    /// The server's role owns tables or the database, or may become their owner, and could take
    /// the policies off.
    #[error("the server's role owns the tables or the database: give the server another role")]
    Owner,
    /// A table has no policy, another one, or does not force it.
    #[error(
        "a table is without its row-level security: run `server database prepare` on a new database"
    )]
    RowSecurityOff,
}

/// What a role may do, itself or as one it is a member of.
#[derive(sqlx::FromRow)]
struct RolePowers {
    superuser: bool,
    bypasses: bool,
    privileged: bool,
    owner: bool,
}

const ROLE_POWERS: &str = "SELECT bool_or(role.rolsuper) AS superuser, \
       bool_or(role.rolbypassrls) AS bypasses, \
       bool_or(role.rolcreaterole OR role.rolreplication) AS privileged, \
       bool_or(EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace AS schema \
           ON schema.oid = relnamespace \
           WHERE nspname IN ('akashi', 'municipality', 'system') \
           AND (relowner = role.oid OR nspowner = role.oid)) \
         OR EXISTS (SELECT 1 FROM pg_database \
           WHERE datname = current_database() AND datdba = role.oid)) AS owner \
     FROM pg_roles AS role WHERE pg_has_role($1, role.oid, 'MEMBER')";

/// A table whose rows are not under the one policy, or a policy that is another one.
const WITHOUT_POLICY: &str = "SELECT EXISTS (SELECT 1 FROM pg_class \
       WHERE relnamespace = 'municipality'::regnamespace AND relkind IN ('r', 'p') \
       AND relname <> '_sqlx_migrations' \
       AND (NOT relrowsecurity OR NOT relforcerowsecurity \
         OR relkind = 'p' AND NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid))) \
     OR EXISTS (SELECT 1 FROM pg_policy \
       JOIN pg_class ON pg_class.oid = polrelid \
       WHERE relnamespace = 'municipality'::regnamespace \
       AND (pg_get_expr(polqual, polrelid) IS DISTINCT FROM $1 \
         OR pg_get_expr(polwithcheck, polrelid) IS DISTINCT FROM $1))";
/// The policy, as PostgreSQL writes it.
const POLICY: &str = "(municipality = current_setting('akashi.municipality'::text, true))";

/// Refuses a role that could reach around the policies. `role` is the server's; `None`: the one
/// that is connected.
pub(super) async fn check_role(
    connection: &mut PgConnection,
    role: Option<&str>,
) -> Result<(), RegistryError> {
    let role: Option<String> = sqlx::query_scalar(
        "SELECT rolname::text FROM pg_roles WHERE rolname = COALESCE($1, session_user)",
    )
    .bind(role)
    .fetch_optional(&mut *connection)
    .await?;
    let role = role.ok_or(UnfitDatabase::NoSuchRole)?;
    let powers: RolePowers = sqlx::query_as(ROLE_POWERS)
        .bind(&role)
        .fetch_one(&mut *connection)
        .await?;
    Ok(powers.refuse()?)
}

/// Refuses tables without exactly the one policy, forced.
pub(super) async fn check_policies(connection: &mut PgConnection) -> Result<(), RegistryError> {
    let without: bool = sqlx::query_scalar(WITHOUT_POLICY)
        .bind(POLICY)
        .fetch_one(connection)
        .await?;
    if without {
        return Err(UnfitDatabase::RowSecurityOff.into());
    }
    Ok(())
}

impl RolePowers {
    const fn refuse(&self) -> Result<(), UnfitDatabase> {
        if self.superuser {
            Err(UnfitDatabase::Superuser)
        } else if self.bypasses {
            Err(UnfitDatabase::BypassesRowSecurity)
        } else if self.privileged {
            Err(UnfitDatabase::Privileged)
        } else if self.owner {
            Err(UnfitDatabase::Owner)
        } else {
            Ok(())
        }
    }
}
