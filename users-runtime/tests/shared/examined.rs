//! Examining a live database.

use users_runtime::store::{Administration as _, UserSearch};

use crate::{
    cases::{cases, healthy, is_answered, with_unreadable_hash},
    standard::{another, reader, run},
    statements::DELETE_USERS,
    support::{User, empty, migrated, opened_often},
};

#[tokio::test]
async fn nothing_is_found_where_nothing_is_wrong() {
    let store = migrated::<User>().await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
    run(&store, &healthy()).await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
    assert_eq!(store.count(&UserSearch::new()).await.expect("an answer"), 3);
}

#[tokio::test]
async fn every_problem_is_found() {
    let database = empty::<User>().await;
    for (number, case) in cases().into_iter().enumerate() {
        let store = another(&database, number).await;
        run(&store, &healthy()).await;
        run(&store, &case.sql).await;
        let findings = store.examine(&case.expected()).await;
        case.judge(&findings.expect("an answer"));
        store.pool().close().await;
    }
}

#[tokio::test]
async fn a_connection_that_may_only_read_is_enough() {
    let store = opened_often().await;
    store.migrate().await.expect("tables");
    run(&store, &with_unreadable_hash()).await;
    let reader = reader(&store.url).await;
    sqlx::query(DELETE_USERS)
        .execute(reader.pool())
        .await
        .expect_err("it may write");
    is_answered::<User>(&reader).await;
}
