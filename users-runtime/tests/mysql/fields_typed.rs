//! Fields of every type.

use users_runtime::{
    UserModel,
    store::{MySqlStore, SchemaError},
};

use crate::{
    suite::{Place, tests},
    support::{Database, User, empty},
};

impl Place for Database<User> {
    type Store<U: UserModel> = MySqlStore<U>;

    fn store<U: UserModel>(&self) -> MySqlStore<U> {
        MySqlStore::new(self.pool().clone())
    }

    async fn migrate<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().migrate().await
    }

    async fn check<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().check().await
    }
}

tests!(empty::<User>());
