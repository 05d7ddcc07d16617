//! Login with an account at a provider, and linking one.

mod accounts;
mod associate;
mod browser;
mod front_end;
mod id_token;
mod login;
mod query;
mod refusal;
mod round_trip;

use std::sync::Arc;

use axum::Router;

use round_trip::FlowRules;

use crate::{
    model::UserModel,
    oauth::{OAuth, OAuthSetupError},
    session::Backend,
    users::Users,
    value::{Column, Role},
    web::group::Group,
};

impl<U: UserModel> Users<U> {
    /// `GET /authorize`, which returns the URL of the provider's page, and `GET /callback`, which logs the returning user in
    /// through a backend.
    ///
    /// Where the struct says `routes(requires_verification)`, users whose address is not proven are refused with 400
    /// `LOGIN_USER_NOT_VERIFIED`, as they are with their password; not in the compatibility preset.
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
        Ok(self.mounted(self.oauth_group(oauth, backend)?))
    }

    pub(crate) fn oauth_group(
        &self,
        oauth: OAuth,
        backend: &str,
    ) -> Result<Group<U>, OAuthSetupError> {
        let backend = self.can_log_in(&oauth, backend)?;
        Ok(login::group(Arc::new(oauth), backend, self.login_rules()))
    }

    /// The struct's `routes(requires_verification)` holds for every way to log in; the original has it for passwords only.
    fn login_rules(&self) -> FlowRules {
        let as_original = self.options().oauth_as_original;
        FlowRules {
            requires_verification: U::CONFIG.routes.requires_verification && !as_original,
            as_original,
        }
    }

    fn linking_rules(&self, oauth: &OAuth) -> FlowRules {
        let as_original = self.options().oauth_as_original;
        FlowRules {
            requires_verification: oauth.requires_verification.unwrap_or(!as_original),
            as_original,
        }
    }

    /// The routes of the providers that the builder was given, and where they are mounted.
    pub(crate) fn declared_oauth_groups(&self) -> impl Iterator<Item = (String, Group<U>)> {
        self.inner.oauth.iter().flat_map(|(oauth, backend)| {
            let (name, oauth) = (oauth.client.name(), Arc::new(oauth.clone()));
            // Seen to when the system was built.
            let login = self
                .backend(backend)
                .map(|backend| login::group(Arc::clone(&oauth), backend, self.login_rules()));
            let login = login.map(|group| (format!("/auth/{name}"), group));
            let rules = self.linking_rules(&oauth);
            let linking = associate::group(oauth, rules);
            login
                .into_iter()
                .chain([(format!("/auth/associate/{name}"), linking)])
        })
    }

    /// `GET /authorize` and `GET /callback` for users who are logged in and link an account.
    ///
    /// # Errors
    ///
    /// When the options make no sense, or the store holds no accounts.
    pub fn oauth_associate_router<S: Clone + Send + Sync + 'static>(
        &self,
        oauth: OAuth,
    ) -> Result<Router<S>, OAuthSetupError> {
        Ok(self.mounted(self.oauth_associate_group(oauth)?))
    }

    pub(crate) fn oauth_associate_group(&self, oauth: OAuth) -> Result<Group<U>, OAuthSetupError> {
        self.can_link(&oauth)?;
        let rules = self.linking_rules(&oauth);
        Ok(associate::group(Arc::new(oauth), rules))
    }

    /// `GET /`, the accounts that the current user has linked, without the providers' tokens, and
    /// `DELETE /{provider}/{account_id}`, which removes one unless it is the last way in.
    ///
    /// # Errors
    ///
    /// When the store holds no accounts.
    pub fn oauth_accounts_router<S: Clone + Send + Sync + 'static>(
        &self,
    ) -> Result<Router<S>, OAuthSetupError> {
        Ok(self.mounted(self.oauth_accounts_group()?))
    }

    pub(crate) fn oauth_accounts_group(&self) -> Result<Group<U>, OAuthSetupError> {
        self.store()
            .oauth_accounts()
            .ok_or(OAuthSetupError::NoAccounts)?;
        Ok(accounts::group())
    }

    /// The backend that logs the provider's users in.
    pub(crate) fn can_log_in(
        &self,
        oauth: &OAuth,
        backend: &str,
    ) -> Result<&Backend<U>, OAuthSetupError> {
        self.can_link(oauth)?;
        let has_value = |column: &&Column| column.nullable || column.default.is_some();
        if let Some(column) = U::COLUMNS
            .iter()
            .filter(|column| column.role == Role::Extra && !oauth.existing_users_only)
            .find(|column| !has_value(column))
        {
            return Err(OAuthSetupError::FieldWithoutDefault(column.field));
        }
        self.backend(backend)
            .ok_or_else(|| OAuthSetupError::UnknownBackend(backend.to_owned()))
    }

    fn can_link(&self, oauth: &OAuth) -> Result<(), OAuthSetupError> {
        oauth.check()?;
        oauth.check_provider(!self.options().oauth_as_original)?;
        self.store()
            .oauth_accounts()
            .ok_or(OAuthSetupError::NoAccounts)
            .map(drop)
    }
}
