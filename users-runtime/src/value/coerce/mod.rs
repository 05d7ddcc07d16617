//! Pydantic's coercions: what becomes of a client's JSON where a value of some kind is asked for.

mod dates;
pub(crate) mod every;
mod numbers;
pub(crate) mod reader;
#[cfg(test)]
mod tests;

pub(crate) use numbers::integer;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Problem, Step};
use crate::{
    value::{Kind, Value},
    wire::json::Json,
};

/// The text of a JSON string.
pub(crate) fn text(json: &Json) -> Result<String, Problem> {
    match json {
        Json::Text(text) => Ok(text.clone()),
        Json::Surrogates => Err(Problem::surrogates()),
        _ => Err(Problem::not_text()),
    }
}

/// The value that JSON stands for in a column of this kind.
pub(crate) fn coerce(json: &Json, kind: Kind) -> Result<Value, Problem> {
    match kind {
        Kind::Bool => numbers::boolean(json).map(Value::Bool),
        Kind::SmallInt => numbers::integer(json, i16::MIN.into(), i16::MAX.into()).map(Value::Int),
        Kind::Int => numbers::integer(json, i32::MIN.into(), i32::MAX.into()).map(Value::Int),
        Kind::BigInt => numbers::integer(json, i64::MIN, i64::MAX).map(Value::Int),
        Kind::Float => numbers::float(json).map(Value::Float),
        Kind::Text => text(json).map(Value::Text),
        Kind::Bytes => bytes(json).map(Value::Bytes),
        Kind::Uuid => uuid(json).map(Value::Uuid),
        Kind::ObjectId => object_id(json).map(Value::Text),
        Kind::Timestamp => dates::instant(json).map(Value::Timestamp),
        Kind::Date => dates::date(json).map(Value::Date),
        Kind::Time => dates::time(json).map(Value::Time),
        Kind::Json => plain(json).map(Value::Json),
    }
}

fn bytes(json: &Json) -> Result<Vec<u8>, Problem> {
    match json {
        Json::Text(text) => Ok(text.clone().into_bytes()),
        _ => Err(Problem::new("bytes_type", "Input should be a valid bytes")),
    }
}

fn uuid(json: &Json) -> Result<Uuid, Problem> {
    let Json::Text(text) = json else {
        return Err(Problem::new(
            "uuid_type",
            "UUID input should be a string, bytes or UUID object",
        ));
    };
    Uuid::parse_str(text)
        .map_err(|error| told("uuid_parsing", "Input should be a valid UUID", &error))
}

/// The text of an `ObjectId`, as Beanie's `PydanticObjectId` takes it, with its words.
fn object_id(json: &Json) -> Result<String, Problem> {
    match json {
        Json::Text(text)
            if text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            Ok(text.to_ascii_lowercase())
        }
        _ => Err(Problem::value_error("Id must be of type PydanticObjectId")),
    }
}

/// A problem that quotes the reader of a format.
fn told(kind: &'static str, message: &str, error: &dyn std::fmt::Display) -> Problem {
    let error = error.to_string();
    Problem::new(kind, format!("{message}, {error}")).with("error", error)
}

/// The same document without what only Python's reader knows.
fn plain(json: &Json) -> Result<serde_json::Value, Problem> {
    Ok(match json {
        Json::Null => serde_json::Value::Null,
        Json::Bool(flag) => (*flag).into(),
        Json::Int(number) => (*number).into(),
        Json::BigInt(_) => return Err(Problem::value_error("expected numbers of at most 64 bits")),
        Json::Float(number) => serde_json::Number::from_f64(*number)
            .ok_or_else(numbers::infinite)?
            .into(),
        Json::Text(text) => text.as_str().into(),
        Json::Surrogates => return Err(Problem::surrogates()),
        Json::List(items) => items.iter().map(plain).collect::<Result<_, _>>()?,
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| Ok((name.clone(), plain(value)?)))
            .collect::<Result<_, Problem>>()?,
    })
}

impl Json {
    /// The value as any type that `serde` can read, for a custom [`Field::from_input`](crate::value::Field::from_input).
    ///
    /// # Errors
    ///
    /// What `serde` says, as a [`Problem`] that the client is shown.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_path_to_error::deserialize(plain(self)?).map_err(|error| {
            let mut problem = Problem::value_error(error.inner());
            problem.steps = steps(error.path());
            problem
        })
    }
}

/// The steps of a path, the innermost first.
fn steps(path: &serde_path_to_error::Path) -> Vec<Step> {
    use serde_path_to_error::Segment;
    let steps = path.iter().rev().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(Step::Position(*index)),
        Segment::Map { key } => Some(Step::Name(key.clone().into())),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    steps.collect()
}
