//! Logging in with e-mail address and password.

use http::request::Parts;

use super::proven::Proven;
use crate::{
    error::Error,
    features::events::event::{EventKind, LoginFailure},
    model::UserModel,
    password::{Password, PasswordHash, Verdict},
    session::Backend,
    store::{Expected, StoreError},
    users::{
        Users,
        fields::{role_value, with_instant},
    },
    value::{Field as _, Role},
};

impl<U: UserModel> Users<U> {
    /// The user with this address and password, active or not; `None` when there is none.
    ///
    /// This is only the comparison: a login needs [`log_in`](Self::log_in), which counts attempts, calls the hooks and issues the tokens. Use it to ask
    /// for the present password before a change.
    ///
    /// A hash of an older kind is replaced by a new one. Known and unknown addresses cost the same work.
    ///
    /// # Errors
    ///
    /// When the store fails, or too many passwords wait to be hashed.
    pub async fn authenticate(&self, email: &str, password: Password) -> Result<Option<U>, Error> {
        let found = self.find_by_username(email).await?;
        let proven = self.authenticate_found(found, password, None).await?;
        Ok(proven.map(|proven| proven.user))
    }

    /// [`authenticate`](Self::authenticate) with the result of the look-up.
    #[tracing::instrument(name = "authenticate", skip_all, fields(user.id))]
    pub(crate) async fn authenticate_found(
        &self,
        found: Option<U>,
        password: Password,
        attempt: Option<(&Backend<U>, &Parts)>,
    ) -> Result<Option<Proven<U>>, Error> {
        let (backend, request) = attempt.unzip();
        let backend = backend.map(Backend::name);
        let failed = |reason| EventKind::LoginFailed { backend, reason };
        let Some(user) = found else {
            self.passwords().verify_nobody(password).await?;
            let kind = failed(LoginFailure::UnknownUser);
            self.event(kind, None, request).await;
            return Ok(None);
        };
        tracing::Span::current().record("user.id", tracing::field::display(user.account().id));
        let stored = user.account().hashed_password.clone();
        let verdict = self
            .passwords()
            .verify(password.clone(), stored.clone())
            .await?;
        let user = match verdict {
            Verdict::Wrong => {
                let kind = failed(LoginFailure::WrongPassword);
                self.event(kind, Some(&user), request).await;
                return Ok(None);
            }
            Verdict::Right => user,
            Verdict::RightButOutdated => self.rehash(user, password.clone(), &stored).await?,
        };
        Ok(Some(Proven::by_password(user, password)))
    }

    /// Replaces an outdated hash, unless the password was changed in the meantime: then the new one stays.
    async fn rehash(&self, user: U, password: Password, stored: &PasswordHash) -> Result<U, Error> {
        let hash = self.upgraded_hash(password, stored).await?;
        let Some(column) = role_value::<U>(Role::HashedPassword, hash.to_value()) else {
            return Ok(user);
        };
        match self
            .store()
            .update(
                user.account().id,
                with_instant::<U>(vec![column], self.inner.limiter.now()),
                Some(Expected::new().hash(stored)),
            )
            .await
        {
            Ok(user) => {
                tracing::info!("password hash upgraded");
                Ok(user)
            }
            Err(StoreError::Outdated | StoreError::NotFound) => Ok(user),
            Err(error) => Err(error.into()),
        }
    }

    /// A new hash of the same password. Where reset tokens and sessions have to survive it, the salt stays: they are bound to it.
    async fn upgraded_hash(
        &self,
        password: Password,
        stored: &PasswordHash,
    ) -> Result<PasswordHash, Error> {
        let options = self.options();
        let salt = if options.reset_token_follows_email || options.credentials_stamp {
            stored.salt()
        } else {
            None
        };
        Ok(match salt {
            Some(salt) => self.passwords().hash_with_salt(password, salt).await?,
            None => self.passwords().hash(password).await?,
        })
    }
}
