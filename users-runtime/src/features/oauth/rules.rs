//! Users who come with an account at a provider.

use http::{StatusCode, request::Parts};

use crate::{
    error::Error,
    features::events::event::EventKind,
    hook_refusal::HookRefusal,
    model::UserModel,
    oauth::{Profile, ProviderToken},
    password::{Password, PasswordHash},
    schema,
    store::{ColumnValue, Expected, OAuthAccount, OAuthAccountStore, StoreError},
    token,
    users::{
        NewUser, RegisteredBy, Registration, Users,
        claim::{closed_hash, is_closed},
    },
    value::Viewer,
    wire::json::Json,
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

/// Why the link to an account was not removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnlinkError {
    /// The account is the user's only way to log in.
    #[error("the account is the only way to log in")]
    LastWayIn,
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

/// What is stored of an account, once its user is known.
type AccountOf<'a, U> =
    &'a (dyn Fn(<U as UserModel>::Id) -> OAuthAccount<<U as UserModel>::Id> + Send + Sync);

/// How an account is stored.
enum Storing<'a, Id> {
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

    /// Links an account to a user, who must still be as read; whether it is new to them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Outdated`] within [`OAuthError::Failed`] when the credentials or the flags of the user have changed.
    pub(crate) async fn oauth_associate(
        &self,
        user: &U,
        provider: &str,
        token: &ProviderToken,
        profile: &Profile,
        request: Option<&Parts>,
    ) -> Result<bool, OAuthError> {
        let email = self.account_email(profile)?;
        let owner = user.account();
        let id = owner.id;
        let as_read = Expected::new()
            .hash(owner.hashed_password)
            .active(owner.is_active)
            .verified(owner.is_verified);
        let storing = match self
            .accounts()?
            .find_account(provider, &profile.account_id)
            .await?
        {
            Some(linked) if linked.user_id == *id => Storing::Update(id.clone()),
            Some(linked) if self.find(&linked.user_id).await?.is_some() => {
                return Err(OAuthError::AccountTaken);
            }
            Some(linked) => {
                self.accounts()?
                    .delete_account(&linked.user_id, provider, &profile.account_id)
                    .await?;
                Storing::Link(id.clone(), as_read)
            }
            None => Storing::Link(id.clone(), as_read),
        };
        let account = |user_id| account_of::<U>(user_id, provider, token, profile, &email);
        match self.store_account(&storing, &account).await {
            // Not that another user has the address.
            Err(StoreError::Outdated) => return Err(Error::from(StoreError::Outdated).into()),
            stored => stored?,
        };
        let is_new = matches!(storing, Storing::Link(..));
        if is_new {
            self.event(EventKind::AccountLinked { provider }, Some(user), request)
                .await;
        }
        let nothing = schema::body::model::<U::Update>(
            &Json::Object(Box::default()),
            Viewer::Admin,
            &self.email_rules(),
        );
        if let Ok(nothing) = nothing {
            self.hooks()
                .on_after_update(user, &nothing, request)
                .await
                .map_err(Error::Hook)?;
        }
        Ok(is_new)
    }

    /// The accounts that are linked to a user.
    ///
    /// # Errors
    ///
    /// When the store fails, or holds no accounts.
    pub async fn oauth_accounts(&self, user: &U) -> Result<Vec<OAuthAccount<U::Id>>, Error> {
        Ok(self.accounts()?.accounts_of(user.account().id).await?)
    }

    /// Removes a link; whether it was there.
    ///
    /// A user whom the original made, or its preset, has the hash of a random password, which looks like any other: for
    /// them, no account counts as the last way in.
    ///
    /// # Errors
    ///
    /// [`UnlinkError::LastWayIn`] for the only account of a user who never had a password.
    pub async fn unlink_oauth_account(
        &self,
        user: &U,
        provider: &str,
        account_id: &str,
    ) -> Result<bool, UnlinkError> {
        let was_linked = self.unlink(user, provider, account_id).await?;
        if was_linked {
            self.event(EventKind::AccountUnlinked { provider }, Some(user), None)
                .await;
        }
        Ok(was_linked)
    }

    async fn unlink(
        &self,
        user: &U,
        provider: &str,
        account_id: &str,
    ) -> Result<bool, UnlinkError> {
        let is_it = |account: &OAuthAccount<U::Id>| {
            account.oauth_name == provider && account.account_id == account_id
        };
        let linked = self.oauth_accounts(user).await?;
        let has_password = !is_closed(user.account().hashed_password);
        let is_last = linked.len() == 1 && !has_password;
        let Some(account) = linked.into_iter().find(is_it) else {
            return Ok(false);
        };
        if is_last {
            return Err(UnlinkError::LastWayIn);
        }
        let accounts = self.accounts().map_err(Error::from)?;
        let was_linked = accounts
            .delete_account(user.account().id, provider, account_id)
            .await
            .map_err(Error::from)?;
        // Another request removed the other ones at the same time: a request that finds none left restores its own.
        if was_linked && !has_password && self.oauth_accounts(user).await?.is_empty() {
            // Where the address's owner has taken the user over, the account is not theirs.
            let now = self.find(user.account().id).await?;
            let before = user.account().hashed_password;
            if now.is_none_or(|now| now.account().hashed_password != before) {
                return Ok(true);
            }
            return match accounts.insert_account(account).await {
                Ok(()) => Err(UnlinkError::LastWayIn),
                // The user is gone, or the account is another one's by now: there is nothing to put back.
                Err(StoreError::NotFound | StoreError::Conflict { .. }) => Ok(true),
                Err(error) => Err(Error::from(error).into()),
            };
        }
        Ok(was_linked)
    }

    /// Stores an account; the user, if it is a new one. A provider's token that the store has no room for is left out: a login does
    /// not need it.
    async fn store_account(
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

    fn accounts(&self) -> Result<&dyn OAuthAccountStore<U>, StoreError> {
        let missing = || StoreError::Database("the store holds no OAuth accounts".into());
        self.store().oauth_accounts().ok_or_else(missing)
    }

    /// The provider's address as the users' are stored, so that one address is one user. The original stores whatever it says.
    fn account_email(&self, profile: &Profile) -> Result<String, OAuthError> {
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

    /// Removes a link that was made by a session which has ended in the meantime.
    pub(crate) async fn unlink_late(
        &self,
        user: &U,
        provider: &str,
        account_id: &str,
    ) -> Result<(), Error> {
        let id = user.account().id;
        self.accounts()?
            .delete_account(id, provider, account_id)
            .await?;
        tracing::warn!(user.id = %id, provider, "account unlinked, since the session that linked it has ended");
        self.event(EventKind::AccountUnlinked { provider }, Some(user), None)
            .await;
        Ok(())
    }

    /// Whether an account is linked to this user.
    pub(crate) async fn is_linked(
        &self,
        user: &U,
        provider: &str,
        account_id: &str,
    ) -> Result<bool, Error> {
        let linked = self.accounts()?.find_account(provider, account_id).await?;
        Ok(linked.is_some_and(|linked| linked.user_id == *user.account().id))
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

fn account_of<U: UserModel>(
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
