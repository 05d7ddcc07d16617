//! Every look-up of a store, for those who ask the database how it went about them.

use users_runtime::{
    UserModel,
    conformance::{Member, UuidId},
    store::{AccessToken, AccessTokenStore, ColumnValue, Expected, OAuthAccountStore, UserStore},
    value::Value,
};

/// Looks for users, tokens and accounts by everything that they can be looked for by. There are `ada@example.com`, whom this id is
/// of, and `User7@example.com`.
pub(crate) async fn ask_everything<S>(store: &S, id: &UuidId)
where
    S: UserStore<Member<UuidId>> + AccessTokenStore<UuidId> + OAuthAccountStore<Member<UuidId>>,
{
    let token = AccessToken {
        token: "t".into(),
        user_id: id.clone(),
        created_at: chrono::Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    let ada = store.find(id).await.expect("an answer").expect("a user");
    store
        .find_by_email("USER7@example.com")
        .await
        .expect("an answer")
        .expect("a user");
    let position = Member::<UuidId>::COLUMNS
        .iter()
        .position(|column| column.name == "is_active")
        .expect("a column");
    let change = || {
        vec![ColumnValue {
            column: position,
            value: Value::Bool(true),
        }]
    };
    store
        .update(
            id,
            change(),
            Some(Expected::new().hash(ada.account().hashed_password)),
        )
        .await
        .expect("changed");
    store
        .update(id, change(), Some(Expected::new().email("ada@example.com")))
        .await
        .expect("changed");
    store
        .find_token(&["t"])
        .await
        .expect("an answer")
        .expect("the token");
    store
        .find_token(&["t", "u"])
        .await
        .expect("an answer")
        .expect("the token");
    store
        .tokens_of(id)
        .await
        .expect("an answer")
        .expect("a list");
    store.find_account("google", "7").await.expect("an answer");
    store.accounts_of(id).await.expect("an answer");
    store
        .delete_account(id, "google", "7")
        .await
        .expect("an answer");
    store
        .delete_tokens_of(id, Some("t"))
        .await
        .expect("an answer");
    store
        .delete_tokens_before(chrono::DateTime::UNIX_EPOCH)
        .await
        .expect("an answer");
    store.delete_token("t").await.expect("an answer");
}
