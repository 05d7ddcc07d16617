//! Names of any length.

use users_runtime::store::SqliteStore;

use crate::{
    long::{BELONGING, LongNamed, is_served},
    support::empty,
};

#[tokio::test]
async fn tables_with_the_longest_names_have_indexes_whose_names_are_whole() {
    let store = empty::<LongNamed>().await;
    let [tokens, accounts] = BELONGING;
    let long = SqliteStore::<LongNamed>::new(store.pool().clone())
        .access_token_table(tokens)
        .oauth_account_table(accounts);
    long.migrate().await.expect("tables");
    long.migrate().await.expect("nothing to do");
    long.check().await.expect("tables that fit");
    is_served(&long).await;
    let sql =
        "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix_uuu%' ORDER BY 1";
    let names: Vec<String> = sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("names");
    let users = "u".repeat(63);
    assert_eq!(
        names,
        [
            format!("ix_{users}_email"),
            format!("ix_{users}_email_lower")
        ]
    );
}
