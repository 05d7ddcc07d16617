//! Users for tests of any store.

use users_runtime::{
    UserModel,
    conformance::{Member, UuidId},
    store::{ColumnValue, SqlStore, UserStore},
    value::{Column, Value},
};

pub(crate) use crate::values::values;

pub(crate) type User = Member<UuidId>;

/// Where a column stands.
pub(crate) fn column(name: &str) -> usize {
    User::COLUMNS
        .iter()
        .position(|column: &Column| column.name == name)
        .expect("a column")
}

/// A text for a column.
pub(crate) fn text(name: &str, value: &str) -> ColumnValue {
    ColumnValue {
        column: column(name),
        value: Value::Text(value.into()),
    }
}

/// Stores a new user.
pub(crate) async fn user<U: UserModel, D>(store: &SqlStore<U, D>, email: &str) -> U
where
    SqlStore<U, D>: UserStore<U>,
{
    store.insert(values::<U>(email)).await.expect("a new user")
}
