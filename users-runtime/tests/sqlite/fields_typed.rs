//! Fields of every type.

use sqlx::SqlitePool;
use users_runtime::{
    UserModel,
    store::{SchemaError, SqliteStore},
};

use crate::{
    suite::{Place, tests},
    support::{User, empty},
};

struct InMemory(SqlitePool);

impl InMemory {
    async fn new() -> Self {
        Self(empty::<User>().await.pool().clone())
    }
}

impl Place for InMemory {
    type Store<U: UserModel> = SqliteStore<U>;

    fn store<U: UserModel>(&self) -> SqliteStore<U> {
        SqliteStore::new(self.0.clone())
    }

    async fn migrate<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().migrate().await
    }

    async fn check<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().check().await
    }
}

tests!(InMemory::new());
