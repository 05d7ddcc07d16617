//! Operations on declared tables.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    Statement, Verb,
    render::{BEFORE, LIMIT, OFFSET, Rendering},
};
use crate::{
    model::UserModel,
    store::{
        StoreError,
        error::unexpected,
        records::{Change, Delete, Find, List, Page, Record, RecordStore, Take},
        sql::{
            SqlStore,
            again::again,
            driver::{Driver, Failure, Query, Rows, Transaction, unless_charset},
        },
    },
    value::{Kind, Row, Table, Value, table::RecordKind},
};

#[async_trait]
impl<U: UserModel, D: Driver> RecordStore<U> for SqlStore<U, D> {
    async fn insert(&self, table: &'static Table, record: Record) -> Result<(), StoreError> {
        if record.iter().any(|(name, _)| table.column(name).is_none()) {
            return Err(unexpected(
                "a value for a column that the table does not have",
            ));
        }
        let statement = self.rendered(Verb::Insert, table, table, |text| Ok(text.insert()))?;
        let written = self.executed(&statement, &record).await?;
        written
            .map(drop)
            .map_err(|failure| refusal(failure, &statement))
    }

    async fn find(&self, find: &'static Find, by: Record) -> Result<Option<Record>, StoreError> {
        let statement = self.rendered(Verb::Find, find, find.table, |text| text.find(find))?;
        let row = self.first(&statement, &by).await?;
        Ok(row.map(|values| statement.record(values)))
    }

    async fn find_with_user(
        &self,
        find: &'static Find,
        by: Record,
    ) -> Result<Option<(Record, U)>, StoreError> {
        let statement = self.rendered(Verb::FindWithUser, find, find.table, |text| {
            text.find_with_user::<U>(find)
        })?;
        let Some(mut row) = self.first(&statement, &by).await? else {
            return Ok(None);
        };
        let user = row.split_off(row.len().saturating_sub(U::COLUMNS.len()));
        let user = U::from_row(&mut Row::new(U::COLUMNS, user))?;
        Ok(Some((statement.record(row), user)))
    }

    async fn list(
        &self,
        list: &'static List,
        of: Record,
        page: Page,
    ) -> Result<Vec<Record>, StoreError> {
        let statement = self.rendered(Verb::List, list, list.table, |text| text.list(list))?;
        let of = of
            .with(LIMIT, i64::from(page.limit))
            .with(OFFSET, i64::from(page.offset));
        let rows = self.read(&statement, &of).await?;
        Ok(rows
            .into_iter()
            .map(|values| statement.record(values))
            .collect())
    }

    async fn change(&self, change: &'static Change, by: Record) -> Result<u64, StoreError> {
        let statement = self.rendered(Verb::Change, change, change.table, |text| {
            text.change(change)
        })?;
        let changed = self.executed(&statement, &by).await?;
        changed.map_err(|failure| refusal(failure, &statement))
    }

    async fn take(&self, take: &'static Take, by: Record) -> Result<Option<Record>, StoreError> {
        let statement = self.rendered(Verb::Take, take, take.table, |text| text.take(take))?;
        let rows = if self.driver.dialect().returning("").is_empty() {
            again(|| self.try_take(take, &statement, &by)).await?
        } else {
            self.read(&statement, &by).await?
        };
        Ok(rows
            .into_iter()
            .next()
            .map(|values| statement.record(values)))
    }

    async fn delete(&self, delete: &'static Delete, of: Record) -> Result<u64, StoreError> {
        let statement = self.rendered(Verb::Delete, delete, delete.table, |text| {
            text.delete(delete)
        })?;
        Ok(self.executed(&statement, &of).await??)
    }

    async fn purge(
        &self,
        table: &'static Table,
        before: DateTime<Utc>,
        most: u32,
    ) -> Result<u64, StoreError> {
        let Some(column) = table.expiry.and_then(|expiry| table.column(expiry)) else {
            return Ok(0);
        };
        let statement = self.rendered(Verb::Purge, table, table, |text| {
            text.purge(table, column.name)
        })?;
        let before = match column.kind {
            RecordKind::Value(Kind::Timestamp) => Value::Timestamp(before),
            _ => Value::Int(before.timestamp_micros()),
        };
        let arguments = Record::new()
            .with(BEFORE, before)
            .with(LIMIT, i64::from(most));
        Ok(self.executed(&statement, &arguments).await??)
    }
}

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// The statement of an operation on a table.
    pub(super) fn rendered<T>(
        &self,
        verb: Verb,
        operation: &'static T,
        table: &'static Table,
        render: impl FnOnce(Rendering<'_>) -> Result<Statement, StoreError>,
    ) -> Result<Arc<Statement>, StoreError> {
        self.records.get(verb, operation, || {
            let name = self.table_name(table);
            render(Rendering::new::<U>(self.driver.dialect(), &name, table))
        })
    }

    fn bound(
        &self,
        statement: &Statement,
        arguments: &Record,
    ) -> Result<Option<Query>, StoreError> {
        statement.query(arguments, self.driver.dialect().held())
    }

    /// Runs a statement and reads its answer.
    pub(super) async fn read(
        &self,
        statement: &Statement,
        arguments: &Record,
    ) -> Result<Rows, StoreError> {
        let Some(query) = self.bound(statement, arguments)? else {
            return Ok(Rows::new());
        };
        let rows = self.driver.rows(query, &statement.columns).await;
        Ok(unless_charset(rows)?)
    }

    /// Runs a statement that only reads, and reads the first row of its answer.
    async fn first(
        &self,
        statement: &Statement,
        arguments: &Record,
    ) -> Result<Option<Vec<Value>>, StoreError> {
        let Some(query) = self.bound(statement, arguments)? else {
            return Ok(None);
        };
        let row = self.driver.row(query, &statement.columns).await;
        Ok(unless_charset(row)?)
    }

    /// Runs a statement; how many rows it found to write.
    pub(super) async fn executed(
        &self,
        statement: &Statement,
        arguments: &Record,
    ) -> Result<Result<u64, Failure>, StoreError> {
        let Some(query) = self.bound(statement, arguments)? else {
            return Ok(Ok(0));
        };
        Ok(self.driver.execute(query).await)
    }

    /// Reads a row, which keeps it from others, and deletes it: where a statement that deletes does not answer with the row.
    async fn try_take(
        &self,
        take: &'static Take,
        statement: &Statement,
        by: &Record,
    ) -> Result<Rows, StoreError> {
        let Some(query) = self.bound(statement, by)? else {
            return Ok(Rows::new());
        };
        let delete = self.rendered(Verb::DeleteByKey, take.table, take.table, |text| {
            text.delete_by_key(take.table)
        })?;
        let mut transaction = self.driver.begin_write().await?;
        let mut rows = unless_charset(transaction.rows(query, &statement.columns).await)?;
        rows.truncate(1);
        let Some(row) = rows.first() else {
            return Ok(rows);
        };
        let key = Record::new().with(take.table.key().name, row[0].clone());
        if let Some(query) = self.bound(&delete, &key)? {
            transaction.execute(query).await?;
        }
        transaction.commit().await?;
        Ok(rows)
    }
}

/// Why a row was not written.
fn refusal(mut failure: Failure, statement: &Statement) -> StoreError {
    if let Failure::ForeignKey(_) = failure {
        // The only foreign key is that of the owner, who was deleted.
        return StoreError::NotFound;
    }
    let written = statement.slots.iter().map(|slot| &slot.column);
    if let Failure::Unfit(unfit, _) = &mut failure {
        unfit.find(written.clone());
    }
    failure.of(&written.copied().collect::<Vec<_>>())
}
