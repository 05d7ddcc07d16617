//! Operations on declared tables.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mongodb::{
    Collection,
    bson::{Bson, RawDocumentBuf, doc},
    error::Error,
};

use super::{
    conditions::{filter, is_by_key, update},
    layout::{column, document, record},
};
use crate::{
    model::UserModel,
    store::{
        StoreError,
        error::unexpected,
        mongodb::{
            Documents, MongoStore,
            documents::{name, parsed, raw},
            failure::{Violated, failure, violated},
            values,
        },
        records::{Change, Delete, Find, List, Page, Record, RecordStore, Take},
    },
    value::{Kind, Table, Value},
};

#[async_trait]
impl<U: UserModel> RecordStore<U> for MongoStore<U> {
    async fn insert(&self, table: &'static Table, record: Record) -> Result<(), StoreError> {
        let collection = self.declared(table)?;
        let document = document::<U>(table, &record)?;
        let owner = table.owner().map(|owner| document.get(owner.name));
        let owner = owner.map(|owner| owner.cloned().unwrap_or(Bson::Null));
        collection
            .insert_one(raw(&document)?)
            .await
            .map_err(|error| refusal(table, error))?;
        // A user who was deleted before this look-up is found missing by it, one who is deleted after it takes the row with them.
        // A row of no user has the same look-up, or its time would tell whether a failed login was that of a user.
        if let Some(owner) = owner
            && !self.exists(owner.clone()).await?
            && owner != Bson::Null
        {
            let row = doc! { "_id": document.get("_id") };
            collection.delete_one(row).await.map_err(failure)?;
            return Err(StoreError::NotFound);
        }
        Ok(())
    }

    async fn find(&self, find: &'static Find, by: Record) -> Result<Option<Record>, StoreError> {
        let found = self.found_record(find, &by).await?;
        found
            .map(|stored| record::<U>(find.table, &stored))
            .transpose()
    }

    async fn find_with_user(
        &self,
        find: &'static Find,
        by: Record,
    ) -> Result<Option<(Record, U)>, StoreError> {
        let owner = find
            .table
            .owner()
            .ok_or_else(|| unexpected("a table without an owner has no users"))?;
        let Some(stored) = self.found_record(find, &by).await? else {
            return Ok(None);
        };
        let Some(id) = parsed(&stored)?.remove(owner.name) else {
            return Ok(None);
        };
        let user = self.users().find_one(doc! { "_id": id }).await;
        let Some(user) = user.map_err(failure)? else {
            return Ok(None);
        };
        let record = record::<U>(find.table, &stored)?;
        Ok(Some((record, Documents::<U>::read(&user)?)))
    }

    async fn list(
        &self,
        list: &'static List,
        of: Record,
        page: Page,
    ) -> Result<Vec<Record>, StoreError> {
        let collection = self.declared(list.table)?;
        let by = column::<U>(list.table, list.by)?;
        // To MongoDB, a limit of 0 is none.
        let (Some(filter), 1..) = (filter::<U>(list.table, list.of, &of)?, page.limit) else {
            return Ok(Vec::new());
        };
        let direction = if list.descending { -1 } else { 1 };
        let mut sort = doc! { name(&by): direction };
        sort.insert("_id", direction);
        let mut cursor = collection
            .find(filter)
            .sort(sort)
            .skip(page.offset.into())
            .limit(page.limit.into())
            .await
            .map_err(failure)?;
        let mut records = Vec::new();
        while cursor.advance().await.map_err(failure)? {
            records.push(record::<U>(list.table, cursor.current())?);
        }
        Ok(records)
    }

    async fn change(&self, change: &'static Change, by: Record) -> Result<u64, StoreError> {
        let collection = self.declared(change.table)?;
        let update = update::<U>(change, &by)?;
        let Some(filter) = filter::<U>(change.table, change.by, &by)? else {
            return Ok(0);
        };
        // The driver repeats a change of one document after a broken connection, and the server then runs it once.
        let changed = if is_by_key(change.table, change.by) {
            collection.update_one(filter, update).await
        } else {
            collection.update_many(filter, update).await
        };
        let changed = changed.map_err(|error| refusal(change.table, error))?;
        Ok(changed.matched_count)
    }

