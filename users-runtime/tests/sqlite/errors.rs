//! Typed errors, and what they do not show.

use std::time::Duration;

use chrono::Utc;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use users_runtime::{
    Column, UserModel, Value,
    conformance::{BigId, Member, UuidId},
    store::{AccessToken, AccessTokenStore, ColumnValue, SqliteStore, StoreError, UserStore},
};

use crate::support::{Folder, User, migrated, run, user, values};

fn column(name: &str) -> usize {
    User::COLUMNS
        .iter()
        .position(|column: &Column| column.name == name)
        .expect("a column")
}

#[tokio::test]
async fn a_unique_column_of_the_applications_own_is_told_from_the_address() {
    let store = migrated::<User>().await;
    run(&store, "CREATE UNIQUE INDEX nick ON user (nickname); CREATE UNIQUE INDEX lower_nick ON user (lower(nickname))").await;
    let named = |email: &str, name: &str| {
        let mut values = values::<User>(email);
        values[column("nickname")].value = Value::Text(name.into());
        values
    };
    store
        .insert(named("ada@example.com", "Ada"))
        .await
        .expect("a new user");
    for (name, expected) in [("Ada", "nickname"), ("ADA", "lower_nick")] {
        match store.insert(named("bob@example.com", name)).await {
            // SQLite checks the indexes in an order of its own.
            Err(StoreError::Conflict { constraint }) => {
                assert!(constraint == expected || constraint == "lower_nick");
            }
            other => panic!("{name}: {:?}", other.err()),
        }
    }
}

