//! Accounts elsewhere in tables of the original, which has no unique index on them.

use users_runtime::store::OAuthAccountStore as _;

use crate::{
    accounts::{TWICE, links_only_as_expected, once_is_right, one_of_two_wins, twice_is_told},
    original::ORIGINAL,
    support::{User, empty, run, run_text},
};

#[tokio::test(flavor = "multi_thread")]
async fn two_users_who_link_one_account_at_once_do_not_both_succeed() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
    store.migrate().await.expect("keys and indexes");
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
    run(&store, TWICE).await;
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

/// The collation of its table takes them for one.
#[tokio::test]
async fn accounts_that_differ_in_case_are_two() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
    let capitals = TWICE.replace(
        "account_id, account_email FROM",
        "'ABC', account_email FROM",
    );
    run_text(&store, capitals.replace("000001'", "000002'")).await;
    run_text(
        &store,
        capitals.replace("ABC", "abc").replace(
            "account_email FROM oauth_account",
            "account_email FROM oauth_account LIMIT 1",
        ),
    )
    .await;
    store.migrate().await.expect("a key and its index");
    once_is_right(&*store).await;
    for id in ["abc", "ABC"] {
        let found = store
            .find_account("google", id)
            .await
            .expect("an answer")
            .expect("an account");
        assert_eq!(found.account_id, id);
    }
    // As the original writes: it names the columns that it knows.
    let third = capitals.replace("ABC", "Abc").replace("000001'", "000003'");
    run_text(
        &store,
        third.replace("FROM oauth_account", "FROM oauth_account LIMIT 1"),
    )
    .await;
    assert!(
        store
            .find_account("google", "Abc")
            .await
            .expect("an answer")
            .is_some()
    );
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
            "INDEX mine ON oauth_account (oauth_name, account_id)",
            false,
        ),
        (
            "UNIQUE INDEX mine ON oauth_account (oauth_name, account_id(100))",
            false,
        ),
        (
            "UNIQUE INDEX mine ON oauth_account (oauth_name, account_id, user_id)",
            false,
        ),
    ] {
        run_text(
            &store,
            format!("DROP INDEX IF EXISTS mine ON oauth_account; CREATE {index}"),
        )
        .await;
        let pending = store.pending_sql().await.expect("an answer");
        assert_eq!(
            !pending.contains("uq_oauth_account_account"),
            serves,
            "{index}: {pending}"
        );
    }
}

#[tokio::test]
async fn a_column_of_the_applications_own_is_not_taken_for_the_key() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
    run(
        &store,
        "ALTER TABLE oauth_account ADD COLUMN account_id_key VARCHAR(9)",
    )
    .await;
    store.migrate().await.expect("the other indexes");
    store.check().await.expect("tables that are served");
    let findings = users_runtime::Administration::doctor(&*store)
        .await
        .expect("an answer");
    let missing = findings
        .iter()
        .find(|finding| finding.code() == "missing_account_index")
        .expect("a finding")
        .to_string();
    assert!(
        missing.contains("give the column `account_id_key` another name"),
        "{missing}"
    );
}
