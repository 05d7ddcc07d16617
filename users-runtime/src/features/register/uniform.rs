//! Registration that does not reveal whether an address is taken.

use http::request::Parts;
use indexmap::IndexMap;

use super::rules::NotAccepted;
use crate::{
    error::Error,
    features::{events::event::EventKind, limits::Limited},
    model::UserModel,
    password::{Password, Verdict},
    schema::ValidationError,
    store::{ColumnValue, StoreError},
    users::{RefusedPassword, RegisteredBy, Users, claim::is_closed, notify::Notice},
    wire::json::Json,
};

/// Why no registration begins. None of it depends on whether the address is taken.
#[derive(Debug)]
pub(crate) enum UniformRegisterError {
    InvalidPassword(crate::users::hooks::InvalidPassword),
    PasswordTooLong(usize),
    InvalidFields(Vec<ValidationError>),
    Failed(Error),
}

/// How often a registration begins anew because the user with its address changes at the same time.
const ATTEMPTS: usize = 8;

/// What the owner of an address receives that was registered once more.
#[derive(Clone, Copy)]
enum Letter {
    /// Another token that verifies the address.
    Proof,
    /// A token that sets a password, since the account has none any more.
    Reset,
    /// That they have an account already.
    Taken,
}

impl<U: UserModel> Users<U> {
    /// Registers a user, or notifies the owner of a taken address.
    ///
    /// Until this returns, the same is done for both: the password is checked and hashed. The rest runs after the answer, since a new row
    /// takes the database another time than none.
    #[tracing::instrument(name = "register", skip_all)]
    pub(crate) async fn register_uniformly(
        &self,
        create: U::Create,
        transient: IndexMap<String, Json>,
        request: &Parts,
    ) -> Result<(), UniformRegisterError> {
        let (new, password) = self
            .accept(create, RegisteredBy::Form, transient, Some(request))
            .await?;
        let email = new.email().to_owned();
        let owner = self.find_by_email(&email).await?;
        let hash = self.passwords().hash(password.clone()).await;
        let hash = hash.map_err(Error::from)?;
        // After the hash: registrations that wait for theirs would keep the letters of all others waiting.
        let permit = self.inner.background.permit().await?;
        let row = new.into_row(&hash);
        let (users, request) = (self.clone(), request.clone());
        permit.spawn(async move {
            let ended = match owner {
                Some(owner) => users.registered_again(owner, password, &request).await,
                None => {
                    users
                        .store_registration(row, &email, password, &request)
                        .await
                }
            };
            if let Err(error) = ended {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "a registration could not be finished");
            }
        });
        Ok(())
    }

    /// Stores the new user, who gets a letter to prove the address.
    async fn store_registration(
        &self,
        row: Vec<ColumnValue>,
        email: &str,
        password: Password,
        request: &Parts,
    ) -> Result<(), Error> {
        let user = match self.store().insert(row).await {
            // Another registration took the address in the meantime.
            Err(StoreError::EmailTaken) => {
                return match self.find_by_email(email).await? {
                    Some(owner) => self.registered_again(owner, password, request).await,
                    None => Ok(()),
                };
            }
            stored => stored?,
        };
        let kind = EventKind::Registered {
            by: RegisteredBy::Form.name(),
            provider: None,
        };
        self.event(kind, Some(&user), Some(request)).await;
        self.hooks()
            .on_after_register(&user, Some(request))
            .await
            .map_err(Error::Hook)?;
        let account = user.account();
        if account.is_active && !account.is_verified {
            self.announce(&user, Some(request), Notice::Verify).await?;
        }
        Ok(())
    }

    /// Handles a registration with an address that a user has already.
    ///
    /// As long as the address is not verified, either registration may be the owner's, and the client cannot see which. With the same
    /// password the proof is sent again. With another one, the stored password may be a stranger's, which the owner would confirm by
    /// verifying the address: it is closed, and the owner sets one by a reset.
    async fn registered_again(
        &self,
        user: U,
        password: Password,
        request: &Parts,
    ) -> Result<(), Error> {
        let mut user = user;
        for _ in 0..ATTEMPTS {
            let account = user.account();
            if account.is_verified {
                return self.write_to_owner(&user, Letter::Taken, request).await;
            }
            if is_closed(account.hashed_password) {
                return self.write_to_owner(&user, Letter::Reset, request).await;
            }
            let hash = account.hashed_password.clone();
            let verdict = self.passwords().verify_late(password.clone(), hash).await;
            if verdict? != Verdict::Wrong {
                return self.write_to_owner(&user, Letter::Proof, request).await;
            }
            match self.close_password(&user, request).await {
                Err(Error::Store(StoreError::Outdated | StoreError::NotFound)) => {}
                closed => return self.write_to_owner(&closed?, Letter::Reset, request).await,
            }
            // The user was verified, changed or deleted in the meantime.
            match self.find_by_email(account.email).await? {
                Some(now) => user = now,
                None => return Ok(()),
            }
        }
        Err(StoreError::Unavailable("the user keeps changing".into()).into())
    }

    /// Sends a letter to the owner of an address that was registered once more, within the limit of letters to an account.
    async fn write_to_owner(
        &self,
        owner: &U,
        letter: Letter,
        request: &Parts,
    ) -> Result<(), Error> {
        let account = owner.account();
        tracing::info!(user.id = %account.id, "registration with a taken address");
        let may_send = self
            .may_send(Limited::Verify, Some(owner), account.email, request)
            .await;
        if !may_send || !account.is_active {
            return Ok(());
        }
        match letter {
            Letter::Proof => self.announce(owner, Some(request), Notice::Verify).await,
            Letter::Reset if U::CONFIG.routes.reset_password.is_some() => {
                self.announce(owner, Some(request), Notice::Reset).await
            }
            Letter::Reset | Letter::Taken => self
                .hooks()
                .on_register_taken(owner, Some(request))
                .await
                .map_err(Error::Hook),
        }
    }

    /// Sends a letter to a user who has logged in before the address was proven, after the answer and within the limit of letters to an
    /// account. Whether there is one must not show, so nothing waits here.
    pub(crate) fn send_proof_again(&self, user: &U, request: &Parts) {
        let Some(permit) = self.inner.background.permit_at_once() else {
            tracing::warn!("no letter is sent: too many hooks run in the background");
            return;
        };
        let (users, user, request) = (self.clone(), user.clone(), request.clone());
        permit.spawn(async move {
            let email = user.account().email;
            let may_send = users
                .may_send(Limited::Verify, Some(&user), email, &request)
                .await;
            if !may_send {
                return;
            }
            let announced = users.announce(&user, Some(&request), Notice::Verify);
            if let Err(error) = announced.await {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "the token could not be sent");
            }
        });
    }
}

impl From<NotAccepted> for UniformRegisterError {
    fn from(reason: NotAccepted) -> Self {
        match reason {
            NotAccepted::Fields(errors) => Self::InvalidFields(errors),
            NotAccepted::Password(RefusedPassword::TooLong(max)) => Self::PasswordTooLong(max),
            NotAccepted::Password(RefusedPassword::Invalid(reason)) => {
                Self::InvalidPassword(reason)
            }
            NotAccepted::Failed(error) => Self::Failed(error),
        }
    }
}

impl From<Error> for UniformRegisterError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
