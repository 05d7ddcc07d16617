//! Making indexes, and judging what is there.

use std::sync::Arc;

use mongodb::bson::{Document, doc, oid::ObjectId};
use users_runtime::{
    UserModel,
    conformance::{BigId, IntId, Member, TextId},
    store::{MongoStore, SchemaError, SchemaProblemKind as Kind, UserStore},
};

use crate::support::{
    Database, FIRST, SECOND, User, count, empty, indexes, migrated, run, six, store_documents, user,
};

fn kinds(error: &SchemaError) -> Vec<&Kind> {
    match error {
        SchemaError::Mismatch(problems) => problems.iter().map(|problem| &problem.kind).collect(),
        other => panic!("{other}"),
    }
}

async fn all(store: &Database<User>) -> Vec<Vec<String>> {
    vec![
        indexes(store, "user").await,
        indexes(store, "AccessToken").await,
    ]
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let store = migrated::<User>().await;
    let before = all(&store).await;
    assert_eq!(
        before[0],
        [
            "_id_",
            "case_insensitive_email_index",
            "oauth_account_index"
        ]
    );
    assert_eq!(before[1], ["_id_", "created_at_1", "token_1", "user_id_1"]);
    user(&store, "ada@example.com").await;
    store.migrate().await.expect("nothing to do");
    assert_eq!(all(&store).await, before);
    store.check().await.expect("collections that fit");
}

#[tokio::test]
async fn every_kind_of_id_fits() {
    async fn fits<U: UserModel>() {
        let store = migrated::<U>().await;
        user(&store, "ada@example.com").await;
        store.check().await.expect("a user that fits");
    }
    fits::<Member<BigId>>().await;
    fits::<Member<IntId>>().await;
    fits::<Member<TextId>>().await;
    fits::<Member<ObjectId>>().await;
}

