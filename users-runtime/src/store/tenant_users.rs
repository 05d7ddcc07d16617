//! The users of one tenant, on a store of the users of all.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    AccessToken, AccessTokenStore, Administration, ColumnValue, Expectations, Expected, Finding,
    LimitStore, OAuthAccountStore, SchemaError, SharedTransaction, StoreError, TenantStore,
    UserSearch, UserStore, records::RecordStore, tenants::tenant_column,
};
use crate::{model::UserModel, value::Value};

/// The users of one tenant: no other user is found, changed or deleted, and new ones belong to it.
///
/// Without a tenant, all users are found by their ids, and what needs a tenant is an error: otherwise an application that forgets the
/// tenant would find users of another one.
pub(crate) struct TenantUsers<U: UserModel> {
    pub(super) all: Arc<dyn UserStore<U>>,
    pub(super) tenant: Option<Value>,
}

impl<U: UserModel> TenantUsers<U> {
    pub(crate) fn new(all: Arc<dyn UserStore<U>>, tenant: Option<Value>) -> Self {
        Self { all, tenant }
    }

    /// The users of a tenant of the same store.
    pub(crate) fn of(&self, tenant: Value) -> Self {
        Self::new(Arc::clone(&self.all), Some(tenant))
    }

    pub(crate) const fn tenant(&self) -> Option<&Value> {
        self.tenant.as_ref()
    }

    /// Whether a user is one of these.
    pub(crate) fn has(&self, user: &U) -> bool {
        self.tenant.is_none() || user.tenant() == self.tenant
    }

    /// Refuses an id that none of these users has. No statement is needed where all users are meant.
    async fn check(&self, id: &U::Id) -> Result<(), StoreError> {
        if self.tenant.is_none() || self.find(id).await?.is_some() {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }

    /// The values of a new user, who belongs to the tenant.
    pub(super) fn placed(
        &self,
        mut values: Vec<ColumnValue>,
    ) -> Result<Vec<ColumnValue>, StoreError> {
        let tenant = self.tenant.clone().ok_or(StoreError::NoTenant)?;
        if let Some((column, _)) = tenant_column::<U>() {
            values.retain(|value| value.column != column);
            values.push(ColumnValue {
                column,
                value: tenant,
            });
        }
        Ok(values)
    }

    fn searched(&self, search: &UserSearch) -> UserSearch {
        let mut search = search.clone();
        if let (Some(tenant), Some((_, column))) = (&self.tenant, tenant_column::<U>()) {
            search.fields.push((column.field, tenant.clone()));
        }
        search
    }

    fn operators(&self) -> Result<&dyn Administration<U>, StoreError> {
        let missing = || StoreError::Database("the store has no administration".into());
        self.all.administration().ok_or_else(missing)
    }
}

#[async_trait]
impl<U: UserModel> UserStore<U> for TenantUsers<U> {
    async fn find(&self, id: &U::Id) -> Result<Option<U>, StoreError> {
        let found = self.all.find(id).await?;
        Ok(found.filter(|user| self.has(user)))
    }

    async fn find_by_email(&self, email: &str) -> Result<Option<U>, StoreError> {
        let tenant = self.tenant.as_ref().ok_or(StoreError::NoTenant)?;
        self.find_in_tenant(tenant, email).await
    }

    async fn insert(&self, values: Vec<ColumnValue>) -> Result<U, StoreError> {
        self.all.insert(self.placed(values)?).await
    }

    async fn update(
        &self,
        id: &U::Id,
        changes: Vec<ColumnValue>,
        expected: Option<Expected<'_>>,
    ) -> Result<U, StoreError> {
        if let Some((position, column)) = tenant_column::<U>()
            && changes.iter().any(|change| change.column == position)
        {
            return Err(StoreError::Value {
                column: column.name,
                reason: "a user stays in one tenant",
            });
        }
        self.check(id).await?;
        self.all.update(id, changes, expected).await
    }

    fn compares_free_email(&self) -> bool {
        self.all.compares_free_email()
    }

    async fn delete(&self, id: &U::Id) -> Result<(), StoreError> {
        self.check(id).await?;
        self.all.delete(id).await
    }

    fn access_tokens(&self) -> Option<&dyn AccessTokenStore<U::Id>> {
        self.all.access_tokens()
    }

    async fn find_by_token(
        &self,
        candidates: &[&str],
    ) -> Result<Option<(AccessToken<U::Id>, Option<U>)>, StoreError> {
        let found = self.all.find_by_token(candidates).await?;
        Ok(found.map(|(token, user)| (token, user.filter(|user| self.has(user)))))
    }

    fn oauth_accounts(&self) -> Option<&dyn OAuthAccountStore<U>> {
        self.all.oauth_accounts().map(|_| self as _)
    }

    fn records(&self) -> Option<&dyn RecordStore<U>> {
        self.all.records()
    }

    fn limits(&self) -> Option<&dyn LimitStore> {
        self.all.limits()
    }

    fn within(&self, transaction: &SharedTransaction) -> Option<Arc<dyn UserStore<U>>> {
        let all = self.all.within(transaction)?;
        Some(Arc::new(Self::new(all, self.tenant.clone())))
    }

    fn administration(&self) -> Option<&dyn Administration<U>> {
        self.all.administration().map(|_| self as _)
    }

    fn tenants(&self) -> Option<&dyn TenantStore<U>> {
        self.all.tenants().map(|_| self as _)
    }
}

#[async_trait]
impl<U: UserModel> TenantStore<U> for TenantUsers<U> {
    async fn find_in_tenant(&self, tenant: &Value, email: &str) -> Result<Option<U>, StoreError> {
        let is_own = self.tenant.as_ref().is_none_or(|own| own == tenant);
        let store = self.all.tenants().ok_or(StoreError::NoTenant)?;
        if !is_own {
            return Ok(None);
        }
        // A column whose collation ignores case takes one tenant's name for another's.
        let found = store.find_in_tenant(tenant, email).await?;
        Ok(found.filter(|user| user.tenant().as_ref() == Some(tenant)))
    }
}

/// Searches find users of the tenant; the rest is about the database.
#[async_trait]
impl<U: UserModel> Administration<U> for TenantUsers<U> {
    async fn search(&self, search: &UserSearch) -> Result<Vec<U>, StoreError> {
        self.operators()?.search(&self.searched(search)).await
    }

    async fn count(&self, search: &UserSearch) -> Result<u64, StoreError> {
        self.operators()?.count(&self.searched(search)).await
    }

    async fn examine(&self, expected: &Expectations) -> Result<Vec<Finding>, StoreError> {
        self.operators()?.examine(expected).await
    }

    fn schema(&self) -> String {
        self.all
            .administration()
            .map(Administration::schema)
            .unwrap_or_default()
    }

    async fn pending(&self) -> Result<String, SchemaError> {
        self.operators()?.pending().await
    }
}
