//! Hooks: your own code when users register, log in, change or are deleted.

use async_trait::async_trait;
use axum::response::Response;
use http::request::Parts;

use super::{
    new_user::NewUser,
    registration::{LoginContext, Registration},
};
use crate::{
    error::HookError, features::events::event::Event, model::UserModel, password::Password,
};

/// Why a password is refused; the reason is shown to the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidPassword {
    /// One sentence for the user who chose the password.
    pub reason: String,
}

impl InvalidPassword {
    /// Refuses a password for this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

/// The owner of the password to validate.
#[derive(Debug)]
#[non_exhaustive]
pub enum PasswordOf<'a, U: UserModel> {
    /// A user who registers.
    New(&'a U::Create),
    /// A user who changes or resets the password; the user as stored, before the change.
    Existing(&'a U),
}

/// What an application adds to the life of a user: e-mails to send, rules to enforce, events to record.
///
/// Every method has a default that does nothing. `request` is the head of the HTTP request that caused the event, `None` when
/// it was application code. A hook that fails after the operation (`on_after_…`) does not undo it. Every error of a hook that the
/// client waits for is a 500 without details, unless it is a [`HookRefusal`](crate::hooks::HookRefusal), which has its own response.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the hooks of `{U}`",
    label = "this type has no hooks for `{U}`",
    note = "write `#[users_runtime::async_trait] impl users_runtime::Hooks<{U}> for {Self} {{ … }}`"
)]
#[async_trait]
pub trait Hooks<U: UserModel>: Send + Sync + 'static {
    /// Validates a new password before it is hashed, after the [policy](crate::password_policy::PasswordPolicy) has accepted it. The default accepts every
    /// password.
    async fn validate_password(
        &self,
        password: &Password,
        user: PasswordOf<'_, U>,
    ) -> Result<(), InvalidPassword> {
        let _ = (password, user);
        Ok(())
    }

    /// A user is about to be registered: by the form, by an account at a provider, on the command line or by
    /// [`Users::create`](crate::Users::create). It runs before the password policy and before the address is looked up, and after the
    /// limits.
    ///
    /// It can set fields and flags of `new`, and refuse the registration: with a [`HookRefusal`](crate::hooks::HookRefusal) the client receives its status and
    /// code, with any other error a 500. Nothing is stored then.
    async fn before_register(
        &self,
        new: &mut NewUser<U>,
        from: &Registration<'_>,
    ) -> Result<(), HookError> {
        let _ = (new, from);
        Ok(())
    }

    /// Something has happened to a user; see the [list of events](crate::docs::events).
    ///
    /// The response waits for it, so move slow work to a task. Its errors are logged and otherwise ignored.
    async fn on_event(&self, event: &Event<'_, U>) -> Result<(), HookError> {
        let _ = event;
        Ok(())
    }

    /// A user has registered. If this changes the user through [`Users`](crate::Users), the response shows the changed user.
    async fn on_after_register(&self, user: &U, request: Option<&Parts>) -> Result<(), HookError> {
        let _ = (user, request);
        Ok(())
    }

    /// A client wants to register the address of `owner`, who has an account already: inform them by e-mail that the account exists, and how to log
    /// in or reset the password. It is called with [`uniform_registration`](crate::UsersBuilder::uniform_registration) only, after
    /// the response and within the limits of e-mails to an account.
    async fn on_register_taken(&self, owner: &U, request: Option<&Parts>) -> Result<(), HookError> {
        let _ = (owner, request);
        Ok(())
    }

    /// A user is about to be changed: by a request, on the command line or by [`Users::update`](crate::Users::update); not by
    /// [`Users::set`](crate::Users::set). `update` has what is asked for. It runs before the password policy and before the address is looked up.
    ///
    /// It may refuse: with a [`HookRefusal`](crate::hooks::HookRefusal) the client receives its status and code, with any other error a 500. Nothing
    /// is stored then. Where the change has waited for something, such as the hash of a new password, the user is read again, and the
    /// hook decides once more on what is stored now. Other changes wait for nothing and are not compared with what the hook has seen: a rule that
    /// must hold beside changes at the same moment belongs in the database.
    async fn before_update(
        &self,
        user: &U,
        update: &U::Update,
        request: Option<&Parts>,
    ) -> Result<(), HookError> {
        let _ = (user, update, request);
        Ok(())
    }

    /// A user was changed; `update` has what the request set.
    async fn on_after_update(
        &self,
        user: &U,
        update: &U::Update,
        request: Option<&Parts>,
    ) -> Result<(), HookError> {
        let _ = (user, update, request);
        Ok(())
    }

    /// A user is about to be logged in: the password was compared or the account at a provider found, the user is active, and verified
    /// if that is required. No token is issued yet.
    ///
    /// It may refuse: with a [`HookRefusal`](crate::hooks::HookRefusal) the client receives its status and code, with any other error a 500. A refused
    /// login does not count as a failed one. Only a client that knows the password receives the refusal.
    async fn before_login(&self, user: &U, context: &LoginContext<'_>) -> Result<(), HookError> {
        let _ = (user, context);
        Ok(())
    }

    /// A user has logged in; `response` is about to be sent and may be changed.
    async fn on_after_login(
        &self,
        user: &U,
        request: Option<&Parts>,
        response: &mut Response,
    ) -> Result<(), HookError> {
        let _ = (user, request, response);
        Ok(())
    }

    /// A user wants to verify their address: send them `token`, which expires after one hour by default.
    async fn on_after_request_verify(
        &self,
        user: &U,
        token: &str,
        request: Option<&Parts>,
    ) -> Result<(), HookError> {
        let _ = (user, token, request);
        Ok(())
    }

    /// A user has verified their address.
    async fn on_after_verify(&self, user: &U, request: Option<&Parts>) -> Result<(), HookError> {
        let _ = (user, request);
        Ok(())
    }

    /// A user has forgotten their password: send them `token`, which expires after one hour by default.
    async fn on_after_forgot_password(
        &self,
        user: &U,
        token: &str,
        request: Option<&Parts>,
    ) -> Result<(), HookError> {
        let _ = (user, token, request);
        Ok(())
    }

    /// A user has set a new password with a token.
    async fn on_after_reset_password(
        &self,
        user: &U,
        request: Option<&Parts>,
    ) -> Result<(), HookError> {
        let _ = (user, request);
        Ok(())
    }

    /// Failed logins have locked a user's account: send them `token`, which `POST /unlock` accepts once, for seven days by default.
    ///
    /// It is called with [`limits(unlock)`](crate::docs::limits#unlocking) on the struct only, once for each lock, after the answer and within
    /// the limits of letters that reset a password.
    async fn on_account_locked(
        &self,
        user: &U,
        token: &str,
        request: Option<&Parts>,
    ) -> Result<(), HookError> {
        let _ = (user, token, request);
        Ok(())
    }

    /// A user is about to be deleted; an error prevents it.
    async fn on_before_delete(&self, user: &U, request: Option<&Parts>) -> Result<(), HookError> {
        let _ = (user, request);
        Ok(())
    }

    /// A user was deleted.
    async fn on_after_delete(&self, user: &U, request: Option<&Parts>) -> Result<(), HookError> {
        let _ = (user, request);
        Ok(())
    }
}

/// No hooks: the defaults of [`Hooks`].
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHooks;

impl<U: UserModel> Hooks<U> for NoHooks {}
