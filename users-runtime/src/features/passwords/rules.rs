//! Validating a new password, wherever it is set.

use http::request::Parts;

use super::PasswordProblem;
use crate::{
    model::UserModel,
    password::Password,
    users::{
        RefusedPassword, Users,
        hooks::{InvalidPassword, PasswordOf},
    },
};

impl<U: UserModel> Users<U> {
    /// Validates a new password with the policy, then by the application's hook, and last, since it takes a call over the
    /// network, by the collection of leaked passwords. `emails` are the addresses that its user has or will have.
    pub(crate) async fn judge_password(
        &self,
        password: &Password,
        emails: &[&str],
        user: PasswordOf<'_, U>,
        request: Option<&Parts>,
    ) -> Result<(), RefusedPassword> {
        let policy = self.password_policy();
        if let Some(max) = policy.exceeded(password) {
            return Err(RefusedPassword::TooLong(max));
        }
        let refused = |problem: PasswordProblem| {
            RefusedPassword::Invalid(InvalidPassword::new(policy.reason(problem, request)))
        };
        policy.check(password, emails).map_err(refused)?;
        self.hooks()
            .validate_password(password, user)
            .await
            .map_err(RefusedPassword::Invalid)?;
        #[cfg(feature = "oauth")]
        if let Some(pwned) = &policy.pwned {
            match pwned.has(password).await {
                Ok(false) => {}
                Ok(true) => return Err(refused(PasswordProblem::Leaked)),
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "a password was not compared with leaked ones");
                }
            }
        }
        Ok(())
    }
}
