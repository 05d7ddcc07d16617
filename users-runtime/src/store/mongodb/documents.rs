//! Users as documents.

use std::marker::PhantomData;

use mongodb::bson::{Bson, Document, RawDocument, RawDocumentBuf};

use super::values;
use crate::{
    model::UserModel,
    store::{
        ColumnValue, StoreError,
        error::unexpected,
        guard::{self, Held},
    },
    value::{Column, Role, Row, Value},
};

/// The array with a user's OAuth accounts.
pub(super) const ACCOUNTS: &str = "oauth_accounts";

/// How the users of one type are written and read.
pub(super) struct Documents<U>(PhantomData<U>);

impl<U: UserModel> Documents<U> {
    /// Values as a document, in the order of the columns.
    pub(super) fn write(values: Vec<ColumnValue>) -> Result<Document, StoreError> {
        let mut document = Document::new();
        for ColumnValue { column, value } in guard::sorted::<U>(
            values,
            Held {
                nul: true,
                infinity: true,
            },
        )? {
            let column = &U::COLUMNS[column];
            document.insert(name(column), values::bson(column, value)?);
        }
        Ok(document)
    }

    /// A stored document as a user.
    pub(super) fn read(stored: &RawDocument) -> Result<U, StoreError> {
        let mut document = parsed(stored)?;
        let value = |column: &Column| match document.remove(name(column)) {
            Some(stored) => values::value(column, stored),
            None => missing(column),
        };
        let values = U::COLUMNS.iter().map(value).collect();
        Ok(U::from_row(&mut Row::new(U::COLUMNS, values))?)
    }

    /// The id of a document.
    pub(super) fn id(stored: Bson) -> Result<U::Id, StoreError> {
        let column = &[Self::ID];
        let value = values::value(&column[0], stored);
        Ok(Row::new(Self::ID_ONLY, vec![value]).take(0)?)
    }

    const ID: Column = super::Tables::<U>::ID;
    const ID_ONLY: &'static [Column] = super::Tables::<U>::ID_ONLY;
}

/// A document as it is stored.
pub(super) fn parsed(stored: &RawDocument) -> Result<Document, StoreError> {
    Document::try_from(stored).map_err(|_| unexpected("a stored document cannot be read"))
}

/// A document as it is sent.
pub(super) fn raw(document: &Document) -> Result<RawDocumentBuf, StoreError> {
    RawDocumentBuf::try_from(document).map_err(|_| unexpected("a document cannot be written"))
}

/// The field that holds a column.
pub(super) fn name(column: &Column) -> &'static str {
    if column.role == Role::Id {
        "_id"
    } else {
        column.name
    }
}

/// The value of a field that a document lacks: the column's default, as it comes back once it is stored, and those of the
/// original's flags.
pub(super) fn missing(column: &Column) -> Value {
    match (column.default, column.role) {
        (Some(default), _) => values::kept(default()),
        (None, Role::IsActive) => Value::Bool(true),
        (None, Role::IsSuperuser | Role::IsVerified) => Value::Bool(false),
        (None, _) => Value::Null,
    }
}

/// An id as text, even if it is none.
pub(super) fn shown<U: UserModel>(id: Bson) -> String {
    Documents::<U>::id(id).map_or_else(|_| "unreadable".to_owned(), |id| id.to_string())
}
