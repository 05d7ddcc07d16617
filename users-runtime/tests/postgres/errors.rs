//! Typed errors, and what they do not show.

use std::time::Duration;

use chrono::Utc;
use sqlx::postgres::PgPoolOptions;
use users_runtime::{
    UserModel, Value,
    conformance::{BigId, Member},
    store::{AccessToken, AccessTokenStore, ColumnValue, PostgresStore, StoreError, UserStore},
};

use crate::support::{User, column, migrated, run, shown, text, user, values};

#[tokio::test]
async fn a_unique_column_of_the_applications_own_is_told_from_the_address() {
    let store = migrated::<User>().await;
    run(
        &store,
        "CREATE UNIQUE INDEX lower_nick ON \"user\" (lower(nickname))",
    )
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
    assert_eq!(constraint, "lower_nick");
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
    run(&store, "DROP INDEX ix_user_email; DROP INDEX ix_user_email_lower; CREATE UNIQUE INDEX mine ON \"user\" (lower(email))")
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
async fn case_is_that_of_the_databases_locale() {
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
async fn text_with_a_nul_is_refused_and_never_found() {
    let store = migrated::<User>().await;
    let refused = store.insert(values::<User>("ada\0l@example.com")).await;
    assert!(matches!(
        refused,
        Err(StoreError::Value {
            column: "email",
            reason: "text with a NUL character"
        })
    ));
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    let refused = store.update(id, vec![text("nickname", "A\0")], None).await;
    assert!(matches!(
        refused,
        Err(StoreError::Value {
            column: "nickname",
            ..
        })
    ));
    let json = ColumnValue {
        column: column("settings"),
        value: Value::Json(serde_json::json!({"a": "\0"})),
    };
    assert!(matches!(
        store.update(id, vec![json], None).await,
        Err(StoreError::Value {
            column: "settings",
            ..
        })
    ));
    assert!(
        store
            .find_by_email("ada@example.com\0")
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(
        store
            .find_token(&["t\0"])
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(!store.delete_token("t\0").await.expect("an answer"));
    let token = AccessToken {
        token: "t\0".into(),
        user_id: id.clone(),
        created_at: Utc::now(),
    };
    assert!(matches!(
        store.insert_token(token).await,
        Err(StoreError::Value {
            column: "token",
            ..
        })
    ));
}

#[tokio::test]
async fn errors_of_the_server_show_no_values() {
    let store = migrated::<User>().await;
    run(
        &store,
        "ALTER TABLE \"user\" ADD CONSTRAINT polite CHECK (nickname <> 'secret');
         CREATE FUNCTION angry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF new.nickname = 'secret raise' THEN RAISE EXCEPTION 'I do not like %', new.nickname; END IF;
            IF new.nickname = 'secret syntax' THEN EXECUTE 'SELECT ' || new.nickname || ' (' ; END IF;
            IF new.nickname = 'secret cast' THEN PERFORM new.nickname::int; END IF;
            RETURN new; END $$;
         CREATE TRIGGER angry BEFORE UPDATE ON \"user\" FOR EACH ROW EXECUTE FUNCTION angry();
         CREATE UNIQUE INDEX nick ON \"user\" (nickname)",
    )
    .await;
    let mut taken = values::<User>("ada@example.com");
    taken[column("nickname")].value = Value::Text("secret twin".into());
    store.insert(taken).await.expect("a new user");
    let bob = user(&store, "bob@example.com").await;
    for (name, part) in [
        (
            "secret",
            "PostgreSQL answered with SQLSTATE 23514, table `user`, constraint `polite`",
        ),
        ("secret raise", "SQLSTATE P0001"),
        ("secret syntax", "SQLSTATE 42601"),
        ("secret cast", "SQLSTATE 22P02"),
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
    run(&store, "ALTER TABLE \"user\" DROP COLUMN nickname").await;
    let error = store.find(ada.account().id).await.expect_err("no column");
    assert!(matches!(error, StoreError::Database(_)));
    assert!(
        shown(&error).contains("column user.nickname does not exist"),
        "{}",
        shown(&error)
    );
}

#[tokio::test]
async fn what_is_no_user_is_named_by_its_column_only() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let seen = ColumnValue {
        column: column("seen_at"),
        value: Value::Timestamp(Utc::now()),
    };
    store
        .update(ada.account().id, vec![seen], None)
        .await
        .expect("changed");
    // Beyond what chrono can hold; the suite's users take whatever the store gives.
    run(
        &store,
        "UPDATE \"user\" SET seen_at = 'infinity', born_on = '-infinity'",
    )
    .await;
    let ada = store
        .find(ada.account().id)
        .await
        .expect("an answer")
        .expect("a user");
    assert!(
        format!("{ada:?}").contains(&format!("Int({})", i64::MAX)),
        "{ada:?}"
    );
    run(
        &store,
        "ALTER TABLE \"user\" ALTER COLUMN is_active DROP NOT NULL; UPDATE \"user\" SET is_active = NULL, email = 'secret@example.com'",
    )
    .await;
    let error = store.find(ada.account().id).await.expect_err("no user");
    assert!(matches!(error, StoreError::Row(_)));
    assert!(
        shown(&error).contains("is_active") && !shown(&error).contains("secret"),
        "{}",
        shown(&error)
    );
}

#[tokio::test]
async fn a_lock_a_time_limit_a_standby_and_an_exhausted_pool_are_unavailable() {
    let database = migrated::<User>().await;
    let ada = user(&database, "ada@example.com").await;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5));
    let store = PostgresStore::<User>::new(pool.connect(&database.url).await.expect("a pool"));
    let mut lock = database.pool().begin().await.expect("a transaction");
    sqlx::raw_sql("SELECT FROM \"user\" FOR UPDATE")
        .execute(&mut *lock)
        .await
        .expect("a lock");
    for setting in [
        "SET lock_timeout = 500",
        "SET lock_timeout = 0; SET statement_timeout = 500",
    ] {
        run(&store, setting).await;
        let change = vec![text("nickname", "Ada")];
        assert!(
            matches!(
                store.update(ada.account().id, change, None).await,
                Err(StoreError::Unavailable(_))
            ),
            "{setting}"
        );
        assert!(
            matches!(
                store.delete(ada.account().id).await,
                Err(StoreError::Unavailable(_))
            ),
            "{setting}"
        );
    }
    lock.rollback().await.expect("unlocked");
    run(
        &store,
        "SET statement_timeout = 0; SET default_transaction_read_only = on",
    )
    .await;
    assert!(matches!(
        store.insert(values::<User>("bob@example.com")).await,
        Err(StoreError::Unavailable(_))
    ));
    let _only = store.pool().acquire().await.expect("the connection");
    assert!(matches!(
        store.find(ada.account().id).await,
        Err(StoreError::Unavailable(_))
    ));
    database.pool().close().await;
    assert!(matches!(
        database.find(ada.account().id).await,
        Err(StoreError::Unavailable(_))
    ));
}

#[tokio::test]
async fn deleting_needs_no_cascades_and_no_other_tables() {
    let store = migrated::<Member<BigId>>().await;
    run(
        &store,
        "DROP TABLE accesstoken; DROP TABLE oauth_account;
         CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at TIMESTAMPTZ NOT NULL, user_id BIGINT NOT NULL);
         CREATE TABLE oauth_account (id SERIAL PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES \"user\" (id))",
    )
    .await;
    let ada = user(&store, "ada@example.com").await;
    run(
        &store,
        "INSERT INTO oauth_account (user_id) SELECT id FROM \"user\"",
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
    run(&store, "DROP TABLE accesstoken; DROP TABLE oauth_account").await;
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
    run(&store, "CREATE TABLE post (user_id UUID REFERENCES \"user\" (id)); INSERT INTO post SELECT id FROM \"user\"").await;
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

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_issued_while_their_user_goes_keep_nobody() {
    let store = migrated::<User>().await;
    // Without a cascade, a token in between would keep the user.
    run(
        &store,
        "DROP TABLE accesstoken; CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at TIMESTAMPTZ NOT NULL,
            user_id UUID NOT NULL REFERENCES \"user\" (id))",
    )
    .await;
    for round in 0..20 {
        let id = user(&store, "ada@example.com").await.account().id.clone();
        let issue = |number: u32| {
            let token = AccessToken {
                token: format!("{round}-{number}"),
                user_id: id.clone(),
                created_at: Utc::now(),
            };
            store.insert_token(token)
        };
        let (deleted, a, b, c) = tokio::join!(store.delete(&id), issue(1), issue(2), issue(3));
        deleted.expect("deleted");
        for issued in [a, b, c] {
            assert!(
                matches!(issued, Ok(()) | Err(StoreError::NotFound)),
                "{issued:?}"
            );
        }
    }
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM accesstoken")
        .fetch_one(store.pool())
        .await
        .expect("a count");
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_commit_that_fails_is_not_a_success() {
    let store = migrated::<User>().await;
    // A deferred foreign key is judged by the commit, after the row was returned.
    run(
        &store,
        "ALTER TABLE \"user\" ADD COLUMN invited_by UUID DEFAULT gen_random_uuid() REFERENCES \"user\" (id)
            DEFERRABLE INITIALLY DEFERRED",
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

#[tokio::test]
async fn the_debug_form_of_a_store_shows_its_tables_only() {
    let store = migrated::<User>().await;
    assert_eq!(
        format!("{:?}", *store),
        "SqlStore { tables: Names { tokens: \"accesstoken\", oauth: \"oauth_account\", prefix: \"\" }, .. }"
    );
}
