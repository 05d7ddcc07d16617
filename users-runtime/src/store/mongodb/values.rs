//! Values in BSON's own types.

use chrono::{DateTime, NaiveTime, SubsecRound, Utc};
use mongodb::bson::{Binary, Bson, DateTime as BsonDateTime, oid::ObjectId, spec::BinarySubtype};
use uuid::Uuid;

use super::json::{instant, json, whole};
use crate::{
    store::StoreError,
    value::{Column, Kind, Value},
};

/// A document has 16 MiB, and a user more fields than one.
const LARGEST: usize = 15 << 20;

/// The last integer that a float can distinguish from its neighbours.
pub(super) const LAST_WHOLE: i64 = (1 << f64::MANTISSA_DIGITS) - 1;

/// What a time of day is written as: of one length, so that texts sort as times do.
const TIME: &str = "%H:%M:%S%.6f";

/// The value that MongoDB stores, which fits the column's kind: that was seen to before.
pub(super) fn bson(column: &Column, value: Value) -> Result<Bson, StoreError> {
    let refused = |reason| StoreError::Value {
        column: column.name,
        reason,
    };
    Ok(match value {
        Value::Null => Bson::Null,
        Value::Bool(flag) => Bson::Boolean(flag),
        Value::Int(number) => whole(number),
        Value::Float(number) => Bson::Double(number),
        Value::Text(text) if column.kind == Kind::ObjectId => {
            Bson::ObjectId(ObjectId::parse_str(text).map_err(|_| refused("not an ObjectId"))?)
        }
        Value::Text(text) if text.len() > LARGEST => {
            return Err(refused("longer than a document may be"));
        }
        Value::Text(text) => Bson::String(text),
        Value::Bytes(bytes) if bytes.len() > LARGEST => {
            return Err(refused("longer than a document may be"));
        }
        Value::Bytes(bytes) => Bson::Binary(Binary {
            subtype: BinarySubtype::Generic,
            bytes,
        }),
        Value::Uuid(uuid) => Bson::Binary(Binary {
            subtype: BinarySubtype::Uuid,
            bytes: uuid.as_bytes().to_vec(),
        }),
        Value::Timestamp(instant) => Bson::DateTime(milliseconds(instant)),
        Value::Date(date) => Bson::DateTime(milliseconds(date.and_time(NaiveTime::MIN).and_utc())),
        Value::Time(time) => Bson::String(time.format(TIME).to_string()),
        Value::Json(json) => super::json::bson(json).map_err(refused)?,
    })
}

/// An instant as BSON holds it: what is finer than a millisecond is cut off.
pub(super) fn milliseconds(instant: DateTime<Utc>) -> BsonDateTime {
    BsonDateTime::from_millis(instant.timestamp_millis())
}

/// A value as it would come back from MongoDB.
pub(super) fn kept(value: Value) -> Value {
    match value {
        Value::Timestamp(instant) => Value::Timestamp(instant.trunc_subsecs(3)),
        Value::Time(time) => Value::Time(time.trunc_subsecs(6)),
        value => value,
    }
}

/// Reads a value. What is not of the column's kind is passed on as it is, so that the field refuses it and names the column.
pub(super) fn value(column: &Column, stored: Bson) -> Value {
    match (column.kind, stored) {
        (Kind::Json, Bson::Null) if !column.nullable => Value::Json(serde_json::Value::Null),
        (_, Bson::Null | Bson::Undefined) => Value::Null,
        (Kind::Json, stored) => Value::Json(json(stored)),
        (Kind::Float, Bson::Int32(number)) => Value::Float(number.into()),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a shell writes a float without a fraction as an integer"
        )]
        (Kind::Float, Bson::Int64(number)) => Value::Float(number as f64),
        (_, Bson::Boolean(flag)) => Value::Bool(flag),
        (_, Bson::Int32(number)) => Value::Int(number.into()),
        (_, Bson::Int64(number)) => Value::Int(number),
        (Kind::SmallInt | Kind::Int | Kind::BigInt, Bson::Double(number)) => {
            without_fraction(number).map_or(Value::Float(number), Value::Int)
        }
        (_, Bson::Double(number)) => Value::Float(number),
        (Kind::Time, Bson::String(text)) => text.parse().map_or(Value::Text(text), Value::Time),
        // A text where the column is of another kind: it stays one, except for an `ObjectId`, whose texts are those of the ids.
        (Kind::ObjectId, Bson::String(text)) => Value::Bytes(text.into_bytes()),
        (_, Bson::String(text)) => Value::Text(text),
        (Kind::ObjectId, Bson::ObjectId(id)) => Value::Text(id.to_hex()),
        (_, Bson::ObjectId(id)) => Value::Bytes(id.bytes().to_vec()),
        (Kind::Date, Bson::DateTime(at)) => {
            instant(at).map_or(Value::Null, |at| Value::Date(at.date_naive()))
        }
        (_, Bson::DateTime(at)) => {
            instant(at).map_or(Value::Int(at.timestamp_millis()), Value::Timestamp)
        }
        (Kind::Bytes, Bson::Binary(binary)) => Value::Bytes(binary.bytes),
        (_, Bson::Binary(binary)) => bytes(binary),
        (_, other) => Value::Json(json(other)),
    }
}

