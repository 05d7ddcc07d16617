//! Making a token and handing it to the application, which sends it to the user.

use http::request::Parts;

use super::{Users, background::HookPermit};
use crate::{
    error::Error,
    features::events::{acting::Acting, event::EventKind},
    model::UserModel,
};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    Verify,
    Reset,
    Unlock,
}

impl Notice {
    const fn event(self) -> EventKind<'static> {
        match self {
            Self::Verify => EventKind::VerificationRequested,
            Self::Reset => EventKind::ResetRequested,
            Self::Unlock => EventKind::AccountLocked,
        }
    }
}

impl<U: UserModel> Users<U> {
    /// The permit for a hook that runs after the answer; `None` where the answer waits for the hook.
    ///
    /// It is taken before anything is known of the user, so that a slow mail server does not reveal who is known.
    pub(crate) async fn hook_permit(&self, notice: Notice) -> Result<Option<HookPermit>, Error> {
        let options = self.options();
        // A token whose fingerprint is a hash is made after the answer, so that unknown addresses need no hash in vain.
        let costs_a_hash = notice == Notice::Reset && !options.reset_token_follows_email;
        if options.notify_in_background || costs_a_hash {
            self.inner.background.permit().await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// Reports the event, makes a token and calls the hook that sends it: after the answer where there is a permit for that, else now.
    ///
    /// There is no event for an unknown address, so storing one before the answer would reveal by its time which addresses are
    /// known.
    pub(crate) async fn notify(
        &self,
        permit: Option<HookPermit>,
        user: &U,
        request: Option<&Parts>,
        notice: Notice,
    ) -> Result<(), Error> {
        let Some(permit) = permit else {
            return self.announce(user, request, notice).await;
        };
        let id = user.account().id.to_string();
        let Some(running) = self.inner.background.of_user(id) else {
            return Ok(());
        };
        let (users, user, request) = (self.clone(), user.clone(), request.cloned());
        let acting = Acting::present();
        permit.spawn(async move {
            let _running = running;
            let announced = users.announce(&user, request.as_ref(), notice);
            let announced = match acting {
                Some(acting) => acting.run(announced).await,
                None => announced.await,
            };
            if let Err(error) = announced {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the token could not be sent"
                );
            }
        });
        Ok(())
    }

    /// Reports the event, makes a token and waits for the hook that sends it.
    pub(crate) async fn announce(
        &self,
        user: &U,
        request: Option<&Parts>,
        notice: Notice,
    ) -> Result<(), Error> {
        self.event(notice.event(), Some(user), request).await;
        self.send_notice(user, request, notice).await
    }

    /// Makes a token and waits for the hook that sends it.
    async fn send_notice(
        &self,
        user: &U,
        request: Option<&Parts>,
        notice: Notice,
    ) -> Result<(), Error> {
        match notice {
            Notice::Verify => {
                let token = self.verify_token(user)?;
                self.hooks()
                    .on_after_request_verify(user, &token, request)
                    .await
            }
            Notice::Reset => {
                let token = self.reset_token(user).await?;
                self.hooks()
                    .on_after_forgot_password(user, &token, request)
                    .await
            }
            Notice::Unlock => {
                let lifetime = self.inner.limiter.unlock_token_lifetime;
                let token = self.unlock_token(user, lifetime)?;
                self.hooks().on_account_locked(user, &token, request).await
            }
        }
        .map_err(Error::Hook)
    }
}
