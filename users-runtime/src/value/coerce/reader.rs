//! Any type that serde reads, out of what a client sent, with Pydantic's coercions and problems.

use std::fmt;

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error, IntoDeserializer, Visitor,
        value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer},
    },
};

use super::{
    Problem, Step,
    numbers::{boolean, float, integer},
    steps, text, told,
};
use crate::wire::json::Json;

/// The form of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON.
    Json,
    /// An object of texts, or of lists of texts: the parameters of a path or a query. A single value is a list of one, and of several
    /// for a single one the last counts.
    Parameters,
}

/// Reads a value as any type; the problem has the steps to where it is.
pub(crate) fn read<T: DeserializeOwned>(json: &Json, form: Form) -> Result<T, Problem> {
    serde_path_to_error::deserialize(Sent { json, form }).map_err(|error| {
        let path = steps(error.path());
        let Refusal(mut problem) = error.into_inner();
        problem.steps.extend(path);
        // A tuple has the parameters of a path by their positions.
        if let (Form::Parameters, Json::Object(fields), Some(first)) =
            (form, json, problem.steps.last_mut())
            && let Step::Position(position) = first
            && let Some((name, _)) = fields.get_index(*position)
        {
            *first = Step::Name(name.clone().into());
        }
        problem
    })
}

/// Why a value cannot be read.
#[derive(Debug)]
struct Refusal(Problem);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Refusal {}

impl Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        // What `uuid` says to serde; its error type does not pass through.
        Self(match message.strip_prefix("UUID parsing failed: ") {
            Some(reason) => told("uuid_parsing", "Input should be a valid UUID", &reason),
            None => Problem::value_error(message),
        })
    }

    fn missing_field(field: &'static str) -> Self {
        let mut problem = Problem::missing();
        problem.steps.push(Step::Name(field.into()));
        Self(problem)
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self(Problem::new(
            "extra_forbidden",
            "Extra inputs are not permitted",
        ))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        let quoted: Vec<_> = expected.iter().map(|name| format!("'{name}'")).collect();
        let listed = match quoted.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => quoted.concat(),
        };
        let problem = Problem::new("enum", format!("Input should be {listed}"));
        Self(problem.with("expected", listed))
    }
}

/// A value that is read.
#[derive(Clone, Copy)]
struct Sent<'a> {
    json: &'a Json,
    form: Form,
}

impl<'a> Sent<'a> {
    /// Reads a single value: the only parameter, or the last of several of one name.
    fn single<T>(self, read: impl FnOnce(&'a Json) -> Result<T, Refusal>) -> Result<T, Refusal> {
        match (self.form, self.json) {
            (Form::Parameters, Json::Object(fields)) if fields.len() == 1 => {
                let (name, json) = fields.get_index(0).unwrap_or_else(|| unreachable!());
                read(json).map_err(|Refusal(mut problem)| {
                    problem.steps.push(Step::Name(name.clone().into()));
                    Refusal(problem)
                })
            }
            (Form::Parameters, Json::List(items)) => read(items.last().unwrap_or(&Json::Null)),
            _ => read(self.json),
        }
    }

    fn within(self, json: &'a Json) -> Self {
        Self { json, ..self }
    }

    fn list<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let items: Vec<&Json> = match (self.form, self.json) {
            (_, Json::List(items)) => items.iter().collect(),
            (Form::Parameters, Json::Object(fields)) => fields.values().collect(),
            (Form::Parameters, json) => vec![json],
            (Form::Json, _) => {
                return Err(Problem::new("list_type", "Input should be a valid list").into());
            }
        };
        let items = items.into_iter().map(|json| self.within(json));
        visitor.visit_seq(SeqDeserializer::new(items))
    }

    fn object<V: Visitor<'a>>(
        self,
        visitor: V,
        other: impl FnOnce() -> Problem,
    ) -> Result<V::Value, Refusal> {
        let Json::Object(fields) = self.json else {
            return Err(other().into());
        };
        let fields = fields
            .iter()
            .map(|(name, json)| (name.as_str(), self.within(json)));
        visitor.visit_map(MapDeserializer::new(fields))
    }
}

impl<'a> IntoDeserializer<'a, Refusal> for Sent<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Methods that read a single value.
macro_rules! single {
    ($($method:ident: $visit:ident = $read:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            self.single(|json| visitor.$visit($read(json)?))
        }
    )*};
}

impl<'de> Deserializer<'de> for Sent<'de> {
    type Error = Refusal;

    single! {
        deserialize_bool: visit_bool = boolean;
        deserialize_i8: visit_i64 = |json| integer(json, i8::MIN.into(), i8::MAX.into());
        deserialize_i16: visit_i64 = |json| integer(json, i16::MIN.into(), i16::MAX.into());
        deserialize_i32: visit_i64 = |json| integer(json, i32::MIN.into(), i32::MAX.into());
        deserialize_i64: visit_i64 = |json| integer(json, i64::MIN, i64::MAX);
        deserialize_u8: visit_i64 = |json| integer(json, 0, u8::MAX.into());
        deserialize_u16: visit_i64 = |json| integer(json, 0, u16::MAX.into());
        deserialize_u32: visit_i64 = |json| integer(json, 0, u32::MAX.into());
        deserialize_u64: visit_i64 = |json| integer(json, 0, i64::MAX);
        deserialize_f32: visit_f64 = float;
        deserialize_f64: visit_f64 = float;
        deserialize_char: visit_string = text;
        deserialize_str: visit_string = text;
        deserialize_string: visit_string = text;
        deserialize_identifier: visit_string = text;
        deserialize_byte_buf: visit_byte_buf = super::bytes;
        deserialize_bytes: visit_byte_buf = super::bytes;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.json {
            Json::Null => visitor.visit_unit(),
            Json::Bool(flag) => visitor.visit_bool(*flag),
            Json::Int(number) => visitor.visit_i64(*number),
            Json::BigInt(digits) => {
                let beyond = |_| Problem::value_error("expected numbers of at most 64 bits");
                visitor.visit_u64(digits.parse().map_err(beyond)?)
            }
            Json::Float(number) => visitor.visit_f64(*number),
            Json::Text(text) => visitor.visit_str(text),
            Json::Surrogates => Err(Problem::surrogates().into()),
            Json::List(_) => self.list(visitor),
            Json::Object(_) => self.object(visitor, not_an_object),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.json {
            Json::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.json {
            Json::Null => visitor.visit_unit(),
            _ => Err(Problem::new("none_required", "Input should be None").into()),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.list(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.list(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.object(visitor, || {
            Problem::new("dict_type", "Input should be a valid dictionary")
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.object(visitor, not_an_object)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        if let (Form::Json, Json::Object(fields)) = (self.form, self.json) {
            let fields = fields
                .iter()
                .map(|(name, json)| (name.as_str(), self.within(json)));
            let map = MapDeserializer::new(fields);
            return visitor.visit_enum(MapAccessDeserializer::new(map));
        }
        self.single(|json| visitor.visit_enum(text(json)?.into_deserializer()))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

/// What is no object where one is asked for.
pub(crate) fn not_an_object() -> Problem {
    Problem::new(
        "model_attributes_type",
        "Input should be a valid dictionary or object to extract fields from",
    )
}
