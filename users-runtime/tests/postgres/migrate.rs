//! Creating tables, and judging those that are there.

use std::sync::Arc;

use users_runtime::{
    UserModel,
    conformance::{BigId, IntId, Member, TextId},
    store::{PostgresStore, SchemaError, SchemaProblemKind as Kind, UserStore},
};

use crate::support::{Database, User, empty, migrated, run, run_text, user};

/// The columns of `Member` but the six, as its store makes them.
const EXTRAS: &str = "nickname VARCHAR, is_curious BOOLEAN, small SMALLINT, medium INTEGER, \"order\" BIGINT, ratio FLOAT, \
                      avatar BYTEA, tenant UUID, seen_at TIMESTAMPTZ, born_on DATE, wakes_at TIME, settings JSON, \
                      plan VARCHAR(10) NOT NULL";

const SIX: &str = "id UUID NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL, \
                   is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL";

fn kinds(error: &SchemaError) -> Vec<&Kind> {
    match error {
        SchemaError::Mismatch(problems) => problems.iter().map(|problem| &problem.kind).collect(),
        other => panic!("{other}"),
    }
}

/// Everything that the database has in its schema.
async fn dump(store: &Database<User>) -> Vec<String> {
    let sql = "SELECT format('%s %s %s %s', table_name, column_name, data_type, column_default) \
                   FROM information_schema.columns WHERE table_schema = 'public' \
               UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
               UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
               ORDER BY 1";
    sqlx::query_scalar(sql)
        .fetch_all(store.pool())
        .await
        .expect("a schema")
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let store = migrated::<User>().await;
    let before = dump(&store).await;
    user(&store, "ada@example.com").await;
    store.migrate().await.expect("nothing to do");
    assert_eq!(dump(&store).await, before);
    store.check().await.expect("tables that fit");
}

#[tokio::test]
async fn every_kind_of_id_has_a_table_that_fits() {
    migrated::<Member<BigId>>()
        .await
        .check()
        .await
        .expect("i64");
    migrated::<Member<IntId>>()
        .await
        .check()
        .await
        .expect("i32");
    migrated::<Member<TextId>>()
        .await
        .check()
        .await
        .expect("string");
}

