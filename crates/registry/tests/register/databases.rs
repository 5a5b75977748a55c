//! The two databases of a register, as a test has them: one of its own, gone when dropped.

use std::path::{Path, PathBuf};

use domain::MunicipalityCode;
use registry::{PostgresAddress, RegisterPlace, prepare_postgres};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};
use tempfile::TempDir;

/// The place of a test's register, and what somebody can do to it who has it and not the keys.
pub trait Database: Sized {
    /// What takes the schema's own protection off the audit record and the revocations.
    const WITHOUT_TRIGGERS: &str;
    /// What takes the doses away.
    const WITHOUT_DOSES: &str;

    /// A new one; files lie in a folder of their own inside this one.
    async fn make(folder: &Path) -> Self;

    /// Where it is.
    fn place(&self) -> RegisterPlace {
        Self::place_of(&self.text())
    }

    /// Where it is, in words for another process.
    fn text(&self) -> String;

    /// The place of these words.
    fn place_of(text: &str) -> RegisterPlace;

    /// Runs SQL on one municipality's tables, or the system's, as whoever they belong to.
    async fn tamper(
        &self,
        municipality: Option<MunicipalityCode>,
        statements: &str,
    ) -> Result<(), sqlx::Error>;

    /// What a statement of one column of bytes selects from one municipality's tables, or the
    /// system's.
    async fn bytes(&self, municipality: Option<MunicipalityCode>, statement: &str) -> Vec<Vec<u8>>;

    /// Takes a municipality's place as its one writer, until dropped.
    async fn hold(&self, municipality: MunicipalityCode) -> Box<dyn std::any::Any>;

    /// Everything that is stored, with names: files, logs, and what a dump writes.
    async fn everything(&self) -> Vec<(String, Vec<u8>)>;
}

/// A folder of SQLite files.
pub struct SqliteFolder(pub TempDir);

impl SqliteFolder {
    pub fn file(&self, municipality: Option<MunicipalityCode>) -> PathBuf {
        let name = municipality.map_or_else(
            || "system.db".to_owned(),
            |code| format!("municipalities/{code}.db"),
        );
        self.0.path().join(name)
    }
}

impl Database for SqliteFolder {
    const WITHOUT_TRIGGERS: &str = "DROP TRIGGER IF EXISTS audit_is_never_changed; \
         DROP TRIGGER IF EXISTS audit_is_never_removed; \
         DROP TRIGGER IF EXISTS audit_head_is_never_changed; \
         DROP TRIGGER IF EXISTS audit_head_is_never_removed;";
    const WITHOUT_DOSES: &str = "PRAGMA foreign_keys = OFF; DROP TABLE dose";

    async fn make(folder: &Path) -> Self {
        Self(TempDir::new_in(folder).unwrap())
    }

    fn text(&self) -> String {
        self.0.path().to_str().unwrap().to_owned()
    }

    fn place_of(text: &str) -> RegisterPlace {
        RegisterPlace::Folder(text.into())
    }

    async fn tamper(
        &self,
        municipality: Option<MunicipalityCode>,
        statements: &str,
    ) -> Result<(), sqlx::Error> {
        let file = self.file(municipality);
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements))
            .execute(&mut connection)
            .await?;
        Ok(())
    }

    async fn bytes(&self, municipality: Option<MunicipalityCode>, statement: &str) -> Vec<Vec<u8>> {
        let file = self.file(municipality);
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut connection = options.connect().await.unwrap();
        let rows = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut connection);
        rows.await.unwrap()
    }

    async fn hold(&self, municipality: MunicipalityCode) -> Box<dyn std::any::Any> {
        let file = self.file(Some(municipality));
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut connection = options.connect().await.unwrap();
        connection.execute("BEGIN IMMEDIATE").await.unwrap();
        Box::new(connection)
    }

    async fn everything(&self) -> Vec<(String, Vec<u8>)> {
        files_below(self.0.path())
    }
}

/// Every file in the folder and below, with its bytes.
pub fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            match std::fs::read(&path) {
                Ok(content) => files.push((name, content)),
                // The last connection of a pool takes its log and shared memory along.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }
    files
}

/// A database of a PostgreSQL server that `scripts/with-postgres.sh` started.
pub struct PostgresDatabase {
    pub name: String,
    /// The server's log before the first row was written.
    log_start: String,
}

