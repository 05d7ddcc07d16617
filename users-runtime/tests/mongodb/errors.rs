//! Typed errors, and what they do not show.

use mongodb::bson::{Bson, Document, doc, oid::ObjectId};
use users_runtime::{
    UserModel,
    conformance::Member,
    store::{ColumnValue, MongoStore, OAuthAccountStore, StoreError, UserStore},
    value::Value,
};

use crate::shown::shown;
use crate::support::{Database, User, account, column, migrated, run, text, user, values};

/// Changes the documents behind the store's back.
async fn change(store: &Database<User>, update: Document) {
    store
        .database()
        .collection::<Document>("user")
        .update_many(doc! {}, update)
        .await
        .expect("changed");
}

#[tokio::test]
async fn a_unique_field_of_the_applications_own_is_told_from_the_address() {
    let store = migrated::<User>().await;
    let index = doc! { "key": { "nickname": 1 }, "name": "nick", "unique": true, "partialFilterExpression": { "nickname": { "$gt": "" } } };
    run(&store, doc! { "createIndexes": "user", "indexes": [index] }).await;
    let named = |email: &str| {
        let mut values = values::<User>(email);
        values[column("nickname")].value = Value::Text("secret".into());
        values
    };
    store
        .insert(named("ada@example.com"))
        .await
        .expect("a new user");
    let bob = user(&store, "bob@example.com").await;
    let inserted = store.insert(named("eve@example.com")).await;
    let updated = store
        .update(
            bob.account().id,
            vec![text("nickname", "secret"), text("email", "BOB@example.com")],
            None,
        )
        .await;
    for result in [inserted, updated] {
        let error = result.expect_err("a conflict");
        assert!(
            matches!(&error, StoreError::Conflict { constraint } if constraint == "nickname"),
            "{error:?}"
        );
        assert!(!shown(&error).contains("secret"));
    }
}

