//! JSON as the original reads it, in bodies and in tokens: Python's `json.loads` on bytes, down to its messages and positions.

mod cursor;
mod encoding;
mod numbers;
mod reader;
mod strings;
#[cfg(test)]
mod tests;

use std::fmt;

use indexmap::IndexMap;
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

pub(crate) use reader::{MAX_VALUES, read, read_at_most};

/// A JSON value as Python's reader understands it.
///
/// It is small, at most 32 bytes: clients can send a value with every second byte.
#[derive(Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// An integer beyond `i64`: sign and digits as Python prints them, so without leading zeros.
    BigInt(String),
    /// A number with a fraction or an exponent, or one of Python's extra literals: may be NaN or infinite.
    Float(f64),
    /// A string without lone surrogates.
    Text(String),
    /// A string with lone surrogates, which no Unicode string can hold. Its contents are not kept.
    Surrogates,
    /// An array.
    List(Vec<Json>),
    /// An object, in the order of its keys' first appearance.
    Object(Box<IndexMap<String, Json>>),
}

/// Why a body is no JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// Bytes that do not decode, an integer over 4300 digits, too deep a nesting, or too many values.
    Unreadable,
    /// Text that breaks the grammar.
    Invalid {
        /// Where, in code points of the decoded text without its byte order mark.
        position: usize,
        /// What was wrong there, in the words of Python 3.11.
        error: &'static str,
    },
}

impl Json {
    /// The value under `key`, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Self::Object(fields) => fields.get(key),
            _ => None,
        }
    }
}

/// Names the variant only: bodies hold passwords, which must not reach a log.
impl fmt::Debug for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool",
            Self::Int(_) => "Int",
            Self::BigInt(_) => "BigInt",
            Self::Float(_) => "Float",
            Self::Text(_) => "Text",
            Self::Surrogates => "Surrogates",
            Self::List(_) => "List",
            Self::Object(_) => "Object",
        })
    }
}

/// Writes the value back as JSON; what JSON or UTF-8 cannot say (NaN, infinities, lone surrogates) becomes `null`.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::BigInt(digits) => RawValue::from_string(digits.clone())
                .map_err(|_| S::Error::custom("not an integer"))?
                .serialize(serializer),
            Self::Float(value) if value.is_finite() => serializer.serialize_f64(*value),
            Self::Null | Self::Surrogates | Self::Float(_) => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(fields) => serializer.collect_map(fields.iter()),
        }
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(small), _) => Self::Int(small),
                (None, Some(large)) => Self::BigInt(large.to_string()),
                (None, None) => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(fields) => {
                let fields = fields.into_iter();
                Self::Object(Box::new(
                    fields.map(|(key, value)| (key, value.into())).collect(),
                ))
            }
        }
    }
}
