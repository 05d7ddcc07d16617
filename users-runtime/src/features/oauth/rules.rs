//! Users who come with an account at a provider.

use http::{StatusCode, request::Parts};

use super::storing::{AccountOf, Storing, account_of};
use crate::{
    error::Error,
    features::events::event::EventKind,
    hook_refusal::HookRefusal,
    model::UserModel,
    oauth::{Profile, ProviderToken},
    password::{Password, PasswordHash},
    store::{Expected, StoreError},
    token,
    users::{NewUser, RegisteredBy, Registration, Users, claim::closed_hash},
};

/// Why an account at a provider does not lead to a user.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OAuthError {
    /// The provider returns no e-mail address, or an invalid one.
    #[error("the provider returns no e-mail address")]
    NoEmail,
    /// Another user has the address, and accounts are not linked by it.
    #[error("a user with this e-mail address exists already")]
    UserExists,
    /// The account belongs to another user.
    #[error("the account is linked to another user")]
    AccountTaken,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<StoreError> for OAuthError {
    fn from(error: StoreError) -> Self {
        match error {
            // Also if the address's user changed it, or was deleted, while the account was being linked.
            StoreError::EmailTaken | StoreError::Outdated | StoreError::NotFound => {
                Self::UserExists
            }
            StoreError::Conflict { .. } => Self::AccountTaken,
            error => Self::Failed(error.into()),
        }
    }
}

/// What a login through a provider may do.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a choice of its own that the application makes"
)]
pub(crate) struct OAuthRules {
    pub(crate) associate_by_email: bool,
    pub(crate) is_verified_by_default: bool,
    /// What an address is whose provider does not say whether it has verified it.
    pub(crate) trusts_addresses: bool,
    /// Whether the provider logs in existing users only.
    pub(crate) existing_users_only: bool,
}

impl<U: UserModel> Users<U> {
    /// The user of an account: who it is linked to, who has its address, or a new one.
    pub(crate) async fn oauth_login(
        &self,
        provider: &str,
        token: &ProviderToken,
        profile: Profile,
        rules: OAuthRules,
        request: Option<&Parts>,
    ) -> Result<U, OAuthError> {
        let email = self.account_email(&profile)?;
        let account = |user_id| account_of::<U>(user_id, provider, token, &profile, &email);
        if let Some(user) = self.linked(provider, &profile.account_id, &account).await? {
            return Ok(user);
        }
        match self
            .link_or_register(provider, &profile, &email, &account, rules, request)
            .await
        {
            // Another request was faster, perhaps of the same user in another tab.
            Err(refused @ (OAuthError::UserExists | OAuthError::AccountTaken)) => self
                .linked(provider, &profile.account_id, &account)
                .await?
                .ok_or(refused),
            result => result,
        }
    }

    /// The user to whom an account is linked, the link brought up to date.
    async fn linked(
        &self,
        provider: &str,
        account_id: &str,
        account: AccountOf<'_, U>,
    ) -> Result<Option<U>, OAuthError> {
        let Some(linked) = self.accounts()?.find_account(provider, account_id).await? else {
            return Ok(None);
        };
        let Some(user) = self.find(&linked.user_id).await? else {
            // A link to a user who is gone, as databases without foreign keys keep it.
            self.accounts()?
                .delete_account(&linked.user_id, provider, account_id)
                .await?;
            return Ok(None);
        };
        // An id token that a client brought comes without tokens of the provider, and those that are stored stay.
        if account(linked.user_id.clone()).access_token.is_empty() {
            return Ok(Some(user));
        }
        self.store_account(&Storing::Update(linked.user_id), account)
            .await?;
        Ok(Some(user))
    }

    /// The user who has the account's address, or a new one.
    async fn link_or_register(
        &self,
        provider: &str,
        profile: &Profile,
        email: &str,
        account: AccountOf<'_, U>,
        rules: OAuthRules,
        request: Option<&Parts>,
    ) -> Result<U, OAuthError> {
        let as_original = self.options().oauth_as_original;
        let is_proven = as_original || profile.email_verified.unwrap_or(rules.trusts_addresses);
        if let Some(user) = self.store().find_by_email(email).await? {
            // After the look-up: another request of this account may have registered the user in the meantime, and what would be
            // taken from a hijacker below is the account itself.
            if let Some(linked) = self.linked(provider, &profile.account_id, account).await? {
                return Ok(linked);
            }
            if !rules.associate_by_email || !is_proven {
                return Err(OAuthError::UserExists);
            }
            let user = self.without_hijacker(user, request).await?;
            let (id, expected) = (user.account().id.clone(), self.owner_of_address(&user));
            self.store_account(&Storing::Link(id, expected), account)
                .await?;
            self.event(EventKind::AccountLinked { provider }, Some(&user), request)
                .await;
            return Ok(user);
        }
        if rules.existing_users_only {
            let refusal = HookRefusal::new(StatusCode::FORBIDDEN, "EXISTING_USERS_ONLY");
            return Err(OAuthError::Failed(Error::Refused(refusal.into())));
        }
        let is_verified =
            rules.is_verified_by_default && (as_original || profile.email_verified != Some(false));
        let from = Registration::new(RegisteredBy::Provider(provider), request);
        let new = NewUser::<U>::of_provider(email, is_verified, self.email_rules());
        let mut new = new.of_tenant(self.tenant());
        new.check_email()
            .map_err(|error| Error::Refused(error.into()))?;
        self.hooks()
            .before_register(&mut new, &from.with_profile(profile))
            .await
            .map_err(Error::Refused)?;
        let values = new.into_row(&self.no_password().await?);
        let stored = self
            .store_account(&Storing::Register(values), account)
            .await?;
        let user =
            stored.ok_or_else(|| StoreError::Database("a new user was not answered".into()))?;
        let kind = EventKind::Registered {
            by: RegisteredBy::Provider(provider).name(),
            provider: Some(provider),
        };
        self.event(kind, Some(&user), request).await;
        Ok(self.after_registration(user, request).await?)
    }

    /// What makes a user the owner of a provider's address, which must still hold when the account is linked by it.
    fn owner_of_address<'a>(&self, user: &'a U) -> Expected<'a> {
        if self.options().oauth_as_original {
            return Expected::new();
        }
        let account = user.account();
        Expected::new().email(account.email).verified(true)
    }

    /// The provider's address as the users' are stored, so that one address is one user. The original stores whatever it says.
    pub(super) fn account_email(&self, profile: &Profile) -> Result<String, OAuthError> {
        let email = profile.email.clone().ok_or(OAuthError::NoEmail)?;
        if self.options().oauth_as_original {
            return Ok(email);
        }
        self.email_rules()
            .normalize(&email)
            .map_err(|_| OAuthError::NoEmail)
    }

    /// A user who registered an address without verifying it loses all credentials before the owner of the address can log in.
    async fn without_hijacker(&self, user: U, request: Option<&Parts>) -> Result<U, OAuthError> {
        if self.options().oauth_as_original || user.account().is_verified {
            return Ok(user);
        }
        match self.claim(&user, &closed_hash(), request).await {
            Err(Error::Store(error)) => Err(error.into()),
            result => Ok(result?),
        }
    }

    /// A hash that no password has. The original stores the hash of a random password.
    async fn no_password(&self) -> Result<PasswordHash, OAuthError> {
        if self.options().oauth_as_original {
            return Ok(self
                .passwords()
                .hash(Password::from(token::random()))
                .await
                .map_err(Error::from)?);
        }
        Ok(closed_hash())
    }
}
