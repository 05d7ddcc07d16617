//! What is wrong with a value, in Pydantic's shape and words.

use std::{borrow::Cow, sync::Arc};

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Json, echo::Echo};

/// What is wrong with one value: its kind, a sentence and the figures of the sentence.
///
/// A [`Field`](crate::Field) of the application's own says with it what a client sent wrong. The kinds of Pydantic are listed in
/// its "Validation Errors" page; `value_error` is the one for everything that has no kind of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    kind: Cow<'static, str>,
    message: Cow<'static, str>,
    context: Map<String, Value>,
    /// The positions in lists on the way to the value, the innermost first.
    positions: Vec<usize>,
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

/// A step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Name(&'static str),
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

/// A problem and where it is: one entry of a 422's `detail`.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidationError {
    problem: Problem,
    loc: Vec<Step>,
    /// The offending value, unless it may hold a secret. Shared, as each missing field shows the whole body.
    input: Option<Arc<Json>>,
}

impl ValidationError {
    /// A problem of the whole body.
    pub(crate) fn of_body(problem: Problem, input: Option<&Json>, echo: Echo) -> Self {
        let shown = input.filter(|json| echo.shows_body(json));
        Self {
            problem,
            loc: vec![Step::Name("body")],
            input: shown.cloned().map(Arc::new),
        }
    }

    /// A problem of one field of the body, or of an item of the list that it is.
    pub(crate) fn of_field(
        problem: Problem,
        field: &'static str,
        value: Option<&Json>,
        echo: Echo,
    ) -> Self {
        let positions = problem.positions.iter().rev();
        let value = positions
            .clone()
            .fold(value, |value, position| match value {
                Some(Json::List(items)) => items.get(*position),
                _ => None,
            });
        let shown = value.filter(|json| echo.shows_field(field, json));
        let place = [Step::Name("body"), Step::Name(field)].into_iter();
        Self {
            loc: place
                .chain(positions.copied().map(Step::Position))
                .collect(),
            input: shown.cloned().map(Arc::new),
            problem,
        }
    }

    /// A field that is not there; `place` is where it should have been, as far as it is shown.
    pub(crate) fn of_missing(field: &'static str, place: Option<Arc<Json>>) -> Self {
        Self {
            problem: Problem::missing(),
            loc: vec![Step::Name("body"), Step::Name(field)],
            input: place,
        }
    }

    /// A field of a body that is empty or has another form than JSON.
    pub(crate) fn of_field_without_body(field: &'static str, echo: Echo) -> Self {
        let shown = echo.shows_place(field, &Json::Null);
        Self::of_missing(field, shown.then(|| Arc::new(Json::Null)))
    }

    /// A body that is no JSON.
    pub(crate) fn of_syntax(position: usize, error: &'static str) -> Self {
        let problem = Problem::new("json_invalid", "JSON decode error").with("error", error);
        Self {
            problem,
            loc: vec![Step::Name("body"), Step::Position(position)],
            input: Some(Arc::new(Json::Object(Box::default()))),
        }
    }

    /// What is repeated of the client's.
    pub(crate) fn input(&self) -> Option<&Json> {
        self.input.as_deref()
    }

    /// The same error that repeats nothing.
    pub(crate) fn without_input(mut self) -> Self {
        self.input = None;
        self
    }
}

impl Serialize for ValidationError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Entry<'a> {
            r#type: &'a str,
            loc: &'a [Step],
            msg: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            input: Option<&'a Json>,
            #[serde(skip_serializing_if = "Map::is_empty")]
            ctx: &'a Map<String, Value>,
        }
        let Problem {
            kind,
            message,
            context,
            positions: _,
        } = &self.problem;
        let entry = Entry {
            r#type: kind,
            loc: &self.loc,
            msg: message,
            input: self.input(),
            ctx: context,
        };
        entry.serialize(serializer)
    }
}

impl std::fmt::Display for ValidationError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for step in self.loc.iter().skip(1) {
            match step {
                Step::Name(name) => write!(f, "{name}: ")?,
                Step::Position(position) => write!(f, "{position}: ")?,
            }
        }
        f.write_str(&self.problem.message)
    }
}
