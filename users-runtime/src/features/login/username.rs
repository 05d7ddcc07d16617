//! What people type to log in.

use crate::{error::Error, model::UserModel, users::Users};

impl<U: UserModel> Users<U> {
    /// The user whom the `username` of the login form names: what to pass to a [`LoginAttempt`](crate::login::LoginAttempt) where clients
    /// log in with their address. Where users belong to tenants, call it on [`for_request`](Self::for_request).
    ///
    /// An address is normalised as at the registration: keyboards add blanks, mail programs copy `Jo <jo@example.com>`. A stored
    /// address may itself not be normalised (imported rows, providers), so the text as it came is looked up, too. Both look-ups are
    /// made whether or not the first finds a user, so that the time reveals nothing.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn find_by_username(&self, username: &str) -> Result<Option<U>, Error> {
        let as_it_came = self.store().find_by_email(username).await?;
        if !self.options().normalize_username {
            return Ok(as_it_came);
        }
        match self.inner.emails.normalize(username) {
            // The store ignores the case of ASCII letters at least.
            Ok(address) if !address.eq_ignore_ascii_case(username) => {
                Ok(self.store().find_by_email(&address).await?.or(as_it_came))
            }
            _ => Ok(as_it_came),
        }
    }
}
