//! What a client may ask for by an e-mail address alone. Whether a user has the address makes no difference to the answer.

use http::request::Parts;

use super::{Users, notify::Notice};
use crate::{error::Error, model::UserModel};

impl<U: UserModel> Users<U> {
    /// Starts a password reset for the user with this address, if there is one: see [`forgot_password`](Self::forgot_password).
    ///
    /// Until this returns, the same is done for an address that no user has. That includes the wait for a permit to run a hook
    /// in the background, which is taken before the look-up.
    ///
    /// # Errors
    ///
    /// As [`forgot_password`](Self::forgot_password), and when the store fails.
    pub async fn forgot_password_by_email(
        &self,
        email: &str,
        request: Option<&Parts>,
    ) -> Result<(), Error> {
        let permit = self.hook_permit(Notice::Reset).await?;
        match self.find_by_email(email).await? {
            Some(user) => self.start_reset(permit, &user, request).await,
            None => Ok(()),
        }
    }

    /// Starts the verification of this address, if a user has it: see [`request_verify`](Self::request_verify).
    ///
    /// Until this returns, the same is done for an address that no user has, as in
    /// [`forgot_password_by_email`](Self::forgot_password_by_email).
    ///
    /// # Errors
    ///
    /// As [`request_verify`](Self::request_verify), and when the store fails.
    pub async fn request_verify_by_email(
        &self,
        email: &str,
        request: Option<&Parts>,
    ) -> Result<(), Error> {
        let permit = self.hook_permit(Notice::Verify).await?;
        match self.find_by_email(email).await? {
            Some(user) => self.start_verification(permit, &user, request).await,
            None => Ok(()),
        }
    }
}
