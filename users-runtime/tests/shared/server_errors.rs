//! What servers of SQL refuse, and what happens at once on them.

use chrono::Utc;
use users_runtime::{
    UserModel,
    store::{AccessToken, AccessTokenStore, StoreError, UserStore as _},
    value::Value,
};

use crate::{
    failures::{REFUSALS, STRICT_TABLE, UNCASCADED_TOKENS},
    support::{User, column, empty, migrated, run, shown, text, user, values},
};

#[tokio::test]
async fn a_table_that_is_missing_is_reported_with_what_to_call() {
    let store = empty::<User>().await;
    let error = store
        .find_by_email("ada@example.com")
        .await
        .expect_err("there is no table");
    let text = format!("{error:?}");
    assert!(
        text.contains("call `migrate().await` on the store"),
        "{text}"
    );
}

#[tokio::test]
async fn errors_of_the_server_show_no_values() {
    let store = migrated::<User>().await;
    run(&store, STRICT_TABLE).await;
    let mut taken = values::<User>("ada@example.com");
    taken[column("nickname")].value = Value::Text("secret twin".into());
    store.insert(taken).await.expect("a new user");
    let bob = user(&store, "bob@example.com").await;
    for (name, part) in REFUSALS {
        let error = store
            .update(bob.account().id, vec![text("nickname", name)], None)
            .await
            .expect_err("refused");
        let shown = shown(&error);
        assert!(
            shown.contains(part) && !shown.contains("secret"),
            "{name}: {shown}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_issued_while_their_user_goes_keep_nobody() {
    let store = migrated::<User>().await;
    // Without a cascade, a token in between would keep the user.
    run(&store, UNCASCADED_TOKENS).await;
    for round in 0..20 {
        let id = user(&store, "ada@example.com").await.account().id.clone();
        let issue = |number: u32| {
            let token = AccessToken {
                token: format!("{round}-{number}"),
                user_id: id.clone(),
                created_at: Utc::now(),
            };
            store.insert_token(token)
        };
        let (deleted, a, b, c) = tokio::join!(store.delete(&id), issue(1), issue(2), issue(3));
        deleted.expect("deleted");
        for issued in [a, b, c] {
            assert!(
                matches!(issued, Ok(()) | Err(StoreError::NotFound)),
                "{issued:?}"
            );
        }
    }
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM accesstoken")
        .fetch_one(store.pool())
        .await
        .expect("a count");
    assert_eq!(left, 0);
}
