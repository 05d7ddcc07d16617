//! Names of any length.

use crate::{
    long::{LongNamed, are_made_and_served},
    support::empty,
};

#[tokio::test]
async fn tables_with_the_longest_names_have_indexes_whose_names_are_whole() {
    let store = empty::<LongNamed>().await;
    are_made_and_served(&store).await;
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
