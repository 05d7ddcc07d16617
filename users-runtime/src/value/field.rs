//! The types that a user's fields may have.

use super::{Kind, Value};
use crate::{
    value::{Problem, coerce::coerce, json_schema},
    wire::json::Json,
};

/// A type that a field of a user can have, and how stores represent it.
///
/// Implemented for `i8` to `i64`, `u8` to `u32`, `f32`, `f64`, `bool`, `String`, `Uuid`, chrono's `DateTime<Utc>`, `NaiveDateTime`,
/// `NaiveDate` and `NaiveTime`, `serde_json::Value`, `Vec<u8>` (bytes), `Vec` of all others (a JSON array, see
/// [`ListItem`](super::ListItem)) and `Option` of each. `u64`, `usize` and 128-bit integers are not supported, since not every
/// database has a column type for all of their values: use `i64`, or a newtype that stores text. Neither are decimal numbers:
/// store them as text, or as an integer number of cents.
///
/// A type that serde writes and reads needs no implementation where the field has `#[fastapi_users(json)]`.
///
/// An enum or a newtype of the application implements it in a few lines and then works on every store:
///
/// ```
/// use users_runtime::value::{Field, FieldError, Kind, Value};
///
/// #[derive(Clone, Debug, PartialEq, serde::Serialize)]
/// #[serde(rename_all = "lowercase")]
/// enum Plan {
///     Free,
///     Paid,
/// }
///
/// impl Field for Plan {
///     const KIND: Kind = Kind::Text;
///
///     fn to_value(&self) -> Value {
///         Value::Text(match self {
///             Self::Free => "free".into(),
///             Self::Paid => "paid".into(),
///         })
///     }
///
///     fn from_value(value: Value) -> Result<Self, FieldError> {
///         match value {
///             Value::Text(text) if text == "free" => Ok(Self::Free),
///             Value::Text(text) if text == "paid" => Ok(Self::Paid),
///             _ => Err(FieldError::expected("`free` or `paid`")),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a user",
    label = "no column holds this type: store it as JSON with `#[fastapi_users(json)]`, or implement `users_runtime::value::Field` for it",
    note = "`json` is for types that have `serde::Serialize` and `serde::Deserialize`; for a type of another crate that lacks them, write a \
            newtype `pub struct MyField(pub {Self});` and implement `users_runtime::value::Field` for `MyField`",
    note = "fields are `i8` to `i64`, `u8` to `u32`, `f32`, `f64`, `bool`, `String`, `Uuid`, chrono's `DateTime<Utc>`, \
            `NaiveDateTime`, `NaiveDate` and `NaiveTime`, `serde_json::Value`, `Vec` and `Option` of these",
    note = "to keep the field out of the database and of the schemas, mark it with `#[fastapi_users(skip)]`"
)]
pub trait Field: Sized + Send + Sync + 'static {
    /// What the column holds.
    const KIND: Kind;
    /// Whether the column may be `NULL`; true for `Option`.
    const NULLABLE: bool = false;
    /// The longest text, in code points, that the type itself allows; decides the column's SQL type.
    const MAX_LENGTH: Option<u32> = None;

    /// The value to store.
    fn to_value(&self) -> Value;

    /// The field from a stored value.
    fn from_value(value: Value) -> Result<Self, FieldError>;

    /// What a client receives, if it differs from what [`serde::Serialize`] writes; `None` by default.
    fn to_json(&self) -> Option<serde_json::Value> {
        None
    }

    /// The JSON schema (draft 2020-12) of the field's JSON, without `null`, for the OpenAPI document.
    ///
    /// The default follows from the [`KIND`](Self::KIND). Override it for a type with fewer values, or whose JSON differs from
    /// what is stored, e.g. `json!({ "type": "string", "enum": ["free", "paid"] })`. The document keeps the keywords that
    /// `utoipa` supports.
    fn json_schema() -> serde_json::Value {
        let mut schema = json_schema::of_kind(Self::KIND);
        if let (Some(most), Kind::Text) = (Self::MAX_LENGTH, Self::KIND) {
            schema["maxLength"] = most.into();
        }
        schema
    }

    /// The field from a client's JSON.
    ///
    /// The default reads JSON according to the [`KIND`](Self::KIND), with Pydantic's coercions and messages, and passes the value
    /// to [`from_value`](Self::from_value), whose error is shown to the client. Override it for a type whose JSON differs from
    /// what is stored, often with [`Json::deserialize`].
    fn from_input(input: &Json) -> Result<Self, Problem> {
        let value = coerce(input, Self::KIND)?;
        Self::from_value(value).map_err(Problem::value_error)
    }
}

/// A stored value is invalid for the field's type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct FieldError {
    expected: &'static str,
}

impl FieldError {
    /// Says what was expected, without quoting the value, which may be private.
    pub const fn expected(expected: &'static str) -> Self {
        Self { expected }
    }
}
