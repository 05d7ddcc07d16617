//! Deleting a user.

use http::request::Parts;

use crate::{
    error::Error,
    features::events::event::EventKind,
    model::UserModel,
    users::{DeleteError, Users},
};

impl<U: UserModel> Users<U> {
    /// Deletes a user with their access tokens and OAuth accounts; `on_before_delete` may refuse.
    ///
    /// # Errors
    ///
    /// [`DeleteError::NotFound`] when the user is gone already.
    #[tracing::instrument(name = "delete", skip_all, fields(user.id = %user.account().id))]
    pub async fn delete(&self, user: &U, request: Option<&Parts>) -> Result<(), DeleteError> {
        self.hooks()
            .on_before_delete(user, request)
            .await
            .map_err(Error::Hook)?;
        if let Some(within) = self.within_transaction() {
            self.store().delete(user.account().id).await?;
            let (user, request) = (user.clone(), request.cloned());
            within
                .after_commit(|users| async move { users.deleted(&user, request.as_ref()).await });
            return Ok(());
        }
        // Before the deletion, so that a failure means that nothing has happened.
        if self.options().revoke_sessions {
            self.end_sessions(user, None).await?;
        }
        self.store().delete(user.account().id).await?;
        Ok(self.deleted(user, request).await?)
    }

    /// What happens when a user was deleted.
    async fn deleted(&self, user: &U, request: Option<&Parts>) -> Result<(), Error> {
        if self.options().revoke_sessions {
            self.revoke_late_sessions(user, None).await;
        }
        self.event(EventKind::Deleted, Some(user), request).await;
        self.hooks()
            .on_after_delete(user, request)
            .await
            .map_err(Error::Hook)
    }
}
