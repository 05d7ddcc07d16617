//! Records on SQL: the statements of described tables, rendered once and kept.

pub(super) mod ddl;
mod limits;
mod operations;
#[cfg(all(test, feature = "conformance", feature = "sqlite"))]
mod plans;
mod render;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use sqlx::SqlStr;

use super::{
    SqlStore,
    driver::{Argument, Driver, Query},
};
use crate::{
    model::UserModel,
    store::{
        StoreError,
        error::unexpected,
        guard::{self, Held},
        records::Record,
        tables::Tables,
    },
    value::{Column, Field, RecordColumn, Role, Table, Value, table::RecordKind},
};

/// What a statement does. The compiler may give equal operations of different types one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Verb {
    Insert,
    Find,
    FindWithUser,
    List,
    Change,
    Take,
    Delete,
    DeleteByKey,
    DeleteOf,
    Purge,
    Pass,
    Move,
    Tat,
    Refund,
}

/// The statements of one store, by what they do and the address of the operation or the table.
#[derive(Default)]
pub(super) struct Rendered(RwLock<HashMap<(Verb, usize), Arc<Statement>>>);

/// A statement and what its placeholders take.
pub(crate) struct Statement {
    /// The text.
    pub(crate) sql: SqlStr,
    /// One for each placeholder, or for each group of placeholders with the same value.
    slots: Vec<Slot>,
    /// The columns of the answer.
    columns: Vec<Column>,
}

/// What a placeholder takes.
struct Slot {
    /// The name of the argument.
    argument: &'static str,
    /// The column that the argument is stored in or compared with.
    column: Column,
    /// How many placeholders take it.
    times: usize,
    /// Whether a row is looked for by it, so that a value that the column cannot hold finds nothing.
    is_sought: bool,
}

impl Rendered {
    /// The statement of an operation, which is rendered at its first use.
    fn get<T>(
        &self,
        verb: Verb,
        operation: &'static T,
        render: impl FnOnce() -> Result<Statement, StoreError>,
    ) -> Result<Arc<Statement>, StoreError> {
        let key = (verb, std::ptr::from_ref(operation).addr());
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(statement) = known.get(&key) {
            return Ok(Arc::clone(statement));
        }
        drop(known);
        let statement = Arc::new(render()?);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(known.entry(key).or_insert(statement)))
    }
}

impl Statement {
    /// The statement with its arguments; `None` where one is looked for that no row can have.
    ///
    /// # Errors
    ///
    /// [`StoreError::Value`] for a value that its column cannot hold, [`StoreError::Database`] where an argument is missing.
    fn query(&self, arguments: &Record, held: Held) -> Result<Option<Query>, StoreError> {
        let mut bound = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            let value = match arguments.get(slot.argument) {
                Some(value) => value.clone(),
                None if slot.is_sought => {
                    return Err(unexpected("an argument of an operation is missing"));
                }
                // A column that an insert leaves out.
                None => Value::Null,
            };
            match guard::check(&slot.column, &value, held) {
                Err(_) if slot.is_sought => return Ok(None),
                checked => checked?,
            }
            let argument = Argument::new(slot.column.kind, value);
            bound.extend(std::iter::repeat_n(argument, slot.times));
        }
        Ok(Some(Query {
            sql: self.sql.clone(),
            arguments: bound,
        }))
    }

    /// A row of the answer.
    fn record(&self, values: Vec<Value>) -> Record {
        let names = self.columns.iter().map(|column| column.name);
        Record::of_columns(names.zip(values))
    }
}

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    /// Deletes a user's rows of a declared table.
    pub(super) fn delete_of(
        &self,
        table: &'static Table,
        id: &U::Id,
    ) -> Result<Option<Query>, StoreError> {
        let Some(owner) = table.owner() else {
            return Ok(None);
        };
        let statement = self.rendered(Verb::DeleteOf, table, table, |text| {
            text.delete_of(owner.name)
        })?;
        let of = Record::new().with(owner.name, id.to_value());
        statement.query(&of, self.driver.dialect().held())
    }

    /// A declared table's name in this store's database.
    pub(super) fn table_name(&self, table: &Table) -> String {
        self.names.declared(table)
    }
}

/// The columns of a declared table.
pub(in crate::store) fn columns<U: UserModel>(table: &Table) -> Vec<Column> {
    table.columns.iter().map(column::<U>).collect()
}

/// A column of a declared table. That of an owner is as the users' primary key.
pub(in crate::store) fn column<U: UserModel>(column: &RecordColumn) -> Column {
    let of = |kind, max_length| Column {
        max_length,
        nullable: column.nullable,
        ..crate::store::tables::plain(column.name, kind)
    };
    match column.kind {
        RecordKind::Owner => Column {
            role: Role::Extra,
            ..of(Tables::<U>::ID.kind, Tables::<U>::ID.max_length)
        },
        RecordKind::Value(kind) => of(kind, column.max_length),
    }
}
