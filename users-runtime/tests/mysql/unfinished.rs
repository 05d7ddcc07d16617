//! Migrations that stop half-way, on servers that keep every change at once, and the keys that these databases need.

use users_runtime::store::{
    Administration as _, SchemaError, SchemaProblemKind as Kind, UserStore as _,
};

use crate::{
    migrate::kinds,
    original::made,
    statements::{EXTRAS, KEYS, SIX},
    support::{User, dump, empty, migrated, run, run_text},
};

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
async fn what_migrating_cannot_mend_stops_it_before_the_first_change() {
    let store = empty::<User>().await;
    run(
        &store,
        "CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at DATE NOT NULL)",
    )
    .await;
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

/// The server keeps every change at once, so the last table is judged before the first is changed.
#[tokio::test]
async fn a_misfit_in_the_last_table_leaves_the_first_as_it_was() {
    let store = made().await;
    run(
        &store,
        "ALTER TABLE user DROP COLUMN nickname; DROP TABLE accesstoken",
    )
    .await;
    for misfit in [
        "account_id BLOB NOT NULL",
        "account_id VARCHAR(320) NOT NULL, ADD COLUMN team INTEGER NOT NULL",
    ] {
        run_text(
            &store,
            format!(
                "ALTER TABLE oauth_account DROP INDEX ix_oauth_account_account_id, MODIFY {misfit}"
            ),
        )
        .await;
        let before = dump(&store).await;
        let migrated = store.migrate().await.expect_err("a misfit");
        let pending = store.pending().await.expect_err("a misfit");
        for error in [migrated, pending] {
            let SchemaError::Mismatch(problems) = error else {
                panic!("{error}")
            };
            let [problem] = &problems[..] else {
                panic!("{problems:?}")
            };
            let is_told = matches!(&problem.kind, Kind::WrongType { column, .. } if column == "account_id")
                || matches!(&problem.kind, Kind::UnknownRequiredColumn { column } if column == "team");
            assert!(problem.table == "oauth_account" && is_told, "{problem}");
        }
        assert_eq!(dump(&store).await, before, "something half-done was left");
        run(&store, "ALTER TABLE oauth_account MODIFY account_id VARCHAR(320) NOT NULL, ADD INDEX ix_oauth_account_account_id (account_id)")
            .await;
    }
    run(&store, "ALTER TABLE oauth_account DROP COLUMN team").await;
    store
        .migrate()
        .await
        .expect("nothing is in the way any more");
    store.check().await.expect("tables that fit");
}

#[tokio::test]
async fn what_is_pending_for_a_database_of_the_original_is_the_keys_and_their_indexes() {
    let store = made().await;
    let before = dump(&store).await;
    let pending = store.pending().await.expect("an answer");
    assert_eq!(pending, KEYS.join("\n"));
    assert_eq!(dump(&store).await, before, "asking has changed something");
    run_text(&store, pending).await;
    store.check().await.expect("tables that fit");
    assert_eq!(store.pending().await.expect("an answer"), "");
    let after = dump(&store).await;
    store.migrate().await.expect("nothing to do");
    assert_eq!(dump(&store).await, after);
    assert!(
        store
            .find_by_email("KÄTHE@example.com")
            .await
            .expect("an answer")
            .is_some()
    );
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
