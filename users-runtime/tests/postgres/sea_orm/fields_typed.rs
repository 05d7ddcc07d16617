//! Fields of every type.

use sea_orm::DatabaseConnection;
use users_runtime::{
    UserModel,
    store::{SchemaError, SeaOrmStore},
};

use super::connect;
use crate::{
    suite::{Place, tests},
    support::{Database, User, empty},
};

struct Connected {
    connection: DatabaseConnection,
    _database: Database<User>,
}

impl Connected {
    async fn new() -> Self {
        let database = empty::<User>().await;
        Self {
            connection: connect(&database.url).await,
            _database: database,
        }
    }
}

impl Place for Connected {
    type Store<U: UserModel> = SeaOrmStore<U>;

    fn store<U: UserModel>(&self) -> SeaOrmStore<U> {
        SeaOrmStore::new(self.connection.clone()).expect("a store")
    }

    async fn migrate<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().migrate().await
    }

    async fn check<U: UserModel>(&self) -> Result<(), SchemaError> {
        self.store::<U>().check().await
    }
}

tests!(Connected::new());
