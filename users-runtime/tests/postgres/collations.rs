//! Which letters are capitals: the collation of the database says it, or of the column.

use sqlx::Row as _;
use users_runtime::store::{
    Administration as _, PostgresStore, StoreError, UserSearch, UserStore as _,
};

use crate::support::{Store, User, migrated, run, user, values};

/// The server's `lower` asks the collation which letters are capitals: `C` knows those of ASCII only, the database all.
#[tokio::test]
async fn an_address_of_another_collation_than_the_databases_is_found() {
    let database = migrated::<User>().await;
    run(
        &database,
        "ALTER TABLE \"user\" ALTER email TYPE VARCHAR(320) COLLATE \"C\"",
    )
    .await;
    database.check().await.expect("tables that fit");
    let store = PostgresStore::<User>::connect(&database.url)
        .await
        .expect("a database");
    user(&store, "ZOË@example.com").await;
    for (email, is_found) in [
        ("ZOË@example.com", true),
        ("zoË@EXAMPLE.com", true),
        ("zoë@example.com", false),
    ] {
        assert_eq!(
            store
                .find_by_email(email)
                .await
                .expect("an answer")
                .is_some(),
            is_found,
            "{email}"
        );
        let search = UserSearch::new().email(email);
        assert_eq!(
            store.count(&search).await.expect("an answer"),
            u64::from(is_found),
            "{email}"
        );
    }
    user(&store, "zoë@example.com").await;
    assert!(matches!(
        store.insert(values::<User>("zOË@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    is_found_by_the_index(&database).await;
}

/// Fails unless the index that migrating makes serves the look-up, among many users.
async fn is_found_by_the_index(database: &Store<User>) {
    run(
        database,
        "INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified, plan)
            SELECT gen_random_uuid(), 'u' || n || '@example.com', 'hash', TRUE, FALSE, FALSE, 'free' FROM generate_series(1, 5000) n;
         ANALYZE",
    )
    .await;
    let sql = "SET plan_cache_mode = force_generic_plan; PREPARE found (text) AS SELECT id FROM \"user\" \
               WHERE lower(\"user\".\"email\") = lower(CASE WHEN TRUE THEN $1 ELSE \"user\".\"email\" END)";
    let mut connection = database.pool().acquire().await.expect("a connection");
    sqlx::raw_sql(sql)
        .execute(&mut *connection)
        .await
        .expect("valid SQL");
    let rows = sqlx::raw_sql("EXPLAIN (COSTS OFF) EXECUTE found ('a')")
        .fetch_all(&mut *connection)
        .await
        .expect("a plan");
    let plan = rows
        .iter()
        .map(|row| row.get::<String, _>(0))
        .collect::<Vec<_>>()
        .join("; ");
    assert!(
        plan.contains("using ix_user_email_lower")
            && plan.contains("Index Cond: (lower((email)::text) = lower(("),
        "{plan}"
    );
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
