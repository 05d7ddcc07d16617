//! Users within transactions of sqlx on SQLite.

use crate::{
    applications::{Conflicts, FOUND, Owner, TABLES, hold},
    support::{Folder, Store, run},
};

#[tokio::test]
async fn a_user_and_rows_of_the_application_are_stored_both_or_neither() {
    let folder = Folder::new();
    let store = Store::<Owner>::connect(&folder.url()).await;
    let store = store.expect("a database");
    store.migrate().await.expect("tables");
    for sql in TABLES {
        run(&store, sql).await;
    }
    let pool = store.pool().clone();
    hold(
        store,
        Conflicts::Wait,
        async || pool.begin_with("BEGIN IMMEDIATE").await.expect("a server"),
        async |connection| {
            let found = sqlx::query(FOUND).execute(connection).await;
            found.expect("a row");
        },
        async || {
            let count = sqlx::query_scalar("SELECT COUNT(*) FROM organisation");
            count.fetch_one(&pool).await.expect("a count")
        },
    )
    .await;
}
