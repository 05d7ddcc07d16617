//! A migration for another tool: a struct gets fields, and its table has rows.

use users_runtime::store::{Administration as _, SchemaError};

use crate::{
    fields::{After, Before, Beyond, added, fits, is_refused},
    namesakes::{are_listed_in_part, namesakes},
    standard,
    statements::{COLUMNS, LOST_INDEXES, PENDING_INDEXES, drop_index},
    support::{Store, User, empty, migrated, run, run_text, user},
};

#[tokio::test]
async fn what_is_pending_for_new_fields_makes_the_table_fit() {
    let database = migrated::<Before>().await;
    let before: &Store<Before> = &database;
    let after = Store::<After>::new(before.pool().clone());
    let pending = added(before, &after, COLUMNS).await;
    after.check().await.expect_err("asking has changed nothing");
    run_text(before, pending).await;
    after.check().await.expect("tables that fit");
    fits(&after).await;
    is_refused(&Store::<Beyond>::new(before.pool().clone())).await;
}

#[tokio::test]
async fn what_is_pending_on_an_empty_database_is_the_schema() {
    let store = empty::<User>().await;
    assert_eq!(store.pending().await.expect("an answer"), store.schema());
    run_text(&store, store.schema()).await;
    store.check().await.expect("tables that fit");
    assert_eq!(store.pending().await.expect("an answer"), "");
    for is_run_by_hand in [true, false] {
        run(&store, LOST_INDEXES).await;
        let pending = store.pending().await.expect("an answer");
        assert_eq!(pending, PENDING_INDEXES);
        if is_run_by_hand {
            run_text(&store, pending).await;
        } else {
            store.migrate().await.expect("indexes");
        }
        assert_eq!(store.pending().await.expect("an answer"), "");
    }
}

#[tokio::test]
async fn addresses_that_cannot_be_unique_are_refused_instead() {
    let store = migrated::<User>().await;
    standard::run(&store, "DROP INDEX ix_user_email_lower").await;
    for email in ["Ada@example.com", "ada@example.com"] {
        user(&store, email).await;
    }
    assert!(matches!(
        store.pending().await,
        Err(SchemaError::DuplicateEmails { addresses: 1, .. })
    ));
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
        let lame = format!("DROP INDEX {index}; CREATE INDEX {index} ON \"{table}\" ({column})");
        standard::run(&store, &lame).await;
        let error = store.check().await.err().map(|error| error.to_string());
        assert_eq!(error.is_some(), stops, "{index}: {error:?}");
        let findings = store.doctor().await.expect("an answer");
        let [finding] = &findings[..] else {
            panic!("{findings:?}")
        };
        let advice = finding.to_string();
        let drop = drop_index(index, table);
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
