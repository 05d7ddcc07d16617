//! Fields of every type.

use users_runtime::{
    UserModel,
    store::{PostgresStore, SchemaError},
};

use crate::{
    suite::{Place, tests},
    support::{Database, User, empty},
};

impl Place for Database<User> {
    type Store<U: UserModel> = PostgresStore<U>;

    fn store<U: UserModel>(&self) -> PostgresStore<U> {
        PostgresStore::new(self.pool().clone())
    }

    async fn migrate<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().migrate().await
    }

    async fn check<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().check().await
    }
}

tests!(empty::<User>());
