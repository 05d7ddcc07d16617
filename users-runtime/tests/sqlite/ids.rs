//! Ids as the original's tables may have them, and texts longer than their columns say.

use chrono::Utc;
use users_runtime::{
    UserModel,
    conformance::UuidId,
    store::{AccessToken, AccessTokenStore, OAuthAccount, OAuthAccountStore as _, UserStore},
};

use crate::{
    original,
    support::{run, user},
};

#[tokio::test]
async fn an_id_in_capitals_is_that_of_the_same_user() {
    let store = original::made().await;
    let token = store
        .find_token(&["another"])
        .await
        .expect("an answer")
        .expect("a token");
    assert_eq!(
        token.user_id,
        UuidId(original::OTHER.parse().expect("a UUID"))
    );
    assert_eq!(token.created_at.timestamp_subsec_micros(), 0);
}

#[tokio::test]
async fn ids_without_hyphens_are_told_apart_and_served() {
    let store = original::made().await;
    run(&store, "DELETE FROM accesstoken; DELETE FROM oauth_account; UPDATE user SET id = replace(id, '-', '')").await;
    run(&store, "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'id CHAR(36)', 'id CHAR(32)')").await;
    run(&store, "PRAGMA writable_schema = RESET").await;
    let kate = UuidId(original::KATE.parse().expect("a UUID"));
    assert!(store.find(&kate).await.expect("an answer").is_none());
    let error = store
        .migrate()
        .await
        .expect_err("another form of UUIDs")
        .to_string();
    let expected = "column `user.id` is CHAR(32) where the field needs CHAR(36); call `.uuids_without_hyphens()` on the store";
    assert!(error.contains(expected), "{error}");

    let store = store.uuids_without_hyphens();
    store.migrate().await.expect("indexes");
    assert!(store.find(&kate).await.expect("an answer").is_some());
    let ada = user(&store, "ada@example.com").await;
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    store.delete(ada.account().id).await.expect("deleted");
    assert!(store.find_token(&["t"]).await.expect("an answer").is_none());
}

/// SQLite does not count.
#[tokio::test]
async fn a_token_of_any_length_is_stored() {
    let store = original::made().await;
    let account = store
        .find_account("google", "1")
        .await
        .expect("an answer")
        .expect("an account");
    let long = OAuthAccount {
        access_token: "é".repeat(5000),
        refresh_token: Some("é".repeat(5000)),
        ..account
    };
    store.update_account(long.clone()).await.expect("changed");
    assert_eq!(
        store.find_account("google", "1").await.expect("an answer"),
        Some(long)
    );
}
