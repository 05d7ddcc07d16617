//! Servers and connections that would cut values instead of refusing them.

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
    UserModel,
    store::{AccessToken, AccessTokenStore, MySqlStore, SchemaError, StoreError, UserStore},
};

use crate::support::{User, migrated, run, shown, text, user, values};

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
