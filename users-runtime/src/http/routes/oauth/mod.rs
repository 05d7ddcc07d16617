//! Login with an account at a provider, and linking one.

mod accounts;
mod associate;
mod login;
mod query;
mod refusal;
mod round_trip;

use std::sync::Arc;

use axum::Router;

use crate::{
    backend::Backend,
    manager::Users,
    model::{Column, Role, UserModel},
    oauth::{OAuth, OAuthSetupError},
};

impl<U: UserModel> Users<U> {
    /// `GET /authorize`, which tells the provider's page to send the browser to, and `GET /callback`, which logs in through a
    /// backend whoever comes back.
    ///
    /// # Errors
    ///
    /// When the options make no sense, there is no such backend, or the model or the store cannot hold users who come from a
    /// provider.
    pub fn oauth_router<S: Clone + Send + Sync + 'static>(
        &self,
        oauth: OAuth,
        backend: &str,
    ) -> Result<Router<S>, OAuthSetupError> {
        let backend = self.can_log_in(&oauth, backend)?;
        Ok(login::router(Arc::new(oauth), backend).with_state(self.clone()))
    }

    /// The routers of the providers that the builder was given.
    pub(super) fn declared_oauth_routers(&self) -> Router<Self> {
        let mut router = Router::new();
        for (oauth, backend) in &self.inner.oauth {
            let (name, oauth) = (oauth.client.name(), Arc::new(oauth.clone()));
            // Seen to when the system was built.
            if let Some(backend) = self.backend(backend) {
                router = router.nest(&format!("/auth/{name}"), login::router(Arc::clone(&oauth), backend));
            }
            router = router.nest(&format!("/auth/associate/{name}"), associate::router(oauth));
        }
        router
    }

    /// `GET /authorize` and `GET /callback` for users who are logged in and link an account.
    ///
    /// # Errors
    ///
    /// When the options make no sense, or the store holds no accounts.
    pub fn oauth_associate_router<S: Clone + Send + Sync + 'static>(&self, oauth: OAuth) -> Result<Router<S>, OAuthSetupError> {
        self.can_link(&oauth)?;
        Ok(associate::router::<U>(Arc::new(oauth)).with_state(self.clone()))
    }

    /// `GET /`, the accounts that the current user has linked, without the providers' tokens, and
    /// `DELETE /{provider}/{account_id}`, which removes one unless it is the last way in.
    ///
    /// # Errors
    ///
    /// When the store holds no accounts.
    pub fn oauth_accounts_router<S: Clone + Send + Sync + 'static>(&self) -> Result<Router<S>, OAuthSetupError> {
        self.store().oauth_accounts().ok_or(OAuthSetupError::NoAccounts)?;
        Ok(accounts::router::<U>().with_state(self.clone()))
    }

    /// The backend that logs the provider's users in.
    pub(crate) fn can_log_in(&self, oauth: &OAuth, backend: &str) -> Result<&Backend<U>, OAuthSetupError> {
        self.can_link(oauth)?;
        let has_value = |column: &&Column| column.nullable || column.default.is_some();
        if let Some(column) = U::COLUMNS.iter().filter(|column| column.role == Role::Extra).find(|column| !has_value(column)) {
            return Err(OAuthSetupError::FieldWithoutDefault(column.field));
        }
        self.backend(backend).ok_or_else(|| OAuthSetupError::UnknownBackend(backend.to_owned()))
    }

    fn can_link(&self, oauth: &OAuth) -> Result<(), OAuthSetupError> {
        oauth.check()?;
        self.store().oauth_accounts().ok_or(OAuthSetupError::NoAccounts).map(drop)
    }
}
