//! Creating tables, and judging those that are there.

use std::{fmt::Write as _, sync::Arc};

use users_runtime::{
    UserModel as _,
    conformance::{BigId, IntId, Member, TextId},
    store::{SchemaError, SchemaProblemKind as Kind, UserStore as _},
};

use crate::{
    keys, standard,
    statements::{
        ADD_PLAN, ADDRESSES, COUNT_USERS, EMAIL_INDEXES, EXTRAS, FOUND_AFTERWARDS, FOUND_BEFORE,
        SCHEMA, SIX, WITHOUT_EMAIL_INDEXES, WRONG, WRONG_IS_TOLD, wrong_kinds,
    },
    support::{Store, User, dump, empty, migrated, opened_often, run, run_text, user},
};

/// What is wrong with the tables.
pub(crate) fn kinds(error: &SchemaError) -> Vec<&Kind> {
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
    let (big, int, text) = (
        migrated::<Member<BigId>>().await,
        migrated::<Member<IntId>>().await,
        migrated::<Member<TextId>>().await,
    );
    big.check().await.expect("i64");
    int.check().await.expect("i32");
    text.check().await.expect("string");
}

#[tokio::test]
async fn the_text_of_the_schema_makes_what_migrating_makes() {
    let store = empty::<User>().await;
    let sql = store.schema_sql();
    for line in SCHEMA {
        assert!(sql.contains(line), "{line}\nis not in\n{sql}");
    }
    run_text(&store, sql.clone()).await;
    run_text(&store, sql).await;
    store.check().await.expect("tables that fit");
    let made = migrated::<User>().await;
    assert_eq!(dump(&store).await, dump(&made).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_wait_for_each_other() {
    for _ in 0..5 {
        let database = Arc::new(opened_often().await);
        let mut starts = tokio::task::JoinSet::new();
        for number in 0..8 {
            let database = Arc::clone(&database);
            starts.spawn(async move {
                let store = Store::<User>::connect(&database.url)
                    .await
                    .expect("a database");
                store.migrate().await.expect("tables");
                user(&store, &format!("user{number}@example.com")).await;
                store.pool().close().await;
            });
        }
        starts.join_all().await;
        let users: i64 = sqlx::query_scalar(COUNT_USERS)
            .fetch_one(database.pool())
            .await
            .expect("a count");
        assert_eq!(users, 8);
        database.pool().close().await;
    }
}

#[tokio::test]
async fn a_database_without_tables_is_told_what_to_run() {
    let store = empty::<User>().await;
    let error = store.check().await.expect_err("no tables");
    assert_eq!(kinds(&error), [&Kind::MissingTable, &Kind::MissingTable]);
    let text = error.to_string();
    assert!(
        text.contains("there is no table `user`; call `migrate()`")
            && text.contains("`accesstoken`"),
        "{text}"
    );
}

#[tokio::test]
async fn columns_are_added_where_the_rows_can_get_a_value() {
    let store = empty::<User>().await;
    let table = format!(
        "CREATE TABLE \"user\" ({SIX}, PRIMARY KEY (id));
         INSERT INTO \"user\" VALUES ('36102973-63ab-4b7b-80a1-0ca4f70f8d9d', 'Ada@example.com', 'h', TRUE, FALSE, FALSE)"
    );
    standard::run(&store, &table).await;
    let error = store.check().await.expect_err("columns are missing");
    let add = format!("call `migrate()`, or run `{ADD_PLAN}`");
    assert!(error.to_string().contains(&add), "{error}");
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
async fn users_of_a_table_without_flags_become_active_and_neither_superuser_nor_verified() {
    let store = empty::<User>().await;
    standard::run(
        &store,
        "CREATE TABLE \"user\" ( id ID NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL, PRIMARY KEY (id));
         INSERT INTO \"user\" VALUES ('36102973-63ab-4b7b-80a1-0ca4f70f8d9d', 'ada@example.com', 'h')",
    )
    .await;
    store.migrate().await.expect("columns");
    store.check().await.expect("tables that fit");
    let ada = store
        .find_by_email("ada@example.com")
        .await
        .expect("an answer")
        .expect("a user");
    let account = ada.account();
    let flags = [account.is_active, account.is_superuser, account.is_verified];
    assert_eq!(flags, [true, false, false]);
}

#[tokio::test]
async fn a_column_that_rows_cannot_get_a_value_for_stops_the_migration() {
    let store = empty::<User>().await;
    standard::run(
        &store,
        "CREATE TABLE \"user\" ( id ID NOT NULL, email VARCHAR(320) NOT NULL, PRIMARY KEY (id))",
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

/// An id of a row that a test has made.
fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

#[tokio::test]
async fn addresses_that_differ_in_case_stop_the_migration_and_are_named_by_id() {
    let store = empty::<User>().await;
    let mut sql = format!("CREATE TABLE \"user\" ({SIX}, {EXTRAS}, PRIMARY KEY (id));");
    for (number, email) in (1..).zip(ADDRESSES) {
        write!(
            sql,
            "INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified, plan) \
                VALUES ('{}', '{email}', 'h', TRUE, FALSE, FALSE, 'free');",
            id(number)
        )
        .expect("a text");
    }
    standard::run(&store, &sql).await;
    let before = dump(&store).await;
    let error = store.migrate().await.expect_err("duplicates");
    let text = error.to_string();
    let SchemaError::DuplicateEmails { addresses: 1, ids } = error else {
        panic!("{error}")
    };
    assert_eq!(ids.concat(), [id(1), id(2)]);
    assert!(
        text.starts_with("1 e-mail addresses") && !text.contains("example.com"),
        "{text}"
    );
    assert_eq!(dump(&store).await, before, "something half-done was left");
    // It serves them all the same where it can, each by the address as it is stored.
    for email in FOUND_BEFORE {
        let found = store.find_by_email(email).await.expect("an answer");
        let found = found.expect(email).account().email.to_owned();
        assert!(found == *email || !ADDRESSES.contains(email), "{found}");
    }
    standard::run(
        &store,
        &format!("DELETE FROM \"user\" WHERE id = '{}'", id(1)),
    )
    .await;
    store.migrate().await.expect("one user per address");
    for email in FOUND_AFTERWARDS {
        let found = store.find_by_email(email).await.expect("an answer");
        assert!(found.is_some(), "{email}");
    }
}

#[tokio::test]
async fn wrong_columns_are_named_with_what_mends_them() {
    let store = empty::<User>().await;
    let mut sql = format!("CREATE TABLE \"user\" ({SIX}, {EXTRAS}, PRIMARY KEY (id))");
    for (right, wrong) in WRONG {
        assert!(sql.contains(right), "{right}");
        sql = sql.replace(right, wrong);
    }
    standard::run(&store, &sql).await;
    let error = store.check().await.expect_err("problems");
    let expected = wrong_kinds();
    assert_eq!(kinds(&error), expected.iter().collect::<Vec<_>>());
    for advice in WRONG_IS_TOLD {
        assert!(error.to_string().contains(advice), "{error}");
    }
}

#[tokio::test]
async fn only_an_index_that_serves_every_look_up_counts() {
    let store = migrated::<User>().await;
    for (index, serves) in EMAIL_INDEXES {
        run(&store, WITHOUT_EMAIL_INDEXES).await;
        run_text(&store, format!("CREATE {index}")).await;
        assert_eq!(store.check().await.is_ok(), *serves, "{index}");
        store.migrate().await.expect("an index");
        let is_made = dump(&store)
            .await
            .iter()
            .any(|line| line.contains("ix_user_email_lower"));
        assert_eq!(is_made, !serves, "{index}");
    }
}

#[tokio::test]
async fn keys_that_are_lost_are_told_with_what_to_run() {
    let store = migrated::<User>().await;
    keys::judge(
        &store.schema_sql(),
        async |sql: &str| standard::run(&store, sql).await,
        async || store.migrate().await,
        async || store.check().await,
    )
    .await;
}
