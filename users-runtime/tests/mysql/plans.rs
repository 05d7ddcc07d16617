//! Look-ups use indexes: the server's own plans of the statements that the store has run.

use sqlx::{
    AssertSqlSafe, MySqlPool, Row,
    mysql::{MySqlPoolOptions, MySqlRow},
};
use users_runtime::{
    UserModel,
    conformance::{Member, TextId},
    store::{AccessTokenStore, ColumnValue, MySqlStore, UserStore},
    value::Value,
};

use crate::{
    look_ups::ask_everything,
    server::Server,
    support::{User, column, create_database, migrated, run, user},
};

/// What the server was asked to run since its log was begun, with the arguments in place.
async fn logged(pool: &MySqlPool) -> Vec<String> {
    let sql = "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log WHERE command_type = 'Execute' ORDER BY event_time";
    sqlx::query_scalar(sql)
        .fetch_all(pool)
        .await
        .expect("a log")
}

/// For each table of a plan, how it is read and the index.
async fn plan(pool: &MySqlPool, statement: &str) -> Vec<(String, Option<String>)> {
    let sql = AssertSqlSafe(format!("EXPLAIN {statement}"));
    let rows = sqlx::raw_sql(sql).fetch_all(pool).await.expect("a plan");
    let text = |row: &MySqlRow, name: &str| row.get_unchecked::<Option<String>, _>(name);
    rows.iter()
        .map(|row| (text(row, "type").unwrap_or_default(), text(row, "key")))
        .collect()
}

#[tokio::test]
async fn every_look_up_searches_an_index() {
    // The log is the whole server's.
    let server = Server::own().await;
    let url = create_database(&server).await;
    let store = MySqlStore::<User>::connect(&url).await.expect("a database");
    store.migrate().await.expect("tables");
    run(
        &store,
        "INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, plan)
            SELECT UUID(), CONCAT('User', seq, '@example.com'), 'hash', TRUE, FALSE, FALSE, 'free' FROM seq_1_to_5000;
         INSERT INTO accesstoken (token, created_at, user_id) SELECT id, NOW() - INTERVAL 1 HOUR, id FROM user;
         INSERT INTO oauth_account SELECT id, id, 'google', 't', NULL, NULL, id, email FROM user;
         ANALYZE TABLE user, accesstoken, oauth_account",
    )
    .await;
    let ada = user(&store, "ada@example.com").await;
    run(
        &store,
        "SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = ON",
    )
    .await;
    // What was prepared before is logged without its arguments.
    let fresh = MySqlStore::<User>::connect(&url).await.expect("a database");
    ask_everything(&fresh, ada.account().id).await;
    run(&store, "SET GLOBAL general_log = OFF").await;

    let statements = logged(store.pool()).await;
    let of_tables = statements
        .iter()
        .filter(|sql| sql.contains("FROM `") || sql.contains("UPDATE `"))
        .collect::<Vec<_>>();
    assert!(of_tables.len() >= 13, "{statements:?}");
    let mut keys = Vec::new();
    for statement in of_tables {
        for (how, key) in plan(store.pool(), statement).await {
            // A search for what is not there ends before there is a plan.
            assert!(
                ["const", "eq_ref", "ref", "range", ""].contains(&how.as_str()),
                "{statement}: {how}"
            );
            keys.extend(key);
        }
    }
    for key in [
        "PRIMARY",
        "ix_user_email_lower",
        "ix_accesstoken_user_id",
        "ix_accesstoken_created_at",
        "ix_oauth_account_user_id",
    ] {
        assert!(
            keys.iter().any(|used| used == key),
            "{key} is not in {keys:?}"
        );
    }
}

#[tokio::test]
async fn an_id_that_is_a_text_is_searched_for_in_an_index_of_any_collation() {
    let server = Server::own().await;
    let url = create_database(&server).await;
    let store = MySqlStore::<Member<TextId>>::connect(&url)
        .await
        .expect("a database");
    for collation in [
        "utf8mb4_bin",
        "utf8mb4_general_ci",
        "utf8mb4_unicode_520_ci",
    ] {
        let tables = store
            .schema_sql()
            .replace("=utf8mb4_bin", &format!("={collation}"));
        sqlx::raw_sql(AssertSqlSafe(tables))
            .execute(store.pool())
            .await
            .expect("tables");
        let ada = user(&store, "ada@example.com").await;
        run(&store, "SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON").await;
        let fresh = MySqlStore::<Member<TextId>>::connect(&url)
            .await
            .expect("a database");
        fresh
            .find(ada.account().id)
            .await
            .expect("an answer")
            .expect("a user");
        run(&store, "SET GLOBAL general_log = OFF").await;
        let statements = logged(store.pool()).await;
        let plan = plan(store.pool(), statements.last().expect("a statement")).await;
        assert_eq!(
            plan,
            [("const".to_owned(), Some("PRIMARY".to_owned()))],
            "{collation}"
        );
        run(&store, "DROP TABLE accesstoken, oauth_account, user").await;
    }
}

#[tokio::test]
async fn statements_are_prepared_once_per_connection() {
    let database = migrated::<User>().await;
    let pool = MySqlPoolOptions::new()
        .max_connections(1)
        .connect(&database.url)
        .await
        .expect("a pool");
    let store = MySqlStore::<User>::new(pool);
    let sizes = || async {
        sqlx::Connection::cached_statements_size(
            &*store.pool().acquire().await.expect("the connection"),
        )
    };
    let mut seen = Vec::new();
    for round in 0..3 {
        user(&store, &format!("ada{round}@example.com")).await;
        store
            .find_by_email("ada@example.com")
            .await
            .expect("an answer");
        store.find_token(&["a", "b"]).await.expect("an answer");
        seen.push(sizes().await);
    }
    assert!(
        seen[0] >= 4 && seen.iter().all(|size| *size == seen[0]),
        "{seen:?} statements are kept"
    );
}

#[tokio::test]
async fn a_column_that_is_changed_meanwhile_is_read_by_those_who_know_its_old_type() {
    let database = migrated::<User>().await;
    let pool = MySqlPoolOptions::new()
        .max_connections(1)
        .connect(&database.url)
        .await
        .expect("a pool");
    let store = MySqlStore::<User>::new(pool);
    let ada = user(&store, "ada@example.com").await;
    store
        .find(ada.account().id)
        .await
        .expect("an answer")
        .expect("a user");
    run(&database, "ALTER TABLE user MODIFY plan TEXT NOT NULL, MODIFY medium BIGINT, ADD COLUMN more INT FIRST").await;
    let change = ColumnValue {
        column: column("medium"),
        value: Value::Int(7),
    };
    let changed = store
        .update(ada.account().id, vec![change], None)
        .await
        .expect("changed");
    assert!(format!("{changed:?}").contains("Int(7)"), "{changed:?}");
    store
        .find(ada.account().id)
        .await
        .expect("an answer")
        .expect("a user");
    user(&store, "bob@example.com").await;
}