#[tokio::test]
async fn the_text_of_the_commands_is_that_of_the_shell() {
    let script = MongoStore::<User>::new(empty::<User>().await.database().clone())
        .access_token_collection("tokens")
        .schema_script();
    let lines = script.lines().collect::<Vec<_>>();
    assert_eq!(
        lines[..3],
        [
            "db.getCollection(\"user\").createIndex({ \"email\": 1 }, { \"name\": \"case_insensitive_email_index\", \"unique\": true, \
             \"collation\": { \"locale\": \"en\", \"strength\": 2 } });",
            "db.getCollection(\"user\").createIndex({ \"oauth_accounts.oauth_name\": 1, \"oauth_accounts.account_id\": 1 }, \
             { \"name\": \"oauth_account_index\", \"partialFilterExpression\": { \"oauth_accounts.oauth_name\": { \"$exists\": true } }, \
             \"unique\": true });",
            "db.getCollection(\"tokens\").createIndex({ \"token\": 1 }, { \"name\": \"token_1\", \"unique\": true });",
        ]
    );
    assert_eq!(lines.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_do_not_disturb_each_other() {
    let database = Arc::new(empty::<User>().await);
    let mut starts = tokio::task::JoinSet::new();
    for number in 0..8 {
        let database = Arc::clone(&database);
        starts.spawn(async move {
            let store = MongoStore::<User>::connect(&database.url)
                .await
                .expect("a database");
            store.migrate().await.expect("indexes");
            user(&store, &format!("user{number}@example.com")).await;
        });
    }
    starts.join_all().await;
    assert_eq!(count(&database, "user").await, 8);
}

#[tokio::test]
async fn a_database_without_indexes_is_told_what_to_run() {
    let error = empty::<User>().await.check().await.expect_err("no indexes");
    assert_eq!(
        kinds(&error),
        [
            &Kind::MissingEmailIndex,
            &Kind::MissingIndex {
                column: "token".into()
            }
        ]
    );
    let command = "or run `db.getCollection(\"user\").createIndex({ \"email\": 1 }, { \"name\": \"case_insensitive_email_index\", ";
    assert!(error.to_string().contains(command), "{error}");
}

#[tokio::test]
async fn fields_that_documents_lack_are_read_and_filled_as_their_default() {
    let store = empty::<User>().await;
    let mut document = six(FIRST, "ada@example.com");
    document.remove("is_superuser");
    store_documents(&store, vec![document]).await;
    let ada = store
        .find_by_email("ADA@example.com")
        .await
        .expect("an answer")
        .expect("a user");
    assert!(
        format!("{ada:?}").contains("it's free") && !ada.account().is_superuser,
        "{ada:?}"
    );
    store.migrate().await.expect("a default");
    let stored = store
        .database()
        .collection::<Document>("user")
        .find_one(doc! {})
        .await
        .expect("an answer")
        .expect("a user");
    assert_eq!(
        (
            stored.get_str("plan").ok(),
            stored.get_bool("is_superuser").ok()
        ),
        (Some("it's free"), Some(false))
    );
    assert!(
        !stored.contains_key("nickname"),
        "a field that may be missing was filled"
    );
    store.check().await.expect("documents that fit");
}

#[tokio::test]
async fn documents_that_do_not_fit_stop_the_migration() {
    let store = empty::<User>().await;
    let mut without_hash = six(FIRST, "ada@example.com");
    without_hash.remove("hashed_password");
    without_hash.extend(doc! { "nickname": 7, "is_verified": null, "unknown": true });
    store_documents(&store, vec![six(SECOND, "bob@example.com"), without_hash]).await;
    let error = store
        .migrate()
        .await
        .expect_err("documents that do not fit");
    assert_eq!(
        kinds(&error),
        [
            &Kind::MissingColumn {
                column: "hashed_password".into()
            },
            &Kind::Nullable {
                column: "is_verified".into()
            },
            &Kind::WrongType {
                column: "nickname".into(),
                found: "int".into(),
                expected: "string".into()
            },
        ]
    );
    assert_eq!(
        indexes(&store, "user").await,
        ["_id_"],
        "something half-done was left"
    );
}

#[tokio::test]
async fn addresses_that_differ_in_case_stop_the_migration_and_are_named_by_id() {
    let store = empty::<User>().await;
    let third = six("00000000-0000-4000-8000-000000000003", "bob@example.com");
    store_documents(
        &store,
        vec![
            six(FIRST, "Ada@example.com"),
            six(SECOND, "ada@example.com"),
            third,
        ],
    )
    .await;
    let error = store.migrate().await.expect_err("duplicates");
    let text = error.to_string();
    let SchemaError::DuplicateEmails { addresses: 1, ids } = error else {
        panic!("{error}")
    };
    assert_eq!(ids.concat(), [FIRST, SECOND]);
    assert!(!text.contains("example.com"), "{text}");
    assert_eq!(
        indexes(&store, "user").await,
        ["_id_"],
        "something half-done was left"
    );
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
        doc! { "delete": "user", "deletes": [{ "q": { "email": "Ada@example.com" }, "limit": 1 }] },
    )
    .await;
    store.migrate().await.expect("one user per address");
}

#[tokio::test]
async fn of_many_addresses_that_many_have_some_are_listed() {
    let store = empty::<User>().await;
    let id = |number: u32| format!("00000000-0000-4000-8000-{number:012}");
    let other = |number: u32| {
        six(
            &id(5000 + number),
            &format!("user{:03}@example.com", number % 150).to_uppercase(),
        )
    };
    let mut documents = (0..150)
        .map(|number| six(&id(number), &format!("user{number:03}@example.com")))
        .collect::<Vec<_>>();
    documents.extend((0..150).map(other));
    documents.extend((0..20).map(|number| six(&id(9000 + number), "USER000@example.com")));
    documents.push(six(&id(9999), "single@example.com"));
    store_documents(&store, documents).await;
    let SchemaError::DuplicateEmails {
        addresses: 150,
        ids,
    } = store.migrate().await.expect_err("duplicates")
    else {
        panic!()
    };
    assert_eq!(ids.len(), 100);
    let of_first = [0, 5000]
        .into_iter()
        .chain(9000..9008)
        .map(id)
        .collect::<Vec<_>>();
    assert_eq!(ids[0], of_first);
    for (number, ids) in (1..).zip(&ids[1..]) {
        assert_eq!(*ids, [id(number), id(5000 + number)]);
    }
}

#[tokio::test]
async fn an_index_that_is_in_the_way_is_named() {
    let store = empty::<User>().await;
    let other =
        doc! { "key": { "email": 1 }, "name": "case_insensitive_email_index", "unique": true };
    run(&store, doc! { "createIndexes": "user", "indexes": [other] }).await;
    let error = store.migrate().await.expect_err("the name is taken");
    assert_eq!(kinds(&error), [&Kind::MissingEmailIndex]);
    assert!(
        error.to_string().contains("drop what is called like it"),
        "{error}"
    );
    run(
        &store,
        doc! { "dropIndexes": "user", "index": "case_insensitive_email_index" },
    )
    .await;
    store.migrate().await.expect("indexes");
}
