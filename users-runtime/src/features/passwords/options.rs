//! What the builder is told about passwords.

use std::sync::Arc;

use super::PasswordPolicy;
use crate::{
    model::UserModel,
    password::{PasswordHasher, PasswordsConfig},
    users::UsersBuilder,
};

impl<U: UserModel> UsersBuilder<U> {
    /// Which passwords may be set. The default is [`PasswordPolicy::new`], with `Compat::FastApiUsers15`
    /// [`PasswordPolicy::none`]; [`Hooks::validate_password`](crate::Hooks::validate_password) judges besides.
    #[must_use]
    pub fn password_policy(mut self, policy: PasswordPolicy) -> Self {
        self.password_policy = Some(policy);
        self
    }

    /// Whether passwords are hashed and compared in Unicode's normalization form C, so that `é` is the same on every keyboard. Text
    /// in another form is compared as it came as well, which keeps old hashes valid. Default: yes.
    #[must_use]
    pub fn normalize_passwords(mut self, normalize: bool) -> Self {
        self.options.normalize_passwords = normalize;
        self
    }

    /// Hashes passwords differently. The default is argon2id with m=65536, t=3, p=4, and bcrypt for old hashes.
    #[must_use]
    pub fn password_hasher(mut self, hasher: impl PasswordHasher) -> Self {
        self.hasher = Some(Arc::new(hasher));
        self
    }

    /// How many passwords are hashed at once, and how many may wait.
    #[must_use]
    pub fn hashing(mut self, config: PasswordsConfig) -> Self {
        self.hashing = config;
        self
    }

    pub(crate) fn chosen_password_policy(&self) -> PasswordPolicy {
        match &self.password_policy {
            Some(policy) => policy.clone(),
            None if self.options.judge_passwords => PasswordPolicy::new(),
            None => PasswordPolicy::none(),
        }
    }
}
