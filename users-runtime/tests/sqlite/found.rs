//! What is found on SQLite alone.

use users_runtime::{
    UserModel as _,
    conformance::{IntId, Member, UuidId},
    store::{
        AccessTokenStore as _, Administration as _, Finding, FindingKind, Severity, SqliteStore,
        UserStore as _,
    },
};

use crate::{
    cases::{self, healthy},
    standard::run,
    support::{User, empty, migrated, values},
};

type Numbered = Member<IntId>;

/// So many users whose ids are this of `i`.
async fn users_with_ids(store: &SqliteStore<User>, count: u32, id: &str) {
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, plan)
         SELECT {id}, 'u' || i || '@example.com', 'hash', TRUE, FALSE, FALSE, 'free' FROM n"
    );
    run(store, &sql).await;
}

#[tokio::test]
async fn ids_in_another_form_are_told_and_their_users_examined() {
    let unreadable = FindingKind::UnreadableHashes { format: "unknown" };
    for (count, id) in [
        (3, "printf('ABCDEF00-0000-4000-8000-%012d', i)"),
        (3, "printf('abcdef00000040008000%012d', i)"),
        (3, "CAST(printf('%016d', i) AS BLOB)"),
        (1500, "printf('ABCDEF00-0000-4000-8000-%012d', i)"),
        (1500, "CAST(printf('%016d', i) AS BLOB)"),
        (
            2500,
            "CASE i % 2 WHEN 0 THEN printf('abcdef00000040008000%012d', i) ELSE CAST(printf('%016d', i) AS BLOB) END",
        ),
    ] {
        let store = migrated::<User>().await;
        users_with_ids(&store, count, id).await;
        let findings = store.doctor().await.expect("an answer");
        let found = findings
            .iter()
            .map(|finding| (&finding.kind, finding.count, finding.ids.len()))
            .collect::<Vec<_>>();
        let [all, listed] = [u64::from(count), u64::from(count.min(10))];
        let listed = usize::try_from(listed).expect("a number");
        assert_eq!(
            found,
            [
                (&FindingKind::UnfindableIds, all, listed),
                (&unreadable, all, listed)
            ],
            "{id}"
        );
    }
}

#[tokio::test]
async fn the_form_that_is_looked_for_is_none_to_tell() {
    let store = migrated::<User>().await;
    users_with_ids(&store, 1500, "printf('abcdef00-0000-4000-8000-%012d', i)").await;
    let findings = store.doctor().await.expect("an answer");
    assert_eq!(
        findings
            .iter()
            .map(|finding| (finding.code(), finding.count))
            .collect::<Vec<_>>(),
        [("unreadable_hashes", 1500)]
    );
    let store = empty::<User>().await.uuids_without_hyphens();
    store.migrate().await.expect("tables");
    users_with_ids(&store, 3, "printf('abcdef00000040008000%012d', i)").await;
    let findings = store.doctor().await.expect("an answer");
    assert_eq!(
        findings
            .iter()
            .map(|finding| (finding.code(), finding.count))
            .collect::<Vec<_>>(),
        [("unreadable_hashes", 3)]
    );
}

/// Such a token would outlive what ends all of its user's sessions.
#[tokio::test]
async fn rows_with_a_users_id_in_another_form_are_told() {
    let store = migrated::<User>().await;
    run(&store, &healthy()).await;
    run(&store, "PRAGMA foreign_keys = OFF").await;
    run(
        &store,
        "UPDATE accesstoken SET user_id = replace(user_id, '-', ''); UPDATE oauth_account SET user_id = CAST(user_id AS BLOB)",
    )
    .await;
    assert_eq!(
        store
            .delete_tokens_of(&cases::id(9100).parse().map(UuidId).expect("an id"), None)
            .await
            .expect("an answer"),
        0
    );
    let findings = store.doctor().await.expect("an answer");
    let found = findings
        .iter()
        .map(|finding| (finding.code(), finding.severity(), finding.count))
        .collect::<Vec<_>>();
    assert_eq!(
        found,
        [
            ("unfindable_owners", Severity::Error, 1),
            ("unfindable_owners", Severity::Error, 2)
        ]
    );
    let shown = findings
        .iter()
        .map(Finding::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    for table in ["accesstoken", "oauth_account"] {
        assert!(
            shown.contains(&format!(
                "rows of `{table}` whose `user_id` is stored in another form"
            )),
            "{shown}"
        );
    }
    assert_eq!(findings[0].ids, [cases::id(9100)]);
}

/// The table as SQLAlchemy makes it.
const REUSING: &str = "CREATE TABLE user (id INTEGER NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL, \
                       is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL, PRIMARY KEY (id))";

/// What the page about databases says, for this table.
const MENDED: &str = "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; \
    CREATE TABLE user_new (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) \
        NOT NULL, is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL); \
    INSERT INTO user_new SELECT id, email, hashed_password, is_active, is_superuser, is_verified FROM user; DROP TABLE user; ALTER TABLE user_new RENAME TO user; \
    COMMIT; PRAGMA foreign_keys = ON;";

#[tokio::test]
async fn a_table_that_gives_ids_out_again_is_told_until_it_is_made_anew() {
    let reused = async |store: &SqliteStore<Numbered>| {
        let findings = store.doctor().await.expect("an answer");
        let codes = findings
            .iter()
            .map(|finding| (finding.code(), finding.severity()));
        codes
            .collect::<Vec<_>>()
            .contains(&("reused_ids", Severity::Warning))
    };
    let fresh = migrated::<Numbered>().await;
    assert!(!reused(&fresh).await);
    let store = empty::<Numbered>().await;
    let run = async |sql: &'static str| {
        sqlx::raw_sql(sql)
            .execute(store.pool())
            .await
            .expect("valid SQL");
    };
    run(REUSING).await;
    store.migrate().await.expect("what is missing");
    assert!(reused(&store).await);
    let insert = async |email: &str| {
        let user = store.insert(values::<Numbered>(email)).await;
        user.expect("a new user").account().id.clone()
    };
    let first = insert("first@example.com").await;
    store.delete(&first).await.expect("deleted");
    assert_eq!(insert("second@example.com").await, first, "what is told");

    run(MENDED).await;
    store.migrate().await.expect("the indexes");
    store.check().await.expect("a table that fits");
    assert!(!reused(&store).await);
    let second = insert("third@example.com").await;
    store.delete(&second).await.expect("deleted");
    assert_ne!(insert("fourth@example.com").await, second);
}
