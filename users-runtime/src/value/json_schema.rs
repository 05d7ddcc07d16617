//! What the fields' types are in a JSON schema (draft 2020-12).

use serde_json::{Value, json};

use crate::value::Kind;

/// What JSON stands for a value of this kind.
pub(crate) fn of_kind(kind: Kind) -> Value {
    match kind {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::SmallInt => {
            json!({ "type": "integer", "format": "int32", "minimum": i16::MIN, "maximum": i16::MAX })
        }
        Kind::Int => json!({ "type": "integer", "format": "int32" }),
        Kind::BigInt => json!({ "type": "integer", "format": "int64" }),
        Kind::Float => json!({ "type": "number", "format": "double" }),
        Kind::Text => json!({ "type": "string" }),
        // Sent as text, shown as serde shows bytes.
        Kind::Bytes => json!({ "anyOf": [
            { "type": "string" },
            { "type": "array", "items": { "type": "integer", "minimum": 0, "maximum": 255 } },
        ] }),
        Kind::ObjectId => json!({ "type": "string", "pattern": "^[0-9a-f]{24}$" }),
        Kind::Uuid => json!({ "type": "string", "format": "uuid" }),
        Kind::Timestamp => json!({ "type": "string", "format": "date-time" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        // The format `time` has an offset (RFC 3339), which these have not.
        Kind::Time => json!({
            "type": "string",
            "format": "time-local",
            "pattern": r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?$",
        }),
        Kind::Json => json!({}),
    }
}

/// A password, which clients send and never see.
#[cfg(feature = "openapi")]
pub(crate) fn password() -> Value {
    json!({ "type": "string", "format": "password", "writeOnly": true })
}

/// The schema of the same, or `null`.
pub(crate) fn nullable(schema: Value) -> Value {
    match schema {
        Value::Object(mut keywords)
            if keywords.get("type").is_some_and(Value::is_string)
                && !keywords.contains_key("enum") =>
        {
            let plain = keywords["type"].take();
            keywords.insert("type".to_owned(), json!([plain, "null"]));
            Value::Object(keywords)
        }
        // Whatever it is, `null` is among it.
        Value::Object(keywords) if keywords.is_empty() => Value::Object(keywords),
        other => json!({ "anyOf": [other, { "type": "null" }] }),
    }
}
