//! Typed errors, and what they do not show.

use chrono::Utc;
use users_runtime::{
    UserModel as _,
    store::{AccessToken, AccessTokenStore as _, StoreError, UserStore as _},
};

use crate::{
    failures::{POSTS, UNREADABLE},
    shown::shown,
    support::{User, migrated, run, user},
};

/// A token of this user.
pub(crate) fn token<Id: Clone>(user_id: &Id) -> AccessToken<Id> {
    AccessToken {
        token: "t".into(),
        user_id: user_id.clone(),
        created_at: Utc::now(),
    }
}

#[tokio::test]
async fn a_token_for_a_user_who_is_gone_is_refused() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    store.delete(ada.account().id).await.expect("deleted");
    assert!(matches!(
        store.insert_token(token(ada.account().id)).await,
        Err(StoreError::NotFound)
    ));
}

#[tokio::test]
async fn what_is_no_user_is_named_by_its_column_only() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    run(&store, UNREADABLE).await;
    let error = store.find(ada.account().id).await.expect_err("no user");
    assert!(matches!(error, StoreError::Row(_)));
    assert!(
        shown(&error).contains("is_active") && !shown(&error).contains("secret"),
        "{}",
        shown(&error)
    );
}

#[tokio::test]
async fn a_deletion_that_fails_deletes_nothing() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    store.insert_token(token(id)).await.expect("a token");
    run(&store, POSTS).await;
    let error = store.delete(id).await.expect_err("refused");
    assert!(matches!(error, StoreError::Database(_)));
    assert!(
        !shown(&error).contains(&id.to_string()),
        "{}",
        shown(&error)
    );
    assert!(
        store.find_token(&["t"]).await.expect("an answer").is_some(),
        "the token went, but the user stayed"
    );
    assert!(store.find(id).await.expect("an answer").is_some());
}
