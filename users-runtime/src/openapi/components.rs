//! The schemas and answers that operations refer to.

use http::StatusCode;
use serde_json::{Map, Value, json};
use utoipa::openapi::{
    ContentBuilder, Header, HeaderBuilder, Object, ObjectBuilder, Ref, RefOr, Response,
    ResponseBuilder, Schema,
    example::ExampleBuilder,
    schema::{AdditionalProperties, Type},
};

use super::convert;
use crate::{
    model::UserModel,
    schema::{
        InputSchema, Schema as _,
        describe::{SentField, sent_fields},
    },
    value::{Column, Role},
    web::outcome::Outcome,
};

/// What is shown of a user.
pub(super) fn shown_user<U: UserModel>() -> Object {
    let description = format!("What a client is shown of a {}.", type_name::<U>());
    let schema = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(description));
    let schema = U::Read::FIELDS.iter().fold(schema, |schema, field| {
        let name = field.name();
        let mut property = Property::new::<U>(name, field.json_schema());
        if let Some(most) = property
            .column
            .filter(|column| column.role == Role::Extra)
            .and_then(|column| column.max_length)
        {
            property.limit(most);
        }
        property.show_example();
        if field.is_optional() {
            property.note("Shown to administrators only.");
            return schema.property(name, property.schema());
        }
        schema.property(name, property.schema()).required(name)
    });
    schema.build()
}

/// What a client sends.
pub(super) fn sent_user<U: UserModel, T: InputSchema>() -> Object {
    let fields = sent_fields::<T>(examples::<U>());
    // Nothing of an update is required, and of a registration at least the address and the password are.
    let what = if fields.iter().any(|field| field.is_required) {
        "to register"
    } else {
        "to change"
    };
    let description = format!("What a client sends {what} a {}.", type_name::<U>());
    let schema = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(description));
    let schema = fields.into_iter().fold(schema, |schema, field| {
        let SentField {
            name,
            schema: of_type,
            is_required,
            default,
            is_for_admins,
            takes_example,
        } = field;
        let mut property = Property::new::<U>(name, of_type);
        if is_for_admins {
            property.note("Ignored unless an administrator sends it.");
        }
        if let Some(default) = default {
            property.set("default", default);
        }
        if takes_example {
            property.show_example();
        }
        let schema = schema.property(name, property.schema());
        if is_required {
            schema.required(name)
        } else {
            schema
        }
    });
    let denies = T::DENY_UNKNOWN.then_some(AdditionalProperties::FreeForm(false));
    schema.additional_properties(denies).build()
}

/// The application's example of the field, as JSON.
fn example(column: &Column) -> Option<Value> {
    column
        .example
        .map(|example| example())
        .filter(|example| !example.is_null())
}

/// Every example by its field's name.
fn examples<U: UserModel>() -> Map<String, Value> {
    U::COLUMNS
        .iter()
        .filter_map(|column| Some((column.field.to_owned(), example(column)?)))
        .collect()
}

/// The last part of the user's type.
fn type_name<U>() -> &'static str {
    let path = std::any::type_name::<U>();
    path.rsplit("::").next().unwrap_or(path)
}

/// A field of a schema, with what is said of it.
struct Property {
    column: Option<&'static Column>,
    keywords: Map<String, Value>,
    notes: Vec<&'static str>,
}

impl Property {
    fn new<U: UserModel>(name: &'static str, schema: Value) -> Self {
        let column = U::COLUMNS.iter().find(|column| column.field == name);
        let mut keywords = match schema {
            Value::Object(keywords) => keywords,
            _ => Map::new(),
        };
        let example = match (name, column.map(|column| column.role)) {
            (_, Some(Role::Email)) => {
                keywords.insert("format".to_owned(), "idn-email".into());
                Some("king.arthur@camelot.bt")
            }
            (_, Some(Role::Id)) if keywords.get("format") == Some(&"uuid".into()) => {
                Some("4fd3477b-eccf-4ee3-8f7d-68ad72261476")
            }
            ("password", None) => Some("guinevere"),
            _ => None,
        };
        if let Some(example) = example {
            keywords.insert("examples".to_owned(), json!([example]));
        }
        let doc = column.map_or(
            if name == "password" {
                "The password, never shown."
            } else {
                ""
            },
            |column| column.doc,
        );
        Self {
            column,
            keywords,
            notes: [doc].into_iter().filter(|doc| !doc.is_empty()).collect(),
        }
    }

