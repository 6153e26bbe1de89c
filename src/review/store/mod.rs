//! The store: what is kept, in one database.
//!
//! A SQLite file in the data folder by default, so that there is nothing to start; PostgreSQL where several
//! replicas share it. Both run the same schema and the same statements, through sqlx's `Any` driver: columns
//! are `BIGINT`, `DOUBLE PRECISION` or `TEXT`, times are microseconds since 1970, truth is 0 or 1, what is not
//! known is 0 or an empty text. So there is one text of every statement, and no second one that only one
//! database ever ran.

mod error;
mod rows;
mod url;

use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::Migrator;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor as _, Transaction};

pub use error::StoreError;
pub use rows::{in_chunks, now_micros, placeholders, time_of};
pub use url::{StoreUrl, StoreUrlError};

/// The schema. Files are never changed once they have been part of a release: new ones are added.
static MIGRATIONS: Migrator = sqlx::migrate!("src/review/store/migrations");

/// Name of the SQLite file in a data folder.
pub const FILE_NAME: &str = "review.sqlite";

/// Longest time that opening a first connection may take.
const LONGEST_PROBE: Duration = Duration::from_secs(15);

/// How often a migration is tried again that another process ran at the same moment.
const MIGRATION_TRIES: u32 = 5;

/// How the store is used.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// How long to wait for a lock that somebody else holds, or for a connection, before giving up. Default:
    /// 5 s, longer than any transaction of ours takes.
    pub patience: Duration,
    /// Most connections at once. Default: 8; one of them records, the others read and decide.
    pub connections: u32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { patience: Duration::from_secs(5), connections: 8 }
    }
}

/// One database, opened. Cheap to clone: clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    url: StoreUrl,
}

impl Store {
    /// Opens the store, creating the file and bringing the schema up to date where needed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open(url: &StoreUrl) -> Result<Self, StoreError> {
        Self::open_with(url, StoreOptions::default()).await
    }

    /// [`Store::open`] with options.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open_with(url: &StoreUrl, options: StoreOptions) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        if let StoreUrl::Sqlite(path) = url {
            url::create_for_owner_alone(path)?;
        }
        let address = url.for_driver()?;
        let settings = url.settings(options.patience);
        // The pool would try again and again and then say only that it took too long.
        let probe = async {
            let mut probe = AnyConnection::connect(&address).await?;
            probe.execute(sqlx::AssertSqlSafe(settings.as_str())).await?;
            probe.close().await
        };
        tokio::time::timeout(LONGEST_PROBE, probe)
            .await
            .map_err(|_| StoreError::Unavailable("it does not answer".into()))??;
        let is_sqlite = url.is_sqlite();
        let pool = AnyPoolOptions::new()
            .max_connections(options.connections.max(2))
            .acquire_timeout(options.patience.max(Duration::from_millis(100)))
            // On a full disk SQLite ends a transaction by itself. The driver does not see that, fails to roll it back,
            // and would refuse every later transaction on that connection: it is closed, and another opened.
            .before_acquire(move |connection, _| {
                let is_free = !is_sqlite || !connection.is_in_transaction();
                Box::pin(async move { Ok(is_free) })
            })
            .after_connect(move |connection, _| {
                let settings = sqlx::AssertSqlSafe(settings.clone());
                Box::pin(async move { connection.execute(settings).await.map(drop) })
            })
            .connect(&address)
            .await?;
        let store = Self { pool, url: url.clone() };
        store.migrate().await?;
        Ok(store)
    }

    /// Brings the schema up to date. SQLite knows no lock for it: of two processes that open a new file at the
    /// same moment one fails, and finds it done when it looks again.
    async fn migrate(&self) -> Result<(), StoreError> {
        let mut tries = 0;
        loop {
            match MIGRATIONS.run(&self.pool).await {
                Ok(()) => return Ok(()),
                Err(sqlx::migrate::MigrateError::VersionMissing(version)) => {
                    return Err(StoreError::Newer { version });
                }
                Err(_) if tries < MIGRATION_TRIES => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(50) * tries).await;
                }
                Err(sqlx::migrate::MigrateError::Execute(error)) => return Err(error.into()),
                Err(error) => return Err(StoreError::Damaged(error.to_string())),
            }
        }
    }

    /// The connections, for reading and for single statements.
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Begins a transaction that will write. Where only one can, it waits for its turn now: a transaction that
    /// read first and wrote later could find that the database has moved on.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(match self.url {
            StoreUrl::Sqlite(_) => self.pool.begin_with("BEGIN IMMEDIATE").await?,
            StoreUrl::Postgres(_) => self.pool.begin().await?,
        })
    }

    /// Where it lies, for people; without a password.
    pub fn url(&self) -> &StoreUrl {
        &self.url
    }

    /// Closes all connections. Clones are closed with it.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests;
