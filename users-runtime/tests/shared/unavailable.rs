//! What keeps a store from answering for a while.

use std::time::Duration;

use sqlx::pool::PoolOptions;
use users_runtime::{
    UserModel as _,
    store::{StoreError, UserStore as _},
};

use crate::{
    sessions::{IMPATIENT, LOCK_ROWS, READ_ONLY, READ_WRITE},
    support::{Connection, Store, User, migrated, run, text, user, values},
};

type Options = PoolOptions<<Connection as sqlx::Connection>::Database>;

fn is_unavailable<T>(answer: &Result<T, StoreError>) -> bool {
    matches!(answer, Err(StoreError::Unavailable(_)))
}

#[tokio::test]
async fn a_lock_a_time_limit_a_standby_and_an_exhausted_pool_are_unavailable() {
    let database = migrated::<User>().await;
    let ada = user(&database, "ada@example.com").await;
    let id = ada.account().id;
    let pool = Options::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5));
    let store = Store::<User>::new(pool.connect(&database.url).await.expect("a pool"));
    let change = || store.update(id, vec![text("nickname", "Ada")], None);
    let mut lock = database.pool().begin().await.expect("a transaction");
    sqlx::raw_sql(LOCK_ROWS)
        .execute(&mut *lock)
        .await
        .expect("a lock");
    for setting in IMPATIENT {
        run(&store, setting).await;
        let changed = change().await;
        assert!(is_unavailable(&changed), "{setting}: {changed:?}");
        assert!(is_unavailable(&store.delete(id).await), "{setting}");
    }
    lock.rollback().await.expect("unlocked");
    run(&store, READ_ONLY).await;
    assert!(is_unavailable(
        &store.insert(values::<User>("bob@example.com")).await
    ));
    run(&store, READ_WRITE).await;
    change().await.expect("changed");
    let _only = store.pool().acquire().await.expect("the connection");
    assert!(is_unavailable(&store.find(id).await));
    database.pool().close().await;
    assert!(is_unavailable(&database.find(id).await));
}
