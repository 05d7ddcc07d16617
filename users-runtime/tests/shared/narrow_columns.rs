//! Columns of the original that hold less than this store's own.

use users_runtime::{
    UserModel as _,
    conformance::{IntId, Member, UuidId},
    store::{OAuthAccount, OAuthAccountStore as _, StoreError, UserStore},
};

use crate::{
    original::{self, columns, served, widened},
    support::{Store, User, empty, migrated, run, user, values},
};

async fn account(store: &Store<User>, account_id: &str) -> Option<OAuthAccount<UuidId>> {
    store
        .find_account("google", account_id)
        .await
        .expect("an answer")
}

/// When an account's tokens expire.
async fn expiry(store: &Store<User>, account_id: &str) -> Option<i64> {
    let account = account(store, account_id).await;
    account.expect("an account").expires_at
}

/// Its column has 32 bits.
#[tokio::test]
async fn an_expiry_beyond_2038_is_stored_as_the_last_that_fits() {
    let store = served().await;
    let (last, beyond) = (i64::from(i32::MAX), i64::from(i32::MAX) + 1);
    let first = account(&store, "1").await.expect("an account");
    let expiring = |account_id: &str, expires_at| OAuthAccount {
        account_id: account_id.into(),
        expires_at: Some(expires_at),
        ..first.clone()
    };
    for (given, stored) in [
        (last, last),
        (beyond, last),
        (i64::MAX, last),
        (i64::MIN, i64::from(i32::MIN)),
    ] {
        store
            .update_account(expiring("1", given))
            .await
            .expect("changed");
        assert_eq!(expiry(&store, "1").await, Some(stored), "{given}");
    }
    store
        .insert_account(expiring("2", beyond))
        .await
        .expect("an account");
    assert_eq!(expiry(&store, "2").await, Some(last));
    let third = |user_id| OAuthAccount {
        user_id,
        ..expiring("3", i64::MAX)
    };
    store
        .insert_user_with_account(values::<User>("new@example.com"), &third)
        .await
        .expect("a user with an account");
    assert_eq!(expiry(&store, "3").await, Some(last));
    // The advice is good.
    run(&store, original::WIDER_EXPIRY).await;
    store.migrate().await.expect("keys and their indexes");
    store.check().await.expect("tables that fit");
    store
        .update_account(expiring("3", i64::MAX))
        .await
        .expect("changed");
    assert_eq!(expiry(&store, "3").await, Some(i64::MAX));
}

/// Fails unless the account can neither be changed to this, nor stored, nor stored with a new user, because of this column.
async fn is_refused(store: &Store<User>, long: &OAuthAccount<UuidId>, column: &str) {
    let refused = |result| match result {
        Err(StoreError::Value {
            column,
            reason: "longer than the column allows",
        }) => column,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(store.update_account(long.clone()).await), column);
    let second = OAuthAccount {
        account_id: "2".into(),
        ..long.clone()
    };
    assert_eq!(refused(store.insert_account(second.clone()).await), column);
    let with_user = |user_id| OAuthAccount {
        user_id,
        ..second.clone()
    };
    let registered = store
        .insert_user_with_account(values::<User>("new@example.com"), &with_user)
        .await;
    assert_eq!(refused(registered.map(drop)), column);
}

/// Its columns have 1,024 characters.
#[tokio::test]
async fn a_token_that_does_not_fit_is_refused_and_changes_nothing() {
    let store = served().await;
    let (fits, exceeds) = ("é".repeat(1024), "é".repeat(1025));
    let full = OAuthAccount {
        access_token: fits.clone(),
        refresh_token: Some(fits),
        ..account(&store, "1").await.expect("an account")
    };
    store.update_account(full.clone()).await.expect("changed");
    let long = OAuthAccount {
        access_token: exceeds.clone(),
        ..full.clone()
    };
    is_refused(&store, &long, "access_token").await;
    let long = OAuthAccount {
        refresh_token: Some(exceeds.clone()),
        ..full.clone()
    };
    is_refused(&store, &long, "refresh_token").await;
    assert_eq!(account(&store, "1").await, Some(full.clone()));
    assert_eq!(account(&store, "2").await, None);
    let new = store.find_by_email("new@example.com").await;
    assert!(new.expect("an answer").is_none());
    // The advice is good.
    run(&store, original::WIDER_TOKENS).await;
    let long = OAuthAccount {
        access_token: exceeds.clone(),
        refresh_token: Some(exceeds),
        ..full
    };
    store.update_account(long.clone()).await.expect("changed");
    assert_eq!(account(&store, "1").await, Some(long));
}

/// The tables that this store makes are those of the original, column by column.
#[tokio::test]
async fn its_layout_is_what_a_new_database_gets() {
    let (original, new) = (served().await, migrated::<User>().await);
    let (theirs, ours) = (columns(&original).await, columns(&new).await);
    assert_eq!(ours, widened(&theirs));
}

#[tokio::test]
async fn ids_that_the_database_assigns_go_on_where_they_were() {
    let store = empty::<Member<IntId>>().await;
    run(&store, original::NUMBERED).await;
    store.migrate().await.expect("columns and indexes");
    let second: Member<IntId> = user(&store, "b@example.com").await;
    let id = second.account().id;
    assert_eq!(id, &IntId(2));
    store.delete(id).await.expect("deleted");
    let third = user(&store, "c@example.com").await;
    assert_eq!(third.account().id, &IntId(3), "an id was given twice");
}
