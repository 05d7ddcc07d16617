//! Creating tables, and judging those that are there.

use std::sync::Arc;

use users_runtime::{
    conformance::{BigId, IntId, Member, TextId},
    store::{MySqlStore, SchemaError, SchemaProblemKind as Kind, UserStore},
};

use crate::support::{User, dump, empty, migrated, run, run_text, user};

/// The columns of `Member` but the six, as its store makes them.
const EXTRAS: &str = "nickname LONGTEXT, is_curious BOOL, small SMALLINT, medium INTEGER, `order` BIGINT, ratio DOUBLE, \
                      avatar LONGBLOB, tenant CHAR(36), seen_at DATETIME(6), born_on DATE, wakes_at TIME(6), settings JSON, \
                      plan VARCHAR(10) NOT NULL";

const SIX: &str = "id CHAR(36) NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL, \
                   is_active BOOL NOT NULL, is_superuser BOOL NOT NULL, is_verified BOOL NOT NULL";

fn kinds(error: &SchemaError) -> Vec<&Kind> {
    match error {
        SchemaError::Mismatch(problems) => problems.iter().map(|problem| &problem.kind).collect(),
        other => panic!("{other}"),
    }
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
        "CREATE TABLE IF NOT EXISTS `user` (\n\t`id` CHAR(36) NOT NULL,\n\t`email` VARCHAR(320) NOT NULL,",
        "\n\t`hashed_password` VARCHAR(1024) NOT NULL,\n\t`is_active` BOOL NOT NULL,",
        "\n\t`email_key` VARBINARY(1280) GENERATED ALWAYS AS (CAST(LOWER(CONVERT(`email` USING utf8mb4) COLLATE utf8mb4_bin) AS BINARY)) \
         STORED,\n\tPRIMARY KEY (`id`),",
        "\n\tUNIQUE INDEX `ix_user_email` (`email`),\n\tUNIQUE INDEX `ix_user_email_lower` (`email_key`)\n) ENGINE=InnoDB",
        "\n\t`token` VARCHAR(43) NOT NULL,\n\t`created_at` DATETIME(6) NOT NULL,\n\t`user_id` CHAR(36) NOT NULL,",
        "\n\tFOREIGN KEY(`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE,\n\tINDEX `ix_accesstoken_created_at` (`created_at`),",
    ] {
        assert!(sql.contains(line), "{line}\nis not in\n{sql}");
    }
    run_text(&store, sql.clone()).await;
    run_text(&store, sql).await;
    store.check().await.expect("tables that fit");
    assert_eq!(dump(&store).await, dump(&migrated::<User>().await).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_wait_for_each_other() {
    for _ in 0..3 {
        let database = Arc::new(empty::<User>().await);
        let mut starts = tokio::task::JoinSet::new();
        for number in 0..8 {
            let database = Arc::clone(&database);
            starts.spawn(async move {
                let store = MySqlStore::<User>::connect(&database.url)
                    .await
                    .expect("a database");
                store.migrate().await.expect("tables");
                user(&store, &format!("user{number}@example.com")).await;
                store.pool().close().await;
            });
        }
        starts.join_all().await;
        let users: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM user")
            .fetch_one(database.pool())
            .await
            .expect("a count");
        assert_eq!(users, 8);
    }
}

#[tokio::test]
async fn a_migration_that_ended_in_any_way_keeps_no_other_away() {
    let store = empty::<User>().await;
    run(
        &store,
        "CREATE TABLE user (id CHAR(36) PRIMARY KEY, email VARCHAR(320) NOT NULL)",
    )
    .await;
    store.migrate().await.expect_err("no hash");
    run(&store, "DROP TABLE user").await;
    let given_up = tokio::time::timeout(std::time::Duration::from_millis(5), store.migrate()).await;
    drop(given_up);
    store.migrate().await.expect("tables");
    store.check().await.expect("tables that fit");
}

#[tokio::test]
async fn a_migration_that_broke_off_is_completed_by_the_next() {
    let store = migrated::<User>().await;
    let whole = dump(&store).await;
    run(&store, "DROP TABLE oauth_account; ALTER TABLE user DROP INDEX ix_user_email_lower, DROP COLUMN settings").await;
    run(
        &store,
        "ALTER TABLE accesstoken DROP INDEX ix_accesstoken_created_at",
    )
    .await;
    store.migrate().await.expect("the rest");
    assert_eq!(dump(&store).await, whole);
    run(
        &store,
        "ALTER TABLE user DROP INDEX ix_user_email_lower, DROP COLUMN email_key",
    )
    .await;
    let error = store.check().await.expect_err("no key");
    let fix = "run `ALTER TABLE `user` ADD COLUMN `email_key` VARBINARY(1280) GENERATED ALWAYS AS (CAST(LOWER(CONVERT(`email` USING \
               utf8mb4) COLLATE utf8mb4_bin) AS BINARY)) STORED; CREATE UNIQUE INDEX `ix_user_email_lower` ON `user` (`email_key`)`";
    assert!(error.to_string().contains(fix), "{error}");
    store.migrate().await.expect("the rest");
    assert_eq!(dump(&store).await, whole);
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
        format!("CREATE TABLE user ({SIX}, PRIMARY KEY (id))"),
    )
    .await;
    run(
        &store,
        "INSERT INTO user VALUES (UUID(), 'Ada@example.com', 'h', TRUE, FALSE, FALSE)",
    )
    .await;
    let error = store.check().await.expect_err("columns are missing");
    let add = "call `migrate()`, or run `ALTER TABLE `user` ADD COLUMN `plan` VARCHAR(10) NOT NULL DEFAULT ('it''s free')`";
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
async fn what_migrating_cannot_mend_stops_it_before_the_first_change() {
    let store = empty::<User>().await;
    run(
        &store,
        "CREATE TABLE user (id CHAR(36) PRIMARY KEY, email VARCHAR(320) NOT NULL)",
    )
    .await;
    let before = dump(&store).await;
    let error = store.migrate().await.expect_err("no hash");
    let missing = Kind::MissingColumn {
        column: "hashed_password".into(),
    };
    assert!(kinds(&error).contains(&&missing), "{error}");
    assert_eq!(dump(&store).await, before, "something half-done was left");
    run(&store, "DROP TABLE user; CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at DATE NOT NULL)").await;
    let before = dump(&store).await;
    let error = store.migrate().await.expect_err("an instant is no date");
    assert!(
        kinds(&error)
            .iter()
            .any(|kind| matches!(kind, Kind::WrongType { column, .. } if column == "created_at")),
        "{error}"
    );
    assert_eq!(dump(&store).await, before, "something half-done was left");
}

#[tokio::test]
async fn addresses_that_differ_in_case_stop_the_migration_and_are_named_by_id() {
    let store = empty::<User>().await;
    run_text(
        &store,
        format!("CREATE TABLE user ({SIX}, {EXTRAS}, PRIMARY KEY (id))"),
    )
    .await;
    run(
        &store,
        "INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, plan) VALUES
            ('00000000-0000-4000-8000-000000000001', 'Zoë@example.com', 'h', TRUE, FALSE, FALSE, 'free'),
            ('00000000-0000-4000-8000-000000000002', 'zoË@example.com', 'h', TRUE, FALSE, FALSE, 'free'),
            ('00000000-0000-4000-8000-000000000003', 'zoe@example.com', 'h', TRUE, FALSE, FALSE, 'free'),
            ('00000000-0000-4000-8000-000000000004', 'zoe@example.com ', 'h', TRUE, FALSE, FALSE, 'free')",
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
    run(&store, "DELETE FROM user WHERE id LIKE '%1'").await;
    store.migrate().await.expect("one user per address");
    for email in ["zoë@example.com", "zoe@example.com", "zoe@example.com "] {
        assert!(
            store
                .find_by_email(email)
                .await
                .expect("an answer")
                .is_some(),
            "{email}"
        );
    }
}

#[tokio::test]
async fn wrong_columns_are_named_with_what_mends_them() {
    let store = empty::<User>().await;
    let six = SIX.replace(
        "is_verified BOOL NOT NULL",
        "is_verified BOOL, invited_by VARCHAR(9) NOT NULL",
    );
    let sql = format!("CREATE TABLE user ({six}, {EXTRAS}, PRIMARY KEY (id))")
        .replace("nickname LONGTEXT", "nickname VARCHAR(9)")
        .replace("ratio DOUBLE", "ratio FLOAT")
        .replace("seen_at DATETIME(6)", "seen_at TIMESTAMP NULL")
        .replace("small SMALLINT", "small SMALLINT NOT NULL")
        .replace("wakes_at TIME(6)", "wakes_at TIME(6) AS ('01:02:03')");
    run_text(&store, sql).await;
    let error = store.check().await.expect_err("problems");
    let wrong = |column: &str, found: &str, expected: &str| Kind::WrongType {
        column: column.into(),
        found: found.into(),
        expected: expected.into(),
    };
    let column = |name: &str| name.to_owned();
    assert_eq!(
        kinds(&error),
        [
            &Kind::Nullable {
                column: column("is_verified")
            },
            &wrong("nickname", "varchar(9)", "LONGTEXT"),
            &Kind::NotNullable {
                column: column("small")
            },
            &wrong("ratio", "float", "DOUBLE"),
            &wrong(
                "wakes_at",
                "time(6) generated always as ('01:02:03')",
                "TIME(6)"
            ),
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
        ("UNIQUE INDEX mine ON user (email_key)", true),
        ("INDEX mine ON user (email_key)", false),
        ("UNIQUE INDEX mine ON user (email_key(100))", false),
        ("UNIQUE INDEX mine ON user (email_key, plan)", false),
        ("UNIQUE INDEX mine ON user (email)", false),
    ] {
        run_text(
            &store,
            format!("DROP INDEX IF EXISTS mine ON user; DROP INDEX IF EXISTS ix_user_email_lower ON user; CREATE {index}"),
        )
        .await;
        assert_eq!(store.check().await.is_ok(), serves, "{index}");
        store.migrate().await.expect("an index");
        let sql = "SELECT COUNT(*) FROM information_schema.statistics \
                   WHERE table_schema = DATABASE() AND index_name = 'ix_user_email_lower'";
        let made: i64 = sqlx::query_scalar(sql)
            .fetch_one(store.pool())
            .await
            .expect("an answer");
        assert_eq!(made == 1, !serves, "{index}");
    }
}

#[tokio::test]
async fn a_column_of_the_applications_own_is_not_taken_for_the_key() {
    let store = empty::<User>().await;
    run_text(
        &store,
        format!("CREATE TABLE user ({SIX}, {EXTRAS}, email_key VARCHAR(320), PRIMARY KEY (id))"),
    )
    .await;
    let before = dump(&store).await;
    for error in [
        store.check().await.expect_err("no key"),
        store.migrate().await.expect_err("no key"),
    ] {
        assert!(kinds(&error).contains(&&Kind::MissingEmailIndex), "{error}");
        assert!(
            error
                .to_string()
                .contains("give the column `email_key` another name"),
            "{error}"
        );
    }
    assert_eq!(dump(&store).await, before, "something half-done was left");
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
