//! JSON as BSON and back, value by value: what looks like extended JSON, such as `{"$oid": …}`, stays the document that it is.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use mongodb::bson::{Bson, DateTime as BsonDateTime, Document};
use serde_json::{Map, Number, Value as Json};

/// MongoDB stores at most 100 levels, of which the user's document is one.
const LEVELS: usize = 98;

/// JSON as MongoDB stores it, or why it cannot.
pub(super) fn bson(json: Json) -> Result<Bson, &'static str> {
    nested(json, LEVELS)
}

fn nested(json: Json, levels: usize) -> Result<Bson, &'static str> {
    let inner = || levels.checked_sub(1).ok_or("nested too deeply");
    Ok(match json {
        Json::Null => Bson::Null,
        Json::Bool(flag) => Bson::Boolean(flag),
        Json::Number(number) => self::number(&number)?,
        Json::String(text) => Bson::String(text),
        Json::Array(items) => {
            let levels = inner()?;
            Bson::Array(
                items
                    .into_iter()
                    .map(|item| nested(item, levels))
                    .collect::<Result<_, _>>()?,
            )
        }
        Json::Object(entries) => {
            let levels = inner()?;
            let mut document = Document::new();
            for (key, value) in entries {
                if key.contains('\0') {
                    return Err("a key with a NUL character");
                }
                document.insert(key, nested(value, levels)?);
            }
            Bson::Document(document)
        }
    })
}

fn number(number: &Number) -> Result<Bson, &'static str> {
    match (number.as_i64(), number.as_u64()) {
        (Some(number), _) => Ok(whole(number)),
        (None, Some(_)) => Err("a whole number beyond 64 bits with a sign"),
        (None, None) => number
            .as_f64()
            .map(Bson::Double)
            .ok_or("a number beyond 64 bits"),
    }
}

/// A whole number in the type that PyMongo gives it.
pub(super) fn whole(number: i64) -> Bson {
    i32::try_from(number).map_or(Bson::Int64(number), Bson::Int32)
}

/// Anything that MongoDB stores as JSON. What JSON has no form for becomes the text with which the original would show it.
pub(super) fn json(bson: Bson) -> Json {
    match bson {
        Bson::Boolean(flag) => flag.into(),
        Bson::Int32(number) => number.into(),
        Bson::Int64(number) => number.into(),
        Bson::Double(number) => number.into(),
        Bson::String(text) | Bson::Symbol(text) => text.into(),
        Bson::Array(items) => items.into_iter().map(json).collect(),
        Bson::Document(document) => Json::Object(
            document
                .into_iter()
                .map(|(key, value)| (key, json(value)))
                .collect::<Map<_, _>>(),
        ),
        Bson::ObjectId(id) => id.to_hex().into(),
        Bson::DateTime(at) => instant(at).map_or(Json::Null, |at| at.to_rfc3339().into()),
        Bson::Decimal128(number) => number.to_string().into(),
        Bson::Binary(binary) => {
            let uuid = binary.to_uuid().map(|uuid| uuid.to_string());
            uuid.unwrap_or_else(|_| STANDARD.encode(binary.bytes))
                .into()
        }
        Bson::Timestamp(at) => at.time.into(),
        Bson::RegularExpression(expression) => expression.pattern.as_str().into(),
        _ => Json::Null,
    }
}

/// An instant, unless it is beyond what chrono can hold.
pub(super) fn instant(stored: BsonDateTime) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(stored.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{DateTime, doc, oid::ObjectId};
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_come_back_as_they_were() {
        let wide = i64::from(i32::MAX) + 1;
        let document = json!({"a": [1, "é", null, true, 1.5, wide], "": {}, "$oid": "507f1f77bcf86cd799439011", "b.c": {"$set": 1}});
        let stored = bson(document.clone()).expect("a document");
        assert_eq!(
            stored
                .as_document()
                .and_then(|document| document.get("$oid")?.as_str()),
            Some("507f1f77bcf86cd799439011")
        );
        assert_eq!(json(stored), document);
    }

    #[test]
    fn what_bson_cannot_hold_is_refused() {
        for document in [json!(u64::MAX), json!({"a": [{"\0": 1}]})] {
            assert!(bson(document).is_err());
        }
        let deep = |levels| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        assert!(bson(deep(LEVELS)).is_ok());
        assert_eq!(bson(deep(LEVELS + 1)), Err("nested too deeply"));
    }

    #[test]
    fn what_json_cannot_hold_is_shown_as_text() {
        let id = ObjectId::new();
        let document = doc! { "id": id, "at": DateTime::from_millis(5), "not": f64::NAN };
        assert_eq!(
            json(document.into()),
            json!({"id": id.to_hex(), "at": "1970-01-01T00:00:00.005+00:00", "not": null})
        );
    }
}
