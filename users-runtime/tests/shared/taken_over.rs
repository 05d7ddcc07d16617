//! A database that FastAPI Users' SQLAlchemy adapter has made, with its rows.

use chrono::{DateTime, Utc};
use users_runtime::{
    UserModel,
    conformance::UuidId,
    store::{
        AccessToken, AccessTokenStore, ColumnValue, OAuthAccount, OAuthAccountStore as _, UserStore,
    },
    value::Value,
};

use crate::{
    original::{self, in_tokyo, layout, made, served, written},
    support::{Store, User, column, user},
};

fn id(text: &str) -> UuidId {
    UuidId(text.parse().expect("a UUID"))
}

async fn account(store: &Store<User>, account_id: &str) -> Option<OAuthAccount<UuidId>> {
    store
        .find_account("google", account_id)
        .await
        .expect("an answer")
}

fn shows(user: &User, values: &[&str]) {
    let shown = format!("{user:?}");
    for value in values {
        assert!(shown.contains(value), "{value} is not in {shown}");
    }
}

#[tokio::test]
async fn its_rows_are_read() {
    let store = served().await;
    let kate = store
        .find_by_email(original::KATES_EMAIL)
        .await
        .expect("an answer")
        .expect("a user");
    assert_eq!(kate.account().id, &id(original::KATE));
    assert_eq!(kate.account().email, "Käthe@Example.com");
    assert!(
        kate.account().is_active && !kate.account().is_superuser && !kate.account().is_verified
    );
    shows(&kate, &original::FULL);
    let other = store
        .find(&id(original::OTHER))
        .await
        .expect("an answer")
        .expect("a user");
    assert!(
        !other.account().is_active && other.account().is_superuser && other.account().is_verified
    );
    shows(&other, original::SPARSE);
}

#[tokio::test]
async fn its_tokens_are_good_and_go_with_their_user() {
    let store = served().await;
    let other = id(original::OTHER);
    let token = store
        .find_token(&["a-token"])
        .await
        .expect("an answer")
        .expect("a token");
    assert_eq!(token.user_id, other);
    assert_eq!(
        token.created_at,
        original::ISSUED
            .parse::<DateTime<Utc>>()
            .expect("an instant")
    );
    for another in ["A-TOKEN", "a-token ", "ä-token"] {
        let found = store.find_token(&[another]).await.expect("an answer");
        assert!(found.is_none(), "{another:?} is a token");
        assert!(
            !store.delete_token(another).await.expect("an answer"),
            "{another:?} is a token"
        );
    }
    store.delete(&other).await.expect("deleted");
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM oauth_account")
        .fetch_one(store.pool())
        .await
        .expect("a count");
    assert_eq!(left, 0);
}

#[tokio::test]
async fn its_oauth_accounts_are_read_and_changed() {
    let store = served().await;
    let first = account(&store, "1").await.expect("an account");
    assert_eq!(
        (
            first.user_id.clone(),
            first.expires_at,
            &*first.access_token
        ),
        (id(original::OTHER), Some(1), "t")
    );
    let changed = OAuthAccount {
        expires_at: Some(2),
        refresh_token: Some("r".into()),
        ..first
    };
    store
        .update_account(changed.clone())
        .await
        .expect("changed");
    assert_eq!(account(&store, "1").await, Some(changed.clone()));
    // The collation of its table may take these for one.
    let [small, large] = ["abc", "ABC"].map(|name| OAuthAccount {
        account_id: name.into(),
        ..changed.clone()
    });
    store
        .insert_account(small.clone())
        .await
        .expect("a second account");
    store
        .insert_account(large.clone())
        .await
        .expect("a third account");
    let newer = OAuthAccount {
        access_token: "newer".into(),
        ..small.clone()
    };
    store.update_account(newer.clone()).await.expect("changed");
    assert_eq!(account(&store, "abc").await, Some(newer));
    assert_eq!(account(&store, "ABC").await, Some(large.clone()));
    let is_deleted = store.delete_account(&small.user_id, "google", "abc").await;
    assert!(is_deleted.expect("an answer"));
    assert_eq!(
        account(&store, "ABC").await,
        Some(large),
        "another account went as well"
    );
}

#[tokio::test]
async fn migrating_adds_keys_and_indexes_only() {
    let store = made().await;
    let before = layout(&store).await;
    store.migrate().await.expect("keys and their indexes");
    store.check().await.expect("tables that fit");
    let after = layout(&store).await;
    let added = after
        .iter()
        .filter(|name| !before.contains(name))
        .map(String::as_str)
        .collect::<Vec<_>>();
    assert_eq!(added, original::ADDED);
    assert!(before.iter().all(|name| after.contains(name)), "{after:?}");
}

#[tokio::test]
async fn what_is_written_has_the_originals_form_and_is_utc() {
    let database = served().await;
    let ada = user(&database, "ada@example.com").await;
    let id = ada.account().id;
    let created_at = original::WRITTEN_AT.parse().expect("an instant");
    let token = AccessToken {
        token: "x".repeat(43),
        user_id: id.clone(),
        created_at,
    };
    database.insert_token(token).await.expect("a token");
    let seen = ColumnValue {
        column: column("seen_at"),
        value: Value::Timestamp(created_at),
    };
    let store = in_tokyo(&database).await;
    store.update(id, vec![seen], None).await.expect("changed");
    let expected = original::WRITTEN
        .iter()
        .map(|text| text.replace("ID", &id.to_string()))
        .collect::<Vec<_>>();
    assert_eq!(written(&store).await, expected);
}
