//! What keeps a store from answering for a while.

use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use users_runtime::{
    UserModel as _,
    store::{PostgresStore, StoreError, UserStore as _},
};

use crate::support::{User, migrated, run, text, user, values};

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
