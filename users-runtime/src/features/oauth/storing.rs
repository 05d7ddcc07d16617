//! How an account at a provider is stored, perhaps with its user.

use crate::{
    model::UserModel,
    oauth::{Profile, ProviderToken},
    store::{ColumnValue, Expected, OAuthAccount, OAuthAccountStore, StoreError},
    users::Users,
};

/// What is stored of an account, once its user is known.
pub(super) type AccountOf<'a, U> =
    &'a (dyn Fn(<U as UserModel>::Id) -> OAuthAccount<<U as UserModel>::Id> + Send + Sync);

/// How an account is stored.
pub(super) enum Storing<'a, Id> {
    /// It is linked to this user already.
    Update(Id),
    /// It is linked to this user now, if they still are as expected.
    Link(Id, Expected<'a>),
    /// It comes with a new user of these values.
    Register(Vec<ColumnValue>),
}

/// The columns of a provider's tokens.
const TOKENS: [&str; 2] = ["access_token", "refresh_token"];

impl<U: UserModel> Users<U> {
    /// Stores an account; the user, if it is a new one. A provider's token that the store has no room for is left out: a login does
    /// not need it.
    pub(super) async fn store_account(
        &self,
        storing: &Storing<'_, U::Id>,
        account: AccountOf<'_, U>,
    ) -> Result<Option<U>, StoreError> {
        let accounts = self.accounts()?;
        let mut left_out: Vec<&'static str> = Vec::new();
        loop {
            let fitted = |user_id| without(account(user_id), &left_out);
            let stored = match storing {
                Storing::Update(user_id) => {
                    let account = fitted(user_id.clone());
                    // Many providers hand out a refresh token at the first login only. The original forgets it then.
                    let keeps_refresh_token = account.refresh_token.is_none()
                        && !left_out.contains(&"refresh_token")
                        && !self.options().oauth_as_original;
                    let updated = if keeps_refresh_token {
                        accounts.update_access_token(account)
                    } else {
                        accounts.update_account(account)
                    };
                    updated.await.map(|()| None)
                }
                Storing::Link(user_id, expected) => accounts
                    .insert_account_if(fitted(user_id.clone()), *expected)
                    .await
                    .map(|()| None),
                Storing::Register(values) => accounts
                    .insert_user_with_account(values.clone(), &fitted)
                    .await
                    .map(Some),
            };
            match stored {
                Err(StoreError::Value { column, reason })
                    if TOKENS.contains(&column) && !left_out.contains(&column) =>
                {
                    tracing::warn!(
                        column,
                        reason,
                        "a provider's token was not stored: make room for it in the database"
                    );
                    left_out.push(column);
                }
                stored => return stored,
            }
        }
    }

    pub(super) fn accounts(&self) -> Result<&dyn OAuthAccountStore<U>, StoreError> {
        let missing = || StoreError::Database("the store holds no OAuth accounts".into());
        self.store().oauth_accounts().ok_or_else(missing)
    }
}

/// The account without some of its tokens.
fn without<Id>(mut account: OAuthAccount<Id>, columns: &[&str]) -> OAuthAccount<Id> {
    if columns.contains(&"access_token") {
        account.access_token.clear();
    }
    account.refresh_token = account
        .refresh_token
        .filter(|_| !columns.contains(&"refresh_token"));
    account
}

/// What is stored of an account of a user.
pub(super) fn account_of<U: UserModel>(
    user_id: U::Id,
    provider: &str,
    token: &ProviderToken,
    profile: &Profile,
    email: &str,
) -> OAuthAccount<U::Id> {
    OAuthAccount {
        user_id,
        oauth_name: provider.to_owned(),
        account_id: profile.account_id.clone(),
        account_email: email.to_owned(),
        access_token: token.access_token.clone(),
        expires_at: token.expires_at,
        refresh_token: token.refresh_token.clone(),
    }
}