#[tokio::test]
async fn an_index_of_the_applications_own_on_the_address_means_that_it_is_taken() {
    let store = migrated::<User>().await;
    run(
        &store,
        doc! { "dropIndexes": "user", "index": "case_insensitive_email_index" },
    )
    .await;
    let collation = doc! { "locale": "en", "strength": 2 };
    let mine =
        doc! { "key": { "email": 1 }, "name": "mine", "unique": true, "collation": collation };
    run(&store, doc! { "createIndexes": "user", "indexes": [mine] }).await;
    store.check().await.expect("an index that serves");
    store.migrate().await.expect("nothing to do");
    user(&store, "ada@example.com").await;
    let bob = user(&store, "bob@example.com").await;
    assert!(matches!(
        store.insert(values::<User>("ADA@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    let result = store
        .update(
            bob.account().id,
            vec![text("email", "ADA@example.com")],
            None,
        )
        .await;
    assert!(matches!(result, Err(StoreError::EmailTaken)));
}

#[tokio::test]
async fn what_the_collation_takes_for_equal_is_not_found_but_taken() {
    let store = migrated::<User>().await;
    user(&store, "straße@example.com").await;
    user(&store, "zoë@example.com").await;
    assert!(
        store
            .find_by_email("STRAßE@example.com")
            .await
            .expect("an answer")
            .is_some()
    );
    assert!(
        store
            .find_by_email("ZOË@example.com")
            .await
            .expect("an answer")
            .is_some()
    );
    for other in [
        "strasse@example.com",
        "\u{ff53}traße@example.com",
        "zoe@example.com",
    ] {
        assert!(
            store
                .find_by_email(other)
                .await
                .expect("an answer")
                .is_none(),
            "{other} finds another user"
        );
    }
    assert!(matches!(
        store.insert(values::<User>("strasse@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    user(&store, "zoe@example.com").await;
}

#[tokio::test]
async fn json_stays_json_whatever_it_looks_like() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    let set = |json| {
        vec![ColumnValue {
            column: column("settings"),
            value: Value::Json(json),
        }]
    };
    let document = serde_json::json!({"$oid": "507f1f77bcf86cd799439011", "$set": {"is_superuser": true}, "a.b": "$email", "": [[]]});
    let stored = store
        .update(id, set(document.clone()), None)
        .await
        .expect("stored");
    assert!(
        format!("{stored:?}").contains(&format!("{:?}", Value::Json(document))),
        "{stored:?}"
    );
    assert!(!stored.account().is_superuser);
    let deep = (0..99).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
    for unfit in [
        serde_json::json!({"\0": 1}),
        serde_json::json!(u64::MAX),
        deep,
    ] {
        let refused = store.update(id, set(unfit), None).await;
        assert!(
            matches!(
                refused,
                Err(StoreError::Value {
                    column: "settings",
                    ..
                })
            ),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn more_than_a_document_holds_is_refused() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let large = |name: &str, megabytes: usize| text(name, &"secret".repeat(megabytes * 175_000));
    let refused = store
        .update(ada.account().id, vec![large("nickname", 16)], None)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::Value {
            column: "nickname",
            ..
        })
    ));
    store
        .update(ada.account().id, vec![large("nickname", 10)], None)
        .await
        .expect("it fits");
    let avatar = ColumnValue {
        column: column("avatar"),
        value: Value::Bytes(b"secret".repeat(2_000_000)),
    };
    let error = store
        .update(ada.account().id, vec![avatar], None)
        .await
        .expect_err("more than 16 MiB");
    assert!(matches!(error, StoreError::Database(_)), "{error:?}");
    assert!(!shown(&error).contains("secret"));
}

#[tokio::test]
async fn errors_of_the_server_show_no_values() {
    let store = migrated::<User>().await;
    let bob = user(&store, "bob@example.com").await;
    // Fields cannot be set within a text, and the server quotes it when it says so.
    change(&store, doc! { "$set": { "oauth_accounts": "secret" } }).await;
    let id = bob.account().id.clone();
    let pushed = store
        .insert_account(account(id.clone(), "google", "secret id"))
        .await
        .expect_err("no array");
    assert!(matches!(pushed, StoreError::Database(_)), "{pushed:?}");
    assert!(
        shown(&pushed).contains("MongoDB answered with code"),
        "{pushed:?}"
    );
    let read = store.accounts_of(&id).await.expect_err("no array");
    for error in [pushed, read] {
        assert!(!shown(&error).contains("secret"), "{}", shown(&error));
    }
}

#[tokio::test]
async fn what_is_no_user_is_named_by_its_field_only() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    for (update, field) in [
        (doc! { "$set": { "is_active": "secret" } }, "is_active"),
        (doc! { "$set": { "is_active": true, "email": 7 } }, "email"),
        (
            doc! { "$unset": { "hashed_password": "" }, "$set": { "email": "secret@example.com" } },
            "hashed_password",
        ),
    ] {
        change(&store, update).await;
        let error = store.find(ada.account().id).await.expect_err("no user");
        assert!(matches!(error, StoreError::Row(_)));
        assert!(
            shown(&error).contains(field) && !shown(&error).contains("secret"),
            "{}",
            shown(&error)
        );
    }
}

#[tokio::test]
async fn an_object_id_and_its_text_are_two_ids() {
    let store = migrated::<Member<ObjectId>>().await;
    let ada = user(&store, "ada@example.com").await;
    let users = store.database().collection::<Document>("user");
    let stored = users
        .find_one(doc! {})
        .await
        .expect("an answer")
        .expect("a user");
    assert_eq!(stored.get("_id"), Some(&Bson::ObjectId(*ada.account().id)));
    let mut other = stored.clone();
    other.extend(doc! { "_id": ada.account().id.to_hex(), "email": "bob@example.com" });
    users.insert_one(other).await.expect("another user");
    let error = store
        .find_by_email("bob@example.com")
        .await
        .expect_err("no ObjectId");
    assert!(matches!(error, StoreError::Row(_)), "{error:?}");
    assert!(
        store
            .check()
            .await
            .expect_err("a text")
            .to_string()
            .contains("`user._id` is string where the field needs objectId")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_many_link_at_once_is_linked_to_one() {
    let store = std::sync::Arc::new(migrated::<User>().await);
    let mut links = tokio::task::JoinSet::new();
    for number in 0..8 {
        let store = std::sync::Arc::clone(&store);
        let id = user(&store, &format!("user{number}@example.com"))
            .await
            .account()
            .id
            .clone();
        links.spawn(async move { store.insert_account(account(id, "google", "1")).await });
    }
    let mut winners = 0;
    for result in links.join_all().await {
        match result {
            Ok(()) => winners += 1,
            Err(StoreError::Conflict { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn a_password_in_a_url_is_not_shown() {
    for url in [
        "mongodb://jo:secret@127.0.0.1:1/?tls=perhaps",
        "mongodb://jo:secret",
        "postgres://jo:secret@h/d",
        "secret",
    ] {
        let error = MongoStore::<User>::connect(url).await.expect_err("no URL");
        assert!(matches!(error, StoreError::Database(_)), "{error:?}");
        assert!(!shown(&error).contains("secret"), "{}", shown(&error));
    }
    let store = MongoStore::<User>::connect(
        "mongodb://jo:secret@127.0.0.1:1/app?serverSelectionTimeoutMS=100",
    )
    .await;
    let error = store.expect_err("no server");
    assert!(
        matches!(error, StoreError::Unavailable(_)) && !shown(&error).contains("secret"),
        "{}",
        shown(&error)
    );
}
