//! Accounts at providers in tables of the original, which has no unique index on them.

use crate::{
    accounts::{links_only_as_expected, once_is_right, one_of_two_wins, twice_is_told},
    original::{ACCOUNT_INDEXES, WITHOUT_MINE, made, made_for_many, twice},
    support::{Store, User, migrated, run, run_text},
};

#[tokio::test(flavor = "multi_thread")]
async fn two_users_who_link_one_account_at_once_do_not_both_succeed() {
    let database = made_for_many().await;
    let store: &Store<User> = &database;
    store.migrate().await.expect("keys and indexes");
    one_of_two_wins(store).await;
}

#[tokio::test]
async fn an_account_is_linked_only_while_its_user_is_as_expected() {
    let database = migrated::<User>().await;
    let store: &Store<User> = &database;
    links_only_as_expected(store).await;
}

#[tokio::test]
async fn links_that_were_made_twice_are_served_until_they_are_mended() {
    let database = made().await;
    let store: &Store<User> = &database;
    run_text(store, twice()).await;
    store.migrate().await.expect("the other indexes");
    store.check().await.expect("tables that are served");
    twice_is_told(store).await;
    run(
        store,
        "DELETE FROM oauth_account WHERE access_token = 'second'",
    )
    .await;
    store.check().await.expect("tables that are served");
    store.migrate().await.expect("the index");
    store.check().await.expect("tables that fit");
    once_is_right(store).await;
}

#[tokio::test]
async fn an_index_of_the_applications_own_serves_as_well() {
    let store = made().await;
    for (index, serves) in ACCOUNT_INDEXES {
        run(&store, WITHOUT_MINE).await;
        run_text(&store, format!("CREATE {index}")).await;
        let pending = store.pending_sql().await.expect("an answer");
        assert_eq!(
            !pending.contains("uq_oauth_account_account"),
            *serves,
            "{index}: {pending}"
        );
    }
}