const OWNER: &str = "akashi_owner";
pub const SERVER_ROLE: &str = "akashi_server";

/// The server's address as the administrator, and its folder.
pub fn postgres_server() -> (String, PathBuf) {
    let variable = |name| {
        std::env::var(name).unwrap_or_else(|_| {
            panic!("no PostgreSQL: run scripts/with-postgres.sh cargo nextest run … ({name})")
        })
    };
    let address = variable("AKASHI_TEST_POSTGRES");
    let folder = variable("AKASHI_TEST_POSTGRES_FOLDER");
    (address, folder.into())
}

impl PostgresDatabase {
    /// The address of this database for a role.
    pub fn address(&self, role: &str) -> String {
        address_of(&self.name, role)
    }

    /// A connection as the administrator, whom no policy holds.
    pub async fn administrator(&self) -> PgConnection {
        connect(&self.address("akashi_administrator")).await
    }

    /// A connection as the role of the server, to one schema.
    pub async fn server(&self, schema: &str) -> PgConnection {
        let mut connection = connect(&self.address(SERVER_ROLE)).await;
        let path = format!("SET search_path = {schema}");
        connection.execute(AssertSqlSafe(path)).await.unwrap();
        connection
    }

    /// A new database without tables.
    pub async fn empty() -> Self {
        Self::copy_of("template1").await
    }

    async fn copy_of(template: &str) -> Self {
        let mut random = [0; 8];
        crypto::SecureRandom::fill(&crypto::SystemRandom, &mut random);
        let name = format!("akashi_{:016x}", u64::from_be_bytes(random));
        let mut server = connect(&postgres_server().0).await;
        make_roles(&mut server).await;
        let make = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}");
        server.execute(AssertSqlSafe(make)).await.unwrap();
        let log_start = "SELECT pg_walfile_name(pg_current_wal_lsn())";
        let log_start = sqlx::query_scalar(log_start)
            .fetch_one(&mut server)
            .await
            .unwrap();
        Self { name, log_start }
    }
}

fn address_of(database: &str, role: &str) -> String {
    let folder = postgres_server().1;
    let folder = folder.to_str().unwrap();
    format!("postgres:///{database}?host={folder}&user={role}")
}

pub async fn connect(address: &str) -> PgConnection {
    PgConnection::connect(address).await.unwrap()
}

/// Prepares a database as its owner.
pub async fn prepare(database: &str) -> Result<registry::Preparation, registry::RegistryError> {
    let owner = PostgresAddress::parse(&address_of(database, OWNER), None).unwrap();
    prepare_postgres(&owner, SERVER_ROLE).await
}

/// The roles of every test's database, made by whichever test comes first.
async fn make_roles(server: &mut PgConnection) {
    let lock = "SELECT pg_advisory_lock(1)";
    server.execute(lock).await.unwrap();
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)")
            .bind(SERVER_ROLE)
            .fetch_one(&mut *server)
            .await
            .unwrap();
    if !there {
        let roles = format!("CREATE ROLE {OWNER} LOGIN; CREATE ROLE {SERVER_ROLE} LOGIN");
        server.execute(AssertSqlSafe(roles)).await.unwrap();
    }
    let unlock = "SELECT pg_advisory_unlock(1)";
    server.execute(unlock).await.unwrap();
}

/// A prepared database to copy, made by whichever test of this program comes first.
async fn template() -> String {
    let program = std::env::current_exe().unwrap();
    let made = std::fs::metadata(&program).unwrap().modified().unwrap();
    let digest = crypto::sha256(format!("{program:?} {made:?}").as_bytes());
    let name = format!(
        "akashi_template_{:02x}{:02x}{:02x}",
        digest[0], digest[1], digest[2]
    );
    let mut server = connect(&postgres_server().0).await;
    make_roles(&mut server).await;
    server.execute("SELECT pg_advisory_lock(2)").await.unwrap();
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(&name)
            .fetch_one(&mut server)
            .await
            .unwrap();
    if !there {
        let making = format!("{name}_making");
        for statement in [
            format!("DROP DATABASE IF EXISTS {making}"),
            format!("CREATE DATABASE {making} OWNER {OWNER}"),
        ] {
            server.execute(AssertSqlSafe(statement)).await.unwrap();
        }
        prepare(&making).await.unwrap();
        // Whoever prepared it may take a moment to go.
        let rename = format!(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{making}'; \
             ALTER DATABASE {making} RENAME TO {name}"
        );
        sqlx::raw_sql(AssertSqlSafe(rename))
            .execute(&mut server)
            .await
            .unwrap();
    }
    server
        .execute("SELECT pg_advisory_unlock(2)")
        .await
        .unwrap();
    name
}

