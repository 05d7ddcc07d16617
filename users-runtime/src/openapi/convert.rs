//! JSON schemas as `utoipa` holds them.

use serde_json::{Map, Value};
use utoipa::openapi::{Object, RefOr, Schema, schema::SchemaType};

/// The schema; keywords that `utoipa` does not have are left out.
pub(super) fn schema(json: Value) -> RefOr<Schema> {
    let any = || RefOr::T(Schema::Object(Object::with_type(SchemaType::any())));
    serde_json::from_value(with_types(json)).unwrap_or_else(|_| any())
}

/// `utoipa` reads a schema for any type only where its type is `null`, which it then leaves out again.
fn with_types(json: Value) -> Value {
    let Value::Object(keywords) = json else {
        return json;
    };
    let has_own = ["type", "$ref", "oneOf", "anyOf", "allOf"]
        .iter()
        .any(|keyword| keywords.contains_key(*keyword));
    let mut typed: Map<String, Value> = keywords
        .into_iter()
        .map(|(keyword, value)| nested(keyword, value))
        .collect();
    if !has_own {
        typed.insert("type".to_owned(), Value::Null);
    }
    Value::Object(typed)
}

/// The keywords that hold schemas.
fn nested(keyword: String, value: Value) -> (String, Value) {
    let value = match (keyword.as_str(), value) {
        ("items" | "propertyNames" | "additionalProperties", schema @ Value::Object(_)) => {
            with_types(schema)
        }
        ("properties", Value::Object(fields)) => fields
            .into_iter()
            .map(|(name, schema)| (name, with_types(schema)))
            .collect::<Map<_, _>>()
            .into(),
        ("oneOf" | "anyOf" | "allOf" | "prefixItems", Value::Array(schemas)) => schemas
            .into_iter()
            .map(with_types)
            .collect::<Vec<_>>()
            .into(),
        (_, value) => value,
    };
    (keyword, value)
}
