//! Fields of every type.

use chrono::TimeDelta;
use users_runtime::{
    UserModel,
    store::{MongoStore, SchemaError},
};

use crate::{
    suite::{Place, tests},
    support::{Database, User, empty},
};

impl Place for Database<User> {
    type Store<U: UserModel> = MongoStore<U>;

    const INSTANTS: TimeDelta = TimeDelta::milliseconds(1);
    const HAS_COLUMNS: bool = false;

    fn store<U: UserModel>(&self) -> MongoStore<U> {
        MongoStore::new(self.database().clone())
    }

    async fn migrate<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().migrate().await
    }

    async fn check<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().check().await
    }
}

tests!(empty::<User>());
