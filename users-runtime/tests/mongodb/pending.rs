//! What migrating would run now.

use mongodb::bson::{Document, doc};
use users_runtime::{
    UserModel,
    conformance::{BigId, Member},
    store::{AccessTokenStore as _, Administration as _, SchemaError},
};

use crate::support::{User, empty, indexes, migrated, run, user};

#[tokio::test]
async fn what_is_pending_on_an_empty_database_is_the_schema() {
    let store = empty::<User>().await;
    assert_eq!(store.pending().await.expect("an answer"), store.schema());
    assert!(
        indexes_of_both(&store).await.is_empty(),
        "asking has made something"
    );
    store.migrate().await.expect("indexes");
    assert_eq!(store.pending().await.expect("an answer"), "");
    run(
        &store,
        doc! { "dropIndexes": "user", "index": "case_insensitive_email_index" },
    )
    .await;
    run(
        &store,
        doc! { "dropIndexes": "AccessToken", "index": "created_at_1" },
    )
    .await;
    assert_eq!(
        store.pending().await.expect("an answer"),
        "db.getCollection(\"user\").createIndex({ \"email\": 1 }, { \"name\": \"case_insensitive_email_index\", \"unique\": true, \
         \"collation\": { \"locale\": \"en\", \"strength\": 2 } });\n\
         db.getCollection(\"AccessToken\").createIndex({ \"created_at\": 1 }, { \"name\": \"created_at_1\" });\n"
    );
    store.migrate().await.expect("indexes");
    assert_eq!(store.pending().await.expect("an answer"), "");
}

async fn indexes_of_both(store: &crate::support::Database<User>) -> Vec<String> {
    let names = store
        .database()
        .list_collection_names()
        .await
        .expect("names");
    let mut all = Vec::new();
    for name in names {
        all.extend(indexes(store, &name).await);
    }
    all
}

#[tokio::test]
async fn fields_that_documents_lack_are_pending_until_they_are_filled() {
    let store = migrated::<User>().await;
    user(&store, "ada@example.com").await;
    let users = store.database().collection::<Document>("user");
    users
        .update_one(
            doc! {},
            doc! { "$unset": { "plan": "", "is_active": "", "nickname": "" } },
        )
        .await
        .expect("changed");
    assert_eq!(
        store.pending().await.expect("an answer"),
        "db.getCollection(\"user\").updateMany({ \"is_active\": { \"$exists\": false } }, { \"$set\": { \"is_active\": true } });\n\
         db.getCollection(\"user\").updateMany({ \"plan\": { \"$exists\": false } }, { \"$set\": { \"plan\": \"it's free\" } });\n"
    );
    store.migrate().await.expect("filled");
    assert_eq!(store.pending().await.expect("an answer"), "");
}

#[tokio::test]
async fn a_counter_behind_the_ids_is_pending() {
    let store = migrated::<Member<BigId>>().await;
    let ada = user(&store, "ada@example.com").await;
    assert_eq!(store.pending().await.expect("an answer"), "");
    let users = store.database().collection::<Document>("user");
    let mut other = users
        .find_one(doc! {})
        .await
        .expect("an answer")
        .expect("a user");
    other.extend(doc! { "_id": 7, "email": "other@example.com" });
    users
        .insert_one(other)
        .await
        .expect("a user without counting");
    assert_eq!(
        store.pending().await.expect("an answer"),
        "db.getCollection(\"counters\").updateOne({ \"_id\": \"user\" }, { \"$max\": { \"last\": NumberLong(\"7\") } }, { \"upsert\": true });\n"
    );
    store.migrate().await.expect("counted");
    assert_eq!(store.pending().await.expect("an answer"), "");
    assert!(
        store
            .tokens_of(ada.account().id)
            .await
            .expect("an answer")
            .is_some_and(|tokens| tokens.is_empty())
    );
}

#[tokio::test]
async fn an_account_that_two_have_leaves_an_index_that_is_not_unique() {
    let store = migrated::<User>().await;
    run(
        &store,
        doc! { "dropIndexes": "user", "index": "oauth_account_index" },
    )
    .await;
    for email in ["ada@example.com", "bob@example.com"] {
        user(&store, email).await;
    }
    let account = doc! { "oauth_name": "google", "account_id": "1" };
    let users = store.database().collection::<Document>("user");
    users
        .update_many(doc! {}, doc! { "$set": { "oauth_accounts": [account] } })
        .await
        .expect("changed");
    let pending = store.pending().await.expect("an answer");
    assert!(
        pending.contains("oauth_account_lookup_index") && !pending.contains("unique"),
        "{pending}"
    );
    store.migrate().await.expect("an index");
    assert_eq!(store.pending().await.expect("an answer"), "");
}

#[tokio::test]
async fn what_migrating_would_refuse_is_refused() {
    let store = migrated::<User>().await;
    run(
        &store,
        doc! { "dropIndexes": "user", "index": "case_insensitive_email_index" },
    )
    .await;
    for email in ["Ada@example.com", "ada@example.com"] {
        user(&store, email).await;
    }
    assert!(matches!(
        store.pending().await,
        Err(SchemaError::DuplicateEmails { addresses: 1, .. })
    ));
    let users = store.database().collection::<Document>("user");
    users
        .delete_one(doc! { "email": "ada@example.com" })
        .await
        .expect("deleted");
    let other = doc! { "key": { "email": 1 }, "name": "case_insensitive_email_index" };
    run(&store, doc! { "createIndexes": "user", "indexes": [other] }).await;
    let blocked = store.pending().await.expect_err("an index in the way");
    assert!(
        blocked
            .to_string()
            .contains("no unique index on the e-mail address"),
        "{blocked}"
    );
    assert_eq!(
        store.migrate().await.expect_err("the same").to_string(),
        blocked.to_string()
    );
    users
        .update_one(doc! {}, doc! { "$set": { "email": 7 } })
        .await
        .expect("changed");
    assert!(matches!(
        store.pending().await,
        Err(SchemaError::Mismatch(_))
    ));
}
