//! Detects that a hook changes the user that it receives, so that the response shows the changed user.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use http::request::Parts;

use super::{Users, fields::with_instant};
use crate::{
    error::Error,
    model::UserModel,
    store::{ColumnValue, Expected, StoreError},
};

/// The users that running hooks have received. Not a task-local value: a hook may change the user in a task of its own.
#[derive(Debug, Default)]
pub(crate) struct WatchedUsers(Mutex<HashMap<String, Watch>>);

#[derive(Debug, Default)]
struct Watch {
    watchers: u32,
    has_changed: bool,
}

/// Watches a user until it is dropped.
struct Watching<'a> {
    users: &'a WatchedUsers,
    id: String,
}

impl WatchedUsers {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Watch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self, id: String) -> Watching<'_> {
        self.lock().entry(id.clone()).or_default().watchers += 1;
        Watching { users: self, id }
    }

    fn mark(&self, id: &impl ToString) {
        let mut users = self.lock();
        if !users.is_empty()
            && let Some(watch) = users.get_mut(&id.to_string())
        {
            watch.has_changed = true;
        }
    }
}

impl Watching<'_> {
    fn has_changed(&self) -> bool {
        let users = self.users.lock();
        users.get(&self.id).is_some_and(|watch| watch.has_changed)
    }
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        let mut users = self.users.lock();
        if let Some(watch) = users.get_mut(&self.id) {
            watch.watchers -= 1;
            if watch.watchers == 0 {
                users.remove(&self.id);
            }
        }
    }
}

impl<U: UserModel> Users<U> {
    /// Changes a user as stored.
    pub(crate) async fn change_stored(
        &self,
        id: &U::Id,
        columns: Vec<ColumnValue>,
        expected: Option<Expected<'_>>,
    ) -> Result<U, StoreError> {
        let columns = with_instant::<U>(columns, self.inner.limiter.now());
        let changed = self.store().update(id, columns, expected).await?;
        self.inner.watched.mark(id);
        Ok(changed)
    }

    /// Calls `on_after_register`, and reads the user again where the hook has changed them.
    pub(crate) async fn after_registration(
        &self,
        user: U,
        request: Option<&Parts>,
    ) -> Result<U, Error> {
        let watching = self.inner.watched.watch(user.account().id.to_string());
        self.hooks()
            .on_after_register(&user, request)
            .await
            .map_err(Error::Hook)?;
        if !watching.has_changed() {
            return Ok(user);
        }
        Ok(self.find(user.account().id).await?.unwrap_or(user))
    }
}
