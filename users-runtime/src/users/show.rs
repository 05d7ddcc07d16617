//! Users as clients are shown them, with the computed fields that ask the store.

use std::{any::Any, slice};

use super::{BuildError, Users, UsersBuilder};
use crate::{
    error::Error,
    model::{Loaded as _, Loading, MissingState, UserModel},
    value::Viewer,
    wire::email,
};

impl<U: UserModel> UsersBuilder<U> {
    /// What the functions of [`computed`](macro@crate::UserModel#computed) fields get as their first argument, such as a pool of
    /// connections. One of each type; a later one replaces an earlier one. By default there are none, and functions can take `&Users<U>` only.
    #[must_use]
    pub fn state<S: Any + Send + Sync>(mut self, state: S) -> Self {
        self.states.insert(state);
        self
    }
}

impl<U: UserModel> Users<U> {
    /// The user as the routes show it to this viewer, for your own routes. For users without computed fields that ask the store,
    /// [`read_as`](UserModel::read_as) does the same.
    ///
    /// # Errors
    ///
    /// [`Error::Computed`] when the function of a computed field fails.
    pub async fn show(&self, user: &U, viewer: Viewer) -> Result<U::Read, Error> {
        let loaded = self.loaded_in_tenant(slice::from_ref(user)).await?;
        let loaded = loaded.into_iter().next();
        let loaded = loaded.ok_or_else(|| Error::Computed("there is no value".into()))?;
        Ok(shown(user, viewer, loaded))
    }

    /// Several users as the routes show them, in their order. Each function of a computed field is called once.
    ///
    /// ```
    /// # use users_runtime::{PasswordHash, UserModel};
    /// # #[derive(Clone, Debug, UserModel)]
    /// # #[fastapi_users(backend(name = "web", transport = cookie, strategy = jwt))]
    /// # pub struct User {
    /// #     pub id: i64, pub email: String, pub hashed_password: PasswordHash,
    /// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
    /// # }
    /// use axum::{Json, extract::State, response::ErrorResponse};
    /// use users_runtime::{CurrentUser, Users, guards::ActiveSuperuser, store::UserSearch, value::Viewer};
    ///
    /// async fn list(
    ///     _: CurrentUser<User, ActiveSuperuser>,
    ///     State(users): State<Users<User>>,
    /// ) -> Result<Json<Vec<UserRead>>, ErrorResponse> {
    ///     let found = users.search(&UserSearch::new()).await?;
    ///     Ok(Json(users.show_all(&found, Viewer::Admin).await?))
    /// }
    /// # let _ = axum::routing::get::<_, _, Users<User>>(list);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Computed`] when the function of a computed field fails, or returns another number of values than it got users.
    pub async fn show_all(&self, users: &[U], viewer: Viewer) -> Result<Vec<U::Read>, Error> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let loaded = self.loaded_in_tenant(users).await?;
        let pairs = users.iter().zip(loaded);
        Ok(pairs
            .map(|(user, loaded)| shown(user, viewer, loaded))
            .collect())
    }

    /// The state of this type that the builder was given with [`state`](UsersBuilder::state).
    pub fn state<S: Any>(&self) -> Option<&S> {
        self.inner.states.get()
    }

    fn loading(&self) -> Loading<'_> {
        Loading::new(self, &self.inner.states)
    }

    /// The values of users, whose functions see the users of the same tenant. Where those shown are of several, they see no tenant's.
    async fn loaded_in_tenant(&self, users: &[U]) -> Result<Vec<U::Loaded>, Error> {
        let tenant = users.first().filter(|_| self.lacks_tenant());
        let tenant = tenant.and_then(U::tenant);
        match tenant.filter(|tenant| {
            users
                .iter()
                .all(|user| user.tenant().as_ref() == Some(tenant))
        }) {
            Some(tenant) => self.in_stored_tenant(tenant).loaded(users).await,
            None => self.loaded(users).await,
        }
    }

    async fn loaded(&self, users: &[U]) -> Result<Vec<U::Loaded>, Error> {
        let loading = U::Loaded::load(self.loading(), users);
        let loading = loading.map_err(|missing| Error::Computed(missing_state(missing).into()))?;
        loading.await.map_err(Error::Computed)
    }

    /// Whether every function of a computed field can be called; none is.
    pub(super) fn check_states(&self) -> Result<(), BuildError> {
        let loading = U::Loaded::load(self.loading(), &[]);
        loading.map(drop).map_err(missing_state)
    }
}

fn missing_state(MissingState { field, state }: MissingState) -> BuildError {
    BuildError::MissingState { field, state }
}

fn shown<U: UserModel>(user: &U, viewer: Viewer, loaded: U::Loaded) -> U::Read {
    user.read_with(email::shown(user.account().email), viewer, loaded)
}
