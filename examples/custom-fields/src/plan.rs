//! An enum as a field: on the wire through serde, in the store through [`Field`].

use serde::{Deserialize, Serialize};
use users_runtime::value::{Field, FieldError, Kind, Value};

/// What a customer pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Plan {
    /// Nothing.
    Free,
    /// Everything.
    Paid,
}

impl Field for Plan {
    const KIND: Kind = Kind::Text;

    fn to_value(&self) -> Value {
        Value::Text(match self {
            Self::Free => "free".to_owned(),
            Self::Paid => "paid".to_owned(),
        })
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Text(plan) if plan == "free" => Ok(Self::Free),
            Value::Text(plan) if plan == "paid" => Ok(Self::Paid),
            _ => Err(FieldError::expected("`free` or `paid`")),
        }
    }

    fn json_schema() -> serde_json::Value {
        serde_json::json!({ "type": "string", "enum": ["free", "paid"] })
    }
}
