//! Typed errors, and what they do not show.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use chrono::Utc;
use sqlx::{
    MySql,
    mysql::{MySqlConnectOptions, MySqlPoolOptions},
    pool::PoolConnection,
};
use users_runtime::{
    UserModel, Value,
    conformance::{BigId, Member},
    store::{
        AccessToken, AccessTokenStore, ColumnValue, MySqlStore, SchemaError, StoreError, UserStore,
    },
};

use crate::support::{User, column, migrated, run, shown, text, user, values};

#[tokio::test]
async fn a_unique_column_of_the_applications_own_is_told_from_the_address() {
    let store = migrated::<User>().await;
    run(&store, "ALTER TABLE user MODIFY nickname VARCHAR(100) COLLATE utf8mb4_general_ci, ADD UNIQUE INDEX nick (nickname)")
        .await;
    let named = |email: &str, name: &str| {
        let mut values = values::<User>(email);
        values[column("nickname")].value = Value::Text(name.into());
        values
    };
    store
        .insert(named("ada@example.com", "Ada"))
        .await
        .expect("a new user");
    let Err(StoreError::Conflict { constraint }) =
        store.insert(named("bob@example.com", "ADA")).await
    else {
        panic!("no conflict")
    };
    assert_eq!(constraint, "nick");
    let bob = user(&store, "bob@example.com").await;
    let changes = vec![text("nickname", "ada"), text("email", "BOB@example.com")];
    assert!(matches!(
        store.update(bob.account().id, changes, None).await,
        Err(StoreError::Conflict { .. })
    ));
}

