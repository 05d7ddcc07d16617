//! What a new user of any type has, for tests of any store.

use users_runtime::{
    UserModel,
    store::ColumnValue,
    value::{Column, Field, Role, Value},
};

/// A new user's values.
pub(crate) fn values<U: UserModel>(email: &str) -> Vec<ColumnValue> {
    let value = |(column, description): (usize, &Column)| {
        let value = match description.role {
            Role::Id => U::new_id()?.to_value(),
            Role::Email => Value::Text(email.into()),
            Role::HashedPassword => Value::Text("hash".into()),
            Role::IsActive => Value::Bool(true),
            Role::IsSuperuser | Role::IsVerified => Value::Bool(false),
            _ => description.default.map_or(Value::Null, |default| default()),
        };
        Some(ColumnValue { column, value })
    };
    U::COLUMNS.iter().enumerate().filter_map(value).collect()
}
