//! Accounts elsewhere in tables of the original, which has no unique index on them.

use crate::{
    accounts::{TWICE, links_only_as_expected, once_is_right, one_of_two_wins, twice_is_told},
    original::ORIGINAL,
    support::{User, empty, run},
};

#[tokio::test(flavor = "multi_thread")]
async fn two_users_who_link_one_account_at_once_do_not_both_succeed() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
    store.migrate().await.expect("indexes");
    one_of_two_wins(&*store).await;
}

#[tokio::test]
async fn an_account_is_linked_only_while_its_user_is_as_expected() {
    let store = empty::<User>().await;
    store.migrate().await.expect("tables");
    links_only_as_expected(&*store).await;
}

#[tokio::test]
async fn links_that_were_made_twice_are_served_until_they_are_mended() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(
        TWICE.replace("000001'", "000001'::uuid"),
    ))
    .execute(store.pool())
    .await
    .expect("valid SQL");
    store.migrate().await.expect("the other indexes");
    store.check().await.expect("tables that are served");
    twice_is_told(&*store).await;
    run(
        &store,
        "DELETE FROM oauth_account WHERE access_token = 'second'",
    )
    .await;
    store.check().await.expect("tables that are served");
    store.migrate().await.expect("the index");
    store.check().await.expect("tables that fit");
    once_is_right(&*store).await;
}

#[tokio::test]
async fn an_index_of_the_applications_own_serves_as_well() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
    for (index, serves) in [
        (
            "UNIQUE INDEX mine ON oauth_account (account_id, oauth_name)",
            true,
        ),
        (
            "UNIQUE INDEX mine ON oauth_account (account_id, oauth_name) INCLUDE (user_id)",
            true,
        ),
        (
            "INDEX mine ON oauth_account (oauth_name, account_id)",
            false,
        ),
        (
            "UNIQUE INDEX mine ON oauth_account (oauth_name, account_id) WHERE expires_at > 0",
            false,
        ),
        (
            "UNIQUE INDEX mine ON oauth_account (oauth_name, account_id, user_id)",
            false,
        ),
        (
            "UNIQUE INDEX mine ON oauth_account (oauth_name, lower(account_id))",
            false,
        ),
    ] {
        let sql = sqlx::AssertSqlSafe(format!("DROP INDEX IF EXISTS mine; CREATE {index}"));
        sqlx::raw_sql(sql)
            .execute(store.pool())
            .await
            .expect("valid SQL");
        let pending = store.pending_sql().await.expect("an answer");
        assert_eq!(
            !pending.contains("uq_oauth_account_account"),
            serves,
            "{index}: {pending}"
        );
    }
}
