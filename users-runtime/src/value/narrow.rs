//! Numbers that are fields although no column has exactly their range, and instants without a time zone.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::json;

use super::{Field, FieldError, Kind, Value};
use crate::{
    value::{Problem, coerce::integer},
    wire::json::Json,
};

/// A whole number in the smallest column that holds all of its values.
macro_rules! whole {
    ($type:ty, $kind:ident, $expected:literal) => {
        #[diagnostic::do_not_recommend]
        impl Field for $type {
            const KIND: Kind = Kind::$kind;

            fn to_value(&self) -> Value {
                Value::Int((*self).into())
            }

            fn from_value(value: Value) -> Result<Self, FieldError> {
                match value {
                    Value::Int(number) => number
                        .try_into()
                        .map_err(|_| FieldError::expected($expected)),
                    _ => Err(FieldError::expected($expected)),
                }
            }

            fn json_schema() -> serde_json::Value {
                json!({ "type": "integer", "format": "int64", "minimum": Self::MIN, "maximum": Self::MAX })
            }

            fn from_input(input: &Json) -> Result<Self, Problem> {
                let number = integer(input, Self::MIN.into(), Self::MAX.into())?;
                Self::from_value(Value::Int(number)).map_err(Problem::value_error)
            }
        }
    };
}

whole!(i8, SmallInt, "a whole number of 8 bits");
whole!(u8, SmallInt, "a whole number from 0 to 255");
whole!(u16, Int, "a whole number from 0 to 65535");
whole!(u32, BigInt, "a whole number from 0 to 4294967295");

/// Stored in 64 bits as the decimal number that it is written as: `0.1_f32` is the 0.1 that clients, bounds and queries mean.
#[diagnostic::do_not_recommend]
impl Field for f32 {
    const KIND: Kind = Kind::Float;

    fn to_value(&self) -> Value {
        Value::Float(as_written(*self))
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounded to the nearest one; what has none is refused"
    )]
    fn from_value(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Float(number) if number.is_finite() == (number as Self).is_finite() => {
                Ok(number as Self)
            }
            _ => Err(FieldError::expected("a number of 32 bits")),
        }
    }

    fn to_json(&self) -> Option<serde_json::Value> {
        Some(as_written(*self).into())
    }

    fn json_schema() -> serde_json::Value {
        json!({ "type": "number", "format": "float" })
    }
}

/// The number of 64 bits that is written as this one is, where it is rounded to this one again.
#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "exactly the same is meant"
)]
fn as_written(number: f32) -> f64 {
    number
        .to_string()
        .parse()
        .ok()
        .filter(|wide| *wide as f32 == number)
        .unwrap_or_else(|| number.into())
}

/// Stored as the instant that it is in UTC. What a client sends with an offset becomes UTC, too.
#[diagnostic::do_not_recommend]
impl Field for NaiveDateTime {
    const KIND: Kind = Kind::Timestamp;

    fn to_value(&self) -> Value {
        Value::Timestamp(self.and_utc())
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        DateTime::<Utc>::from_value(value).map(|instant| instant.naive_utc())
    }

    /// Without an offset, which the format `date-time` (RFC 3339) has.
    fn json_schema() -> serde_json::Value {
        json!({
            "type": "string",
            "format": "date-time-local",
            "pattern": r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?$",
        })
    }
}
