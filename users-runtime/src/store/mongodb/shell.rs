//! Values as the shell `mongosh` reads them, in the types in which the store writes them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mongodb::bson::{Binary, Bson, Document};

use super::json::json;

/// A command on a collection.
pub(super) fn command(collection: &str, method: &str, arguments: &[Document]) -> String {
    let arguments = arguments
        .iter()
        .map(document)
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "db.getCollection({}).{method}({arguments});\n",
        quoted(collection)
    )
}

/// The command that drops an index.
pub(super) fn drop_index(collection: &str, name: &str) -> String {
    format!(
        "db.getCollection({}).dropIndex({});\n",
        quoted(collection),
        quoted(name)
    )
}

fn document(document: &Document) -> String {
    let entries = document
        .iter()
        .map(|(name, bson)| format!("{}: {}", key(name), value(bson)));
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}

/// The literal of an object sets its prototype by this name, unless the name is computed.
fn key(name: &str) -> String {
    if name == "__proto__" {
        format!("[{}]", quoted(name))
    } else {
        quoted(name)
    }
}

/// In the shell, a number by itself is one of 32 bits where it is whole and fits, and else a double.
fn value(bson: &Bson) -> String {
    match bson {
        Bson::Document(inner) => document(inner),
        Bson::Array(items) => format!(
            "[{}]",
            items.iter().map(value).collect::<Vec<_>>().join(", ")
        ),
        Bson::String(text) => quoted(text),
        Bson::Int64(number) => format!("NumberLong(\"{number}\")"),
        Bson::Double(number) => double(*number),
        Bson::DateTime(instant) => format!("new Date({})", instant.timestamp_millis()),
        Bson::ObjectId(id) => format!("ObjectId(\"{id}\")"),
        Bson::Binary(Binary { subtype, bytes }) => {
            format!(
                "BinData({}, \"{}\")",
                u8::from(*subtype),
                STANDARD.encode(bytes)
            )
        }
        other => json(other.clone()).to_string(),
    }
}

fn double(number: f64) -> String {
    if number.is_finite() {
        format!("Double({number:?})")
    } else {
        format!("{number}").replace("inf", "Infinity")
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{DateTime, doc, spec::BinarySubtype};

    use super::*;

    #[test]
    fn every_name_is_a_name() {
        let keys = doc! { "__proto__": { "a\"b": 1 }, "$x": 2 };
        assert_eq!(
            command("user's \"own\"", "drop", &[keys]),
            "db.getCollection(\"user's \\\"own\\\"\").drop({ [\"__proto__\"]: { \"a\\\"b\": 1 }, \"$x\": 2 });\n"
        );
    }

    #[test]
    fn every_type_is_written_as_what_it_is() {
        let binary = |subtype, bytes: &[u8]| Binary {
            subtype,
            bytes: bytes.to_vec(),
        };
        let shown = command(
            "user",
            "insertOne",
            &[doc! {
                "flag": true, "int": 7, "long": 3_000_000_000_i64, "small": 7_i64, "float": 7.0, "tiny": 1e-9, "end": f64::NEG_INFINITY,
                "at": DateTime::from_millis(1_700_000_000_123), "id": binary(BinarySubtype::Uuid, &[1; 16]),
                "bytes": binary(BinarySubtype::Generic, b"ab"), "list": ["it's \"free\"", Bson::Null],
            }],
        );
        assert_eq!(
            shown,
            "db.getCollection(\"user\").insertOne({ \"flag\": true, \"int\": 7, \"long\": NumberLong(\"3000000000\"), \
             \"small\": NumberLong(\"7\"), \"float\": Double(7.0), \"tiny\": Double(1e-9), \"end\": -Infinity, \
             \"at\": new Date(1700000000123), \"id\": BinData(4, \"AQEBAQEBAQEBAQEBAQEBAQ==\"), \
             \"bytes\": BinData(0, \"YWI=\"), \"list\": [\"it's \\\"free\\\"\", null] });\n"
        );
    }
}