impl Database for PostgresDatabase {
    const WITHOUT_TRIGGERS: &str = "ALTER TABLE audit DISABLE TRIGGER USER; \
         ALTER TABLE audit_head DISABLE TRIGGER USER;";
    const WITHOUT_DOSES: &str = "DROP TABLE dose CASCADE";

    async fn make(_: &Path) -> Self {
        Self::copy_of(&template().await).await
    }

    fn text(&self) -> String {
        self.address(SERVER_ROLE)
    }

    fn place_of(text: &str) -> RegisterPlace {
        RegisterPlace::Postgres(PostgresAddress::parse(text, None).unwrap())
    }

    async fn tamper(
        &self,
        municipality: Option<MunicipalityCode>,
        statements: &str,
    ) -> Result<(), sqlx::Error> {
        let mut owner = connect(&self.address(OWNER)).await;
        // The one function of SQLite that the tests' statements use.
        let zeroblob = "CREATE OR REPLACE FUNCTION public.zeroblob(length INTEGER) RETURNS BYTEA \
             LANGUAGE sql AS $$ SELECT decode(repeat('00', length), 'hex') $$;";
        for part in [zeroblob, &area(municipality), statements] {
            sqlx::raw_sql(AssertSqlSafe(part))
                .execute(&mut owner)
                .await?;
        }
        Ok(())
    }

    async fn bytes(&self, municipality: Option<MunicipalityCode>, statement: &str) -> Vec<Vec<u8>> {
        let mut owner = connect(&self.address(OWNER)).await;
        owner
            .execute(AssertSqlSafe(area(municipality)))
            .await
            .unwrap();
        let rows = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut owner);
        rows.await.unwrap()
    }

    async fn hold(&self, municipality: MunicipalityCode) -> Box<dyn std::any::Any> {
        let mut connection = connect(&self.address(SERVER_ROLE)).await;
        let lock = format!("SELECT pg_advisory_lock(24939, {municipality})");
        connection.execute(AssertSqlSafe(lock)).await.unwrap();
        Box::new(connection)
    }

    async fn everything(&self) -> Vec<(String, Vec<u8>)> {
        let mut administrator = self.administrator().await;
        administrator.execute("CHECKPOINT").await.unwrap();
        let folder = postgres_server().1;
        let data = folder.join("data");
        let paths: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT pg_relation_filepath(oid) FROM pg_class \
             WHERE oid >= 16384 AND pg_relation_filepath(oid) IS NOT NULL",
        )
        .fetch_all(&mut administrator)
        .await
        .unwrap();
        let read = |path: PathBuf| (path.display().to_string(), std::fs::read(&path).unwrap());
        let mut files: Vec<_> = paths.iter().map(|path| read(data.join(path))).collect();
        // The write-ahead log since this test began.
        let mut logs: Vec<PathBuf> = std::fs::read_dir(data.join("pg_wal"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .filter(|path| path.file_name().unwrap().to_str().unwrap() >= &self.log_start[..])
            .collect();
        logs.sort();
        files.extend(logs.into_iter().map(read));
        let dump = std::process::Command::new("pg_dump")
            .arg(self.address("akashi_administrator"))
            .output()
            .unwrap();
        assert!(dump.status.success());
        files.push(("dump".to_owned(), dump.stdout));
        files
    }
}

/// What makes one municipality's rows, or the system's, those that statements mean.
fn area(municipality: Option<MunicipalityCode>) -> String {
    municipality.map_or_else(
        || "SET search_path = system, public;".to_owned(),
        |code| {
            format!("SET search_path = municipality, public; SET akashi.municipality = '{code}';")
        },
    )
}

impl Drop for PostgresDatabase {
    /// Disk is scarce: a test's database goes with it.
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let server = postgres_server().0;
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                if let Ok(mut connection) = PgConnection::connect(&server).await {
                    let _ = connection.execute(AssertSqlSafe(drop)).await;
                }
            });
        });
        let _ = dropping.join();
    }
}
