//! The values that stores and fields exchange.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

/// A value on its way between a [`Field`](super::Field) and a store.
///
/// The variants are what every store can hold. A field that is none of them (an enum, a newtype) maps itself to one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// SQL `NULL`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// Unicode text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A UUID.
    Uuid(Uuid),
    /// An instant in UTC, stored with microseconds.
    Timestamp(DateTime<Utc>),
    /// A calendar date.
    Date(NaiveDate),
    /// A time of day, stored with microseconds.
    Time(NaiveTime),
    /// A JSON document.
    Json(serde_json::Value),
}

impl Value {
    /// The variant's name, which may be shown where the value may not.
    pub(crate) const fn variant(&self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool",
            Self::Int(_) => "Int",
            Self::Float(_) => "Float",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
            Self::Uuid(_) => "Uuid",
            Self::Timestamp(_) => "Timestamp",
            Self::Date(_) => "Date",
            Self::Time(_) => "Time",
            Self::Json(_) => "Json",
        }
    }
}

/// What a column holds: decides its SQL type and how a [`Value::Null`] is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// [`Value::Bool`]
    Bool,
    /// [`Value::Int`] in 16 bits
    SmallInt,
    /// [`Value::Int`] in 32 bits
    Int,
    /// [`Value::Int`] in 64 bits
    BigInt,
    /// [`Value::Float`] in 64 bits
    Float,
    /// [`Value::Text`]
    Text,
    /// [`Value::Bytes`]
    Bytes,
    /// [`Value::Uuid`]
    Uuid,
    /// [`Value::Text`] of the 24 lower-case hexadecimal digits of a MongoDB `ObjectId`
    ObjectId,
    /// [`Value::Timestamp`]
    Timestamp,
    /// [`Value::Date`]
    Date,
    /// [`Value::Time`]
    Time,
    /// [`Value::Json`]
    Json,
}
