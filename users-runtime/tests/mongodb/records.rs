//! Declared tables as collections: their names, documents and indexes, what is checked, and what is deleted with a user.

use std::sync::Arc;

use mongodb::bson::{Bson, Document, doc, spec::BinarySubtype};
use tokio::task::JoinSet;
use users_runtime::{
    UserModel,
    conformance::{Holder, UuidId},
    store::{
        Administration as _, Expectations, MongoStore, SchemaError, SchemaProblemKind, StoreError,
        UserStore,
        records::{Assignment, Change, Condition, Find, Record, RecordStore, Table},
    },
    value::{ObjectId, UserId, Value},
};

use crate::support::{User, count, empty, indexes, migrated, new_url, run, user};

type Owner = Holder<UuidId>;

/// The suite's own table of notes.
static NOTES: &Table = Owner::CONFIG.tables[0];

static BY_ID: Find = Find::new(NOTES, &[Condition::is("id")]);
static USE_AGAIN: Change = Change {
    table: NOTES,
    by: &[Condition::is("title")],
    set: &[Assignment::Add("used_at", 1), Assignment::to("label")],
};

fn note<Id: UserId>(id: &str, user: &Id) -> Record {
    Record::new()
        .with("id", id)
        .with("user_id", user.to_value())
        .with("title", format!("title {id}"))
        .with("rank", 1)
        .with("expires_at", 1_700_000_000_123_456)
        .with("is_done", false)
}

fn by_id(id: &str) -> Record {
    Record::new().with("id", id)
}

fn records<U: UserModel>(store: &MongoStore<U>) -> &dyn RecordStore<U> {
    store.records().expect("declared tables")
}

async fn stored<U: UserModel>(store: &MongoStore<U>, collection: &str) -> Document {
    let documents = store.database().collection::<Document>(collection);
    let found = documents.find_one(doc! {}).await.expect("an answer");
    found.expect("a document")
}

#[tokio::test]
async fn a_row_is_a_document_whose_values_have_the_users_types() {
    let store = migrated::<Owner>().await;
    let ada = user(&store, "ada@example.com").await;
    let row = note("a", ada.account().id);
    records(&store).insert(NOTES, row).await.expect("a row");
    let document = stored(&store, "note").await;
    let names = document.keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            "_id",
            "user_id",
            "title",
            "rank",
            "expires_at",
            "label",
            "is_done",
            "used_at",
            "order",
            "data",
            "seen",
            "extra"
        ]
    );
    assert_eq!(document.get("_id"), Some(&Bson::from("a")));
    assert_eq!(
        document.get("expires_at"),
        Some(&Bson::Int64(1_700_000_000_123_456)),
        "all of its microseconds"
    );
    assert_eq!(document.get("label"), Some(&Bson::Null));
    let Some(Bson::Binary(owner)) = document.get("user_id") else {
        panic!("{document}")
    };
    assert_eq!(owner.subtype, BinarySubtype::Uuid);

    let lacking = doc! { "$unset": { "label": "", "used_at": "" } };
    let notes = store.database().collection::<Document>("note");
    notes.update_one(doc! {}, lacking).await.expect("a change");
    let found = records(&store)
        .find(&BY_ID, by_id("a"))
        .await
        .expect("an answer");
    assert_eq!(found.expect("a row").get("label"), Some(&Value::Null));
}

#[tokio::test]
async fn an_owner_has_an_object_id_where_users_have_one() {
    let store = migrated::<Holder<ObjectId>>().await;
    let ada = user(&store, "ada@example.com").await;
    let id = *ada.account().id;
    records(&store)
        .insert(NOTES, note("a", &id))
        .await
        .expect("a row");
    let document = stored(&store, "note").await;
    assert_eq!(document.get("user_id"), Some(&Bson::ObjectId(id)));
    let found = records(&store).find_with_user(&BY_ID, by_id("a")).await;
    let (row, owner) = found.expect("an answer").expect("a row");
    assert_eq!(row.read::<ObjectId>("user_id").expect("an id"), id);
    assert_eq!(*owner.account().id, id);
    UserStore::delete(&*store, &id).await.expect("deleted");
    assert_eq!(count(&store, "note").await, 0);
}

