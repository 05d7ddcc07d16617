//! Types of the application that are stored as JSON.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

use super::{Field, FieldError, Kind, Presence, Value};
use crate::schema::FieldView;

/// A type that `#[fastapi_users(json)]` stores as JSON: any that has `Debug`, `serde::Serialize` and `serde::Deserialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored as JSON: derive `Debug`, `serde::Serialize` and `serde::Deserialize` for it",
    label = "this type needs `Debug`, `serde::Serialize` and `serde::Deserialize`"
)]
pub trait JsonField: fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static> JsonField for T {}

/// The value of a field with `#[fastapi_users(json)]` in its column; `NULLABLE` where the type is an `Option`, whose `None` is `NULL`.
///
/// The constants of such fields have it, so that [`Users::set`](crate::Users::set) takes a value of the field's type.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct AsJson<T, const NULLABLE: bool>(pub T);

impl<T, const NULLABLE: bool> From<T> for AsJson<T, NULLABLE> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[diagnostic::do_not_recommend]
impl<T: JsonField, const NULLABLE: bool> Field for AsJson<T, NULLABLE> {
    const KIND: Kind = Kind::Json;
    const NULLABLE: bool = NULLABLE;

    fn to_value(&self) -> Value {
        stored(&self.0, NULLABLE)
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        let expected = FieldError::expected("JSON of the field's type");
        let json = match value {
            Value::Json(json) => json,
            // Some databases do not tell it from the JSON `null`.
            Value::Null => serde_json::Value::Null,
            _ => return Err(expected),
        };
        serde_json::from_value(json).map(Self).map_err(|_| expected)
    }
}

/// What the column holds. A value that cannot be written as JSON is `NULL`, which a column that needs a value refuses.
fn stored<T: Serialize>(value: &T, is_nullable: bool) -> Value {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::Null) if is_nullable => Value::Null,
        Ok(json) => Value::Json(json),
        Err(_) => Value::Null,
    }
}

/// A field of a schema that is shown, and stored, as JSON.
#[derive(Debug)]
pub(crate) struct JsonRef<'a, T, const NULLABLE: bool>(pub(crate) &'a T);

impl<T: fmt::Debug + Serialize, const NULLABLE: bool> FieldView for JsonRef<'_, T, NULLABLE> {
    fn value(&self) -> Presence<Value> {
        Presence::Present(stored(self.0, NULLABLE))
    }

    fn json(&self) -> Presence<serde_json::Value> {
        serde_json::to_value(self.0).map_or(Presence::Absent, Presence::Present)
    }

    fn debug(&self) -> &dyn fmt::Debug {
        self.0
    }

    #[cfg(feature = "openapi")]
    fn shown_as() -> serde_json::Value {
        serde_json::json!({})
    }
}