#[tokio::test]
async fn an_index_of_the_applications_own_on_the_address_means_that_it_is_taken() {
    let store = migrated::<User>().await;
    run(&store, "DROP INDEX ix_user_email; DROP INDEX ix_user_email_lower; CREATE UNIQUE INDEX mine ON user (lower(email))")
        .await;
    user(&store, "ada@example.com").await;
    let bob = user(&store, "bob@example.com").await;
    assert!(matches!(
        store.insert(values::<User>("ADA@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    let change = ColumnValue {
        column: column("email"),
        value: Value::Text("ADA@example.com".into()),
    };
    let result = store.update(bob.account().id, vec![change], None).await;
    assert!(matches!(result, Err(StoreError::EmailTaken)));
}

#[tokio::test]
async fn a_token_for_a_user_who_is_gone_is_refused() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    store.delete(ada.account().id).await.expect("deleted");
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    assert!(matches!(
        store.insert_token(token).await,
        Err(StoreError::NotFound)
    ));
}

#[tokio::test]
async fn a_locked_database_is_unavailable_and_then_available_again() {
    let folder = Folder::new();
    let store = SqliteStore::<User>::connect(&folder.url())
        .await
        .expect("a database");
    store.migrate().await.expect("tables");
    let options =
        SqliteConnectOptions::new().filename(folder.url().trim_start_matches("sqlite://"));
    let pool = SqlitePoolOptions::new()
        .connect_with(options.busy_timeout(Duration::from_millis(50)))
        .await
        .expect("a pool");
    let impatient = SqliteStore::<User>::new(pool);
    let ada = user(&store, "ada@example.com").await;
    let lock = store
        .pool()
        .begin_with("BEGIN IMMEDIATE")
        .await
        .expect("the lock");
    assert!(matches!(
        impatient.insert(values::<User>("bob@example.com")).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(
        impatient.delete(ada.account().id).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(
        impatient
            .find(ada.account().id)
            .await
            .expect("readers do not wait")
            .is_some()
    );
    lock.rollback().await.expect("unlocked");
    user(&impatient, "bob@example.com").await;
}

#[tokio::test]
async fn a_closed_pool_a_missing_folder_and_an_exhausted_pool_are_unavailable() {
    let store = migrated::<User>().await;
    store.pool().close().await;
    assert!(matches!(
        store.find_by_email("ada@example.com").await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(
        SqliteStore::<User>::connect("sqlite:///no/such/folder/users.db").await,
        Err(StoreError::Unavailable(_))
    ));
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5));
    let store = SqliteStore::<User>::new(pool.connect("sqlite::memory:").await.expect("a pool"));
    store.migrate().await.expect("tables");
    let _only = store.pool().acquire().await.expect("the connection");
    assert!(matches!(
        store.find_by_email("ada@example.com").await,
        Err(StoreError::Unavailable(_))
    ));
}

#[tokio::test]
async fn what_is_no_user_is_named_by_its_column_only() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    run(&store, "UPDATE user SET is_active = 'secret'").await;
    let error = store.find(ada.account().id).await.expect_err("no user");
    assert!(matches!(error, StoreError::Row(_)));
    let shown = format!(
        "{error} {error:?} {}",
        std::error::Error::source(&error).expect("a source")
    );
    assert!(
        shown.contains("is_active") && !shown.contains("secret"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_missing_column_is_an_error_and_never_its_own_name() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    run(&store, "ALTER TABLE user DROP COLUMN nickname").await;
    assert!(matches!(
        store.find(ada.account().id).await,
        Err(StoreError::Database(_))
    ));
    assert!(matches!(
        store.update(ada.account().id, Vec::new(), None).await,
        Err(StoreError::Database(_))
    ));
    let change = ColumnValue {
        column: column("email"),
        value: Value::Text("b@example.com".into()),
    };
    assert!(matches!(
        store.update(ada.account().id, vec![change], None).await,
        Err(StoreError::Database(_))
    ));
}

#[tokio::test]
async fn text_with_a_nul_is_stored_as_it_is() {
    let store = migrated::<User>().await;
    let email = "ada\0l@example.com";
    let mut new = values::<User>(email);
    new[column("nickname")].value = Value::Text("A\0da\0".into());
    let ada = store.insert(new).await.expect("a new user");
    assert_eq!(ada.account().email, email);
    let found = store
        .find_by_email("ADA\0L@example.com")
        .await
        .expect("an answer")
        .expect("the user");
    assert_eq!(found.account().email, email);
    let stored =
        sqlx::query_as::<_, (String, String)>("SELECT hex(email), hex(nickname) FROM user")
            .fetch_one(store.pool())
            .await;
    assert_eq!(
        stored.expect("a row"),
        (
            "616461006C406578616D706C652E636F6D".into(),
            "4100646100".into()
        )
    );
    assert!(matches!(
        store.insert(values::<User>("Ada\0L@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    user(&store, "ada\0m@example.com").await;
    assert!(
        store
            .find_by_email("ada")
            .await
            .expect("an answer")
            .is_none()
    );
    let token = AccessToken {
        token: "t\0u".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    assert!(
        store
            .find_token(&["t", "t\0"])
            .await
            .expect("an answer")
            .is_none()
    );
    assert_eq!(
        store
            .find_token(&["t\0u"])
            .await
            .expect("an answer")
            .expect("the token")
            .token,
        "t\0u"
    );
    assert!(store.delete_token("t\0u").await.expect("an answer"));
}

#[tokio::test]
async fn a_default_with_a_nul_can_be_added_to_a_table_with_rows() {
    let store = migrated::<User>().await;
    user(&store, "ada@example.com").await;
    run(
        &store,
        "ALTER TABLE user ADD COLUMN motto VARCHAR NOT NULL DEFAULT (CAST(X'610027' AS TEXT))",
    )
    .await;
    let motto = sqlx::query_as::<_, (String, String)>("SELECT typeof(motto), hex(motto) FROM user")
        .fetch_one(store.pool())
        .await;
    assert_eq!(motto.expect("a row"), ("text".into(), "610027".into()));
}

#[tokio::test]
async fn a_column_that_does_not_exist_or_is_given_twice_is_refused() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let change = |column, value: &str| ColumnValue {
        column,
        value: Value::Text(value.into()),
    };
    let result = store
        .update(ada.account().id, vec![change(999, "x")], None)
        .await;
    assert!(matches!(result, Err(StoreError::Database(_))));
    let twice = vec![
        change(column("nickname"), "a"),
        change(column("nickname"), "b"),
    ];
    assert!(matches!(
        store.update(ada.account().id, twice, None).await,
        Err(StoreError::Value { .. })
    ));
}

#[tokio::test]
async fn deleting_needs_no_cascades() {
    let store = migrated::<Member<BigId>>().await;
    run(
        &store,
        "DROP TABLE accesstoken; DROP TABLE oauth_account;
         CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at TIMESTAMP NOT NULL, user_id INTEGER NOT NULL);
         CREATE TABLE oauth_account (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id))",
    )
    .await;
    let ada = user(&store, "ada@example.com").await;
    run(
        &store,
        "INSERT INTO oauth_account (user_id) SELECT id FROM user",
    )
    .await;
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    store.delete(ada.account().id).await.expect("deleted");
    let count = sqlx::query_scalar::<_, i64>(
        "SELECT (SELECT COUNT(*) FROM oauth_account) + (SELECT COUNT(*) FROM accesstoken)",
    );
    assert_eq!(count.fetch_one(store.pool()).await.expect("a count"), 0);
}

#[tokio::test]
async fn deleting_needs_no_other_tables() {
    let store = migrated::<User>().await;
    run(&store, "DROP TABLE accesstoken; DROP TABLE oauth_account").await;
    let ada = user(&store, "ada@example.com").await;
    store.delete(ada.account().id).await.expect("deleted");
}

#[tokio::test]
async fn a_deletion_that_fails_deletes_nothing() {
    let store = migrated::<Member<UuidId>>().await;
    let ada = user(&store, "ada@example.com").await;
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    run(&store, "CREATE TABLE post (user_id CHAR(36) REFERENCES user (id)); INSERT INTO post SELECT id FROM user").await;
    assert!(matches!(
        store.delete(ada.account().id).await,
        Err(StoreError::Database(_))
    ));
    assert!(
        store.find_token(&["t"]).await.expect("an answer").is_some(),
        "the token went, but the user stayed"
    );
    assert!(
        store
            .find(ada.account().id)
            .await
            .expect("an answer")
            .is_some()
    );
}

#[tokio::test]
async fn a_commit_that_fails_is_not_a_success() {
    let store = migrated::<User>().await;
    // A deferred foreign key is judged by the commit, after the row was returned.
    run(
        &store,
        "ALTER TABLE user ADD COLUMN invited_by CHAR(36) DEFAULT NULL REFERENCES user (id) DEFERRABLE INITIALLY DEFERRED;
         CREATE TRIGGER invite AFTER INSERT ON user BEGIN UPDATE user SET invited_by = 'nobody' WHERE id = new.id; END",
    )
    .await;
    assert!(matches!(
        store.insert(values::<User>("ada@example.com")).await,
        Err(StoreError::Database(_))
    ));
    assert!(
        store
            .find_by_email("ada@example.com")
            .await
            .expect("an answer")
            .is_none()
    );
}

#[test]
fn the_debug_form_of_a_store_shows_its_tables_only() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = runtime.block_on(migrated::<User>());
    assert_eq!(
        format!("{store:?}"),
        "SqlStore { tables: Names { tokens: \"accesstoken\", oauth: \"oauth_account\", prefix: \"\" }, .. }"
    );
}