#[tokio::test]
async fn the_text_of_the_schema_makes_what_migrating_makes() {
    let store = empty::<User>().await;
    let sql = store.schema_sql();
    for line in [
        "CREATE TABLE IF NOT EXISTS \"user\" (\n\t\"id\" UUID NOT NULL,\n\t\"email\" VARCHAR(320) NOT NULL,",
        "\n\t\"hashed_password\" VARCHAR(1024) NOT NULL,\n\t\"is_active\" BOOLEAN NOT NULL,",
        "CREATE UNIQUE INDEX IF NOT EXISTS \"ix_user_email\" ON \"user\" (\"email\");",
        "CREATE UNIQUE INDEX IF NOT EXISTS \"ix_user_email_lower\" ON \"user\" (lower(\"email\"));",
        "\n\t\"token\" VARCHAR(43) NOT NULL,\n\t\"created_at\" TIMESTAMP WITH TIME ZONE NOT NULL,\n\t\"user_id\" UUID NOT NULL,",
        "\n\tFOREIGN KEY(\"user_id\") REFERENCES \"user\" (\"id\") ON DELETE CASCADE\n);",
    ] {
        assert!(sql.contains(line), "{line}\nis not in\n{sql}");
    }
    run_text(&store, sql.clone()).await;
    run_text(&store, sql).await;
    store.check().await.expect("tables that fit");
    assert_eq!(dump(&store).await, dump(&migrated().await).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_wait_for_each_other() {
    for _ in 0..3 {
        let database = Arc::new(empty::<User>().await);
        let mut starts = tokio::task::JoinSet::new();
        for number in 0..8 {
            let database = Arc::clone(&database);
            starts.spawn(async move {
                let store = PostgresStore::<User>::connect(&database.url)
                    .await
                    .expect("a database");
                store.migrate().await.expect("tables");
                user(&store, &format!("user{number}@example.com")).await;
                store.pool().close().await;
            });
        }
        starts.join_all().await;
        let users: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM \"user\"")
            .fetch_one(database.pool())
            .await
            .expect("a count");
        assert_eq!(users, 8);
    }
}

#[tokio::test]
async fn a_database_without_tables_is_told_what_to_run() {
    let error = empty::<User>().await.check().await.expect_err("no tables");
    assert_eq!(kinds(&error), [&Kind::MissingTable, &Kind::MissingTable]);
}

#[tokio::test]
async fn columns_are_added_where_the_rows_can_get_a_value() {
    let store = empty::<User>().await;
    run_text(
        &store,
        format!("CREATE TABLE \"user\" ({SIX}, PRIMARY KEY (id))"),
    )
    .await;
    run(&store, "INSERT INTO \"user\" VALUES (gen_random_uuid(), 'ada@example.com', 'h', TRUE, FALSE, FALSE)").await;
    let error = store.check().await.expect_err("columns are missing");
    let add = "call `migrate()`, or run `ALTER TABLE \"user\" ADD COLUMN \"plan\" VARCHAR(10) NOT NULL DEFAULT 'it''s free'`";
    assert!(error.to_string().contains(add), "{error}");
    store.migrate().await.expect("columns");
    store.check().await.expect("tables that fit");
    let ada = store
        .find_by_email("ADA@example.com")
        .await
        .expect("an answer")
        .expect("a user");
    assert!(format!("{ada:?}").contains("it's free"), "{ada:?}");
}

#[tokio::test]
async fn a_column_that_rows_cannot_get_a_value_for_stops_the_migration() {
    let store = empty::<User>().await;
    run(
        &store,
        "CREATE TABLE \"user\" (id UUID PRIMARY KEY, email VARCHAR(320) NOT NULL)",
    )
    .await;
    let before = dump(&store).await;
    let error = store.migrate().await.expect_err("no hash");
    let missing = Kind::MissingColumn {
        column: "hashed_password".into(),
    };
    assert!(kinds(&error).contains(&&missing), "{error}");
    assert_eq!(dump(&store).await, before, "something half-done was left");
}

#[tokio::test]
async fn addresses_that_differ_in_case_stop_the_migration_and_are_named_by_id() {
    let store = empty::<User>().await;
    run_text(
        &store,
        format!("CREATE TABLE \"user\" ({SIX}, {EXTRAS}, PRIMARY KEY (id))"),
    )
    .await;
    run(
        &store,
        "INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified, plan) VALUES
            ('00000000-0000-4000-8000-000000000001', 'Ada@example.com', 'h', TRUE, FALSE, FALSE, 'free'),
            ('00000000-0000-4000-8000-000000000002', 'ada@example.com', 'h', TRUE, FALSE, FALSE, 'free'),
            ('00000000-0000-4000-8000-000000000003', 'bob@example.com', 'h', TRUE, FALSE, FALSE, 'free')",
    )
    .await;
    let before = dump(&store).await;
    let error = store.migrate().await.expect_err("duplicates");
    let text = error.to_string();
    let SchemaError::DuplicateEmails { addresses: 1, ids } = error else {
        panic!("{error}")
    };
    assert_eq!(
        ids.concat(),
        [
            "00000000-0000-4000-8000-000000000001",
            "00000000-0000-4000-8000-000000000002"
        ]
    );
    assert!(!text.contains("example.com"), "{text}");
    assert_eq!(dump(&store).await, before, "something half-done was left");
    for email in ["Ada@example.com", "ada@example.com"] {
        let found = store
            .find_by_email(email)
            .await
            .expect("an answer")
            .expect("a user");
        assert_eq!(found.account().email, email);
    }
    run(
        &store,
        "DELETE FROM \"user\" WHERE email = 'Ada@example.com'",
    )
    .await;
    store.migrate().await.expect("one user per address");
}

#[tokio::test]
async fn wrong_columns_are_named_with_what_mends_them() {
    let store = empty::<User>().await;
    let six = SIX.replace(
        "is_verified BOOLEAN NOT NULL",
        "is_verified BOOLEAN, invited_by VARCHAR NOT NULL",
    );
    let sql = format!("CREATE TABLE \"user\" ({six}, {EXTRAS}, PRIMARY KEY (id))")
        .replace("nickname VARCHAR", "nickname VARCHAR(9)")
        .replace("medium INTEGER", "\"Medium\" INTEGER")
        .replace("seen_at TIMESTAMPTZ", "seen_at TIMESTAMP")
        .replace("small SMALLINT", "small SMALLINT NOT NULL");
    run_text(&store, sql).await;
    let error = store.check().await.expect_err("problems");
    let column = |name: &str| name.to_owned();
    let found = column("character varying(9)");
    assert_eq!(
        kinds(&error),
        [
            &Kind::Nullable {
                column: column("is_verified")
            },
            &Kind::WrongType {
                column: column("nickname"),
                found,
                expected: column("VARCHAR")
            },
            &Kind::NotNullable {
                column: column("small")
            },
            &Kind::MissingColumn {
                column: column("medium")
            },
            &Kind::UnknownRequiredColumn {
                column: column("invited_by")
            },
            &Kind::MissingEmailIndex,
            &Kind::MissingTable,
        ]
    );
    assert!(
        error
            .to_string()
            .contains("or the field shorter with `#[fastapi_users(length(max = …))]`"),
        "{error}"
    );
}

#[tokio::test]
async fn only_an_index_that_serves_every_look_up_counts() {
    let store = migrated::<User>().await;
    for (index, serves) in [
        ("UNIQUE INDEX mine ON \"user\" ((lower((\"email\"))))", true),
        (
            "UNIQUE INDEX mine ON \"user\" (lower(email)) INCLUDE (id)",
            true,
        ),
        ("INDEX mine ON \"user\" (lower(email))", false),
        (
            "UNIQUE INDEX mine ON \"user\" (lower(email)) WHERE is_active",
            false,
        ),
        ("UNIQUE INDEX mine ON \"user\" (lower(email), plan)", false),
        ("UNIQUE INDEX mine ON \"user\" (lower(nickname))", false),
        ("UNIQUE INDEX mine ON \"user\" (upper(email))", false),
        (
            "UNIQUE INDEX mine ON \"user\" (lower(email) COLLATE \"POSIX\")",
            false,
        ),
    ] {
        run_text(
            &store,
            format!("DROP INDEX IF EXISTS mine, ix_user_email_lower; CREATE {index}"),
        )
        .await;
        assert_eq!(store.check().await.is_ok(), serves, "{index}");
        store.migrate().await.expect("an index");
        let made: bool =
            sqlx::query_scalar("SELECT to_regclass('ix_user_email_lower') IS NOT NULL")
                .fetch_one(store.pool())
                .await
                .expect("an answer");
        assert_eq!(made, !serves, "{index}");
    }
}

#[tokio::test]
async fn tables_in_another_schema_of_the_search_path_are_served() {
    let database = migrated::<User>().await;
    run(&database, "CREATE SCHEMA users; ALTER TABLE \"user\" SET SCHEMA users; ALTER TABLE accesstoken SET SCHEMA users").await;
    run(
        &database,
        "DROP TABLE oauth_account; CREATE INDEX oauth_account ON users.\"user\" (plan)",
    )
    .await;
    let url = format!("{}?options[search_path]=public,users", database.url);
    let store = PostgresStore::<User>::connect(&url)
        .await
        .expect("a database");
    store.migrate().await.expect("the missing table");
    let ada = user(&store, "ada@example.com").await;
    store.delete(ada.account().id).await.expect("deleted");
}

#[tokio::test]
async fn keys_that_are_lost_are_told_with_what_to_run() {
    let store = migrated::<User>().await;
    let run = async |sql: &str| crate::standard::run(&store, sql).await;
    crate::keys::judge(
        &store.schema_sql(),
        run,
        async || store.migrate().await,
        async || store.check().await,
    )
    .await;
}
