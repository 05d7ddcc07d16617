//! Operations on declared tables use indexes: SQLite's own plans of the store's own statements.

use sqlx::{AssertSqlSafe, Row};

use super::{Statement, Verb};
use crate::{
    conformance::{BY_ID, BY_LABEL, BY_TITLE, Holder, NOTES, OLDEST, TAKE, USE, UuidId},
    store::{LIMITS, SqliteStore, StoreError},
};

type Store = SqliteStore<Holder<UuidId>>;

async fn plan(store: &Store, statement: &Statement) -> String {
    let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", statement.sql.as_str()));
    let rows = sqlx::query(sql)
        .fetch_all(store.pool())
        .await
        .expect("a plan");
    rows.iter()
        .map(|row| row.get::<String, _>("detail"))
        .collect::<Vec<_>>()
        .join("; ")
}

#[tokio::test]
async fn every_operation_searches_an_index() -> Result<(), StoreError> {
    let store = Store::connect("sqlite::memory:").await?;
    store.migrate().await.expect("tables");
    let by_key = "SEARCH note USING INDEX sqlite_autoindex_note_1 (id=?)";
    let by_title = "SEARCH note USING INDEX uq_note_user_id_title (user_id=? AND title=?)";
    let by_label = "SEARCH note USING INDEX uq_note_label (label=?)";
    let by_expiry = "SEARCH note USING INDEX sqlite_autoindex_note_1 (id=?); LIST SUBQUERY";
    let find = |find| store.rendered(Verb::Find, find, &NOTES, |text| text.find(find));
    let with_user = store.rendered(Verb::FindWithUser, &BY_ID, &NOTES, |text| {
        text.find_with_user::<Holder<UuidId>>(&BY_ID)
    })?;
    for (statement, expected) in [
        (find(&BY_ID)?, by_key),
        (find(&BY_TITLE)?, by_title),
        (find(&BY_LABEL)?, by_label),
        (with_user, by_key),
        (
            store.rendered(Verb::List, &OLDEST, &NOTES, |text| text.list(&OLDEST))?,
            "SEARCH note USING INDEX ix_note_user_id_expires_at (user_id=?)",
        ),
        (
            store.rendered(Verb::Change, &USE, &NOTES, |text| text.change(&USE))?,
            by_key,
        ),
        (
            store.rendered(Verb::Take, &TAKE, &NOTES, |text| text.take(&TAKE))?,
            by_key,
        ),
        (
            store.rendered(Verb::DeleteOf, &NOTES, &NOTES, |text| {
                text.delete_of("user_id")
            })?,
            "SEARCH note USING",
        ),
        (
            store.rendered(Verb::Purge, &NOTES, &NOTES, |text| {
                text.purge(&NOTES, "expires_at")
            })?,
            by_expiry,
        ),
        (
            store.rendered(Verb::DeleteByKey, &LIMITS, &LIMITS, |text| {
                text.delete_by_key(&LIMITS)
            })?,
            "SEARCH auth_limit USING",
        ),
    ] {
        let plan = plan(&store, &statement).await;
        let is_searched = plan.starts_with(expected) && !plan.contains("SCAN");
        assert!(is_searched, "{}: {plan}", statement.sql.as_str());
    }
    Ok(())
}

#[tokio::test]
async fn an_operation_is_rendered_once() -> Result<(), StoreError> {
    let store = Store::connect("sqlite::memory:").await?;
    let find = || store.rendered(Verb::Find, &BY_ID, &NOTES, |text| text.find(&BY_ID));
    assert!(std::sync::Arc::ptr_eq(&find()?, &find()?));
    let prefixed = store.clone().table_prefix("staff_");
    let other = prefixed.rendered(Verb::Find, &BY_ID, &NOTES, |text| text.find(&BY_ID))?;
    assert!(other.sql.as_str().contains("\"staff_note\""));
    Ok(())
}
