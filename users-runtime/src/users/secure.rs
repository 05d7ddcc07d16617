//! The key `secure` of the struct: what it switches on, and what it demands of the builder.

use super::{BuildError, UsersBuilder};
use crate::{
    model::{StrategyKind, UserModel},
    wire::compat::Compat,
};

impl<U: UserModel> UsersBuilder<U> {
    /// Refuses a system whose struct declares `secure` and which lacks what only the application can give.
    pub(crate) fn check_secure(&self) -> Result<(), BuildError> {
        if !U::CONFIG.secure {
            return Ok(());
        }
        if self.options.compat != Compat::Off {
            return Err(BuildError::SecureAndCompatible);
        }
        if !self.limits.has_addresses() {
            return Err(BuildError::NoClientAddresses);
        }
        if !self.has_hooks {
            return Err(BuildError::NoHooks);
        }
        let is_given = |name: &str| self.strategies.iter().any(|(given, _)| given == name);
        let mut plain = U::CONFIG.backends.iter().filter(|backend| {
            backend.strategy == StrategyKind::Jwt && !backend.refresh && !is_given(backend.name)
        });
        if let Some(backend) = plain.next() {
            return Err(BuildError::PlainJwt(backend.name.to_owned()));
        }
        tracing::warn!(
            "secure does not include second factors, passkeys, or a check of the current password when the address or the password is changed"
        );
        Ok(())
    }

    /// Whether the cookies of declared backends have the prefix `__Host-`, with which browsers accept them over HTTPS only, from this
    /// host only and for every path. A [`transport`](Self::transport) that the builder is given keeps its own name. Default: no; yes with
    /// `secure` on the struct.
    #[must_use]
    pub fn host_prefix_cookies(mut self, prefix: bool) -> Self {
        self.options.host_prefix_cookies = prefix;
        self
    }

    /// Whether superusers may set the passwords of others by `PATCH /users/{id}`, which is 403 otherwise. Default: yes; no with `secure`
    /// on the struct, where `POST /users/{id}/forgot-password` sends the user a token instead. Application code and the command line
    /// may do so in any case.
    #[must_use]
    pub fn superusers_set_passwords(mut self, allow: bool) -> Self {
        self.options.superusers_set_passwords = allow;
        self
    }
}
