//! Examining a live database.

use sqlx::{AssertSqlSafe, sqlite::SqliteConnectOptions, sqlite::SqlitePoolOptions};
use users_runtime::{
    Administration as _, Finding, UserSearch,
    store::{FindingKind, SqliteStore},
};

use crate::{
    cases::{self, cases, healthy},
    support::{Folder, User, memory},
};

pub(crate) async fn run(store: &SqliteStore<User>, sql: &str) {
    let sql = AssertSqlSafe(sql.replace(" ID ", " CHAR(36) "));
    sqlx::raw_sql(sql).execute(store.pool()).await.expect("valid SQL");
}

#[tokio::test]
async fn nothing_is_found_where_nothing_is_wrong() {
    let store = memory::<User>().await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
    run(&store, &healthy()).await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
}

#[tokio::test]
async fn every_problem_is_found() {
    for case in cases() {
        let store = memory::<User>().await;
        run(&store, &healthy()).await;
        run(&store, &case.sql).await;
        case.judge(&store.doctor().await.expect("an answer"));
    }
}

#[tokio::test]
async fn a_connection_that_may_only_read_is_enough() {
    let folder = Folder::new();
    let store = SqliteStore::<User>::connect(&folder.url()).await.expect("a database");
    store.migrate().await.expect("tables");
    run(&store, &(healthy() + &cases::user(1, "ada@example.com", "hash"))).await;
    let options = SqliteConnectOptions::new().filename(folder.url().trim_start_matches("sqlite://")).read_only(true);
    let pool = SqlitePoolOptions::new().connect_with(options).await.expect("a pool");
    let reader = SqliteStore::<User>::new(pool);
    sqlx::query("DELETE FROM user").execute(reader.pool()).await.expect_err("it may write");
    let findings = reader.doctor().await.expect("an answer");
    assert_eq!(findings.iter().map(Finding::code).collect::<Vec<_>>(), ["unreadable_hashes"]);
    assert_eq!(reader.count(&UserSearch::new()).await.expect("an answer"), 4);
    assert_eq!(reader.pending().await.expect("an answer"), "");
}

#[tokio::test]
async fn ids_in_another_form_are_told_and_end_the_examination() {
    let store = memory::<User>().await;
    let blobs = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
        INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, plan)
        SELECT CAST(printf('%016d', i) AS BLOB), 'u' || i || '@example.com', 'hash', TRUE, FALSE, FALSE, 'free' FROM n";
    run(&store, blobs).await;
    let findings = store.doctor().await.expect("an answer");
    let kinds = findings.iter().map(|finding| &finding.kind).collect::<Vec<_>>();
    assert_eq!(kinds, [&FindingKind::UnfindableIds, &FindingKind::UnreadableHashes { format: "unknown" }]);
    assert!(findings[0].to_string().contains("the users behind them were not examined"), "{}", findings[0]);
}
