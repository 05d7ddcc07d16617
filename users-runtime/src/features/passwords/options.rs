//! What the builder is told about passwords.

use super::PasswordPolicy;
use crate::{model::UserModel, users::UsersBuilder};

impl<U: UserModel> UsersBuilder<U> {
    /// Which passwords may be set. The default is [`PasswordPolicy::new`], with `Compat::FastApiUsers15`
    /// [`PasswordPolicy::none`]; [`Hooks::validate_password`](crate::Hooks::validate_password) judges besides.
    #[must_use]
    pub fn password_policy(mut self, policy: PasswordPolicy) -> Self {
        self.password_policy = Some(policy);
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
