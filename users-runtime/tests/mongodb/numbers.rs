//! Ids that are numbers, and numbers that a shell has stored.

use mongodb::bson::{Bson, Document, doc};
use users_runtime::{
    UserModel,
    conformance::{BigId, IntId, Member},
    store::{
        Administration as _, OAuthAccountStore, SchemaError, SchemaProblemKind as Kind, StoreError,
        UserStore,
    },
};

use crate::support::{User, account, count, migrated, run, user, values};

#[tokio::test]
async fn numbers_are_counted_up_beyond_what_others_have_stored() {
    let store = migrated::<Member<BigId>>().await;
    assert_eq!(user(&store, "a@example.com").await.account().id, &BigId(1));
    let users = store.database().collection::<Document>("user");
    let mut stored = users
        .find_one(doc! {})
        .await
        .expect("an answer")
        .expect("a user");
    stored.extend(doc! { "_id": 2, "email": "other@example.com" });
    users
        .insert_one(stored)
        .await
        .expect("a user without counting");
    let bob = user(&store, "b@example.com").await;
    assert_eq!(bob.account().id, &BigId(3));
    store.delete(bob.account().id).await.expect("deleted");
    let of_new = |id| account(id, "google", "1");
    let eve = store
        .insert_user_with_account(values::<Member<BigId>>("e@example.com"), &of_new)
        .await
        .expect("a new user");
    assert_eq!(eve.account().id, &BigId(4), "an id was given twice");
    assert_eq!(
        store.accounts_of(&BigId(4)).await.expect("an answer").len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_users_that_are_counted_at_once_get_different_numbers() {
    let store = std::sync::Arc::new(migrated::<Member<IntId>>().await);
    let mut inserts = tokio::task::JoinSet::new();
    for number in 0..16 {
        let store = std::sync::Arc::clone(&store);
        inserts.spawn(async move {
            user(&store, &format!("user{number}@example.com"))
                .await
                .account()
                .id
                .0
        });
    }
    let mut ids = inserts.join_all().await;
    ids.sort_unstable();
    assert_eq!(ids, (1..=16).collect::<Vec<_>>());
    run(&store, doc! { "update": "counters", "updates": [{ "q": {}, "u": { "$set": { "last": i32::MAX } } }] }).await;
    let refused = store
        .insert(values::<Member<IntId>>("more@example.com"))
        .await;
    assert!(
        matches!(refused, Err(StoreError::Value { column: "id", .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn numbers_that_a_shell_has_stored_count() {
    let store = migrated::<Member<BigId>>().await;
    let users = store.database().collection::<Document>("user");
    user(&store, "a@example.com").await;
    let mut stored = users
        .find_one(doc! {})
        .await
        .expect("an answer")
        .expect("a user");
    stored.extend(doc! { "_id": 7.0, "email": "other@example.com" });
    users
        .insert_one(stored)
        .await
        .expect("a user without counting");
    assert!(store.find(&BigId(7)).await.expect("an answer").is_some());
    let pending = store.pending().await.expect("an answer");
    assert!(pending.contains("\"last\": NumberLong(\"7\")"), "{pending}");
    run(
        &store,
        doc! { "update": "counters", "updates": [{ "q": {}, "u": { "$set": { "last": 7.0 } } }] },
    )
    .await;
    assert_eq!(store.pending().await.expect("an answer"), "");
    store.migrate().await.expect("nothing to do");
    assert_eq!(user(&store, "b@example.com").await.account().id, &BigId(8));
    run(
        &store,
        doc! { "update": "counters", "updates": [{ "q": {}, "u": { "$set": { "last": 8.5 } } }] },
    )
    .await;
    let refused = store.insert(values::<Member<BigId>>("c@example.com")).await;
    assert!(
        matches!(refused, Err(StoreError::Database(_))),
        "{refused:?}"
    );
    assert_eq!(count(&store, "user").await, 3);
}

#[tokio::test]
async fn numbers_that_no_field_can_hold_are_told() {
    const BEYOND_16: (&str, &str) = ("a number beyond these bits", "a whole number of 16 bits");
    const BEYOND_32: (&str, &str) = ("a number beyond these bits", "a whole number of 32 bits");
    const FRACTION_32: (&str, &str) = (
        "a number with a fraction or beyond 53 bits",
        "a whole number of 32 bits",
    );
    const FRACTION_64: (&str, &str) = (
        "a number with a fraction or beyond 53 bits",
        "a whole number of 64 bits",
    );
    let store = migrated::<User>().await;
    let id = user(&store, "ada@example.com").await.account().id.clone();
    let users = store.database().collection::<Document>("user");
    let fits: [(&str, Bson); 11] = [
        ("small", (-32_768).into()),
        ("small", 32_767_i64.into()),
        ("small", 32_767.0.into()),
        ("medium", i32::MIN.into()),
        ("medium", i64::from(i32::MAX).into()),
        ("medium", (-0.0).into()),
        ("order", i64::MIN.into()),
        ("order", i64::MAX.into()),
        ("order", (-9_007_199_254_740_991.0).into()),
        ("order", Bson::Null),
        ("ratio", 3e300.into()),
    ];
    for (field, number) in fits {
        users
            .update_one(doc! {}, doc! { "$set": { field: &number } })
            .await
            .expect("changed");
        store
            .check()
            .await
            .unwrap_or_else(|error| panic!("{field}: {number}: {error}"));
        assert!(
            store
                .find(&id)
                .await
                .expect("a user that can be read")
                .is_some()
        );
    }
    let unfit: [(&str, Bson, (&str, &str)); 11] = [
        ("small", 32_768.into(), BEYOND_16),
        ("small", (-32_769_i64).into(), BEYOND_16),
        ("medium", (i64::from(i32::MAX) + 1).into(), BEYOND_32),
        ("medium", 3e9.into(), BEYOND_32),
        ("medium", 1.5.into(), FRACTION_32),
        ("medium", f64::NAN.into(), FRACTION_32),
        ("order", 9_007_199_254_740_992.0.into(), FRACTION_64),
        ("order", (-1e300).into(), FRACTION_64),
        ("order", f64::INFINITY.into(), FRACTION_64),
        ("order", "7".into(), ("string", "int or long or double")),
        ("order", vec![7].into(), ("array", "int or long or double")),
    ];
    for (field, number, (found, expected)) in unfit {
        users
            .update_one(doc! {}, doc! { "$set": { field: &number } })
            .await
            .expect("changed");
        let SchemaError::Mismatch(problems) =
            store.check().await.expect_err("a number that does not fit")
        else {
            panic!()
        };
        let kinds = problems
            .iter()
            .map(|problem| &problem.kind)
            .collect::<Vec<_>>();
        let [column, found, expected] = [field, found, expected].map(str::to_owned);
        assert_eq!(
            kinds,
            [&Kind::WrongType {
                column,
                found,
                expected
            }],
            "{field}: {number}"
        );
        users
            .update_one(doc! {}, doc! { "$unset": { field: "" } })
            .await
            .expect("changed");
    }
    store.check().await.expect("documents that fit");
}
