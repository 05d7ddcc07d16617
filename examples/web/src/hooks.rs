//! Which letter goes out when.

use std::sync::{Arc, OnceLock};

use users_runtime::{HookError, Hooks, RequestParts, Users, async_trait};

use crate::{
    letter::Letter,
    mail::Mailer,
    user::{User, UserUpdate},
};

/// Sends the mails.
#[derive(Clone)]
pub(crate) struct Notify {
    mailer: Mailer,
    base_url: Arc<str>,
    users: Arc<OnceLock<Users<User>>>,
}

impl Notify {
    /// Sends mails whose links lead to this address.
    pub(crate) fn new(mailer: Mailer, base_url: &str) -> Self {
        Self {
            mailer,
            base_url: base_url.into(),
            users: Arc::default(),
        }
    }

    /// Gives the hooks the users that they belong to, which are built with the hooks in them.
    pub(crate) fn belong_to(&self, users: Users<User>) {
        // The first ones stay; there are no others.
        let _ = self.users.set(users);
    }

    /// Has the user prove the address.
    async fn ask_to_verify(
        &self,
        user: &User,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        match self.users.get() {
            Some(users) => Ok(users.request_verify(user, request).await?),
            None => Err("these hooks belong to no users yet".into()),
        }
    }
}

#[async_trait]
impl Hooks<User> for Notify {
    async fn on_register_taken(
        &self,
        owner: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.mailer
            .send(Letter::registered_again(owner, &self.base_url));
        Ok(())
    }

    async fn on_after_update(
        &self,
        user: &User,
        update: &UserUpdate,
        request: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        if update.password.as_option().is_some_and(Option::is_some) {
            self.mailer
                .send(Letter::password_changed(user, &self.base_url));
        }
        if update.email.is_present() && !user.is_verified {
            self.ask_to_verify(user, request).await?;
        }
        Ok(())
    }

    async fn on_after_request_verify(
        &self,
        user: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.mailer
            .send(Letter::verify(user, &self.base_url, token));
        Ok(())
    }

    async fn on_after_forgot_password(
        &self,
        user: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.mailer.send(Letter::reset(user, &self.base_url, token));
        Ok(())
    }

    async fn on_account_locked(
        &self,
        user: &User,
        token: &str,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.mailer
            .send(Letter::locked(user, &self.base_url, token));
        Ok(())
    }

    async fn on_after_reset_password(
        &self,
        user: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.mailer
            .send(Letter::password_changed(user, &self.base_url));
        Ok(())
    }

    async fn on_after_delete(
        &self,
        user: &User,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        self.mailer.send(Letter::deleted(user));
        Ok(())
    }
}
