use sqlx::Row as _;
use tempfile::TempDir;

use super::*;

/// What must hold in both databases.
async fn check_store(store: &Store) {
    let chain = sqlx::query("SELECT records, hash FROM audit_chain WHERE id = $1")
        .bind(1_i64)
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(chain.get::<String, _>("hash").len(), 64);

    // Whoever appends waits for the others: no number is given twice.
    let mut tasks = Vec::new();
    for _ in 0..20 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let mut work = store.begin().await.unwrap();
            let row =
                sqlx::query("UPDATE audit_chain SET records = records + $1 WHERE id = 1 RETURNING records")
                    .bind(1_i64)
                    .fetch_one(&mut *work)
                    .await
                    .unwrap();
            work.commit().await.unwrap();
            row.get::<i64, _>(0)
        }));
    }
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap());
    }
    numbers.sort_unstable();
    let before = chain.get::<i64, _>("records");
    assert_eq!(numbers, (before + 1..=before + 20).collect::<Vec<_>>());

    // What is dropped uncommitted never happened.
    let mut work = store.begin().await.unwrap();
    sqlx::query("UPDATE audit_chain SET records = 0").execute(&mut *work).await.unwrap();
    drop(work);
    let row = sqlx::query("SELECT records FROM audit_chain").fetch_one(store.pool()).await.unwrap();
    assert_eq!(row.get::<i64, _>(0), before + 20);

    // Odd texts come back as they went in; the same key twice is a conflict.
    let odd = "'; DROP TABLE audit_stamps; -- \" \\ 哈 \u{202e} $1";
    let insert = || sqlx::query("INSERT INTO audit_stamps (hash, body) VALUES ($1, $2)").bind("h").bind(odd);
    sqlx::query("DELETE FROM audit_stamps").execute(store.pool()).await.unwrap();
    insert().execute(store.pool()).await.unwrap();
    let body = sqlx::query("SELECT body FROM audit_stamps").fetch_one(store.pool()).await.unwrap();
    assert_eq!(body.get::<String, _>(0), odd);
    let twice = insert().execute(store.pool()).await.unwrap_err();
    assert_eq!(StoreError::from(twice), StoreError::Conflict);
    sqlx::query("DELETE FROM audit_stamps").execute(store.pool()).await.unwrap();

    // Opening it again finds the schema done.
    Store::open(store.url()).await.unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_what_is_promised() {
    let folder = TempDir::new().unwrap();
    let url = StoreUrl::Sqlite(folder.path().join("odd ü?#% name.sqlite"));
    let store = Store::open(&url).await.unwrap();
    check_store(&store).await;
    let mode = sqlx::query("PRAGMA journal_mode").fetch_one(store.pool()).await.unwrap();
    assert_eq!(mode.get::<String, _>(0), "wal");
    let synchronous = sqlx::query("PRAGMA synchronous").fetch_one(store.pool()).await.unwrap();
    assert_eq!(synchronous.get::<i64, _>(0), 2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let mode = entry.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "others can read it");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_keeps_what_is_promised() {
    let Some(url) = crate::review::testing::postgres().await else { return };
    check_store(&Store::open(&url).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_can_open_a_new_file_at_once() {
    let folder = TempDir::new().unwrap();
    let url = StoreUrl::in_folder(folder.path());
    let openings: Vec<_> = (0..4)
        .map(|_| {
            tokio::spawn({
                let url = url.clone();
                async move { Store::open(&url).await }
            })
        })
        .collect();
    for opening in openings {
        opening.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told() {
    let folder = TempDir::new().unwrap();
    let short = StoreOptions { patience: std::time::Duration::from_millis(200), connections: 2 };

    let damaged = folder.path().join("damaged.sqlite");
    std::fs::write(&damaged, [7; 8192]).unwrap();
    let error = Store::open_with(&StoreUrl::Sqlite(damaged), short).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");

    let nowhere = StoreUrl::Sqlite(folder.path().join("no/such/folder/x.sqlite"));
    let error = Store::open_with(&nowhere, short).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");

    let gone: StoreUrl = "postgres://zeef@127.0.0.1:1/zeef".parse().unwrap();
    let error = Store::open_with(&gone, short).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");

    let url = StoreUrl::in_folder(folder.path());
    let (one, other) =
        (Store::open_with(&url, short).await.unwrap(), Store::open_with(&url, short).await.unwrap());
    let held = one.begin().await.unwrap();
    assert_eq!(other.begin().await.unwrap_err(), StoreError::Locked);
    drop(held);

    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', TRUE, x'00', 0)",
    )
    .execute(one.pool())
    .await
    .unwrap();
    let error = Store::open_with(&url, short).await.unwrap_err();
    assert_eq!(error, StoreError::Newer { version: 9999 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_was_full_leaves_no_connection_behind() {
    let folder = TempDir::new().unwrap();
    let options = StoreOptions { patience: std::time::Duration::from_millis(500), connections: 2 };
    let store = Store::open_with(&StoreUrl::in_folder(folder.path()), options).await.unwrap();
    let insert = |size: usize| {
        let values = "VALUES ($1, 0, '', '', $2)";
        let sql =
            format!("INSERT INTO audit_contents (number, time, purpose, case_reference, body) {values}");
        (sqlx::AssertSqlSafe(sql), "x".repeat(size))
    };
    // More often than there are connections.
    for number in 0..6i64 {
        let mut work = store.begin().await.unwrap();
        // As a full disk looks to SQLite: no page more.
        sqlx::query("PRAGMA max_page_count = 1").execute(&mut *work).await.unwrap();
        let (sql, body) = insert(1 << 20);
        let error = sqlx::query(sql).bind(number).bind(body).execute(&mut *work).await.unwrap_err();
        assert_eq!(StoreError::from(error), StoreError::Full);
        drop(work);
        let mut work = store.begin().await.unwrap();
        sqlx::query("PRAGMA max_page_count = 1000000").execute(&mut *work).await.unwrap();
        let (sql, body) = insert(1);
        sqlx::query(sql).bind(number).bind(body).execute(&mut *work).await.unwrap();
        work.commit().await.unwrap();
    }
    let row = sqlx::query("SELECT count(*) AS n FROM audit_contents").fetch_one(store.pool()).await.unwrap();
    assert_eq!(row.get::<i64, _>("n"), 6);
}
