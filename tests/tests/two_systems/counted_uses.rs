//! A store that counts how often the use of a session is written.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Utc};
use users_runtime::{
    UserModel, async_trait,
    session::SESSIONS,
    store::{
        ColumnValue, Expected, OAuthAccountStore, StoreError, UserStore,
        records::{Assignment, Change, Delete, Find, List, Page, Record, RecordStore, Table, Take},
    },
};

/// A store, and the number of rows that the writes of uses have changed.
pub(crate) struct CountedUses<S> {
    store: S,
    written: Arc<AtomicU64>,
}

impl<S> CountedUses<S> {
    pub(crate) fn new(store: S, written: &Arc<AtomicU64>) -> Self {
        Self {
            store,
            written: Arc::clone(written),
        }
    }
}

impl<S> CountedUses<S> {
    fn of<U: UserModel>(&self) -> &dyn RecordStore<U>
    where
        S: UserStore<U>,
    {
        self.store.records().expect("records")
    }
}

#[async_trait]
impl<U: UserModel, S: UserStore<U>> UserStore<U> for CountedUses<S> {
    async fn find(&self, id: &U::Id) -> Result<Option<U>, StoreError> {
        self.store.find(id).await
    }

    async fn find_by_email(&self, email: &str) -> Result<Option<U>, StoreError> {
        self.store.find_by_email(email).await
    }

    async fn insert(&self, values: Vec<ColumnValue>) -> Result<U, StoreError> {
        self.store.insert(values).await
    }

    async fn update(
        &self,
        id: &U::Id,
        changes: Vec<ColumnValue>,
        expected: Option<Expected<'_>>,
    ) -> Result<U, StoreError> {
        self.store.update(id, changes, expected).await
    }

    async fn delete(&self, id: &U::Id) -> Result<(), StoreError> {
        self.store.delete(id).await
    }

    fn oauth_accounts(&self) -> Option<&dyn OAuthAccountStore<U>> {
        self.store.oauth_accounts()
    }

    fn records(&self) -> Option<&dyn RecordStore<U>> {
        Some(self)
    }
}

#[async_trait]
impl<U: UserModel, S: UserStore<U>> RecordStore<U> for CountedUses<S> {
    async fn insert(&self, table: &'static Table, record: Record) -> Result<(), StoreError> {
        self.of::<U>().insert(table, record).await
    }

    async fn find(&self, find: &'static Find, by: Record) -> Result<Option<Record>, StoreError> {
        self.of::<U>().find(find, by).await
    }

    async fn find_with_user(
        &self,
        find: &'static Find,
        by: Record,
    ) -> Result<Option<(Record, U)>, StoreError> {
        self.of::<U>().find_with_user(find, by).await
    }

    async fn list(
        &self,
        list: &'static List,
        of: Record,
        page: Page,
    ) -> Result<Vec<Record>, StoreError> {
        self.of::<U>().list(list, of, page).await
    }

    async fn change(&self, change: &'static Change, by: Record) -> Result<u64, StoreError> {
        let changed = self.of::<U>().change(change, by).await?;
        let is_use = change
            .set
            .iter()
            .any(|set| matches!(set, Assignment::To("last_used_at", _)));
        if is_use && change.table.name == SESSIONS.name {
            self.written.fetch_add(changed, Ordering::Relaxed);
        }
        Ok(changed)
    }

    async fn take(&self, take: &'static Take, by: Record) -> Result<Option<Record>, StoreError> {
        self.of::<U>().take(take, by).await
    }

    async fn delete(&self, delete: &'static Delete, of: Record) -> Result<u64, StoreError> {
        self.of::<U>().delete(delete, of).await
    }

    async fn purge(
        &self,
        table: &'static Table,
        before: DateTime<Utc>,
        most: u32,
    ) -> Result<u64, StoreError> {
        self.of::<U>().purge(table, before, most).await
    }
}
