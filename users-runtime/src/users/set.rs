//! Fields that the application itself sets.

use super::{UpdateError, Users, fields::column_value};
use crate::{
    error::Error,
    model::UserModel,
    store::{Administration, StoreError, UserSearch},
    value::{Field, UserField},
};

impl<U: UserModel> Users<U> {
    /// Sets one field of a user, also one that no client may send (`access = read_only` and `private`), in one statement.
    ///
    /// ```
    /// # use users_runtime::{PasswordHash, UserModel, Users, errors::UpdateError};
    /// # #[derive(Clone, Debug, UserModel)]
    /// # #[fastapi_users(backend(name = "web", transport = cookie, strategy = jwt))]
    /// # pub struct User {
    /// #     pub id: i64, pub email: String, pub hashed_password: PasswordHash,
    /// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
    /// #     #[fastapi_users(access = read_only)]
    /// #     pub last_seen: Option<chrono::DateTime<chrono::Utc>>,
    /// # }
    /// async fn seen(users: &Users<User>, user: &User) -> Result<User, UpdateError> {
    ///     users.set(user, User::LAST_SEEN, chrono::Utc::now()).await
    /// }
    /// ```
    ///
    /// The application decides on the value: rules of the field for clients do not apply, no hook is called and no event reported. For
    /// all of that, and for several fields at once, call [`update`](Self::update).
    ///
    /// # Errors
    ///
    /// [`UpdateError::NotFound`] when the user is gone, [`UpdateError::Unstorable`] for a value that the column cannot hold, and
    /// [`UpdateError::Failed`] when the store fails, as with a value that another user has where a column is unique.
    pub async fn set<T: Field>(
        &self,
        user: &U,
        field: UserField<U, T>,
        value: impl Into<T>,
    ) -> Result<U, UpdateError> {
        let value = value.into().to_value();
        let column = column_value::<U>(field.name(), value).ok_or_else(|| {
            let unknown = format!("users have no field `{}`", field.name());
            Error::from(StoreError::Database(unknown.into()))
        })?;
        Ok(self
            .change_stored(user.account().id, vec![column], None)
            .await?)
    }

    /// The users that a search asks for, by e-mail address without regard to case and then by id: see
    /// [`Administration::search`](crate::store::Administration::search).
    ///
    /// # Errors
    ///
    /// When the store fails, or cannot search; those of this crate can. [`StoreError::NoTenant`] where users belong to tenants and these are
    /// the users of all, whom only operators search, with `administration`.
    pub async fn search(&self, search: &UserSearch) -> Result<Vec<U>, Error> {
        Ok(self.searched()?.search(search).await?)
    }

    /// How many users a search would find without its limit and cursor: the seats of an organisation that are taken, for example. What the
    /// number decides needs a transaction, or a limit in the database: see [`within`](Self::within).
    ///
    /// # Errors
    ///
    /// Those of [`search`](Self::search).
    pub async fn count(&self, search: &UserSearch) -> Result<u64, Error> {
        Ok(self.searched()?.count(search).await?)
    }

    fn searched(&self) -> Result<&dyn Administration<U>, Error> {
        if self.lacks_tenant() {
            return Err(StoreError::NoTenant.into());
        }
        self.administration().ok_or_else(|| {
            let missing = "the store cannot search: implement `UserStore::administration`";
            StoreError::Database(missing.into()).into()
        })
    }
}
