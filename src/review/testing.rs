//! A PostgreSQL for tests, where the machine has one.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::Connection as _;

use super::store::StoreUrl;

/// A new, empty database on the server that `ZEEF_TEST_POSTGRES` names (a URL without a database); without
/// one it says that the test did not run.
pub(crate) async fn postgres() -> Option<StoreUrl> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("ZEEF_TEST_POSTGRES") else {
        println!(
            "DID NOT RUN on PostgreSQL: set ZEEF_TEST_POSTGRES to the URL of a server, without a database"
        );
        return None;
    };
    let server = server.trim_end_matches('/');
    let name = format!("zeef_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = sqlx::PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
    for statement in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    Some(format!("{server}/{name}").parse().unwrap())
}
