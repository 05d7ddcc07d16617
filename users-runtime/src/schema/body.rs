//! Bodies as FastAPI reads them: syntax first, fields only when they are asked for.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize as _, Deserializer, de::DeserializeOwned};

use super::{Input, InputSchema, ValidationError, echo::Echo, input::email_address};
use crate::{
    value::{
        Problem, Viewer,
        coerce::{
            every::read_or_all,
            reader::{Form, not_an_object},
            text,
        },
    },
    wire::{
        email::EmailRules,
        json::{self, Json, ReadError},
    },
};

/// A body whose syntax was read. Its `Debug` shows no content.
pub(crate) enum Body {
    /// No byte was sent.
    Empty,
    /// The content type is not JSON's.
    Other,
    Json(Json),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(…)")
    }
}

/// Why a body's syntax cannot be read.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// The bytes are no text, or the JSON is beyond the reader's limits: digits, depth, number of values.
    Unreadable,
    /// The text is no JSON.
    Invalid(Box<ValidationError>),
}

impl Body {
    /// Reads a body: as JSON of at most `max_values` values where its content type says so.
    pub(crate) fn read(
        content_type: Option<&[u8]>,
        bytes: &[u8],
        max_values: usize,
    ) -> Result<Self, BodyError> {
        if bytes.is_empty() {
            return Ok(Self::Empty);
        }
        if !content_type.is_some_and(is_json) {
            return Ok(Self::Other);
        }
        match json::read_at_most(bytes, max_values) {
            Ok(json) => Ok(Self::Json(json)),
            Err(ReadError::Unreadable) => Err(BodyError::Unreadable),
            Err(ReadError::Invalid { position, error }) => Err(BodyError::Invalid(
                ValidationError::of_syntax(position, error).into(),
            )),
        }
    }

    /// The body as one whole schema.
    pub(crate) fn model<T: InputSchema>(
        &self,
        viewer: Viewer,
        emails: &EmailRules,
        echo: Echo,
    ) -> Result<T, Vec<ValidationError>> {
        match self {
            Self::Empty => Err(vec![ValidationError::of_body(
                Problem::missing(),
                Some(&Json::Null),
                echo,
            )]),
            Self::Other => Err(vec![ValidationError::of_body(not_an_object(), None, echo)]),
            Self::Json(json) => model_echoing(json, viewer, emails, echo),
        }
    }

    /// The body as any type that serde reads, or the errors.
    pub(crate) fn value<T: DeserializeOwned>(&self, echo: Echo) -> Result<T, Vec<ValidationError>> {
        let error = match self {
            Self::Empty => ValidationError::of_body(Problem::missing(), Some(&Json::Null), echo),
            Self::Other => ValidationError::of_body(not_an_object(), None, echo),
            Self::Json(json) => {
                return read_or_all(json, Form::Json).map_err(|problems| {
                    let problems = problems.into_iter();
                    let error = |problem| ValidationError::of_part("body", problem, json, echo);
                    problems.map(error).collect()
                });
            }
        };
        Err(vec![error])
    }

    /// The fields of a body that is an object; none of any other.
    pub(crate) fn into_fields(self) -> IndexMap<String, Json> {
        match self {
            Self::Json(Json::Object(fields)) => *fields,
            _ => IndexMap::new(),
        }
    }

    /// The e-mail address of a body with the one field `email`.
    pub(crate) fn email(
        &self,
        emails: &EmailRules,
        echo: Echo,
    ) -> Result<String, Vec<ValidationError>> {
        self.embedded("email", |json| email_address(json, emails), echo)
            .map_err(|error| vec![*error])
    }

