//! The column that tells accounts at providers apart whatever the collation of their table.

use users_runtime::store::OAuthAccountStore as _;

use crate::{
    accounts::{TWICE, once_is_right},
    original::made,
    support::{run, run_text},
};

/// The collation of its table takes them for one.
#[tokio::test]
async fn accounts_that_differ_in_case_are_two() {
    let store = made().await;
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
async fn a_column_of_the_applications_own_is_not_taken_for_the_key() {
    let store = made().await;
    run(
        &store,
        "ALTER TABLE oauth_account ADD COLUMN account_id_key VARCHAR(9)",
    )
    .await;
    store.migrate().await.expect("the other indexes");
    store.check().await.expect("tables that are served");
    let findings = users_runtime::store::Administration::doctor(&*store)
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
