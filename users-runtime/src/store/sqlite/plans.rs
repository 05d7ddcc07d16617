//! Look-ups use indexes: SQLite's own plans of the store's own statements.

use sqlx::{AssertSqlSafe, Row, SqlStr};

use super::SqliteStore;
use crate::{
    conformance::{Member, UuidId},
    store::{AccessTokenStore, Cursor, UserSearch, UserStore, sql::driver::Driver},
};

type Store = SqliteStore<Member<UuidId>>;

async fn plan(store: &Store, statement: &SqlStr) -> String {
    let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", statement.as_str()));
    let rows = sqlx::query(sql)
        .fetch_all(store.pool())
        .await
        .expect("a plan");
    rows.iter()
        .map(|row| row.get::<String, _>("detail"))
        .collect::<Vec<_>>()
        .join("; ")
}

async fn migrated() -> Store {
    let store = Store::connect("sqlite::memory:").await.expect("a database");
    store.migrate().await.expect("tables");
    store
}

#[tokio::test]
async fn every_look_up_searches_an_index() {
    let store = migrated().await;
    let (statements, dialect) = (store.statements(), store.driver().dialect());
    let by_email = "SEARCH user USING INDEX ix_user_email_lower (<expr>=?)";
    let by_id = "SEARCH user USING INDEX sqlite_autoindex_user_1 (id=?)";
    let by_token = "SEARCH accesstoken USING INDEX sqlite_autoindex_accesstoken_1 (token=?)";
    let of_user = "SEARCH accesstoken USING INDEX ix_accesstoken_user_id (user_id=?)";
    for (statement, expected) in [
        (&statements.find_by_email, by_email),
        (&statements.find, by_id),
        (
            &statements.exists,
            "SEARCH user USING COVERING INDEX sqlite_autoindex_user_1 (id=?)",
        ),
        (
            &statements.update::<Member<UuidId>>(
                dialect,
                &[1, 3],
                Some(crate::store::Expected::new().hash(&crate::PasswordHash::new(""))),
            ),
            by_id,
        ),
        (&statements.delete, by_id),
        (&statements.tokens.find(dialect, 1), by_token),
        (&statements.tokens.delete, by_token),
        (&statements.tokens.delete_others_of, of_user),
        (&statements.tokens.of_user, of_user),
    ] {
        let plan = plan(&store, statement).await;
        assert!(
            plan.starts_with(expected) && !plan.contains("SCAN"),
            "{}: {plan}",
            statement.as_str()
        );
    }
    for candidates in [2, 4] {
        let plan = plan(&store, &statements.tokens.find(dialect, candidates)).await;
        let searches = plan.matches(by_token).count();
        assert!(searches == candidates && !plan.contains("SCAN"), "{plan}");
    }
}

#[tokio::test]
async fn the_deletion_of_several_rows_searches_an_index() {
    let store = migrated().await;
    let statements = store.statements();
    for (statement, index) in [
        (
            &statements.tokens.delete_of,
            "ix_accesstoken_user_id (user_id=?)",
        ),
        (
            &statements.tokens.delete_before,
            "ix_accesstoken_created_at (created_at<?)",
        ),
        (
            &statements.accounts.delete_of,
            "ix_oauth_account_user_id (user_id=?)",
        ),
    ] {
        let plan = plan(&store, statement).await;
        assert!(
            plan.starts_with("SEARCH") && plan.ends_with(index),
            "{plan}"
        );
    }
}

#[tokio::test]
async fn a_portion_of_a_search_begins_in_the_index() {
    let store = migrated().await;
    let cursor = Cursor {
        email: "ada@example.com".into(),
        id: uuid::Uuid::nil().to_string(),
    };
    let query = store
        .portion_of(&UserSearch::new().after(cursor))
        .expect("a cursor")
        .expect("a statement");
    let plan = plan(&store, &query.sql).await;
    assert!(
        plan.starts_with("SEARCH user USING INDEX ix_user_email_lower (<expr>>?)"),
        "{plan}"
    );
}

#[tokio::test]
async fn statements_are_prepared_once_per_connection() {
    let store = Store::connect("sqlite::memory:").await.expect("a database");
    store.migrate().await.expect("tables");
    for _ in 0..3 {
        store
            .find_by_email("ada@example.com")
            .await
            .expect("an answer");
        store
            .find(&UuidId(uuid::Uuid::nil()))
            .await
            .expect("an answer");
        store.find_token(&["a", "b"]).await.expect("an answer");
    }
    let connection = store.pool().acquire().await.expect("the connection");
    let before = sqlx::Connection::cached_statements_size(&*connection);
    drop(connection);
    store
        .find_by_email("bob@example.com")
        .await
        .expect("an answer");
    let connection = store.pool().acquire().await.expect("the connection");
    assert_eq!(
        sqlx::Connection::cached_statements_size(&*connection),
        before
    );
    assert!(before >= 3, "{before} statements are kept");
}