    fn note(&mut self, note: &'static str) {
        self.notes.push(note);
    }

    fn set(&mut self, keyword: &str, value: Value) {
        self.keywords.insert(keyword.to_owned(), value);
    }

    fn show_example(&mut self) {
        if let Some(example) = self.column.and_then(example) {
            self.set("examples", json!([example]));
        }
    }

    /// Text of at most this number of characters; other types have no such limit.
    fn limit(&mut self, most: u32) {
        let is_text = match self.keywords.get("type") {
            Some(Value::String(name)) => name == "string",
            Some(Value::Array(names)) => names.contains(&"string".into()),
            _ => false,
        };
        if is_text {
            self.set("maxLength", most.into());
        }
    }

    fn schema(mut self) -> RefOr<Schema> {
        if !self.notes.is_empty() {
            let told = self.notes.join(" ");
            self.set("description", told.into());
        }
        convert::schema(self.keywords.into())
    }
}

/// The answer to a login with the bearer transport.
pub(super) fn bearer_response() -> Value {
    json!({
        "type": "object",
        "properties": { "access_token": { "type": "string" }, "token_type": { "type": "string" } },
        "required": ["access_token", "token_type"],
    })
}

/// An access token and the refresh token for the next one; `expires_in` is in seconds (RFC 6749, section 5.1).
pub(super) fn bearer_refresh_response() -> Value {
    json!({
        "type": "object",
        "properties": {
            "access_token": { "type": "string" },
            "token_type": { "type": "string" },
            "refresh_token": { "type": "string" },
            "expires_in": { "type": "integer" },
        },
        "required": ["access_token", "token_type", "refresh_token", "expires_in"],
    })
}

/// `{"detail": …}` with a code, or with a code and a reason.
pub(super) fn error_model() -> Value {
    json!({
        "type": "object",
        "properties": { "detail": { "anyOf": [
            { "type": "string" },
            { "type": "object", "additionalProperties": { "type": "string" } },
        ] } },
        "required": ["detail"],
    })
}

/// Everything that is wrong with a body.
pub(super) fn http_validation_error() -> Value {
    json!({
        "type": "object",
        "properties": { "detail": { "type": "array", "items": { "$ref": "#/components/schemas/ValidationError" } } },
    })
}

/// One thing that is wrong with a body.
pub(super) fn validation_error() -> Value {
    json!({
        "type": "object",
        "properties": {
            "loc": { "type": "array", "items": { "anyOf": [{ "type": "string" }, { "type": "integer" }] } },
            "msg": { "type": "string" },
            "type": { "type": "string" },
            "input": {},
            "ctx": { "type": "object" },
        },
        "required": ["loc", "msg", "type"],
    })
}

/// The answer of a status, with an example of each outcome.
pub(super) fn answer(status: StatusCode, outcomes: &[Outcome]) -> Response {
    let description = match outcomes {
        [outcome] if status != StatusCode::BAD_REQUEST => outcome.summary,
        _ => status.canonical_reason().unwrap_or_default(),
    };
    let model = if status == StatusCode::UNPROCESSABLE_ENTITY {
        "HTTPValidationError"
    } else {
        "ErrorModel"
    };
    let examples = outcomes.iter().filter_map(|outcome| {
        let example = ExampleBuilder::new()
            .summary(outcome.summary)
            .value(Some(outcome.example()?));
        Some((outcome.name, example.build()))
    });
    let response = ResponseBuilder::new().description(description);
    let response = if status == StatusCode::TOO_MANY_REQUESTS {
        response.header("Retry-After", retry_after())
    } else {
        response
    };
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(model)))
        .examples_from_iter(examples);
    response
        .content("application/json", content.build())
        .build()
}

fn retry_after() -> Header {
    HeaderBuilder::new()
        .schema(Some(Object::with_type(Type::Integer)))
        .description(Some("After how many seconds to try again."))
        .build()
}
