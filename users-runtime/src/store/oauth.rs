//! Links between users and their accounts at OAuth providers, as they are stored.

use std::fmt;

use async_trait::async_trait;

use super::{ColumnValue, Expected, StoreError};
use crate::model::UserModel;

/// A user's account at an OAuth provider.
#[derive(Clone, PartialEq, Eq)]
pub struct OAuthAccount<Id> {
    /// Whose account it is.
    pub user_id: Id,
    /// The provider's name, e.g. `github`.
    pub oauth_name: String,
    /// The account's id at the provider; unique together with the provider's name.
    pub account_id: String,
    /// The account's e-mail address at the provider, as the provider writes it.
    pub account_email: String,
    /// The provider's access token, for calls to its API.
    ///
    /// Columns that were taken over from the original hold tokens of up to 1,024 characters, but on SQLite, and a store refuses longer
    /// ones with [`StoreError::Value`]. A login stores none then, which is an empty text here: `ALTER TABLE oauth_account ALTER
    /// access_token TYPE VARCHAR, ALTER refresh_token TYPE VARCHAR` (PostgreSQL) or `ALTER TABLE oauth_account MODIFY access_token
    /// LONGTEXT NOT NULL, MODIFY refresh_token LONGTEXT` (MySQL, MariaDB) makes them hold every token.
    pub access_token: String,
    /// When the access token expires, in seconds since 1970; `None` if the provider does not report it.
    ///
    /// A column that was taken over from the original has 32 bits, but on SQLite: what is beyond them is stored as their last
    /// second, in January 2038. `ALTER TABLE oauth_account ALTER expires_at TYPE BIGINT` (PostgreSQL) or `ALTER TABLE
    /// oauth_account MODIFY expires_at BIGINT` (MySQL, MariaDB) makes it hold everything.
    pub expires_at: Option<i64>,
    /// The provider's refresh token, where there is one that could be stored.
    pub refresh_token: Option<String>,
}

impl<Id: fmt::Debug> fmt::Debug for OAuthAccount<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthAccount")
            .field("user_id", &self.user_id)
            .field("oauth_name", &self.oauth_name)
            .field("account_id", &self.account_id)
            .finish_non_exhaustive()
    }
}

/// Where OAuth accounts live.
#[async_trait]
pub trait OAuthAccountStore<U: UserModel>: Send + Sync + 'static {
    /// The account with this id at a provider.
    async fn find_account(
        &self,
        oauth_name: &str,
        account_id: &str,
    ) -> Result<Option<OAuthAccount<U::Id>>, StoreError>;

    /// Every account of a user, in the order in which the provider's name and the account's id sort.
    async fn accounts_of(&self, user: &U::Id) -> Result<Vec<OAuthAccount<U::Id>>, StoreError>;

    /// Links an account to a user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when the account is linked already, be it to this user. [`StoreError::NotFound`] when the user
    /// is gone, in databases that watch over this. [`StoreError::Value`] when there is no room for a token, with `access_token` or
    /// `refresh_token` as the column.
    async fn insert_account(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError>;

    /// Links an account to a user who still fulfils every condition when the link is stored: nothing can change them in between.
    ///
    /// The default does not compare anything. It serves stores that cannot; the user system reads the user once more afterwards.
    ///
    /// # Errors
    ///
    /// Those of [`insert_account`](Self::insert_account), and [`StoreError::Outdated`] when something else is stored than expected.
    async fn insert_account_if(
        &self,
        account: OAuthAccount<U::Id>,
        expected: Expected<'_>,
    ) -> Result<(), StoreError> {
        let _ = expected;
        self.insert_account(account).await
    }

    /// Stores a new user together with an account, or neither. `account` gets the user's id; what it says of one is ignored.
    ///
    /// # Errors
    ///
    /// Those of [`UserStore::insert`](super::UserStore::insert) and [`insert_account`](Self::insert_account).
    async fn insert_user_with_account(
        &self,
        values: Vec<ColumnValue>,
        account: &(dyn Fn(U::Id) -> OAuthAccount<U::Id> + Send + Sync),
    ) -> Result<U, StoreError>;

    /// Replaces the tokens and the address of an account, which is found by its provider's name and its id.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when no user has the account, [`StoreError::Value`] as when it is [linked](Self::insert_account).
    async fn update_account(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError>;

    /// Replaces the access token, when it expires, and the address of an account, and leaves its refresh token: what a login
    /// stores whose provider handed out none, as many do at the first login only.
    ///
    /// The default reads the refresh token and writes it back. A store does better to leave it out of one statement, so that a
    /// refresh token that another login stores at the same time is not lost.
    ///
    /// # Errors
    ///
    /// Those of [`update_account`](Self::update_account).
    async fn update_access_token(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        let (name, id) = (&account.oauth_name, &account.account_id);
        let stored = self.find_account(name, id).await?;
        let stored = stored.ok_or(StoreError::NotFound)?;
        self.update_account(OAuthAccount {
            refresh_token: stored.refresh_token,
            ..account
        })
        .await
    }

    /// Whether a user has an account. In a database without a table of accounts, no user has one.
    ///
    /// The default reads them all.
    async fn has_accounts(&self, user: &U::Id) -> Result<bool, StoreError> {
        Ok(!self.accounts_of(user).await?.is_empty())
    }

    /// Removes the links of a user to all accounts; how many there were. A database without a table of accounts has none.
    ///
    /// The default removes one after the other.
    async fn delete_accounts_of(&self, user: &U::Id) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for account in self.accounts_of(user).await? {
            let (name, id) = (&account.oauth_name, &account.account_id);
            deleted += u64::from(self.delete_account(user, name, id).await?);
        }
        Ok(deleted)
    }

    /// Removes the link of a user to an account; whether it was there.
    async fn delete_account(
        &self,
        user: &U::Id,
        oauth_name: &str,
        account_id: &str,
    ) -> Result<bool, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_form_shows_no_token() {
        let account = OAuthAccount {
            user_id: 7,
            oauth_name: "github".into(),
            account_id: "1".into(),
            account_email: "jo@example.com".into(),
            access_token: "secret".into(),
            expires_at: None,
            refresh_token: Some("secret".into()),
        };
        let shown = format!("{account:?}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}
