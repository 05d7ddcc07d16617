//! The builder's options about registration.

use crate::{model::UserModel, users::UsersBuilder};

impl<U: UserModel> UsersBuilder<U> {
    /// Whether `POST /register` answers 202 `null` for free and for taken addresses, so that it does not reveal who is
    /// registered. Default: no; yes with `secure` on the struct.
    ///
    /// The user receives an e-mail: for a free address [`on_after_request_verify`](crate::Hooks::on_after_request_verify) gets a
    /// token that verifies it, so `on_after_register` need not request one; for a taken address [`on_register_taken`](crate::Hooks::on_register_taken)
    /// informs its owner. If a registered address is not verified yet and is registered again, the same password sends the token again;
    /// with another one, nothing proves which registration is the owner's, so the stored password is voided, and
    /// [`on_after_forgot_password`](crate::Hooks::on_after_forgot_password) gets a token that sets a new one (`on_register_taken` is
    /// called instead where the struct has no routes `reset`). Until the address is verified, a login is `LOGIN_BAD_CREDENTIALS` and sends another e-mail, within the
    /// [limits](crate::docs::limits) of `verify`.
    ///
    /// Passwords are checked first, and hashed in both cases. The user is stored after the response, so a value that the store cannot hold and
    /// a failure of `on_after_register` are only logged. [`Users::create`](crate::Users::create) is not affected.
    ///
    /// ```
    /// use users_runtime::{HookError, Hooks, RequestParts, UserModel, Users, UsersBuilder, async_trait};
    ///
    /// struct Letters;
    ///
    /// # fn send(to: &str, text: &str) -> Result<(), HookError> { let _ = (to, text); Ok(()) }
    /// #[async_trait]
    /// impl<U: UserModel> Hooks<U> for Letters {
    ///     async fn on_after_request_verify(&self, user: &U, token: &str, _: Option<&RequestParts>) -> Result<(), HookError> {
    ///         send(user.account().email, &format!("Welcome! Confirm your address: https://app.example/verify#{token}"))
    ///     }
    ///
    ///     async fn on_register_taken(&self, owner: &U, _: Option<&RequestParts>) -> Result<(), HookError> {
    ///         send(owner.account().email, "You have an account already: log in, or reset your password.")
    ///     }
    /// }
    ///
    /// fn configured<U: UserModel>(builder: UsersBuilder<U>) -> UsersBuilder<U> {
    ///     builder.hooks(Letters).uniform_registration(true)
    /// }
    /// ```
    #[must_use]
    pub fn uniform_registration(mut self, uniform: bool) -> Self {
        self.options.uniform_registration = uniform;
        self
    }
}
