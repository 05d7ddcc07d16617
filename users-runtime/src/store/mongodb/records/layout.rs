//! Declared tables as collections, and their rows as documents.

use mongodb::bson::{Document, RawDocument};

use crate::{
    model::UserModel,
    store::{
        StoreError, check_value,
        error::unexpected,
        mongodb::{
            documents::{missing, name, parsed},
            values,
        },
        records::Record,
        tables::{Tables, plain},
    },
    value::{Column, RecordColumn, Role, Table, Value, table::RecordKind},
};

/// The columns of a declared table.
pub(super) fn columns<U: UserModel>(table: &Table) -> impl Iterator<Item = Column> {
    table
        .columns
        .iter()
        .map(|column| described::<U>(table, column))
}

/// The column of this name.
pub(super) fn column<U: UserModel>(table: &Table, name: &str) -> Result<Column, StoreError> {
    table
        .column(name)
        .map(|column| described::<U>(table, column))
        .ok_or_else(|| unexpected("an operation names a column that its table does not have"))
}

/// The primary key has the role of an id, which is stored as `_id`. An owner is stored as the users' own ids.
fn described<U: UserModel>(table: &Table, column: &RecordColumn) -> Column {
    let described = match column.kind {
        RecordKind::Owner => Column {
            field: column.name,
            name: column.name,
            role: Role::Extra,
            default: None,
            ..Tables::<U>::ID
        },
        RecordKind::Value(kind) => Column {
            max_length: column.max_length,
            ..plain(column.name, kind)
        },
    };
    let is_key = column.name == table.key().name;
    Column {
        role: if is_key { Role::Id } else { Role::Extra },
        nullable: column.nullable,
        ..described
    }
}

/// A row as a document with every column of the table.
pub(super) fn document<U: UserModel>(
    table: &Table,
    record: &Record,
) -> Result<Document, StoreError> {
    if record.iter().any(|(name, _)| table.column(name).is_none()) {
        return Err(unexpected(
            "a value for a column that the table does not have",
        ));
    }
    let mut document = Document::new();
    for column in columns::<U>(table) {
        let value = record.get(column.name).cloned().unwrap_or(Value::Null);
        check_value(&column, &value, true)?;
        document.insert(name(&column), values::bson(&column, value)?);
    }
    Ok(document)
}

/// A stored document as a row. A field that the document lacks is `NULL`.
pub(super) fn record<U: UserModel>(
    table: &Table,
    stored: &RawDocument,
) -> Result<Record, StoreError> {
    let mut document = parsed(stored)?;
    let mut record = Record::new();
    for column in columns::<U>(table) {
        let value = match document.remove(name(&column)) {
            Some(stored) => values::value(&column, stored),
            None => missing(&column),
        };
        record.set(column.name, value);
    }
    Ok(record)
}
