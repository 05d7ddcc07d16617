//! The users of one tenant.

use std::sync::Arc;

use http::request::Parts;

use crate::{
    error::Error,
    model::{TenantModel, UserModel},
    session::strategy::RefreshTokens,
    store::{StoreError, TenantUsers},
    users::Users,
    value::{Field, Value},
};

impl<U: UserModel> Users<U> {
    /// The same user system for the users of one tenant: it finds and changes no other users, and those whom it registers belong to the
    /// tenant.
    ///
    /// ```
    /// # use users_runtime::{Error, PasswordHash, UserModel, Users};
    /// # #[derive(Clone, Debug, UserModel)]
    /// # #[fastapi_users(backend(name = "web", transport = cookie, strategy = jwt))]
    /// # pub struct User {
    /// #     pub id: i64, pub email: String, pub hashed_password: PasswordHash,
    /// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
    /// #     #[fastapi_users(tenant)]
    /// #     pub organisation_id: i64,
    /// # }
    /// async fn member(users: &Users<User>, organisation: i64, email: &str) -> Result<Option<User>, Error> {
    ///     users.in_tenant(&organisation).find_by_email(email).await
    /// }
    /// ```
    #[must_use]
    pub fn in_tenant(&self, tenant: &U::Tenant) -> Self
    where
        U: TenantModel,
    {
        self.in_stored_tenant(tenant.to_value())
    }

    /// The same user system for the users of the tenant to which a request belongs, in routes of your own that look up users; where users
    /// belong to no tenant, for all users.
    ///
    /// # Errors
    ///
    /// What the [resolver](crate::UsersBuilder::tenant) fails with.
    pub async fn for_request(&self, request: &Parts) -> Result<Self, Error> {
        match (&self.inner.tenant, self.lacks_tenant()) {
            (Some(resolver), true) => {
                let tenant = resolver.resolve(request).await.map_err(Error::Refused)?;
                Ok(self.in_stored_tenant(tenant))
            }
            _ => Ok(self.clone()),
        }
    }

    /// Whether users belong to tenants, and these are the users of all.
    pub(crate) fn lacks_tenant(&self) -> bool {
        self.tenants
            .as_ref()
            .is_some_and(|tenants| tenants.tenant().is_none())
    }

    /// The tenant whose users these are.
    pub(crate) fn tenant(&self) -> Option<&Value> {
        self.tenants.as_ref()?.tenant()
    }

    /// The users of a tenant, as it is stored.
    pub(crate) fn in_stored_tenant(&self, tenant: Value) -> Self {
        let tenants = self.tenants.as_ref();
        Self {
            inner: Arc::clone(&self.inner),
            within: self.within.clone(),
            tenants: tenants.map(|tenants| Arc::new(tenants.of(tenant))),
        }
    }

    /// Whether a user is one of these, and not one of another tenant.
    pub(crate) fn has(&self, user: &U) -> bool {
        self.tenants
            .as_ref()
            .is_none_or(|tenants| tenants.has(user))
    }

    /// The user with this address among those whose address a user's must differ from.
    pub(crate) async fn find_beside(&self, user: &U, email: &str) -> Result<Option<U>, StoreError> {
        match user.tenant() {
            None => self.store().find_by_email(email).await,
            Some(tenant) => {
                let tenants = self.store().tenants().ok_or(StoreError::NoTenant)?;
                tenants.find_in_tenant(&tenant, email).await
            }
        }
    }

    /// Whether a refresh token may be one of these users'. It is asked before the token is used, so that a token that is presented to
    /// another tenant stays valid.
    pub(crate) async fn may_use(
        &self,
        tokens: &dyn RefreshTokens<U>,
        token: &str,
    ) -> Result<bool, Error> {
        if self.tenant().is_none() {
            return Ok(true);
        }
        let owner = tokens.user_of(token).await?;
        Ok(owner.is_none_or(|user| self.has(&user)))
    }

    /// The store, where users belong to tenants.
    pub(crate) fn tenants_of(
        store: &Arc<dyn crate::store::UserStore<U>>,
    ) -> Option<Arc<TenantUsers<U>>> {
        crate::store::tenant_column::<U>()?;
        Some(Arc::new(TenantUsers::new(Arc::clone(store), None)))
    }
}