#[tokio::test]
async fn adding_to_null_leaves_it_and_texts_are_literal() {
    let store = migrated::<Owner>().await;
    let ada = user(&store, "ada@example.com").await;
    let ada = ada.account().id;
    records(&store)
        .insert(NOTES, note("a", ada))
        .await
        .expect("a row");
    let used = note("b", ada).with("used_at", i64::from(i32::MAX));
    records(&store).insert(NOTES, used).await.expect("a row");
    for (id, expected) in [("a", Value::Null), ("b", Value::Int(1 << 31))] {
        let label = format!("$title{id}");
        let by = Record::new()
            .with("title", format!("title {id}"))
            .with("label", &*label);
        let changed = records(&store)
            .change(&USE_AGAIN, by)
            .await
            .expect("an answer");
        assert_eq!(changed, 1);
        let found = records(&store)
            .find(&BY_ID, by_id(id))
            .await
            .expect("an answer");
        let found = found.expect("a row");
        assert_eq!(found.get("used_at"), Some(&expected));
        assert_eq!(found.text("label"), Some(&*label));
    }
}

#[tokio::test]
async fn an_error_names_the_columns_that_are_unique() {
    let store = migrated::<Owner>().await;
    let ada = user(&store, "ada@example.com").await;
    let row = note("a", ada.account().id).with("label", "blue");
    records(&store)
        .insert(NOTES, row.clone())
        .await
        .expect("a row");
    let same_key = note("a", ada.account().id).with("title", "other");
    let same_title = row.clone().with("id", "b").with("label", Value::Null);
    let same_label = row.with("id", "b").with("title", "other");
    for (row, expected) in [
        (same_key, "id"),
        (same_title, "user_id, title"),
        (same_label, "label"),
    ] {
        let refused = records(&store).insert(NOTES, row).await;
        let Err(StoreError::Conflict { constraint }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(constraint, expected);
    }
}

#[tokio::test]
async fn a_table_that_is_not_declared_is_refused() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let refused = records(&store)
        .insert(NOTES, note("a", ada.account().id))
        .await;
    assert!(
        matches!(refused, Err(StoreError::Database(_))),
        "{refused:?}"
    );
    assert!(store.limits().is_none(), "limits without their table");
    assert!(migrated::<Owner>().await.limits().is_some());
}

#[tokio::test]
async fn the_collections_have_a_prefix_and_their_indexes() {
    let database = empty::<Owner>().await;
    let store = (*database).clone().table_prefix("staff_");
    let problems = match store.check().await {
        Err(SchemaError::Mismatch(problems)) => problems,
        other => panic!("{other:?}"),
    };
    for column in ["user_id, title", "label"] {
        let kind = SchemaProblemKind::MissingIndex {
            column: column.into(),
        };
        let mut problems = problems.iter();
        assert!(
            problems.any(|problem| problem.kind == kind && problem.table == "staff_note"),
            "{problems:?}"
        );
    }
    let pending = store.pending().await.expect("an answer");
    assert_eq!(pending, store.schema());
    store.migrate().await.expect("indexes");
    store.check().await.expect("indexes that serve");
    assert_eq!(store.pending().await.expect("an answer"), "");
    assert_eq!(
        indexes(&store, "staff_note").await,
        [
            "_id_",
            "label_1",
            "user_id_1_expires_at_1",
            "user_id_1_title_1"
        ],
        "the owner is the first column of another index"
    );
    assert_eq!(indexes(&store, "staff_ticket").await, ["_id_", "holder_1"]);
    assert_eq!(indexes(&store, "staff_auth_limit").await, ["_id_", "tat_1"]);
    run(
        &store,
        doc! { "dropIndexes": "staff_note", "index": "label_1" },
    )
    .await;
    store.check().await.expect_err("an index is missing");
    assert_eq!(
        store.pending().await.expect("an answer"),
        "db.getCollection(\"staff_note\").createIndex({ \"label\": 1 }, { \"name\": \"label_1\", \"unique\": true, \
         \"partialFilterExpression\": { \"label\": { \"$gte\": \"\" } } });\n"
    );
}

#[tokio::test]
async fn look_ups_and_deletions_search_indexes() {
    let store = migrated::<Owner>().await;
    for filter in [
        doc! { "label": "blue" },
        doc! { "user_id": "u", "title": "t" },
        doc! { "user_id": "u" },
    ] {
        let plan = doc! { "explain": { "find": "note", "filter": filter.clone() } };
        let plan = run(&store, plan).await.to_string();
        assert!(
            plan.contains("IXSCAN") && !plan.contains("COLLSCAN"),
            "{filter}: {plan}"
        );
    }
}

