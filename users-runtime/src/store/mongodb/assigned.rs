//! Ids that are numbers, which MongoDB does not assign: a document counts them.

use mongodb::{
    bson::{Bson, Document, RawDocumentBuf, doc},
    options::ReturnDocument,
};

use super::{
    MongoStore,
    accounts::AccountOf,
    documents::{parsed, raw},
    failure::{failure, violated},
    values,
};
use crate::{
    model::UserModel,
    store::{StoreError, check_value, error::unexpected, tables::Tables},
    value::Value,
};

/// How often a number that another program has assigned is skipped.
const ATTEMPTS: u32 = 5;

impl<U: UserModel> MongoStore<U> {
    /// Stores a new user under the next number.
    pub(super) async fn insert_numbered(
        &self,
        document: Document,
        account: Option<AccountOf<'_, U>>,
    ) -> Result<U, StoreError> {
        for _ in 0..ATTEMPTS {
            let id = self.next_id().await?;
            // A violated index would abort the application's transaction.
            if self.is_within() && self.exists(id.clone()).await? {
                self.count_from_the_last().await?;
                continue;
            }
            let mut numbered = doc! { "_id": id };
            numbered.extend(document.clone());
            match self.insert_with_id(numbered, account).await {
                // A program that does not use the counter has stored a user.
                Err(StoreError::Conflict { constraint }) if constraint == "_id" => {
                    self.count_from_the_last().await?;
                }
                other => return other,
            }
        }
        Err(StoreError::Conflict {
            constraint: "_id".to_owned(),
        })
    }

    async fn next_id(&self) -> Result<Bson, StoreError> {
        let counter = match self.counted().await? {
            None => {
                self.begin_counting().await?;
                self.counted().await?
            }
            counter => counter,
        };
        let counter = counter.ok_or_else(|| unexpected("a counter did not answer"))?;
        let last = parsed(&counter)?.get("last").and_then(values::number);
        let last = last.ok_or_else(|| unexpected("a counter that does not count"))?;
        let column = &Tables::<U>::ID;
        check_value(column, &Value::Int(last), true)?;
        values::bson(column, Value::Int(last))
    }

    /// The counter, one further; `None` where there is none. An upsert would have to be repeated when it meets another one, and
    /// would then not know whether it has counted.
    async fn counted(&self) -> Result<Option<RawDocumentBuf>, StoreError> {
        let counters = self.counters();
        let counted = counters
            .find_one_and_update(doc! { "_id": U::TABLE }, doc! { "$inc": { "last": 1_i64 } });
        counted
            .return_document(ReturnDocument::After)
            .await
            .map_err(failure)
    }

    /// Creates the counter, unless another process has.
    async fn begin_counting(&self) -> Result<(), StoreError> {
        match self
            .counters()
            .insert_one(raw(&doc! { "_id": U::TABLE, "last": 0_i64 })?)
            .await
        {
            Err(error) if violated(&error).is_none() => Err(failure(error)),
            _ => Ok(()),
        }
    }

    /// Sets the counter to the greatest id, unless it is beyond that already.
    pub(super) async fn count_from_the_last(&self) -> Result<(), StoreError> {
        let Some(last) = self.greatest_id().await? else {
            return Ok(());
        };
        let raise = doc! { "$max": { "last": Bson::Int64(last) } };
        let counters = self.counters();
        let raised = counters
            .update_one(doc! { "_id": U::TABLE }, raise.clone())
            .upsert(true)
            .await;
        let raised = match raised {
            Err(error) if violated(&error).is_some() => {
                counters.update_one(doc! { "_id": U::TABLE }, raise).await
            }
            other => other,
        };
        raised.map(drop).map_err(failure)
    }

    /// The greatest id that is a number.
    pub(super) async fn greatest_id(&self) -> Result<Option<i64>, StoreError> {
        let greatest = self
            .users()
            .find_one(doc! {})
            .sort(doc! { "_id": -1 })
            .projection(doc! { "_id": 1 })
            .await;
        let Some(document) = greatest.map_err(failure)? else {
            return Ok(None);
        };
        Ok(parsed(&document)?.get("_id").and_then(values::number))
    }
}
