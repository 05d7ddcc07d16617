//! A migration for another tool: a struct gets fields, and its table has rows.

use sqlx::AssertSqlSafe;
use users_runtime::{
    Administration as _,
    store::{SchemaError, SqliteStore},
};

use crate::{
    fields::{After, Before, Beyond, added, fits, is_refused},
    support::{User, empty, memory, run},
};

#[tokio::test]
async fn what_is_pending_for_new_fields_makes_the_table_fit() {
    let before = memory::<Before>().await;
    let after = SqliteStore::<After>::new(before.pool().clone());
    let columns = [
        "ALTER TABLE \"user\" ADD COLUMN \"name\" VARCHAR(100)",
        "ALTER TABLE \"user\" ADD COLUMN \"motto\" VARCHAR NOT NULL DEFAULT 'it''s new'",
        "ALTER TABLE \"user\" ADD COLUMN \"points\" INTEGER NOT NULL DEFAULT 7",
    ];
    let pending = added(&before, &after, columns).await;
    after.check().await.expect_err("asking has changed nothing");
    sqlx::raw_sql(AssertSqlSafe(pending)).execute(after.pool()).await.expect("valid SQL");
    after.check().await.expect("tables that fit");
    fits(&after).await;
    is_refused(&SqliteStore::<Beyond>::new(before.pool().clone())).await;
}

#[tokio::test]
async fn what_is_pending_on_an_empty_database_is_the_schema() {
    let store = empty::<User>().await;
    assert_eq!(store.pending().await.expect("an answer"), store.schema());
    store.migrate().await.expect("tables");
    run(&store, "DROP INDEX ix_accesstoken_user_id; DROP INDEX ix_user_email_lower").await;
    let pending = store.pending().await.expect("an answer");
    assert_eq!(
        pending,
        "CREATE UNIQUE INDEX IF NOT EXISTS \"ix_user_email_lower\" ON \"user\" (lower(\"email\"));\n\n\
         CREATE INDEX IF NOT EXISTS \"ix_accesstoken_user_id\" ON \"accesstoken\" (\"user_id\");\n"
    );
    store.migrate().await.expect("indexes");
    assert_eq!(store.pending().await.expect("an answer"), "");
}

#[tokio::test]
async fn addresses_that_cannot_be_unique_are_refused_instead() {
    let store = memory::<User>().await;
    run(&store, "DROP INDEX ix_user_email_lower").await;
    for email in ["Ada@example.com", "ada@example.com"] {
        crate::support::user(&store, email).await;
    }
    assert!(matches!(store.pending().await, Err(SchemaError::DuplicateEmails { addresses: 1, .. })));
}
