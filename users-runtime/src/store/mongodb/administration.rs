//! What operators ask of a store, on MongoDB.

use async_trait::async_trait;

use super::MongoStore;
use crate::{
    model::UserModel,
    store::{Administration, Expectations, Finding, SchemaError, StoreError, UserSearch},
};

#[async_trait]
impl<U: UserModel> Administration<U> for MongoStore<U> {
    async fn search(&self, search: &UserSearch) -> Result<Vec<U>, StoreError> {
        self.found(search).await
    }

    async fn count(&self, search: &UserSearch) -> Result<u64, StoreError> {
        self.found_count(search).await
    }

    async fn examine(&self, expected: &Expectations) -> Result<Vec<Finding>, StoreError> {
        self.examined(expected).await
    }

    fn schema(&self) -> String {
        self.schema_script()
    }

    async fn pending(&self) -> Result<String, SchemaError> {
        self.pending_script().await
    }
}
