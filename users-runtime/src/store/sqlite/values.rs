//! Values as SQLite stores them, which is as SQLAlchemy writes them.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use sqlx::{
    Decode, Row as _, Sqlite, TypeInfo as _, ValueRef as _,
    sqlite::{SqliteRow, SqliteValueRef},
};
use uuid::Uuid;

use crate::{
    store::sql::driver::Failure,
    value::{Column, Kind, Value},
};

const TIMESTAMP: &str = "%Y-%m-%d %H:%M:%S%.6f";
/// How many bytes it takes.
const WRITTEN: usize = "2000-01-01 00:00:00.000000".len();
const TIME: &str = "%H:%M:%S%.6f";

/// One of SQLite's five storage classes.
pub(super) enum Stored {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// How a UUID is written as text; each form is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum UuidText {
    /// 36 characters.
    Hyphenated,
    /// 32 characters.
    Simple,
}

/// What is stored for a value.
pub(super) fn stored(value: Value, uuids: UuidText) -> Stored {
    match value {
        Value::Null => Stored::Null,
        Value::Bool(flag) => Stored::Int(i64::from(flag)),
        Value::Int(number) => Stored::Int(number),
        Value::Float(number) => Stored::Real(number),
        Value::Text(text) => Stored::Text(text),
        Value::Bytes(bytes) => Stored::Blob(bytes),
        Value::Uuid(uuid) => Stored::Text(match uuids {
            UuidText::Hyphenated => uuid.hyphenated().to_string(),
            UuidText::Simple => uuid.simple().to_string(),
        }),
        Value::Timestamp(instant) => Stored::Text(instant.format(TIMESTAMP).to_string()),
        Value::Date(date) => Stored::Text(date.to_string()),
        Value::Time(time) => Stored::Text(time.format(TIME).to_string()),
        Value::Json(json) => Stored::Text(json.to_string()),
    }
}

/// Reads a row. What is not of the column's kind is passed on as it is, so that the field refuses it and names the column.
pub(in crate::store) fn read(row: &SqliteRow, columns: &[Column]) -> Result<Vec<Value>, Failure> {
    // Collecting results would not know how many there will be.
    let mut values = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        let raw = row.try_get_raw(index).map_err(super::failure::failure)?;
        values.push(value(raw_value(raw)?, column));
    }
    Ok(values)
}

fn raw_value(raw: SqliteValueRef<'_>) -> Result<Stored, Failure> {
    fn decode<'r, T: Decode<'r, Sqlite>>(raw: SqliteValueRef<'r>) -> Result<T, Failure> {
        T::decode(raw).map_err(Failure::Other)
    }
    if raw.is_null() {
        return Ok(Stored::Null);
    }
    let storage = raw.type_info();
    match storage.name() {
        "INTEGER" => decode(raw).map(Stored::Int),
        "REAL" => decode(raw).map(Stored::Real),
        "TEXT" => {
            let bytes: &[u8] = decode(raw)?;
            Ok(String::from_utf8(bytes.to_vec())
                .map_or_else(|error| Stored::Blob(error.into_bytes()), Stored::Text))
        }
        _ => decode(raw).map(Stored::Blob),
    }
}

fn value(stored: Stored, column: &Column) -> Value {
    match (column.kind, stored) {
        (_, Stored::Null) => Value::Null,
        (Kind::Bool, Stored::Int(number)) => Value::Bool(number != 0),
        #[expect(
            clippy::cast_precision_loss,
            reason = "SQLite stores a float without a fraction as an integer"
        )]
        (Kind::Float, Stored::Int(number)) => Value::Float(number as f64),
        // In columns of numeric affinity, such as `STRING` or `JSON`, SQLite stores digits as numbers.
        (Kind::Text, Stored::Int(number)) => Value::Text(number.to_string()),
        (Kind::Json, Stored::Int(number)) => Value::Json(number.into()),
        (Kind::Json, Stored::Real(number)) => Value::Json(number.into()),
        (Kind::Uuid, Stored::Blob(bytes)) => {
            Uuid::from_slice(&bytes).map_or(Value::Bytes(bytes), Value::Uuid)
        }
        // SQLAlchemy writes a missing document as this text.
        (Kind::Json, Stored::Text(text)) if column.nullable && text == "null" => Value::Null,
        (kind, Stored::Text(text)) => parsed(text, kind),
        (_, Stored::Int(number)) => Value::Int(number),
        (_, Stored::Real(number)) => Value::Float(number),
        (_, Stored::Blob(bytes)) => Value::Bytes(bytes),
    }
}

