//! What a user of a table that others have made goes through: a registration, look-ups, changes, values that the columns refuse.

use users_runtime::{
    UserModel,
    store::{AccessToken, ColumnValue, OAuthAccount, SqlStore, StoreError, UserStore},
    value::Value,
};

use crate::support::values;

/// Where a field's column stands.
pub(crate) fn position<U: UserModel>(field: &str) -> usize {
    let mut columns = U::COLUMNS.iter();
    columns
        .position(|column| column.field == field)
        .expect("a field")
}

/// A new user's values, with these for some fields.
pub(crate) fn with<U: UserModel>(
    email: &str,
    fields: impl IntoIterator<Item = (&'static str, Value)>,
) -> Vec<ColumnValue> {
    let mut values = values::<U>(email);
    for (field, value) in fields {
        let column = position::<U>(field);
        values.retain(|value| value.column != column);
        values.push(ColumnValue { column, value });
    }
    values
}

/// Fails unless a value of this column is refused.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>, wanted: &str) {
    match result {
        Err(StoreError::Value { column, .. }) => assert_eq!(column, wanted),
        other => panic!("{wanted}: {other:?}"),
    }
}

/// A user, a session and a linked account, from the registration to the deletion.
pub(crate) async fn lives<U: UserModel + std::fmt::Debug, D>(
    store: &SqlStore<U, D>,
    values: Vec<ColumnValue>,
) where
    SqlStore<U, D>: UserStore<U>,
{
    let user = store.insert(values).await.expect("a new user");
    let (id, email) = (user.account().id.clone(), user.account().email.to_owned());
    let found = store.find(&id).await.expect("an answer").expect("a user");
    assert_eq!(format!("{found:?}"), format!("{user:?}"));
    let found = store.find_by_email(&email.to_uppercase()).await;
    assert_eq!(
        format!("{:?}", found.expect("an answer")),
        format!("{:?}", Some(&user))
    );
    let verified = ColumnValue {
        column: position::<U>("is_verified"),
        value: Value::Bool(true),
    };
    let changed = store.update(&id, vec![verified], None).await;
    assert!(changed.expect("a change").account().is_verified);
    let tokens = store.access_tokens().expect("a table of tokens");
    let token = AccessToken {
        token: "$token".into(),
        user_id: id.clone(),
        created_at: chrono::Utc::now(),
    };
    tokens.insert_token(token).await.expect("a session");
    let found = tokens.find_token(&["$token"]).await.expect("an answer");
    assert_eq!(found.expect("the session").user_id, id);
    let listed = tokens.tokens_of(&id).await.expect("an answer");
    assert_eq!(listed.map(|tokens| tokens.len()), Some(1));
    let accounts = store.oauth_accounts().expect("a table of accounts");
    let account = OAuthAccount {
        user_id: id.clone(),
        oauth_name: "github".into(),
        access_token: "t".into(),
        expires_at: None,
        refresh_token: None,
        account_id: "1".into(),
        account_email: email.clone(),
    };
    accounts.insert_account(account).await.expect("a link");
    let linked = accounts.accounts_of(&id).await.expect("an answer");
    assert_eq!(linked.len(), 1);
    let administration = store.administration().expect("a store with searches");
    let findings = administration.doctor().await.expect("an answer");
    let codes: Vec<_> = findings
        .iter()
        .map(users_runtime::store::Finding::code)
        .collect();
    assert_eq!(codes, ["unreadable_hashes"], "{findings:?}");
    let search = users_runtime::store::UserSearch::new();
    let listed = administration.search(&search).await.expect("an answer");
    assert_eq!(listed.len(), 1);
    let search = search.after(users_runtime::store::Cursor::of(&listed[0]));
    assert!(
        administration
            .search(&search)
            .await
            .expect("an answer")
            .is_empty()
    );
    store.delete(&id).await.expect("deleted");
    assert!(store.find(&id).await.expect("an answer").is_none());
    assert!(
        tokens
            .find_token(&["$token"])
            .await
            .expect("an answer")
            .is_none()
    );
}
