//! Tables: those of others, those of SeaORM's entities, and what is in them.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use users_runtime::{
    UserModel,
    conformance::{BigId, Member, UuidId},
    store::{ColumnValue, SchemaError, SqliteStore, StoreError, UserStore},
    value::Value,
};

use crate::support::{empty, migrated, user};

type User = Member<UuidId>;

#[tokio::test]
async fn values_are_stored_as_seaorm_stores_them() {
    let store = migrated::<User>().await;
    let seen_at = User::COLUMNS
        .iter()
        .position(|column| column.name == "seen_at")
        .expect("a column");
    let ada = user(&store, "ada@example.com").await;
    let instant =
        chrono::DateTime::from_timestamp_micros(1_700_000_000_120_000).expect("an instant");
    let change = ColumnValue {
        column: seen_at,
        value: Value::Timestamp(instant),
    };
    store
        .update(ada.account().id, vec![change], None)
        .await
        .expect("changed");
    let sql = "SELECT typeof(id) = 'blob' AND length(id) = 16 AND seen_at = '2023-11-14T22:13:20.120+00:00' FROM user";
    let row = store
        .connection()
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await
        .expect("an answer");
    assert!(
        row.expect("a row")
            .try_get_by_index::<bool>(0)
            .expect("a truth value")
    );
}

#[tokio::test]
async fn ids_that_another_store_wrote_as_text_are_named_and_not_served() {
    let store = empty::<User>().await;
    let others = SqliteStore::<User>::new(store.connection().get_sqlite_connection_pool().clone());
    others.migrate().await.expect("tables");
    let Err(SchemaError::Mismatch(problems)) = store.check().await else {
        panic!("such tables do not fit")
    };
    assert!(
        problems
            .iter()
            .any(|problem| problem.to_string().contains("id")),
        "{problems:?}"
    );
}

#[tokio::test]
async fn numbers_as_ids_are_served_by_both() {
    let store = empty::<Member<BigId>>().await;
    let others =
        SqliteStore::<Member<BigId>>::new(store.connection().get_sqlite_connection_pool().clone());
    others.migrate().await.expect("tables");
    store.check().await.expect("tables that fit");
    let ada = user(&store, "ada@example.com").await;
    assert!(
        others
            .find(ada.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
}

#[tokio::test]
async fn a_column_with_a_default_is_added_to_a_table_with_rows() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    store
        .connection()
        .execute_unprepared("ALTER TABLE user DROP COLUMN plan")
        .await
        .expect("valid SQL");
    assert!(matches!(store.check().await, Err(SchemaError::Mismatch(_))));
    assert!(matches!(
        store.find(ada.account().id).await,
        Err(StoreError::Database(_))
    ));
    store.migrate().await.expect("the column");
    assert!(
        store
            .find(ada.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
}

#[tokio::test]
async fn addresses_that_differ_in_case_stop_the_migration() {
    let store = migrated::<User>().await;
    store
        .connection()
        .execute_unprepared("DROP INDEX ix_user_email_lower")
        .await
        .expect("valid SQL");
    user(&store, "ada@example.com").await;
    user(&store, "Ada@example.com").await;
    assert!(matches!(
        store.migrate().await,
        Err(SchemaError::DuplicateEmails { addresses: 1, .. })
    ));
}
