//! A migration for another tool: a struct gets fields, and its table has rows.

use users_runtime::{
    Administration as _,
    store::{MySqlStore, SchemaError, SchemaProblemKind as Kind, UserStore as _},
};

use crate::{
    fields::{After, Before, Beyond, added, fits, is_refused},
    namesakes::{are_listed_in_part, namesakes},
    original::ORIGINAL,
    standard,
    support::{User, dump, empty, migrated, run, run_text, user},
};

/// What adds the keys and their indexes.
const KEYS: [&str; 4] = [
    "ALTER TABLE `user` ADD COLUMN `email_key` VARBINARY(1280) GENERATED ALWAYS AS (CAST(LOWER(CONVERT(`email` USING utf8mb4) \
     COLLATE utf8mb4_bin) AS BINARY)) STORED;\n",
    "CREATE UNIQUE INDEX `ix_user_email_lower` ON `user` (`email_key`);\n",
    "ALTER TABLE `oauth_account` ADD COLUMN `account_id_key` VARBINARY(1280) GENERATED ALWAYS AS (CAST(CONVERT(`account_id` USING \
     utf8mb4) AS BINARY)) STORED;\n",
    "CREATE UNIQUE INDEX `uq_oauth_account_account` ON `oauth_account` (`oauth_name`, `account_id_key`);\n",
];

#[tokio::test]
async fn what_is_pending_for_new_fields_makes_the_table_fit() {
    let before = migrated::<Before>().await;
    let after = MySqlStore::<After>::new(before.pool().clone());
    let columns = [
        "ALTER TABLE `user` ADD COLUMN `name` VARCHAR(100)",
        "ALTER TABLE `user` ADD COLUMN `motto` LONGTEXT NOT NULL DEFAULT ('it''s new')",
        "ALTER TABLE `user` ADD COLUMN `points` INTEGER NOT NULL DEFAULT (7)",
    ];
    let pending = added(&*before, &after, columns).await;
    after.check().await.expect_err("asking has changed nothing");
    run_text(&before, pending).await;
    after.check().await.expect("tables that fit");
    fits(&after).await;
    is_refused(&MySqlStore::<Beyond>::new(before.pool().clone())).await;
}

#[tokio::test]
async fn what_is_pending_on_an_empty_database_is_the_schema() {
    let store = empty::<User>().await;
    assert_eq!(store.pending().await.expect("an answer"), store.schema());
    run_text(&store, store.schema()).await;
    store.check().await.expect("tables that fit");
    assert_eq!(store.pending().await.expect("an answer"), "");
    run(&store, "DROP INDEX ix_accesstoken_created_at ON accesstoken; DROP INDEX ix_user_email_lower ON user").await;
    let pending = store.pending().await.expect("an answer");
    let tokens = "CREATE INDEX `ix_accesstoken_created_at` ON `accesstoken` (`created_at`);\n";
    assert_eq!(pending, [KEYS[1], tokens].join("\n"));
    run_text(&store, pending).await;
    assert_eq!(store.pending().await.expect("an answer"), "");
}

#[tokio::test]
async fn what_is_pending_for_a_database_of_the_original_is_the_keys_and_their_indexes() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
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
async fn addresses_that_cannot_be_unique_are_refused_instead() {
    let store = migrated::<User>().await;
    run(&store, "DROP INDEX ix_user_email_lower ON user").await;
    for email in ["Ada@example.com", "ada@example.com"] {
        user(&store, email).await;
    }
    assert!(matches!(
        store.pending().await,
        Err(SchemaError::DuplicateEmails { addresses: 1, .. })
    ));
}

/// The server keeps every change at once, so the last table is judged before the first is changed.
#[tokio::test]
async fn a_misfit_in_the_last_table_leaves_the_first_as_it_was() {
    let store = empty::<User>().await;
    run(&store, ORIGINAL).await;
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
async fn of_many_namesakes_some_are_listed() {
    let store = migrated::<User>().await;
    standard::run(
        &store,
        &format!("DROP INDEX ix_user_email_lower; {}", namesakes()),
    )
    .await;
    are_listed_in_part(store.pending().await.expect_err("namesakes"));
    are_listed_in_part(store.migrate().await.expect_err("namesakes"));
}

/// The index that is wanted cannot be made beside one of its name.
#[tokio::test]
async fn an_index_that_is_in_the_way_is_named() {
    let store = migrated::<User>().await;
    for (index, stops) in [
        ("ix_user_email_lower", true),
        ("uq_oauth_account_account", false),
    ] {
        let (table, column) = if stops {
            ("user", "email")
        } else {
            ("oauth_account", "account_id")
        };
        run_text(
            &store,
            format!("DROP INDEX {index} ON {table}; CREATE INDEX {index} ON {table} ({column})"),
        )
        .await;
        let error = store.check().await.err().map(|error| error.to_string());
        assert_eq!(error.is_some(), stops, "{index}: {error:?}");
        let findings = store.doctor().await.expect("an answer");
        let [finding] = &findings[..] else {
            panic!("{findings:?}")
        };
        let advice = finding.to_string();
        let drop = format!("DROP INDEX `{index}` ON `{table}`");
        let told = format!(
            "drop or rename what is called `{index}` and does not serve (`{drop}`), then call `migrate()`"
        );
        assert!(advice.contains(&told), "{advice}");
        assert!(error.is_none_or(|error| error.contains(&told)));
        // Migrating alone cannot help.
        assert_eq!(store.migrate().await.is_err(), stops, "{index}");
        assert_eq!(store.doctor().await.expect("an answer"), findings);
        // The advice is good.
        run_text(&store, drop).await;
        store.migrate().await.expect("the index");
        store.check().await.expect("tables that fit");
        assert_eq!(store.doctor().await.expect("an answer"), []);
    }
}