fn parsed(text: String, kind: Kind) -> Value {
    let parsed = match kind {
        Kind::Uuid => Uuid::parse_str(&text).ok().map(Value::Uuid),
        Kind::Timestamp => timestamp(&text).map(Value::Timestamp),
        Kind::Date => text.parse().ok().map(Value::Date),
        Kind::Time => text.parse().ok().map(Value::Time),
        Kind::Json => serde_json::from_str(&text).ok().map(Value::Json),
        _ => None,
    };
    parsed.unwrap_or(Value::Text(text))
}

/// Reads an instant with or without a fraction, with a blank or a `T`, and with or without an offset; UTC where none is given.
fn timestamp(text: &str) -> Option<DateTime<Utc>> {
    if text.len() == WRITTEN {
        // Almost every instant is in the form of `TIMESTAMP`, for which a format need not be interpreted.
        let read = speedate::DateTime::parse_str(text).ok();
        if let Some(instant) = read.and_then(instant) {
            return Some(instant);
        }
    }
    let text = text.replacen('T', " ", 1);
    if let Ok(instant) = NaiveDateTime::parse_from_str(
        text.strip_suffix('Z').unwrap_or(&text),
        "%Y-%m-%d %H:%M:%S%.f",
    ) {
        return Some(instant.and_utc());
    }
    DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f%#z")
        .ok()
        .map(|instant| instant.to_utc())
}

fn instant(read: speedate::DateTime) -> Option<DateTime<Utc>> {
    let seconds = DateTime::from_timestamp(read.timestamp_tz(), 0)?;
    seconds.checked_add_signed(TimeDelta::microseconds(read.time.microsecond.into()))
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, NaiveTime};

    use super::*;
    use crate::value::Role;

    #[test]
    fn instants_are_read_in_every_common_form() {
        let expected = NaiveDate::from_ymd_opt(2024, 1, 2)
            .unwrap()
            .and_hms_micro_opt(3, 4, 5, 120_000)
            .unwrap()
            .and_utc();
        for text in [
            "2024-01-02 03:04:05.120000",
            "2024-01-02T03:04:05.12",
            "2024-01-02 03:04:05.120000Z",
            "2024-01-02 05:04:05.12+02:00",
            "2024-01-02T05:04:05.12+0200",
            "2024-01-02 05:04:05.12+02",
        ] {
            assert_eq!(timestamp(text), Some(expected), "{text}");
        }
        assert_eq!(
            timestamp("2024-01-02 03:04:05")
                .unwrap()
                .timestamp_subsec_micros(),
            0
        );
        assert_eq!(timestamp("yesterday"), None);
        assert_eq!(timestamp("2024-02-30 03:04:05.120000"), None);
    }

    #[test]
    fn instants_are_written_with_microseconds() {
        let instant = DateTime::from_timestamp_nanos(1_999).to_utc();
        let Stored::Text(text) = stored(Value::Timestamp(instant), UuidText::Hyphenated) else {
            panic!("text")
        };
        assert_eq!(text, "1970-01-01 00:00:00.000001");
        let early = NaiveDate::from_ymd_opt(1, 1, 1)
            .unwrap()
            .and_time(NaiveTime::MIN)
            .and_utc();
        let Stored::Text(text) = stored(Value::Timestamp(early), UuidText::Hyphenated) else {
            panic!("text")
        };
        assert_eq!(text, "0001-01-01 00:00:00.000000");
        let Stored::Text(text) = stored(
            Value::Time(NaiveTime::from_hms_opt(1, 2, 3).unwrap()),
            UuidText::Hyphenated,
        ) else {
            panic!("text")
        };
        assert_eq!(text, "01:02:03.000000");
    }

    #[test]
    fn what_is_of_another_type_is_passed_on() {
        let read = |stored, kind| {
            let column = Column {
                field: "f",
                name: "f",
                role: Role::Extra,
                kind,
                nullable: false,
                max_length: None,
                default: None,
                is_updated_at: false,
                items: None,
                doc: "",
                example: None,
            };
            value(stored, &column)
        };
        assert_eq!(
            read(Stored::Text("x".into()), Kind::Uuid),
            Value::Text("x".into())
        );
        assert_eq!(read(Stored::Real(1.5), Kind::Int), Value::Float(1.5));
        assert_eq!(
            read(Stored::Blob(vec![1]), Kind::Uuid),
            Value::Bytes(vec![1])
        );
        assert_eq!(
            read(Stored::Text("null".into()), Kind::Json),
            Value::Json(serde_json::Value::Null)
        );
    }
}
