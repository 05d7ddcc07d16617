//! Refusing what an SQL database cannot hold, before it is asked to.

use crate::{
    model::{Column, Value},
    store::{StoreError, guard::refuse, sql::dialect::Dialect},
};

/// Refuses a value that the column cannot hold.
pub(super) fn check(dialect: &dyn Dialect, column: &Column, value: &Value) -> Result<(), StoreError> {
    refuse(column, value, dialect.holds_nul())
}
