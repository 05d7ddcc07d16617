//! Schemas of types that utoipa knows, without references to others.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What a reference to a schema of the document begins with.
const PREFIX: &str = "#/components/schemas/";

/// The schema of a type, with the schemas that it refers to in their places; one within itself allows anything.
pub(crate) fn inlined<T: ToSchema>() -> Value {
    let mut named = Vec::new();
    T::schemas(&mut named);
    let json = |schema| serde_json::to_value(schema).unwrap_or_default();
    let named = named.into_iter().map(|(name, schema)| (name, json(schema)));
    resolved(json(T::schema()), &named.collect(), &mut Vec::new())
}

fn resolved(schema: Value, named: &BTreeMap<String, Value>, within: &mut Vec<String>) -> Value {
    match schema {
        Value::Object(keywords) => {
            let name = keywords.get("$ref").and_then(Value::as_str);
            let Some(name) = name.and_then(|reference| reference.strip_prefix(PREFIX)) else {
                let nested = keywords
                    .into_iter()
                    .map(|(keyword, value)| (keyword, resolved(value, named, within)));
                return nested.collect::<Map<_, _>>().into();
            };
            let name = name.to_owned();
            let Some(schema) = named.get(&name).filter(|_| !within.contains(&name)) else {
                return Value::Object(Map::new());
            };
            within.push(name);
            let schema = resolved(schema.clone(), named, within);
            within.pop();
            schema
        }
        Value::Array(values) => values
            .into_iter()
            .map(|value| resolved(value, named, within))
            .collect(),
        other => other,
    }
}
