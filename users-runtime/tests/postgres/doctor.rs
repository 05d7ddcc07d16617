//! Examining a live database.

use users_runtime::{Administration as _, Finding, UserSearch, store::PostgresStore};

use crate::{
    cases::{self, cases, healthy},
    standard::run,
    support::{User, empty, migrated},
};

#[tokio::test]
async fn nothing_is_found_where_nothing_is_wrong() {
    let store = migrated::<User>().await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
    run(&store, &healthy()).await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
}

#[tokio::test]
async fn every_problem_is_found() {
    // A database for each would take seconds to make.
    let database = empty::<User>().await;
    for (number, case) in cases().into_iter().enumerate() {
        run(&database, &format!("CREATE SCHEMA case_{number}")).await;
        let url = format!("{}?options[search_path]=case_{number}", database.url);
        let store = PostgresStore::<User>::connect(&url)
            .await
            .expect("a database");
        store.migrate().await.expect("tables");
        run(&store, &healthy()).await;
        run(&store, &case.sql).await;
        let findings = store.examine(&case.expected()).await;
        case.judge(&findings.expect("an answer"));
    }
}

#[tokio::test]
async fn a_connection_that_may_only_read_is_enough() {
    let store = migrated::<User>().await;
    run(
        &store,
        &(healthy() + &cases::user(1, "ada@example.com", "hash")),
    )
    .await;
    let url = format!("{}?options[default_transaction_read_only]=on", store.url);
    let reader = PostgresStore::<User>::connect(&url)
        .await
        .expect("a database");
    sqlx::query("DELETE FROM \"user\"")
        .execute(reader.pool())
        .await
        .expect_err("it may write");
    let findings = reader.doctor().await.expect("an answer");
    assert_eq!(
        findings.iter().map(Finding::code).collect::<Vec<_>>(),
        ["unreadable_hashes"]
    );
    assert_eq!(
        reader.count(&UserSearch::new()).await.expect("an answer"),
        4
    );
    assert_eq!(reader.pending().await.expect("an answer"), "");
}
