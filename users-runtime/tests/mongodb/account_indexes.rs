//! The index that links each account at a provider once.

use mongodb::bson::doc;
use users_runtime::store::{Administration as _, Finding};

use crate::support::{Database, FIRST, SECOND, User, empty, indexes, run, six, store_documents};

/// A store of two users who have the same account, without indexes.
async fn linked_twice() -> Database<User> {
    let store = empty::<User>().await;
    let with_account = |id, email| {
        let mut user = six(id, email);
        user.insert(
            "oauth_accounts",
            vec![doc! { "oauth_name": "google", "account_id": "1" }],
        );
        user
    };
    let users = vec![
        with_account(FIRST, "ada@example.com"),
        with_account(SECOND, "bob@example.com"),
    ];
    store_documents(&store, users).await;
    store
}

#[tokio::test]
async fn an_account_that_two_users_have_is_left_to_them() {
    let store = linked_twice().await;
    store.migrate().await.expect("indexes");
    assert!(
        indexes(&store, "user")
            .await
            .contains(&"oauth_account_lookup_index".to_owned())
    );
    store.migrate().await.expect("nothing to do");
    store.check().await.expect("collections that fit");
    assert_eq!(
        found(&store).await,
        ["duplicate_links", "missing_account_index"]
    );

    run(
        &store,
        doc! { "delete": "user", "deletes": [{ "q": { "email": "bob@example.com" }, "limit": 1 }] },
    )
    .await;
    let findings = store.doctor().await.expect("an answer");
    let missing = findings
        .iter()
        .find(|finding| finding.code() == "missing_account_index")
        .expect("a finding");
    let collection = "db.getCollection(\"user\")";
    let fix = format!(
        "run `{collection}.dropIndex(\"oauth_account_lookup_index\"); {collection}.createIndex({{ \"oauth_accounts."
    );
    assert!(missing.to_string().contains(&fix), "{missing}");
    let pending = store.pending().await.expect("an answer");
    assert!(
        pending.starts_with(&format!(
            "{collection}.dropIndex(\"oauth_account_lookup_index\");\n"
        )),
        "{pending}"
    );
    store.migrate().await.expect("indexes");
    assert_eq!(
        indexes(&store, "user").await,
        [
            "_id_",
            "case_insensitive_email_index",
            "oauth_account_index"
        ]
    );
    assert!(found(&store).await.is_empty());
    assert_eq!(store.pending().await.expect("an answer"), "");
}

/// The codes of what the doctor finds, but for the hashes, which are none here.
async fn found(store: &Database<User>) -> Vec<&'static str> {
    let findings = store.doctor().await.expect("an answer");
    findings
        .iter()
        .map(Finding::code)
        .filter(|code| *code != "unreadable_hashes")
        .collect()
}

#[tokio::test]
async fn an_index_in_the_way_of_that_on_accounts_is_told_by_the_doctor() {
    let store = empty::<User>().await;
    let other = doc! { "key": { "nickname": 1 }, "name": "oauth_account_index" };
    run(&store, doc! { "createIndexes": "user", "indexes": [other] }).await;
    store.migrate().await.expect("the other indexes");
    let findings = store.doctor().await.expect("an answer");
    let [finding] = &findings[..] else {
        panic!("{findings:?}")
    };
    assert_eq!(finding.code(), "missing_account_index");
    assert!(
        finding
            .to_string()
            .contains("drop what is called `oauth_account_index` and does not serve"),
        "{finding}"
    );
    run(
        &store,
        doc! { "dropIndexes": "user", "index": "oauth_account_index" },
    )
    .await;
    store.migrate().await.expect("indexes");
    assert!(found(&store).await.is_empty());
}

#[tokio::test]
async fn a_unique_index_of_others_on_accounts_is_enough() {
    let store = empty::<User>().await;
    let [name, id] = ["oauth_accounts.oauth_name", "oauth_accounts.account_id"];
    let filter = doc! { name: { "$exists": true } };
    let other = doc! { "key": { name: 1, id: 1 }, "name": "theirs", "unique": true, "partialFilterExpression": filter };
    run(&store, doc! { "createIndexes": "user", "indexes": [other] }).await;
    store.migrate().await.expect("the other indexes");
    assert_eq!(
        indexes(&store, "user").await,
        ["_id_", "case_insensitive_email_index", "theirs"]
    );
    assert!(found(&store).await.is_empty());
}