#[tokio::test]
async fn an_index_of_the_applications_own_on_the_address_means_that_it_is_taken() {
    let store = migrated::<User>().await;
    run(
        &store,
        "DROP INDEX ix_user_email ON user; DROP INDEX ix_user_email_lower ON user; CREATE UNIQUE INDEX mine ON user (email_key)",
    )
    .await;
    store.check().await.expect("an index that serves");
    user(&store, "ada@example.com").await;
    let bob = user(&store, "bob@example.com").await;
    assert!(matches!(
        store.insert(values::<User>("ADA@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    let result = store
        .update(
            bob.account().id,
            vec![text("email", "ADA@example.com")],
            None,
        )
        .await;
    assert!(matches!(result, Err(StoreError::EmailTaken)));
}

#[tokio::test]
async fn case_is_every_alphabets_and_accents_and_blanks_tell_addresses_apart() {
    let store = migrated::<User>().await;
    user(&store, "zoë@example.com").await;
    assert!(matches!(
        store.insert(values::<User>("ZOË@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    assert!(
        store
            .find_by_email("ZOË@example.com")
            .await
            .expect("an answer")
            .is_some()
    );
    for other in [
        "zoe@example.com",
        "straße@example.com",
        "strasse@example.com",
        "ı@example.com",
        "i@example.com",
        "ﬁ@example.com",
    ] {
        assert!(
            store
                .find_by_email(other)
                .await
                .expect("an answer")
                .is_none(),
            "{other}"
        );
        user(&store, other).await;
    }
}

#[tokio::test]
async fn a_number_that_is_infinite_is_refused() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    for infinite in [f64::INFINITY, f64::NEG_INFINITY] {
        let change = ColumnValue {
            column: column("ratio"),
            value: Value::Float(infinite),
        };
        let refused = store.update(ada.account().id, vec![change], None).await;
        assert!(matches!(
            refused,
            Err(StoreError::Value {
                column: "ratio",
                reason: "an infinite number"
            })
        ));
    }
}

#[tokio::test]
async fn a_pool_on_which_the_server_would_cut_values_is_refused() {
    let database = migrated::<User>().await;
    let options: MySqlConnectOptions = database.url.parse().expect("a URL");
    for setting in ["SET sql_mode = ''", "SET NAMES latin1"] {
        let pool = MySqlPoolOptions::new().after_connect(move |connection, _| {
            Box::pin(async move { sqlx::raw_sql(setting).execute(connection).await.map(drop) })
        });
        let store =
            MySqlStore::<User>::new(pool.connect_with(options.clone()).await.expect("a pool"));
        let error = store
            .insert(values::<User>("ada@example.com"))
            .await
            .expect_err("refused");
        assert!(
            matches!(error, StoreError::Database(_)),
            "{setting}: {error:?}"
        );
        assert!(
            shown(&error).contains("STRICT_TRANS_TABLES"),
            "{setting}: {}",
            shown(&error)
        );
        for result in [store.migrate().await, store.check().await] {
            assert!(
                matches!(result, Err(SchemaError::Store(StoreError::Database(_)))),
                "{setting}"
            );
        }
    }
    assert!(
        database
            .find_by_email("ada@example.com")
            .await
            .expect("an answer")
            .is_none()
    );
    let store = MySqlStore::<User>::new(
        MySqlPoolOptions::new()
            .connect_with(options)
            .await
            .expect("a pool"),
    );
    user(&store, "ada@example.com").await;
}

async fn acquired(store: &MySqlStore<User>) -> PoolConnection<MySql> {
    store.pool().acquire().await.expect("a connection")
}

/// An operator makes the server lax, say, while the application runs.
#[tokio::test]
async fn a_connection_on_which_the_server_would_cut_values_is_refused_beside_others_that_serve() {
    let database = migrated::<User>().await;
    run(&database, "ALTER TABLE user MODIFY nickname VARCHAR(5)").await;
    let made = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&made);
    let pool = MySqlPoolOptions::new()
        .max_connections(2)
        .after_connect(move |connection, _| {
            let is_lax = counter.fetch_add(1, Ordering::Relaxed) > 0;
            let setting = if is_lax { "SET sql_mode = ''" } else { "DO 0" };
            Box::pin(async move { sqlx::raw_sql(setting).execute(connection).await.map(drop) })
        });
    let store = MySqlStore::<User>::new(pool.connect(&database.url).await.expect("a pool"));
    // Two connections, one of which is held at any time, so that the other one is used.
    let (strict, lax) = (acquired(&store).await, acquired(&store).await);
    drop(strict);
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    let token = |token: &str| AccessToken {
        token: token.into(),
        user_id: id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token("first")).await.expect("a token");
    let strict = acquired(&store).await;
    drop(lax);
    let change = || store.update(id, vec![text("nickname", "longer than five")], None);
    let error = change().await.expect_err("refused");
    assert!(
        shown(&error).contains("STRICT_TRANS_TABLES"),
        "{}",
        shown(&error)
    );
    let error = store
        .insert_token(token("second"))
        .await
        .expect_err("refused");
    assert!(
        shown(&error).contains("STRICT_TRANS_TABLES"),
        "{}",
        shown(&error)
    );
    assert!(matches!(
        store.delete(id).await,
        Err(StoreError::Database(_))
    ));
    let _lax = acquired(&store).await;
    drop(strict);
    let error = change().await.expect_err("refused by the server");
    assert!(
        shown(&error).contains("longer than the column allows"),
        "{}",
        shown(&error)
    );
    store.insert_token(token("second")).await.expect("a token");
    assert_eq!(made.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_server_that_is_not_strict_is_made_so_on_the_stores_own_connections() {
    let server = crate::server::Server::own().await;
    let operator = sqlx::MySqlPool::connect(&server.operator_url())
        .await
        .expect("a pool");
    sqlx::raw_sql("SET GLOBAL sql_mode = ''")
        .execute(&operator)
        .await
        .expect("a lax server");
    let url = crate::support::create_database(&server).await;
    let store = MySqlStore::<User>::connect(&url).await.expect("a database");
    store.migrate().await.expect("tables");
    run(&store, "ALTER TABLE user MODIFY nickname VARCHAR(5)").await;
    let ada = user(&store, "ada@example.com").await;
    let cut = store
        .update(
            ada.account().id,
            vec![text("nickname", "longer than five")],
            None,
        )
        .await;
    assert!(matches!(cut, Err(StoreError::Value { .. })), "{cut:?}");
}

#[tokio::test]
async fn errors_of_the_server_show_no_values() {
    let store = migrated::<User>().await;
    run(
        &store,
        "ALTER TABLE user MODIFY nickname VARCHAR(20) CHARACTER SET latin1, ADD CONSTRAINT polite CHECK (nickname <> 'secret'),
            ADD UNIQUE INDEX nick (nickname);
         CREATE TRIGGER angry BEFORE UPDATE ON user FOR EACH ROW BEGIN
            IF new.nickname = 'secret raise' THEN
                SET @told = CONCAT('I do not like ', new.nickname);
                SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1054, MESSAGE_TEXT = @told;
            END IF;
         END",
    )
    .await;
    let mut taken = values::<User>("ada@example.com");
    taken[column("nickname")].value = Value::Text("secret twin".into());
    store.insert(taken).await.expect("a new user");
    let bob = user(&store, "bob@example.com").await;
    for (name, part) in [
        (
            "secret",
            "the server answered with error 4025 (SQLSTATE 23000)",
        ),
        ("secret raise", "error 1054 (SQLSTATE 45000)"),
        (
            "secret 🦀",
            "cannot hold this value: a character that the column's character set has not",
        ),
        (
            "a secret that is far too long",
            "column `nickname` cannot hold this value: longer than the column allows",
        ),
        ("secret twin", "`nick` is unique"),
    ] {
        let error = store
            .update(bob.account().id, vec![text("nickname", name)], None)
            .await
            .expect_err("refused");
        let shown = shown(&error);
        assert!(
            shown.contains(part) && !shown.contains("secret"),
            "{name}: {shown}"
        );
    }
}

#[tokio::test]
async fn a_missing_column_is_named() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    run(&store, "ALTER TABLE user DROP COLUMN nickname").await;
    let error = store.find(ada.account().id).await.expect_err("no column");
    assert!(matches!(error, StoreError::Database(_)));
    assert!(
        shown(&error).contains("Unknown column 'user.nickname'"),
        "{}",
        shown(&error)
    );
}

#[tokio::test]
async fn what_is_no_user_is_named_by_its_column_only() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    // A duration, which is no time of the day; the suite's users take whatever the store gives.
    run(&store, "UPDATE user SET wakes_at = '-25:00:00'").await;
    let ada = store
        .find(ada.account().id)
        .await
        .expect("an answer")
        .expect("a user");
    assert!(format!("{ada:?}").contains("Bytes("), "{ada:?}");
    run(&store, "ALTER TABLE user MODIFY is_active BOOL; UPDATE user SET is_active = NULL, email = 'secret@example.com'").await;
    let error = store.find(ada.account().id).await.expect_err("no user");
    assert!(matches!(error, StoreError::Row(_)));
    assert!(
        shown(&error).contains("is_active") && !shown(&error).contains("secret"),
        "{}",
        shown(&error)
    );
}

#[tokio::test]
async fn deleting_needs_no_cascades_and_no_other_tables() {
    let store = migrated::<Member<BigId>>().await;
    run(
        &store,
        "DROP TABLE accesstoken, oauth_account;
         CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at DATETIME(6) NOT NULL, user_id BIGINT NOT NULL);
         CREATE TABLE oauth_account (id SERIAL PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES user (id))",
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
    run(&store, "DROP TABLE accesstoken, oauth_account").await;
    let bob = user(&store, "bob@example.com").await;
    assert_eq!(bob.account().id, &BigId(2), "an id was given twice");
    store.delete(bob.account().id).await.expect("deleted");
}

#[tokio::test]
async fn a_deletion_that_fails_deletes_nothing() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    run(
        &store,
        "CREATE TABLE post (user_id CHAR(36) COLLATE utf8mb4_bin, FOREIGN KEY (user_id) REFERENCES user (id));
         INSERT INTO post SELECT id FROM user",
    )
    .await;
    let error = store.delete(ada.account().id).await.expect_err("refused");
    assert!(matches!(error, StoreError::Database(_)));
    assert!(
        !shown(&error).contains(&ada.account().id.to_string()),
        "{}",
        shown(&error)
    );
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
