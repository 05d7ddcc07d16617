//! Declared tables: what migrating makes of them, and what is done without them.

use sqlx::AssertSqlSafe;
use users_runtime::{
    UserModel,
    conformance::{Holder, UuidId},
    model::Account,
    store::{
        Administration, Expectations, FindingKind, SchemaError, SchemaProblemKind, SqliteStore,
        UserStore,
    },
};

use crate::support::{migrated, run, user};

type User = Holder<UuidId>;

/// A note of a user, written without the store.
async fn note(store: &SqliteStore<User>, table: &str, id: &str, owner: &str) {
    let sql = format!(
        "INSERT INTO {table} (id, user_id, title, \"rank\", expires_at, is_done) VALUES ('{id}', '{owner}', '{id}', 1, 1, 0)"
    );
    sqlx::query(AssertSqlSafe(sql))
        .execute(store.pool())
        .await
        .expect("a note");
}

async fn count(store: &SqliteStore<User>, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(store.pool())
        .await
        .expect("a count")
}

fn id(user: &User) -> String {
    let Account { id, .. } = user.account();
    id.to_string()
}

async fn problems(store: &SqliteStore<User>) -> Vec<SchemaProblemKind> {
    match store.check().await {
        Ok(()) => Vec::new(),
        Err(SchemaError::Mismatch(problems)) => {
            problems.into_iter().map(|problem| problem.kind).collect()
        }
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn two_prefixes_are_two_sets_of_tables() {
    let store = migrated::<User>().await;
    let staff = store.clone().table_prefix("staff_");
    let missing = SchemaProblemKind::MissingTable;
    assert_eq!(problems(&staff).await, vec![missing; 3]);
    staff.migrate().await.expect("tables");
    staff.check().await.expect("tables that fit");
    let ada = user(&store, "ada@example.com").await;
    note(&store, "note", "a", &id(&ada)).await;
    note(&store, "staff_note", "a", &id(&ada)).await;
    let sql = staff.schema_sql();
    assert!(
        sql.contains("\"staff_auth_limit\"") && !sql.contains("\"note\""),
        "{sql}"
    );
    assert!(staff.pending_sql().await.expect("nothing to do").is_empty());
}

#[tokio::test]
async fn a_user_is_deleted_where_declared_tables_are_missing() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    run(&store, "DROP TABLE note; DROP TABLE auth_limit").await;
    UserStore::delete(&store, ada.account().id)
        .await
        .expect("deleted");
    assert_eq!(
        problems(&store).await,
        vec![SchemaProblemKind::MissingTable; 2]
    );
    let pending = store.pending_sql().await.expect("two tables to make");
    assert!(
        pending.contains("\"note\"") && !pending.contains("\"ticket\""),
        "{pending}"
    );
    store.migrate().await.expect("tables");
    assert!(problems(&store).await.is_empty());
}

#[tokio::test]
async fn rows_go_with_their_user_without_foreign_keys() {
    let store = migrated::<User>().await;
    let (ada, bob) = (
        user(&store, "ada@example.com").await,
        user(&store, "bob@example.com").await,
    );
    run(&store, "PRAGMA foreign_keys = OFF").await;
    note(&store, "note", "a", &id(&ada)).await;
    note(&store, "note", "b", &id(&bob)).await;
    UserStore::delete(&store, ada.account().id)
        .await
        .expect("deleted");
    assert_eq!(count(&store, "note").await, 1);
}

#[tokio::test]
async fn what_a_declared_table_lacks_is_made_or_told() {
    let store = migrated::<User>().await;
    run(
        &store,
        "DROP INDEX uq_note_user_id_title; DROP INDEX uq_note_label; ALTER TABLE note DROP COLUMN label;
         DROP INDEX ix_note_user_id_expires_at",
    )
    .await;
    let column = "user_id, title".to_owned();
    let found = problems(&store).await;
    assert!(
        found.contains(&SchemaProblemKind::MissingIndex { column }),
        "{found:?}"
    );
    let column = "label".to_owned();
    assert!(
        found.contains(&SchemaProblemKind::MissingColumn { column }),
        "{found:?}"
    );
    store.migrate().await.expect("a column and three indexes");
    assert!(problems(&store).await.is_empty());
    assert!(store.pending_sql().await.expect("nothing to do").is_empty());

    run(&store, "DROP TABLE ticket; CREATE TABLE ticket (key VARCHAR(64) NOT NULL PRIMARY KEY, holder INTEGER)").await;
    let Err(SchemaError::Mismatch(problems)) = store.migrate().await else {
        panic!("a table that does not fit was accepted");
    };
    let told = problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(
        told.iter()
            .any(|told| told.contains("no column `purpose`; add the column with a value")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|told| told.contains("`ticket.holder` is INTEGER")),
        "{told:?}"
    );
}

#[tokio::test]
async fn rows_whose_user_is_gone_are_reported() {
    let store = migrated::<User>().await;
    run(&store, "PRAGMA foreign_keys = OFF").await;
    note(&store, "note", "a", &uuid::Uuid::nil().to_string()).await;
    run(
        &store,
        "INSERT INTO ticket (key, purpose) VALUES ('free', 'none')",
    )
    .await;
    let findings = store
        .examine(&Expectations::new())
        .await
        .expect("an examination");
    let table = "note".to_owned();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].kind, FindingKind::Orphans { table });
}
