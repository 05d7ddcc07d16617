//! The types that are fields without code of the application's.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::{Field, FieldError, Kind, Value};
use crate::{value::Problem, wire::json::Json};

/// A type that a variant of [`Value`] holds as it is.
macro_rules! field {
    ($type:ty, $kind:ident, $variant:ident, $expected:literal) => {
        #[diagnostic::do_not_recommend]
        impl Field for $type {
            const KIND: Kind = Kind::$kind;

            fn to_value(&self) -> Value {
                Value::$variant(self.clone().into())
            }

            fn from_value(value: Value) -> Result<Self, FieldError> {
                match value {
                    Value::$variant(inner) => inner
                        .try_into()
                        .map_err(|_| FieldError::expected($expected)),
                    _ => Err(FieldError::expected($expected)),
                }
            }
        }
    };
}

field!(bool, Bool, Bool, "a truth value");
field!(i16, SmallInt, Int, "a whole number of 16 bits");
field!(i32, Int, Int, "a whole number of 32 bits");
field!(i64, BigInt, Int, "a whole number of 64 bits");
field!(f64, Float, Float, "a number");
field!(String, Text, Text, "text");
field!(Vec<u8>, Bytes, Bytes, "bytes");
field!(Uuid, Uuid, Uuid, "a UUID");
field!(DateTime<Utc>, Timestamp, Timestamp, "an instant");
field!(NaiveDate, Date, Date, "a date");
field!(NaiveTime, Time, Time, "a time of day");
field!(serde_json::Value, Json, Json, "JSON");

impl<T: Field> Field for Option<T> {
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
    const MAX_LENGTH: Option<u32> = T::MAX_LENGTH;

    fn json_schema() -> serde_json::Value {
        T::json_schema()
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }

    fn to_json(&self) -> Option<serde_json::Value> {
        self.as_ref().and_then(T::to_json)
    }

    fn from_input(input: &Json) -> Result<Self, Problem> {
        match input {
            Json::Null => Ok(None),
            json => T::from_input(json).map(Some),
        }
    }
}
