//! A user type whose tables have the longest names, which differ at their ends.

use chrono::Utc;
use users_runtime::{
    PasswordHash, UserModel,
    store::{
        AccessToken, AccessTokenStore, OAuthAccount, OAuthAccountStore, StoreError, UserStore,
    },
};
use uuid::Uuid;

use crate::support::{Store, values};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu",
    backend(name = "database", transport = bearer, strategy = database)
)]
pub(crate) struct LongNamed {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) hashed_password: PasswordHash,
    pub(crate) is_active: bool,
    pub(crate) is_superuser: bool,
    pub(crate) is_verified: bool,
}

/// The names of the tables of tokens and of accounts.
const BELONGING: [&str; 2] = [
    "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttta",
    "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttb",
];

/// Makes the tables, and fails unless every index of theirs serves.
pub(crate) async fn are_made_and_served(store: &Store<LongNamed>) {
    let [tokens, accounts] = BELONGING;
    let long = Store::<LongNamed>::new(store.pool().clone())
        .access_token_table(tokens)
        .oauth_account_table(accounts);
    long.migrate().await.expect("tables");
    long.migrate().await.expect("nothing to do");
    long.check().await.expect("tables that fit");
    is_served(&long).await;
}

/// What each index is for does not get lost in its name.
async fn is_served<S>(store: &S)
where
    S: UserStore<LongNamed> + AccessTokenStore<Uuid> + OAuthAccountStore<LongNamed>,
{
    let admin = store.administration().expect("the store answers operators");
    assert_eq!(admin.pending().await.expect("tables that fit"), "");
    assert_eq!(admin.doctor().await.expect("an answer"), []);
    let ada = store
        .insert(values::<LongNamed>("Ada@example.com"))
        .await
        .expect("a new user");
    let namesake = store.insert(values::<LongNamed>("aDA@example.com")).await;
    assert!(
        matches!(namesake, Err(StoreError::EmailTaken)),
        "{namesake:?}"
    );
    assert!(
        store
            .find_by_email("ADA@example.com")
            .await
            .expect("an answer")
            .is_some()
    );
    let token = AccessToken {
        token: "token".into(),
        user_id: ada.id,
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    let account = OAuthAccount {
        user_id: ada.id,
        oauth_name: "github".into(),
        account_id: "1".into(),
        account_email: "ada@example.com".into(),
        access_token: "token".into(),
        expires_at: None,
        refresh_token: None,
    };
    store
        .insert_account(account.clone())
        .await
        .expect("an account");
    let twice = store.insert_account(account).await;
    assert!(
        matches!(twice, Err(StoreError::Conflict { .. })),
        "{twice:?}"
    );
    store.delete(&ada.id).await.expect("deleted");
    assert!(
        store
            .find_token(&["token"])
            .await
            .expect("an answer")
            .is_none(),
        "a token without its user"
    );
    assert!(
        store
            .find_account("github", "1")
            .await
            .expect("an answer")
            .is_none(),
        "an account without its user"
    );
}
