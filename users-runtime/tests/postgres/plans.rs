//! Look-ups use indexes: PostgreSQL's own plans of the statements that the store has prepared.

use sqlx::{
    AssertSqlSafe, PgConnection, PgPool, Row,
    postgres::{PgPoolOptions, PgRow},
};
use users_runtime::{
    UserModel,
    store::{AccessTokenStore, PostgresStore, UserStore},
};

use crate::{
    look_ups::ask_everything,
    support::{User, migrated, run, user},
};

/// A pool of one connection, whose prepared statements are the store's.
async fn one(url: &str) -> PgPool {
    PgPoolOptions::new()
        .max_connections(1)
        .connect(url)
        .await
        .expect("a pool")
}

/// What the connection has prepared: the name, the text and the number of arguments of each.
async fn prepared(connection: &mut PgConnection) -> Vec<(String, String, i32)> {
    let sql = "SELECT name, statement, cardinality(parameter_types) FROM pg_prepared_statements WHERE statement NOT LIKE '%pg_%'";
    let rows = sqlx::query(sql)
        .persistent(false)
        .fetch_all(connection)
        .await
        .expect("an answer");
    rows.iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect()
}

async fn plan(connection: &mut PgConnection, name: &str, arguments: i32) -> String {
    let nulls = vec!["NULL"; usize::try_from(arguments).expect("a number")].join(", ");
    let sql = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) EXECUTE \"{name}\" ({nulls})"));
    let rows = sqlx::raw_sql(sql)
        .fetch_all(connection)
        .await
        .expect("a plan");
    rows.iter()
        .map(|row: &PgRow| row.get::<String, _>(0))
        .collect::<Vec<_>>()
        .join("; ")
}

#[tokio::test]
async fn every_look_up_searches_an_index() {
    let database = migrated::<User>().await;
    run(
        &database,
        "INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified, plan)
            SELECT gen_random_uuid(), 'User' || n || '@example.com', 'hash', TRUE, FALSE, FALSE, 'free' FROM generate_series(1, 5000) n;
         INSERT INTO accesstoken SELECT id::text, now() - interval '1 hour', id FROM \"user\";
         ANALYZE",
    )
    .await;
    let pool = one(&database.url).await;
    let store = PostgresStore::<User>::new(pool.clone());
    let ada = user(&store, "ada@example.com").await;
    ask_everything(&store, ada.account().id).await;
    store.delete(ada.account().id).await.expect("deleted");

    let mut connection = pool.acquire().await.expect("the connection");
    sqlx::raw_sql("SET plan_cache_mode = force_generic_plan")
        .execute(&mut *connection)
        .await
        .expect("valid SQL");
    let mut indexes = Vec::new();
    for (name, statement, arguments) in prepared(&mut connection).await {
        let plan = plan(&mut connection, &name, arguments).await;
        // The table of OAuth accounts is empty: whatever it is searched with costs nothing.
        let is_searched = plan.contains("Index")
            || statement.contains("oauth_account")
            || statement.starts_with("INSERT");
        assert!(is_searched, "{statement}: {plan}");
        if statement.starts_with("SELECT") {
            indexes.extend(plan.split("; ").next().map(str::to_owned));
        }
        if statement.contains("lower(") {
            assert!(
                plan.contains("Index Scan using ix_user_email_lower on \"user\""),
                "{plan}"
            );
            assert!(
                plan.contains("Index Cond: (lower((email)::text) = lower("),
                "{plan}"
            );
        }
    }
    assert!(indexes.len() >= 5, "{indexes:?}");
}

#[tokio::test]
async fn statements_are_prepared_once_per_connection() {
    let database = migrated::<User>().await;
    let pool = one(&database.url).await;
    let store = PostgresStore::<User>::new(pool.clone());
    for round in 0..3 {
        user(&store, &format!("ada{round}@example.com")).await;
        store
            .find_by_email("ada@example.com")
            .await
            .expect("an answer");
        store.find_token(&["a", "b"]).await.expect("an answer");
    }
    let prepared = prepared(&mut pool.acquire().await.expect("the connection")).await;
    assert_eq!(prepared.len(), 3, "{prepared:?}");
}

#[tokio::test]
async fn a_column_that_is_changed_meanwhile_is_read_by_those_who_know_its_old_type() {
    let database = migrated::<User>().await;
    let store = PostgresStore::<User>::new(one(&database.url).await);
    let ada = user(&store, "ada@example.com").await;
    store
        .find(ada.account().id)
        .await
        .expect("an answer")
        .expect("a user");
    run(
        &database,
        "ALTER TABLE \"user\" ALTER COLUMN plan TYPE TEXT, ALTER COLUMN settings TYPE JSONB",
    )
    .await;
    store
        .find(ada.account().id)
        .await
        .expect("an answer")
        .expect("a user");
    user(&store, "bob@example.com").await;
}
