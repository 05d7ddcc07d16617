//! Lists as fields.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use uuid::Uuid;

use super::{Field, FieldError, Kind, Value};
use crate::{
    value::{Problem, json_schema},
    wire::json::Json,
};

/// A type whose `Vec` is a field: stored as a JSON array of what clients are shown of each item.
///
/// Implemented for the types that are fields, except `u8`, since `Vec<u8>` holds bytes, and types with a variant for "nothing", since
/// `Option` is one. For a type of your own, `impl ListItem for Plan {}` is enough where it is a [`Field`] and `Serialize`; what
/// [`Field::from_input`] reads must be what it is shown as.
#[diagnostic::on_unimplemented(
    message = "`Vec<{Self}>` cannot be a field of a user",
    label = "no column holds a list of this type",
    note = "write `impl users_runtime::value::ListItem for {Self} {{}}` if it is a type of yours that implements `users_runtime::value::Field`"
)]
pub trait ListItem: Field + serde::Serialize {}

macro_rules! items {
    ($($type:ty),*) => {
        $(#[diagnostic::do_not_recommend] impl ListItem for $type {})*
    };
}

items!(bool, i8, i16, i32, i64, u16, u32, f32, f64, String, Uuid);
items!(
    DateTime<Utc>,
    NaiveDateTime,
    NaiveDate,
    NaiveTime,
    serde_json::Value
);

impl<T: ListItem> ListItem for Option<T> {}
impl<T: ListItem> ListItem for Vec<T> {}

/// A list that `#[fastapi_users(array)]` stores in a native array of PostgreSQL: `Vec` and `Option<Vec>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in an array",
    label = "`array` is for `Vec` and `Option<Vec>`: remove it"
)]
pub trait ArrayField: Field {
    /// What the items are.
    const ITEMS: Kind;
    /// Whether items may be missing.
    const HAS_NULLS: bool;
}

#[diagnostic::do_not_recommend]
impl<T: ListItem> ArrayField for Vec<T> {
    const ITEMS: Kind = T::KIND;
    const HAS_NULLS: bool = T::NULLABLE;
}

#[diagnostic::do_not_recommend]
impl<T: ArrayField> ArrayField for Option<T> {
    const ITEMS: Kind = T::ITEMS;
    const HAS_NULLS: bool = T::HAS_NULLS;
}

/// Stored as JSON.
impl<T: ListItem> Field for Vec<T> {
    const KIND: Kind = Kind::Json;

    fn to_value(&self) -> Value {
        Value::Json(as_json(self))
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        let expected = FieldError::expected("a list of the field's type");
        match value {
            Value::Json(json) => Self::from_input(&json.into()).map_err(|_| expected),
            _ => Err(expected),
        }
    }

    fn to_json(&self) -> Option<serde_json::Value> {
        Some(as_json(self))
    }

    fn json_schema() -> serde_json::Value {
        let item = T::json_schema();
        let item = if T::NULLABLE {
            json_schema::nullable(item)
        } else {
            item
        };
        serde_json::json!({ "type": "array", "items": item })
    }

    fn from_input(input: &Json) -> Result<Self, Problem> {
        let Json::List(items) = input else {
            return Err(Problem::new("list_type", "Input should be a valid list"));
        };
        items
            .iter()
            .enumerate()
            .map(|(position, item)| T::from_input(item).map_err(|problem| problem.within(position)))
            .collect()
    }
}

fn as_json<T: ListItem>(items: &[T]) -> serde_json::Value {
    items
        .iter()
        .map(|item| {
            item.to_json()
                .unwrap_or_else(|| serde_json::to_value(item).unwrap_or_default())
        })
        .collect()
}
