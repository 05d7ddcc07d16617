//! What is wrong with a value, in Pydantic's shape and words.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// What is wrong with one value: its kind, a sentence and the figures of the sentence.
///
/// A [`Field`](crate::Field) of the application's own says with it what a client sent wrong. The kinds of Pydantic are listed in
/// its "Validation Errors" page; `value_error` is the one for everything that has no kind of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub(crate) kind: Cow<'static, str>,
    pub(crate) message: Cow<'static, str>,
    pub(crate) context: Map<String, Value>,
    /// The positions in lists on the way to the value, the innermost first.
    pub(crate) positions: Vec<usize>,
}

impl Problem {
    /// A problem of this kind, with the sentence that the client is shown.
    pub fn new(kind: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: kind.into(),
            message: message.into(),
            context: Map::new(),
            positions: Vec::new(),
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

    /// The problem of the item at this position of a list.
    pub(crate) fn within(mut self, position: usize) -> Self {
        self.positions.push(position);
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