#[tokio::test]
async fn the_doctor_finds_rows_without_users_and_rows_that_do_not_fit() {
    let store = migrated::<Owner>().await;
    let ada = user(&store, "ada@example.com").await;
    let row = note("a", ada.account().id);
    records(&store).insert(NOTES, row).await.expect("a row");
    let codes = async || {
        let found = store.examine(&Expectations::default()).await;
        let found = found.expect("findings");
        let codes = found.iter().map(|finding| finding.code().to_owned());
        // The hash of the tests' users is none.
        codes
            .filter(|code| code != "unreadable_hashes")
            .collect::<Vec<_>>()
    };
    assert!(codes().await.is_empty(), "{:?}", codes().await);
    let free =
        doc! { "insert": "ticket", "documents": [{ "_id": "k", "holder": null, "purpose": "p" }] };
    run(&store, free).await;
    assert!(codes().await.is_empty(), "a row that may have no user");
    run(
        &store,
        doc! { "delete": "user", "deletes": [{ "q": {}, "limit": 0 }] },
    )
    .await;
    assert_eq!(codes().await, ["orphans"]);
    let unfit =
        doc! { "update": "note", "updates": [{ "q": {}, "u": { "$set": { "rank": "first" } } }] };
    run(&store, unfit).await;
    assert_eq!(codes().await, ["wrong_type", "orphans"]);
    store.check().await.expect_err("a row that does not fit");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_inserted_while_their_user_is_deleted_are_gone() {
    let database = migrated::<Owner>().await;
    let second = MongoStore::<Owner>::connect(&database.url).await;
    let stores = [(*database).clone(), second.expect("a second store")];
    for round in 0..10 {
        let ada = user(&database, "ada@example.com").await;
        let ada = Arc::new(ada.account().id.clone());
        let mut writers = JoinSet::new();
        for number in 0..8 {
            let (store, ada) = (stores[number % 2].clone(), Arc::clone(&ada));
            let id = format!("{round} {number}");
            writers.spawn(async move { records(&store).insert(NOTES, note(&id, &*ada)).await });
        }
        UserStore::delete(&*database, &ada).await.expect("deleted");
        for written in writers.join_all().await {
            assert!(
                matches!(written, Ok(()) | Err(StoreError::NotFound)),
                "{written:?}"
            );
        }
        assert_eq!(count(&database, "note").await, 0, "in round {round}");
    }
}

#[tokio::test]
async fn a_deletion_that_fails_leaves_the_rows_with_their_user() {
    for options in [
        &["--enable-test-commands"][..],
        &["--enable-test-commands", "--standalone"],
    ] {
        let server = crate::server::Server::with(options).await;
        let store = MongoStore::<Owner>::connect(&new_url(&server)).await;
        let store = store.expect("a database");
        store.migrate().await.expect("indexes");
        let ada = user(&store, "ada@example.com").await;
        let ada = ada.account().id;
        records(&store)
            .insert(NOTES, note("a", ada))
            .await
            .expect("a row");
        // The tokens, the notes, the tickets, the user.
        let failing = doc! { "failCommands": ["delete"], "errorCode": 8000 };
        let point = doc! { "configureFailPoint": "failCommand", "mode": { "skip": 3, "times": 1 }, "data": failing };
        let admin = store.database().client().database("admin");
        admin.run_command(point).await.expect("a fail point");
        UserStore::delete(&store, ada).await.expect_err("a failure");
        let is_there = UserStore::find(&store, ada).await.expect("an answer");
        assert!(is_there.is_some());
        let expected = u64::from(!options.contains(&"--standalone"));
        assert_eq!(count(&store, "note").await, expected, "{options:?}");
        UserStore::delete(&store, ada).await.expect("deleted");
        assert_eq!(count(&store, "note").await, 0);
    }
}

/// A user whose events are stored.
#[derive(Clone, Debug, users_runtime::UserModel)]
#[fastapi_users(events, backend(name = "jwt", transport = bearer, strategy = jwt))]
struct Observed {
    id: uuid::Uuid,
    email: String,
    hashed_password: users_runtime::PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

#[tokio::test]
async fn a_failed_login_sends_the_same_commands_whether_there_is_a_user_or_not() {
    let database = empty::<Observed>().await;
    database.migrate().await.expect("the tables");
    let (store, commands) = crate::support::watched::<Observed>(&database.url).await;
    let hasher = users_runtime::password::Argon2Bcrypt::with_params(8, 1, 1);
    let users = users_runtime::Users::builder(store, users_runtime::random_secret())
        .password_hasher(hasher.expect("parameters"))
        .build()
        .expect("a sound configuration");
    let create = ObservedCreate {
        email: "ada@example.com".into(),
        password: "correct horse battery".into(),
        is_active: true,
        is_superuser: false,
        is_verified: false,
    };
    users.create(create, None).await.expect("a user");
    let mut sent = Vec::new();
    for email in ["ada@example.com", "none@example.com"] {
        commands.try_iter().for_each(drop);
        let user = users.authenticate(email, "wrong".into()).await;
        assert!(user.expect("an answer").is_none());
        sent.push(commands.try_iter().collect::<Vec<_>>());
    }
    assert_eq!(sent[0], sent[1]);
    assert!(sent[0].contains(&"insert".to_owned()), "{sent:?}");
}
