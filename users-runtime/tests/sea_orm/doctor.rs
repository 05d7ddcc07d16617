//! Examining a live database.

use sea_orm::ConnectionTrait;
use users_runtime::{
    conformance::{Member, UuidId},
    store::{Administration as _, SeaOrmStore, UserSearch},
};
use uuid::Uuid;

use crate::{
    cases::{cases, healthy, is_answered, with_unreadable_hash},
    support::{connect, migrated},
};

type User = Member<UuidId>;

async fn run(store: &SeaOrmStore<User>, sql: &str) {
    let sql = with_ids_as_bytes(&sql.replace(" ID ", " UUID_TEXT "));
    store
        .connection()
        .execute_unprepared(&sql)
        .await
        .expect("valid SQL");
}

/// Ids as SeaORM stores them on SQLite, where the cases have texts.
fn with_ids_as_bytes(sql: &str) -> String {
    let part = |(position, part): (usize, &str)| match (position % 2, Uuid::parse_str(part)) {
        (1, Ok(id)) => format!("X'{}'", id.simple()),
        (1, Err(_)) => format!("'{part}'"),
        _ => part.to_owned(),
    };
    sql.split('\'').enumerate().map(part).collect()
}

#[tokio::test]
async fn nothing_is_found_where_nothing_is_wrong() {
    let store = migrated::<User>().await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
    run(&store, &healthy()).await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
    assert_eq!(store.count(&UserSearch::new()).await.expect("an answer"), 3);
}

#[tokio::test]
async fn every_problem_is_found() {
    for case in cases() {
        let store = migrated::<User>().await;
        run(&store, &healthy()).await;
        run(&store, &case.sql).await;
        let findings = store.examine(&case.expected()).await;
        case.judge(&findings.expect("an answer"));
    }
}

#[tokio::test]
async fn a_connection_that_may_only_read_is_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = format!("sqlite://{}/users.db", folder.path().display());
    let store =
        SeaOrmStore::<User>::new(connect(&format!("{file}?mode=rwc"), 1).await).expect("a store");
    store.migrate().await.expect("tables");
    run(&store, &with_unreadable_hash()).await;
    let reader =
        SeaOrmStore::<User>::new(connect(&format!("{file}?mode=ro"), 1).await).expect("a store");
    reader
        .connection()
        .execute_unprepared("DELETE FROM user")
        .await
        .expect_err("it may write");
    is_answered::<User>(&reader).await;
}

#[tokio::test]
async fn ids_as_text_are_told_and_their_users_examined() {
    let store = migrated::<User>().await;
    let texts = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
        INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, plan)
        SELECT printf('abcdef00-0000-4000-8000-%012d', i), 'u' || i || '@example.com', 'hash', TRUE, FALSE, FALSE, 'free' FROM n;
        INSERT INTO accesstoken (token, created_at, user_id) SELECT 't', '2026-01-01T00:00:00+00:00', MIN(id) FROM user";
    store
        .connection()
        .execute_unprepared(texts)
        .await
        .expect("valid SQL");
    let findings = store.doctor().await.expect("an answer");
    let found = findings
        .iter()
        .map(|finding| (finding.code(), finding.count))
        .collect::<Vec<_>>();
    assert_eq!(
        found,
        [
            ("unfindable_ids", 1500),
            ("unfindable_owners", 1),
            ("unreadable_hashes", 1500)
        ]
    );
}
