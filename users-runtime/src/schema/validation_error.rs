//! What is wrong with a body and where, in Pydantic's shape.

use std::{borrow::Cow, sync::Arc};

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::echo::Echo;
use crate::{
    value::{Problem, Step},
    wire::json::Json,
};

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
            loc: vec![Step::Name("body".into())],
            input: shown.cloned().map(Arc::new),
        }
    }

    /// A problem of one field of the body, or of an item of the list that it is.
    pub(crate) fn of_field(
        problem: Problem,
        field: impl Into<Cow<'static, str>>,
        value: Option<&Json>,
        echo: Echo,
    ) -> Self {
        let field = field.into();
        let steps = problem.steps.iter().rev();
        let value = steps
            .clone()
            .fold(value, |value, step| match (step, value?) {
                (Step::Position(position), Json::List(items)) => items.get(*position),
                (Step::Name(name), Json::Object(fields)) => fields.get(&**name),
                _ => None,
            });
        // What is in a secret is one, and so is what is called like one.
        let may_repeat = |json: &Json| {
            echo.shows_field(&field, json)
                && steps.clone().all(|step| match step {
                    Step::Name(name) => echo.shows_field(name, json),
                    Step::Position(_) => true,
                })
        };
        let shown = value.filter(|json| may_repeat(json));
        let input = shown.cloned().map(Arc::new);
        let place = [Step::Name("body".into()), Step::Name(field.clone())];
        Self {
            loc: place.into_iter().chain(steps.cloned()).collect(),
            input,
            problem,
        }
    }

    /// A problem somewhere in what was sent in a part of the request: `body`, `path` or `query`.
    pub(crate) fn of_part(part: &'static str, problem: Problem, sent: &Json, echo: Echo) -> Self {
        let is_missing = problem.kind == "missing";
        let steps: Vec<_> = problem.steps.iter().rev().cloned().collect();
        // Of what is missing, its place is shown; a path and a query have none.
        let shown = &steps[..steps.len() - usize::from(is_missing)];
        let value = shown
            .iter()
            .try_fold(sent, |value, step| match (step, value) {
                (Step::Position(position), Json::List(items)) => items.get(*position),
                (Step::Name(name), Json::Object(fields)) => fields.get(&**name),
                _ => None,
            });
        let value = if is_missing && part != "body" {
            Some(&Json::Null)
        } else {
            value
        };
        let may_repeat = |json: &&Json| {
            let mut names = steps.iter().filter_map(|step| match step {
                Step::Name(name) => Some(name),
                Step::Position(_) => None,
            });
            if is_missing {
                names.all(|name| echo.shows_place(name, json))
            } else if steps.is_empty() {
                echo.shows_body(json)
            } else {
                names.all(|name| echo.shows_field(name, json))
            }
        };
        let input = value.filter(may_repeat).cloned().map(Arc::new);
        let part = [Step::Name(part.into())];
        Self {
            loc: part.into_iter().chain(steps).collect(),
            input,
            problem,
        }
    }

    /// A field that is not there; `place` is where it should have been, as far as it is shown.
    pub(crate) fn of_missing(field: &'static str, place: Option<Arc<Json>>) -> Self {
        Self {
            problem: Problem::missing(),
            loc: vec![Step::Name("body".into()), Step::Name(field.into())],
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
            loc: vec![Step::Name("body".into()), Step::Position(position)],
            input: Some(Arc::new(Json::Object(Box::default()))),
        }
    }

    /// Whether the problem is one of this field.
    pub(crate) fn is_of(&self, field: &str) -> bool {
        matches!(self.loc.get(1), Some(Step::Name(name)) if *name == field)
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
            steps: _,
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
