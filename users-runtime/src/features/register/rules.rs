//! Registration.

use http::request::Parts;

use crate::{
    error::Error,
    model::{Column, Field as _, Role, UserModel, Value},
    password::{Password, PasswordHash},
    store::ColumnValue,
    users::{RegisterError, Users, fields::Fields, hooks::PasswordOf},
};

impl<U: UserModel> Users<U> {
    /// Registers a user: judges the password, refuses a taken address, stores the user and calls `on_after_register`.
    ///
    /// What `create` says counts, flags included: application code may make a superuser with it. (A client's flags never get
    /// this far.)
    ///
    /// # Errors
    ///
    /// [`RegisterError::InvalidPassword`] before [`RegisterError::EmailTaken`], as the client is told only one of them.
    #[tracing::instrument(name = "register", skip_all, fields(user.id))]
    pub async fn create(
        &self,
        create: U::Create,
        request: Option<&Parts>,
    ) -> Result<U, RegisterError> {
        let mut fields = Fields::of(&create);
        let password = fields.password.take().unwrap_or_else(|| Password::from(""));
        let email = fields.email().unwrap_or_default();
        self.judge_password(&password, &[email], PasswordOf::New(&create), request)
            .await?;
        if self.store().find_by_email(email).await?.is_some() {
            return Err(RegisterError::EmailTaken);
        }
        let hash = self.passwords().hash(password).await.map_err(Error::from)?;
        let user = self.store().insert(new_row::<U>(fields, &hash)).await?;
        tracing::Span::current().record("user.id", tracing::field::display(user.account().id));
        tracing::info!("registered");
        self.hooks()
            .on_after_register(&user, request)
            .await
            .map_err(Error::Hook)?;
        Ok(user)
    }
}

/// The row of a new user: what the schema sets, and for the other columns their defaults.
pub(super) fn new_row<U: UserModel>(mut fields: Fields, hash: &PasswordHash) -> Vec<ColumnValue> {
    let value_of = |column: &Column| match column.role {
        Role::Id => U::new_id().map(|id| id.to_value()),
        Role::HashedPassword => Some(hash.to_value()),
        _ => Some(
            fields
                .take(column.field)
                .or_else(|| column.default.map(|default| default()))
                .unwrap_or(Value::Null),
        ),
    };
    let values = U::COLUMNS.iter().map(value_of).enumerate();
    values
        .filter_map(|(column, value)| {
            Some(ColumnValue {
                column,
                value: value?,
            })
        })
        .collect()
}
