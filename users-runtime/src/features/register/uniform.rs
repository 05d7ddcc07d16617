//! Registration that does not tell whether an address is taken.

use http::request::Parts;
use indexmap::IndexMap;

use super::rules::NotAccepted;
use crate::{
    error::Error,
    features::{events::event::EventKind, limits::Limited},
    model::UserModel,
    schema::ValidationError,
    store::{ColumnValue, StoreError},
    users::{RefusedPassword, RegisteredBy, Users, notify::Notice},
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

impl<U: UserModel> Users<U> {
    /// Registers a user, or tells the owner of a taken address.
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
        let hash = self.passwords().hash(password).await.map_err(Error::from)?;
        // After the hash: registrations that wait for theirs would keep the letters of all others waiting.
        let permit = self.inner.background.permit().await?;
        let row = new.into_row(&hash);
        let (users, request) = (self.clone(), request.clone());
        permit.spawn(async move {
            let ended = match owner {
                Some(owner) => users.tell_owner(&owner, &request).await,
                None => users.store_registration(row, &email, &request).await,
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
        request: &Parts,
    ) -> Result<(), Error> {
        let user = match self.store().insert(row).await {
            // Another registration took the address in the meantime.
            Err(StoreError::EmailTaken) => {
                return match self.find_by_email(email).await? {
                    Some(owner) => self.tell_owner(&owner, request).await,
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

    /// Tells the owner of an address that it was registered once more, within the limit of letters to an account.
    async fn tell_owner(&self, owner: &U, request: &Parts) -> Result<(), Error> {
        let account = owner.account();
        tracing::info!(user.id = %account.id, "registration with a taken address");
        let may_send = self
            .may_send(Limited::Verify, Some(owner), account.email, request)
            .await;
        if !may_send || !account.is_active {
            return Ok(());
        }
        self.hooks()
            .on_register_taken(owner, Some(request))
            .await
            .map_err(Error::Hook)
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
