//! Users within transactions of sqlx on a database with a server.

use crate::{
    applications::{Conflicts, FOUND, Owner, TABLES, hold},
    support::{migrated, run},
};

#[tokio::test]
async fn a_user_and_rows_of_the_application_are_stored_both_or_neither() {
    let database = migrated::<Owner>().await;
    for sql in TABLES {
        run(&database, sql).await;
    }
    let pool = database.pool().clone();
    hold(
        Clone::clone(&*database),
        Conflicts::Wait,
        async || pool.begin().await.expect("a server"),
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
