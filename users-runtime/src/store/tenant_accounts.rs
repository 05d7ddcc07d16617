//! The linked accounts of the users of one tenant.
//!
//! An account at a provider may be linked once in each tenant. What is stored as its id is `TENANT/ID`, so that the unique index on
//! accounts, which every store has, prevents two links within a tenant.

use std::borrow::Cow;

use async_trait::async_trait;

use super::{
    ColumnValue, Expected, OAuthAccount, OAuthAccountStore, StoreError, UserStore as _,
    tenant_users::TenantUsers, tenants::tenant_text,
};
use crate::{model::UserModel, value::Value};

/// An account's id as it is stored.
fn stored_id(tenant: &Value, account_id: &str) -> String {
    format!("{}/{account_id}", tenant_text(tenant))
}

/// A stored account as its provider knows it.
fn shown<Id>(mut account: OAuthAccount<Id>) -> OAuthAccount<Id> {
    if let Some((_, id)) = account.account_id.split_once('/') {
        account.account_id = id.to_owned();
    }
    account
}

fn stored<Id>(tenant: &Value, mut account: OAuthAccount<Id>) -> OAuthAccount<Id> {
    account.account_id = stored_id(tenant, &account.account_id);
    account
}

impl<U: UserModel> TenantUsers<U> {
    fn accounts(&self) -> Result<&dyn OAuthAccountStore<U>, StoreError> {
        let missing = || StoreError::Database("the store holds no OAuth accounts".into());
        self.all.oauth_accounts().ok_or_else(missing)
    }

    /// The tenant of a user who is one of these.
    async fn tenant_of(&self, user: &U::Id) -> Result<Cow<'_, Value>, StoreError> {
        let found = self.find(user).await?.ok_or(StoreError::NotFound)?;
        match &self.tenant {
            Some(tenant) => Ok(Cow::Borrowed(tenant)),
            None => found.tenant().map(Cow::Owned).ok_or(StoreError::NoTenant),
        }
    }
}

#[async_trait]
impl<U: UserModel> OAuthAccountStore<U> for TenantUsers<U> {
    async fn find_account(
        &self,
        oauth_name: &str,
        account_id: &str,
    ) -> Result<Option<OAuthAccount<U::Id>>, StoreError> {
        let tenant = self.tenant.as_ref().ok_or(StoreError::NoTenant)?;
        let id = stored_id(tenant, account_id);
        Ok(self
            .accounts()?
            .find_account(oauth_name, &id)
            .await?
            .map(shown))
    }

    async fn accounts_of(&self, user: &U::Id) -> Result<Vec<OAuthAccount<U::Id>>, StoreError> {
        let accounts = self.accounts()?.accounts_of(user).await?;
        Ok(accounts.into_iter().map(shown).collect())
    }

    async fn insert_account(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        let tenant = self.tenant_of(&account.user_id).await?;
        self.accounts()?
            .insert_account(stored(&tenant, account))
            .await
    }

    async fn insert_account_if(
        &self,
        account: OAuthAccount<U::Id>,
        expected: Expected<'_>,
    ) -> Result<(), StoreError> {
        let tenant = self.tenant_of(&account.user_id).await?;
        let account = stored(&tenant, account);
        self.accounts()?.insert_account_if(account, expected).await
    }

    async fn insert_user_with_account(
        &self,
        values: Vec<ColumnValue>,
        account: &(dyn Fn(U::Id) -> OAuthAccount<U::Id> + Send + Sync),
    ) -> Result<U, StoreError> {
        let values = self.placed(values)?;
        let tenant = self.tenant.as_ref().ok_or(StoreError::NoTenant)?;
        let account = |id| stored(tenant, account(id));
        self.accounts()?
            .insert_user_with_account(values, &account)
            .await
    }

    async fn update_account(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        let tenant = self.tenant_of(&account.user_id).await?;
        self.accounts()?
            .update_account(stored(&tenant, account))
            .await
    }

    async fn update_access_token(&self, account: OAuthAccount<U::Id>) -> Result<(), StoreError> {
        let tenant = self.tenant_of(&account.user_id).await?;
        let account = stored(&tenant, account);
        self.accounts()?.update_access_token(account).await
    }

    async fn has_accounts(&self, user: &U::Id) -> Result<bool, StoreError> {
        self.accounts()?.has_accounts(user).await
    }

    async fn delete_accounts_of(&self, user: &U::Id) -> Result<u64, StoreError> {
        self.accounts()?.delete_accounts_of(user).await
    }

    async fn delete_account(
        &self,
        user: &U::Id,
        oauth_name: &str,
        account_id: &str,
    ) -> Result<bool, StoreError> {
        // Also of a user who is gone, where no foreign key deletes the links.
        let tenant = match &self.tenant {
            Some(tenant) => Cow::Borrowed(tenant),
            None => self.tenant_of(user).await?,
        };
        let id = stored_id(&tenant, account_id);
        self.accounts()?.delete_account(user, oauth_name, &id).await
    }
}
