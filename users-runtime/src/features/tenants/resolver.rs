//! The application's answer to which tenant a request belongs to.

use std::{marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use http::request::Parts;

use crate::{
    error::HookError,
    model::{TenantModel, UserModel},
    store::tenant_column,
    users::{BuildError, UsersBuilder},
    value::{Field, Value},
    wire::compat::Compat,
};

/// Returns the tenant to which a request belongs: what [`UsersBuilder::tenant`](crate::UsersBuilder::tenant) receives.
///
/// Every closure of the form `|request: &RequestParts| -> Result<Tenant, HookError>` is one. Implement the trait where the answer must be
/// waited for, for example because the database knows which organization a host name belongs to.
///
/// ```
/// use users_runtime::{HookError, RequestParts, async_trait, tenants::TenantResolver};
/// # use users_runtime::{PasswordHash, UserModel};
/// # #[derive(Clone, Debug, UserModel)]
/// # #[fastapi_users(backend(name = "web", transport = cookie, strategy = jwt))]
/// # pub struct User {
/// #     pub id: i64, pub email: String, pub hashed_password: PasswordHash,
/// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
/// #     #[fastapi_users(tenant)]
/// #     pub organisation_id: i64,
/// # }
///
/// struct ByHost(sqlx::SqlitePool);
///
/// #[async_trait]
/// impl TenantResolver<User> for ByHost {
///     async fn tenant(&self, request: &RequestParts) -> Result<i64, HookError> {
///         let host = request.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
///         let found = sqlx::query_scalar("SELECT id FROM organisation WHERE host = ?").bind(host);
///         let unknown = || users_runtime::hooks::HookRefusal::new(axum::http::StatusCode::NOT_FOUND, "UNKNOWN_ORGANISATION");
///         Ok(found.fetch_optional(&self.0).await?.ok_or_else(unknown)?)
///     }
/// }
/// ```
#[async_trait]
pub trait TenantResolver<U: TenantModel>: Send + Sync + 'static {
    /// The tenant of a request. It is asked for each request, and nothing is remembered.
    ///
    /// # Errors
    ///
    /// A [`HookRefusal`](crate::hooks::HookRefusal) is what the client receives where the request belongs to no tenant; every other error
    /// is a 500.
    async fn tenant(&self, request: &Parts) -> Result<U::Tenant, HookError>;
}

#[async_trait]
impl<U, F> TenantResolver<U> for F
where
    U: TenantModel,
    F: Fn(&Parts) -> Result<U::Tenant, HookError> + Send + Sync + 'static,
{
    async fn tenant(&self, request: &Parts) -> Result<U::Tenant, HookError> {
        self(request)
    }
}

/// A resolver whose answer is what is stored.
#[async_trait]
pub(crate) trait ResolvesTenant: Send + Sync + 'static {
    async fn resolve(&self, request: &Parts) -> Result<Value, HookError>;
}

struct Stored<U, R> {
    resolver: R,
    user: PhantomData<fn() -> U>,
}

#[async_trait]
impl<U: TenantModel, R: TenantResolver<U>> ResolvesTenant for Stored<U, R> {
    async fn resolve(&self, request: &Parts) -> Result<Value, HookError> {
        Ok(self.resolver.tenant(request).await?.to_value())
    }
}

impl<U: UserModel> UsersBuilder<U> {
    /// Which tenant a request belongs to, required for a struct with a field `#[fastapi_users(tenant)]`.
    ///
    /// Every route of the user system and every [`CurrentUser`](crate::CurrentUser) asks, and sees the users of this tenant only.
    ///
    /// ```
    /// use axum::http::StatusCode;
    /// use users_runtime::{HookError, RequestParts, UsersBuilder, hooks::HookRefusal};
    /// # use users_runtime::{PasswordHash, UserModel};
    /// # #[derive(Clone, Debug, UserModel)]
    /// # #[fastapi_users(backend(name = "web", transport = cookie, strategy = jwt))]
    /// # pub struct User {
    /// #     pub id: i64, pub email: String, pub hashed_password: PasswordHash,
    /// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
    /// #     #[fastapi_users(tenant)]
    /// #     pub workspace: String,
    /// # }
    ///
    /// /// `acme.app.example` is the workspace `acme`. Accept known ones only, or a client registers in one that does not exist yet.
    /// fn workspace(request: &RequestParts) -> Result<String, HookError> {
    ///     let host = request.headers.get("host").and_then(|host| host.to_str().ok());
    ///     match host.and_then(|host| host.strip_suffix(".app.example")) {
    ///         Some(workspace @ ("acme" | "globex")) => Ok(workspace.to_owned()),
    ///         _ => Err(HookRefusal::new(StatusCode::NOT_FOUND, "UNKNOWN_WORKSPACE").into()),
    ///     }
    /// }
    ///
    /// fn configured(builder: UsersBuilder<User>) -> UsersBuilder<User> {
    ///     builder.tenant(workspace)
    /// }
    /// ```
    #[must_use]
    pub fn tenant(mut self, resolver: impl TenantResolver<U>) -> Self
    where
        U: TenantModel,
    {
        let user = PhantomData::<fn() -> U>;
        self.tenant = Some(Arc::new(Stored { resolver, user }));
        self
    }

    /// Refuses a system whose users belong to tenants and which cannot find the tenant of a request or its users.
    pub(crate) fn check_tenants(&self) -> Result<(), BuildError> {
        if tenant_column::<U>().is_none() {
            return Ok(());
        }
        if self.options.compat != Compat::Off {
            return Err(BuildError::TenantsAndCompatible);
        }
        if self.store.tenants().is_none() {
            return Err(BuildError::NoTenantStore);
        }
        if self.tenant.is_none() {
            return Err(BuildError::NoTenantResolver);
        }
        Ok(())
    }
}