    async fn take(&self, take: &'static Take, by: Record) -> Result<Option<Record>, StoreError> {
        let collection = self.declared(take.table)?;
        let Some(filter) = filter::<U>(take.table, take.by, &by)? else {
            return Ok(None);
        };
        let taken = collection.find_one_and_delete(filter).await;
        taken
            .map_err(failure)?
            .map(|stored| record::<U>(take.table, &stored))
            .transpose()
    }

    async fn delete(&self, delete: &'static Delete, of: Record) -> Result<u64, StoreError> {
        let collection = self.declared(delete.table)?;
        let Some(filter) = filter::<U>(delete.table, delete.of, &of)? else {
            return Ok(0);
        };
        let deleted = collection.delete_many(filter).await.map_err(failure)?;
        Ok(deleted.deleted_count)
    }

    async fn purge(
        &self,
        table: &'static Table,
        before: DateTime<Utc>,
        most: u32,
    ) -> Result<u64, StoreError> {
        let collection = self.declared(table)?;
        let (Some(expiry), 1..) = (table.expiry, most) else {
            return Ok(0);
        };
        let expiry = column::<U>(table, expiry)?;
        let before = match expiry.kind {
            Kind::Timestamp => Value::Timestamp(before),
            _ => Value::Int(before.timestamp_micros()),
        };
        let has_expired = doc! { "$lt": values::bson(&expiry, before)? };
        let mut cursor = collection
            .find(doc! { name(&expiry): has_expired.clone() })
            .projection(doc! { "_id": 1 })
            .sort(doc! { name(&expiry): 1 })
            .limit(most.into())
            .await
            .map_err(failure)?;
        let mut keys = Vec::new();
        while cursor.advance().await.map_err(failure)? {
            keys.extend(parsed(cursor.current())?.remove("_id"));
        }
        if keys.is_empty() {
            return Ok(0);
        }
        // Again with the condition: what was renewed in the meantime stays.
        let expired = doc! { "_id": { "$in": keys }, name(&expiry): has_expired };
        let deleted = collection.delete_many(expired).await.map_err(failure)?;
        Ok(deleted.deleted_count)
    }
}

impl<U: UserModel> MongoStore<U> {
    /// The collection of a declared table. One that is not declared has no indexes, and its rows would outlive their users.
    pub(in crate::store::mongodb) fn declared(
        &self,
        table: &Table,
    ) -> Result<Collection<RawDocumentBuf>, StoreError> {
        let mut declared = U::CONFIG.tables.iter();
        if declared.any(|declared| declared.name == table.name) {
            Ok(self.collection(&self.names.declared(table)))
        } else {
            Err(unexpected("a table that `Config::tables` does not list"))
        }
    }

    async fn found_record(
        &self,
        find: &Find,
        by: &Record,
    ) -> Result<Option<RawDocumentBuf>, StoreError> {
        let collection = self.declared(find.table)?;
        match filter::<U>(find.table, find.by, by)? {
            Some(filter) => collection.find_one(filter).await.map_err(failure),
            None => Ok(None),
        }
    }
}

/// Why a row was not written: a violated index is shown by its columns.
fn refusal(table: &Table, error: Error) -> StoreError {
    let keys = match violated(&error) {
        None => return failure(error),
        Some(Violated::Keys(keys)) => keys,
        // The driver keeps the fields of an insert to itself.
        Some(Violated::Index(name)) if name == "_id_" => vec!["_id".to_owned()],
        Some(Violated::Index(name)) => {
            let called = |columns: &[&str]| {
                let columns = columns.iter().map(|column| format!("{column}_1"));
                columns.collect::<Vec<_>>().join("_") == name
            };
            match table.unique.iter().find(|columns| called(columns)) {
                Some(columns) => columns.iter().map(|column| (*column).to_owned()).collect(),
                None => vec![name],
            }
        }
    };
    let columns = keys.into_iter().map(|key| {
        if key == "_id" {
            table.key().name.to_owned()
        } else {
            key
        }
    });
    StoreError::Conflict {
        constraint: columns.collect::<Vec<_>>().join(", "),
    }
}
