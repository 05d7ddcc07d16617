//! Changing a user.

use http::request::Parts;

use super::{
    UpdateError, Users,
    current::Session,
    fields::{Fields, column_value},
};
use crate::{
    error::Error,
    hooks::PasswordOf,
    model::{Field as _, UserModel, Value},
    password::Password,
    store::ColumnValue,
};

impl<U: UserModel> Users<U> {
    /// Changes a user: exactly the fields that `update` has. A new address is unverified until it is proven, unless the update
    /// says otherwise.
    ///
    /// `session` is the one that asks, which stays when a new password ends the others.
    ///
    /// # Errors
    ///
    /// Nothing is stored when the password is refused or the address taken.
    #[tracing::instrument(name = "update", skip_all, fields(user.id = %user.account().id))]
    pub async fn update(
        &self,
        user: &U,
        update: U::Update,
        session: Option<&Session>,
        request: Option<&Parts>,
    ) -> Result<U, UpdateError> {
        let mut fields = Fields::of(&update);
        let mut changes = Vec::new();
        if let Some(password) = fields.password.take() {
            changes.push(self.password_change(user, password).await?);
        }
        let new_password = !changes.is_empty();
        if let Some(email) = fields.take("email") {
            changes.extend(
                self.email_change(user, email, fields.get("is_verified").is_some())
                    .await?,
            );
        }
        let leaves =
            user.account().is_active && fields.get("is_active") == Some(&Value::Bool(false));
        changes.extend(
            fields
                .values
                .into_iter()
                .filter_map(|(field, value)| column_value::<U>(field, value)),
        );
        let ends = self.options().revoke_sessions && (new_password || leaves);
        let stays = session.filter(|_| !leaves);
        // Before the change, so that a failure means that nothing has happened.
        if ends {
            self.revoke_sessions(user, stays).await?;
        }
        let updated = self
            .store()
            .update(user.account().id, changes, None)
            .await?;
        if ends {
            self.revoke_late_sessions(&updated, stays).await;
        }
        tracing::info!("updated");
        self.hooks()
            .on_after_update(&updated, &update, request)
            .await
            .map_err(Error::Hook)?;
        Ok(updated)
    }

    async fn password_change(
        &self,
        user: &U,
        password: Password,
    ) -> Result<ColumnValue, UpdateError> {
        self.hooks()
            .validate_password(&password, PasswordOf::Existing(user))
            .await?;
        let hash = self.passwords().hash(password).await.map_err(Error::from)?;
        column_value::<U>("hashed_password", hash.to_value()).ok_or(UpdateError::NotFound)
    }

    /// The columns that a new address changes; none when it is the present one.
    async fn email_change(
        &self,
        user: &U,
        email: Value,
        verified_is_set: bool,
    ) -> Result<Vec<ColumnValue>, UpdateError> {
        let Value::Text(address) = &email else {
            return Ok(Vec::new());
        };
        if address == user.account().email {
            return Ok(Vec::new());
        }
        let owner = self.store().find_by_email(address).await?;
        let is_own = owner
            .as_ref()
            .is_some_and(|owner| owner.account().id == user.account().id);
        if owner.is_some() && !(is_own && self.options().own_email_in_other_case) {
            return Err(UpdateError::EmailTaken);
        }
        let unverified = (!verified_is_set && !is_own).then_some(Value::Bool(false));
        let mut changes: Vec<_> = column_value::<U>("email", email).into_iter().collect();
        changes.extend(unverified.and_then(|value| column_value::<U>("is_verified", value)));
        Ok(changes)
    }
}
