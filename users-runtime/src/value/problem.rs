//! What is wrong with a value, in Pydantic's shape and words.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// A step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Name(Cow<'static, str>),
    Position(usize),
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Name(name) => serializer.serialize_str(name),
            Self::Position(position) => position.serialize(serializer),
        }
    }
}

/// What is wrong with one value: its kind, a sentence and the figures of the sentence.
///
/// A [`Field`](crate::value::Field) of the application's own says with it what a client sent wrong. The kinds of Pydantic are listed in
/// its "Validation Errors" page; `value_error` is the one for everything that has no kind of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub(crate) kind: Cow<'static, str>,
    pub(crate) message: Cow<'static, str>,
    pub(crate) context: Map<String, Value>,
    /// The steps from the field to the value, the innermost first.
    pub(crate) steps: Vec<Step>,
}

impl Problem {
    /// A problem of this kind, with the sentence that the client is shown.
    pub fn new(kind: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: kind.into(),
            message: message.into(),
            context: Map::new(),
            steps: Vec::new(),
        }
    }

    /// A problem that has no kind of its own: `value_error`, "Value error, …".
    pub fn value_error(reason: impl std::fmt::Display) -> Self {
        Self::new("value_error", format!("Value error, {reason}"))
            .with("error", Value::Object(Map::new()))
    }

    /// Adds a figure of the sentence, which the client finds in `ctx`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.context.insert(name.to_owned(), value.into());
        self
    }

    /// Says of which field the problem is, by its name in what was sent; called again, of the field that this one is in. For a function
    /// of `validate_schemas`, which is otherwise about the whole body.
    #[must_use]
    pub fn at(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.steps.push(Step::Name(field.into()));
        self
    }

    /// The problem of the item at this position of a list.
    pub(crate) fn within(mut self, position: usize) -> Self {
        self.steps.push(Step::Position(position));
        self
    }

    pub(crate) fn missing() -> Self {
        Self::new("missing", "Field required")
    }

    pub(crate) fn not_text() -> Self {
        Self::new("string_type", "Input should be a valid string")
    }

    pub(crate) fn surrogates() -> Self {
        Self::new(
            "string_unicode",
            "Input should be a valid string, unable to parse raw data as a unicode string",
        )
    }
}

/// A sentence, as [`Problem::value_error`] shows it.
impl From<&str> for Problem {
    fn from(reason: &str) -> Self {
        Self::value_error(reason)
    }
}

/// A sentence, as [`Problem::value_error`] shows it.
impl From<String> for Problem {
    fn from(reason: String) -> Self {
        Self::value_error(reason)
    }
}
