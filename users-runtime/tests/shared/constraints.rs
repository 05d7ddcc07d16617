//! Columns, indexes and keys of the application's own, and those that are missing.

use users_runtime::{
    UserModel as _,
    conformance::{BigId, Member},
    store::{AccessTokenStore as _, StoreError, UserStore as _},
    value::Value,
};

use crate::{
    errors::token,
    failures::{
        CONFLICTS, MISSING_COLUMN, NEXT_ID, OWN_EMAIL_INDEX, PLAIN_TABLES, UNIQUE_NICKNAME,
    },
    standard,
    support::{Store, User, column, migrated, run, run_text, shown, text, user, values},
};

#[tokio::test]
async fn a_unique_column_of_the_applications_own_is_told_from_the_address() {
    let store = migrated::<User>().await;
    run(&store, UNIQUE_NICKNAME).await;
    let named = |email: &str, name: &str| {
        let mut values = values::<User>(email);
        values[column("nickname")].value = Value::Text(name.into());
        values
    };
    store
        .insert(named("ada@example.com", "Ada"))
        .await
        .expect("a new user");
    for (name, constraints) in CONFLICTS {
        let refused = store.insert(named("bob@example.com", name)).await;
        let Err(StoreError::Conflict { constraint }) = refused else {
            panic!("{name}: {:?}", refused.err())
        };
        assert!(constraints.contains(&&*constraint), "{name}: {constraint}");
    }
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
    run(&store, OWN_EMAIL_INDEX).await;
    store.check().await.expect("an index that serves");
    user(&store, "ada@example.com").await;
    let bob = user(&store, "bob@example.com").await;
    assert!(matches!(
        store.insert(values::<User>("ADA@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    let change = vec![text("email", "ADA@example.com")];
    let result = store.update(bob.account().id, change, None).await;
    assert!(matches!(result, Err(StoreError::EmailTaken)));
}

#[tokio::test]
async fn a_missing_column_is_an_error_and_never_its_own_name() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    standard::run(&store, "ALTER TABLE \"user\" DROP COLUMN nickname").await;
    for error in [
        store.find(id).await.expect_err("no column"),
        store
            .update(id, Vec::new(), None)
            .await
            .expect_err("no column"),
        store
            .update(id, vec![text("email", "b@example.com")], None)
            .await
            .expect_err("no column"),
    ] {
        assert!(matches!(error, StoreError::Database(_)));
        assert!(shown(&error).contains(MISSING_COLUMN), "{}", shown(&error));
    }
}

#[tokio::test]
async fn deleting_needs_no_cascades_and_no_other_tables() {
    let store = migrated::<Member<BigId>>().await;
    run(&store, "DROP TABLE accesstoken; DROP TABLE oauth_account").await;
    run(&store, PLAIN_TABLES).await;
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    let account = format!("INSERT INTO oauth_account (user_id) VALUES ({})", id.0);
    run_text(&store, account).await;
    store.insert_token(token(id)).await.expect("a token");
    store.delete(id).await.expect("deleted");
    let count = sqlx::query_scalar::<_, i64>(
        "SELECT (SELECT COUNT(*) FROM oauth_account) + (SELECT COUNT(*) FROM accesstoken)",
    );
    assert_eq!(count.fetch_one(store.pool()).await.expect("a count"), 0);
    run(&store, "DROP TABLE accesstoken; DROP TABLE oauth_account").await;
    let bob = user(&store, "bob@example.com").await;
    assert_eq!(bob.account().id, &BigId(NEXT_ID));
    store.delete(bob.account().id).await.expect("deleted");
}

#[tokio::test]
async fn the_debug_form_of_a_store_shows_its_tables_only() {
    let database = migrated::<User>().await;
    let store: &Store<User> = &database;
    assert_eq!(
        format!("{store:?}"),
        "SqlStore { tables: Names { tokens: \"accesstoken\", oauth: \"oauth_account\", prefix: \"\" }, .. }"
    );
}