/// A whole number, of whichever type of numbers.
pub(super) fn number(stored: &Bson) -> Option<i64> {
    match stored {
        Bson::Int32(number) => Some((*number).into()),
        Bson::Int64(number) => Some(*number),
        Bson::Double(number) => without_fraction(*number),
        _ => None,
    }
}

/// An old shell writes every number as a float.
fn without_fraction(number: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what has no fraction and is in range is not cut"
    )]
    let whole = number as i64;
    (number.fract() == 0.0 && whole.unsigned_abs() <= LAST_WHOLE.unsigned_abs()).then_some(whole)
}

fn bytes(Binary { subtype, bytes }: Binary) -> Value {
    match (subtype, Uuid::from_slice(&bytes)) {
        (BinarySubtype::Uuid, Ok(uuid)) => Value::Uuid(uuid),
        _ => Value::Bytes(bytes),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::value::Role;

    fn column(kind: Kind, nullable: bool) -> Column {
        Column {
            field: "f",
            name: "f",
            role: Role::Extra,
            kind,
            nullable,
            max_length: None,
            default: None,
            is_updated_at: false,
            items: None,
            doc: "",
            example: None,
        }
    }

    #[test]
    fn values_have_the_types_that_beanie_gives_them() {
        let write = |kind, value| bson(&column(kind, true), value).expect("a value");
        let noon = NaiveDate::from_ymd_opt(2024, 1, 2)
            .unwrap()
            .and_hms_micro_opt(3, 4, 5, 999_999)
            .unwrap();
        let cases = [
            (Kind::BigInt, Value::Int(3), Bson::Int32(3)),
            (Kind::BigInt, Value::Int(1 << 62), Bson::Int64(1 << 62)),
            (Kind::Float, Value::Float(2.0), Bson::Double(2.0)),
            (
                Kind::Timestamp,
                Value::Timestamp(noon.and_utc()),
                Bson::DateTime(BsonDateTime::from_millis(1_704_164_645_999)),
            ),
            (
                Kind::Date,
                Value::Date(noon.date()),
                Bson::DateTime(BsonDateTime::from_millis(1_704_153_600_000)),
            ),
            (
                Kind::Time,
                Value::Time(NaiveTime::MIN),
                Bson::String("00:00:00.000000".into()),
            ),
            (
                Kind::Uuid,
                Value::Uuid(Uuid::nil()),
                Bson::Binary(Binary {
                    subtype: BinarySubtype::Uuid,
                    bytes: vec![0; 16],
                }),
            ),
        ];
        for (kind, value, expected) in cases {
            assert_eq!(write(kind, value), expected);
        }
        let before = DateTime::from_timestamp_micros(-1).unwrap();
        assert_eq!(
            milliseconds(before).timestamp_millis(),
            -1,
            "cut off towards the past, as PyMongo does"
        );
    }

    #[test]
    fn what_other_clients_write_is_read() {
        let read = |kind, stored| value(&column(kind, true), stored);
        assert_eq!(read(Kind::BigInt, Bson::Double(7.0)), Value::Int(7));
        assert_eq!(read(Kind::BigInt, Bson::Double(7.5)), Value::Float(7.5));
        assert_eq!(
            read(Kind::BigInt, Bson::Double(9_007_199_254_740_992.0)),
            Value::Float(9_007_199_254_740_992.0)
        );
        assert_eq!(
            read(Kind::BigInt, Bson::Double(f64::NEG_INFINITY)),
            Value::Float(f64::NEG_INFINITY)
        );
        assert_eq!(read(Kind::Float, Bson::Int32(7)), Value::Float(7.0));
        let uuid = Binary {
            subtype: BinarySubtype::Uuid,
            bytes: vec![7; 16],
        };
        assert_eq!(
            read(Kind::Bytes, Bson::Binary(uuid)),
            Value::Bytes(vec![7; 16])
        );
        assert_eq!(read(Kind::Json, Bson::Null), Value::Null);
        assert_eq!(
            value(&column(Kind::Json, false), Bson::Null),
            Value::Json(serde_json::Value::Null)
        );
    }

    #[test]
    fn what_is_of_another_type_stays_recognisable() {
        let read = |kind, stored| value(&column(kind, true), stored);
        assert_eq!(
            read(Kind::Text, Bson::ObjectId(ObjectId::from_bytes([1; 12]))),
            Value::Bytes(vec![1; 12])
        );
        assert_eq!(
            read(Kind::ObjectId, Bson::String("1".into())),
            Value::Bytes(b"1".to_vec())
        );
        assert_eq!(
            read(Kind::Uuid, Bson::String("1".into())),
            Value::Text("1".into())
        );
        assert_eq!(
            read(Kind::Timestamp, Bson::DateTime(BsonDateTime::MAX)),
            Value::Int(i64::MAX)
        );
    }

    #[test]
    fn what_no_document_can_hold_is_refused() {
        let long = bson(
            &column(Kind::Text, false),
            Value::Text("x".repeat(LARGEST + 1)),
        );
        assert!(matches!(long, Err(StoreError::Value { column: "f", .. })));
    }
}