    /// The texts of a body with these fields.
    pub(crate) fn texts<const N: usize>(
        &self,
        names: [&'static str; N],
        echo: Echo,
    ) -> Result<[String; N], Vec<ValidationError>> {
        let mut errors = Vec::new();
        let read = names.map(|name| {
            self.embedded(name, text, echo)
                .map_err(|error| errors.push(*error))
                .unwrap_or_default()
        });
        if errors.is_empty() {
            Ok(read)
        } else {
            Err(errors)
        }
    }

    fn embedded<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Json) -> Result<T, Problem>,
        echo: Echo,
    ) -> Result<T, Box<ValidationError>> {
        let json = match self {
            Self::Json(json) => json.get(name),
            Self::Empty | Self::Other => None,
        };
        let Some(json) = json else {
            return Err(ValidationError::of_field_without_body(name, echo).into());
        };
        read(json)
            .map_err(|problem| ValidationError::of_field(problem, name, Some(json), echo).into())
    }
}

/// The schema of what [`Body::email`] reads.
#[cfg(feature = "openapi")]
pub(crate) fn email_schema() -> serde_json::Value {
    object([(
        "email",
        serde_json::json!({ "type": "string", "format": "idn-email", "examples": ["king.arthur@camelot.bt"] }),
    )])
}

/// The schema of what [`Body::texts`] reads.
#[cfg(feature = "openapi")]
pub(crate) fn texts_schema(names: &[&'static str]) -> serde_json::Value {
    let text = |name: &&'static str| match *name {
        "password" => (*name, crate::value::json_schema::password()),
        name => (name, serde_json::json!({ "type": "string" })),
    };
    object(names.iter().map(text))
}

#[cfg(feature = "openapi")]
fn object(
    fields: impl IntoIterator<Item = (&'static str, serde_json::Value)>,
) -> serde_json::Value {
    let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
    for (name, schema) in fields {
        properties.insert(name.to_owned(), schema);
        required.push(name);
    }
    serde_json::json!({ "type": "object", "properties": properties, "required": required })
}

/// A JSON value as one whole schema, with all its errors at once.
pub(crate) fn model<T: InputSchema>(
    json: &Json,
    viewer: Viewer,
    emails: &EmailRules,
) -> Result<T, Vec<ValidationError>> {
    model_echoing(json, viewer, emails, Echo::SingleValues)
}

fn model_echoing<T: InputSchema>(
    json: &Json,
    viewer: Viewer,
    emails: &EmailRules,
    echo: Echo,
) -> Result<T, Vec<ValidationError>> {
    let Json::Object(_) = json else {
        let error = ValidationError::of_body(not_an_object(), Some(json), echo);
        return Err(vec![error]);
    };
    let mut input = Input::new(json, viewer).emails(emails).echoing(echo);
    let schema = T::parse(&mut input);
    if T::DENY_UNKNOWN {
        input.deny_unknown(|name| T::FIELDS.iter().any(|field| field.name() == name));
    }
    let errors = input.into_errors();
    let schema = schema.filter(|_| errors.is_empty()).ok_or(errors)?;
    match schema.validate() {
        Ok(()) => Ok(schema),
        Err(problem) => Err(vec![ValidationError::of_part("body", problem, json, echo)]),
    }
}

/// The same for whatever serde reads; the errors are one text.
pub(crate) fn deserialize<'de, T: InputSchema, D: Deserializer<'de>>(
    deserializer: D,
    viewer: Viewer,
) -> Result<T, D::Error> {
    let json = serde_json::Value::deserialize(deserializer)?;
    model(&json.into(), viewer, EmailRules::USUAL).map_err(|errors| {
        let told: Vec<_> = errors.iter().map(ToString::to_string).collect();
        serde::de::Error::custom(told.join("; "))
    })
}

/// Whether a content type is JSON's: `application/json` or `application/…+json`, whatever its parameters (RFC 6838, 4.2.8).
fn is_json(content_type: &[u8]) -> bool {
    let essence = content_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii()
        .to_ascii_lowercase();
    let Some(subtype) = essence.strip_prefix(b"application/") else {
        return false;
    };
    (subtype == b"json" || subtype.ends_with(b"+json")) && !subtype.contains(&b'/')
}
