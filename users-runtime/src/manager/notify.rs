//! Handing a token to the application, which sends it to the user.

use http::request::Parts;
use tracing::Instrument as _;

use super::Users;
use crate::{error::Error, model::UserModel};

/// What a token is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Notice {
    Verify,
    Reset,
}

impl<U: UserModel> Users<U> {
    /// Calls the hook that sends the token. In the background the answer does not wait for it, so that the time it takes does
    /// not tell whether the address is known.
    pub(super) async fn notify(
        &self,
        user: &U,
        token: String,
        request: Option<&Parts>,
        notice: Notice,
    ) -> Result<(), Error> {
        if !self.options().notify_in_background {
            return self.call_notice(user, &token, request, notice).await;
        }
        let (users, user, request) = (self.clone(), user.clone(), request.cloned());
        let task = async move {
            if let Err(error) = users
                .call_notice(&user, &token, request.as_ref(), notice)
                .await
            {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the token could not be sent"
                );
            }
        };
        tokio::spawn(task.in_current_span());
        Ok(())
    }

    pub(super) async fn call_notice(
        &self,
        user: &U,
        token: &str,
        request: Option<&Parts>,
        notice: Notice,
    ) -> Result<(), Error> {
        match notice {
            Notice::Verify => {
                self.hooks()
                    .on_after_request_verify(user, token, request)
                    .await
            }
            Notice::Reset => {
                self.hooks()
                    .on_after_forgot_password(user, token, request)
                    .await
            }
        }
        .map_err(Error::Hook)
    }
}
