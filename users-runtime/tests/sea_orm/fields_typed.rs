//! Fields of every type.

use chrono::TimeDelta;
use sea_orm::DatabaseConnection;
use users_runtime::{
    UserModel,
    store::{SchemaError, SeaOrmStore},
};

use crate::{
    suite::{Place, tests},
    support::connect,
};

impl Place for DatabaseConnection {
    type Store<U: UserModel> = SeaOrmStore<U>;

    const INSTANTS: TimeDelta = TimeDelta::nanoseconds(1);
    const TIMES: TimeDelta = TimeDelta::nanoseconds(1);

    fn store<U: UserModel>(&self) -> SeaOrmStore<U> {
        SeaOrmStore::new(self.clone()).expect("a store")
    }

    async fn migrate<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().migrate().await
    }

    async fn check<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().check().await
    }
}

tests!(connect("sqlite::memory:", 1));
