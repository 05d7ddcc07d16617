//! Ending sessions.

use super::{Users, current::Session};
use crate::{error::Error, features::events::event::EventKind, model::UserModel};

impl<U: UserModel> Users<U> {
    /// Ends every session of a user that a backend can end, except one.
    ///
    /// Sessions, database tokens and Redis tokens end immediately, as do all JSON web tokens of a `revocable` backend, including
    /// the one of `except`; those of other backends are not stored and stay valid until they expire.
    ///
    /// # Errors
    ///
    /// When a backend's storage fails; the other backends' sessions have ended nevertheless.
    pub async fn revoke_sessions(&self, user: &U, except: Option<&Session>) -> Result<(), Error> {
        let result = self.end_sessions(user, except).await;
        let kept = except.is_some();
        self.event(EventKind::SessionsRevoked { kept }, Some(user), None)
            .await;
        result
    }

    /// [`revoke_sessions`](Self::revoke_sessions) as a part of another change, which is an event of its own.
    pub(crate) async fn end_sessions(
        &self,
        user: &U,
        except: Option<&Session>,
    ) -> Result<(), Error> {
        let mut result = Ok(());
        for backend in self.backends() {
            // To every backend, since several may keep their tokens in one table; to the others the token is unknown.
            let keep = except.map(|session| session.token.as_str());
            let ended = backend.strategy().destroy_all(user, keep).await;
            if let Err(error) = ended {
                tracing::error!(
                    backend = backend.name(),
                    error = &error as &dyn std::error::Error,
                    "sessions not ended"
                );
                result = Err(error);
            }
        }
        result
    }

    /// Ends the sessions of every user in each backend that supports it, and returns for each whether it did: after secrets have
    /// leaked, or after a database was restored from a backup, which brings ended sessions back.
    ///
    /// Sessions, the tokens of a database and the JSON web tokens of a `revocable` backend end at once. Other JSON web tokens and
    /// tokens in Redis do not: they stay valid until they expire, unless their keys are changed or Redis is emptied.
    ///
    /// # Errors
    ///
    /// The first failure of a backend's storage; the other backends' sessions have ended nevertheless.
    pub async fn revoke_everyones_sessions(&self) -> Result<Vec<(&str, bool)>, Error> {
        let (mut ended, mut failed) = (Vec::new(), None);
        for backend in self.backends() {
            match backend.strategy().destroy_everyones().await {
                Ok(could) => ended.push((backend.name(), could)),
                Err(error) => {
                    tracing::error!(
                        backend = backend.name(),
                        error = &error as &dyn std::error::Error,
                        "sessions not ended"
                    );
                    failed.get_or_insert(error);
                }
            }
        }
        self.event(EventKind::EveryonesSessionsRevoked, None, None)
            .await;
        failed.map_or(Ok(ended), Err)
    }

    /// Whether a new password ends every session, whatever happens to their tokens: each token has the credentials' stamp, and it
    /// is compared.
    pub(crate) fn stamp_ends_sessions(&self) -> bool {
        let options = self.options();
        options.credentials_stamp
            && options.revoke_sessions
            && self
                .backends()
                .iter()
                .all(|backend| backend.strategy().is_stamped())
    }

    /// Ends a user's sessions before their new password is stored, where nothing else would end them if ending them failed
    /// afterwards. Where the stamp does, nothing has happened when the store refuses the password.
    pub(crate) async fn revoke_before_new_password(
        &self,
        user: &U,
        except: Option<&Session>,
    ) -> Result<(), Error> {
        if !self.options().revoke_sessions || self.stamp_ends_sessions() {
            return Ok(());
        }
        self.end_sessions(user, except).await
    }

    /// Makes every token of a user worthless, JSON web tokens included: in every process where the backend is `revocable`, and
    /// otherwise in this one.
    pub(crate) async fn void_sessions(&self, user: &U) -> Result<(), Error> {
        for backend in self.backends() {
            backend.strategy().void(user).await?;
        }
        Ok(())
    }

    /// [Voids](Self::void_sessions) after the change that wants it is stored, so a failure is for the log.
    pub(crate) async fn void_late_sessions(&self, user: &U) {
        if let Err(error) = self.void_sessions(user).await {
            tracing::error!(user.id = %user.account().id, error = &error as &dyn std::error::Error, "late sessions may go on");
        }
    }

    /// Binds the session that changed the password to the new one. Where that fails the user logs in again, which is better than
    /// an error that says that the password has not changed.
    pub(crate) async fn keep_session(&self, user: &U, session: &Session) {
        let Some(backend) = self.backend(&session.backend) else {
            return;
        };
        if let Err(error) = backend.strategy().keep(&session.token, user).await {
            tracing::error!(
                user.id = %user.account().id,
                error = &error as &dyn std::error::Error,
                "the session that changed the password was not kept"
            );
        }
    }

    /// Ends sessions after the change that ends them was stored: all that the stamp of a new password has made worthless already,
    /// or those that began since [`revoke_before_new_password`](Self::revoke_before_new_password). So a failure is for the log: the
    /// change is stored, and an error would say that it is not.
    pub(crate) async fn revoke_late_sessions(&self, user: &U, except: Option<&Session>) {
        if let Err(error) = self.end_sessions(user, except).await {
            tracing::error!(user.id = %user.account().id, error = &error as &dyn std::error::Error, "late sessions may go on");
        }
    }
}
