//! A stored user on its way out of a store.

use super::{Column, Field, FieldError, Value};

/// A row of the users' table, its values in the order of the columns.
#[derive(Debug)]
pub struct Row {
    columns: &'static [Column],
    values: Vec<Value>,
}

impl Row {
    /// A row of these columns.
    pub fn new(columns: &'static [Column], values: Vec<Value>) -> Self {
        debug_assert_eq!(columns.len(), values.len(), "one value per column");
        Self { columns, values }
    }

    /// Takes the value of a column out of the row.
    ///
    /// # Errors
    ///
    /// When the stored value is not one that the field's type can have; the error names the column, not the value.
    pub fn take<T: Field>(&mut self, column: usize) -> Result<T, RowError> {
        let value = self
            .values
            .get_mut(column)
            .map_or(Value::Null, |slot| std::mem::replace(slot, Value::Null));
        T::from_value(value).map_err(|source| RowError {
            column: self.columns.get(column).map_or("?", |column| column.name),
            source,
        })
    }
}

/// A column holds what its field cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column `{column}`: {source}")]
pub struct RowError {
    column: &'static str,
    source: FieldError,
}
